"""Pay: what a quota pays the person who carries it, at some attainments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.comp.component import paid
from engine.comp.fast import Fast
from engine.comp.given import Given
from engine.comp.spec import CompSpec
from engine.comp.terms import days_in_seat, terms
from engine.inputs import FloatArray, Inputs, IntArray
from engine.pipeline.bookings import Bookings, WonDeals
from engine.quota.quotas import Quotas

ATTAINMENTS = (0.8, 1.0, 1.2)
"""Attainments that a letter tells the pay of."""


@dataclass(frozen=True)
class Pay:
    """Variable pay of one spell in the plan, minor units."""

    components: tuple[str, ...]
    amounts: FloatArray
    """Shape (component, attainment)."""
    quota: int
    """What the plan holds the spell's credit against, by its days in the seat; minor units."""
    by_deal: bool = False
    """Whether the plan looks at single deals."""

    @property
    def total(self) -> FloatArray:
        """Sum over components, shape (attainment,)."""
        return np.asarray(self.amounts.sum(axis=0))


def pays(inputs: Inputs, quotas: Quotas, spec: CompSpec, means: Mapping[str, FloatArray]) -> dict[int, Pay]:
    """Return what the comp engine pays by spell, when credit is the same share of quota in every period.

    Everybody attains the same share; a measure without quotas comes in at that share of what the run expects of it.
    Time in seat, proration and all rules of the plan count. Where rules look at single deals, the credit of a period is
    one deal in the middle of one's days in it.

    Args:
        inputs: people and calendar.
        quotas: with those of single measures.
        spec: the plans.
        means: by measure, what the run expects of each seat in the plan, minor units or counts, shape (rep,).

    """
    given = Given.of(inputs, bookings(inputs, quotas, spec, means), quotas, spec)
    found: dict[int, Pay] = {}
    for name, block in spec.plans.items():
        spells = np.array([i for i, plan in enumerate(inputs.spells.plan) if plan == name], dtype=np.int64)
        if not spells.size:
            continue
        book = given.simulated(block, spells, slice(0, len(ATTAINMENTS)))
        settled = paid(block.components, book, block.pay)
        parts = [part for part in block.components if not part.fixed]
        shape = (len(ATTAINMENTS), spells.size, inputs.calendar.periods)
        by_part = []
        for part in parts:
            amount = settled[part.label]
            assert isinstance(amount, Fast)
            by_part.append(np.broadcast_to(amount.values, shape).sum(axis=-1))
        table = np.array(by_part).reshape(len(parts), *shape[:2])
        by_deal = given.by_deal(block)
        for row, spell in enumerate(spells.tolist()):
            own = int(given.known.quota[spell].sum())
            found[spell] = Pay(tuple(part.label for part in parts), table[:, :, row], own, by_deal)
    return found


def bookings(inputs: Inputs, quotas: Quotas, spec: CompSpec, means: Mapping[str, FloatArray]) -> Bookings:
    """Return credits that are the same share of quota in every period, one replication per attainment."""
    quota = quotas.by_period.astype(np.float64)
    year = quota.sum(axis=1, keepdims=True)
    season = np.divide(quota, year, out=np.zeros_like(quota), where=year > 0)
    full = {name: season * mean[:, None] for name, mean in means.items()}
    full |= {name: values.astype(np.float64) for name, values in quotas.single.items()}
    full[quotas.measure] = quota
    names = tuple(sorted(full))
    levels = np.array(ATTAINMENTS)[:, None, None, None]
    upto = np.rint(np.cumsum(levels * np.stack([full[name] for name in names], axis=-1), axis=2))
    cube = np.diff(upto, axis=2, prepend=0.0).astype(np.int64)
    none = np.zeros((len(ATTAINMENTS), 0), dtype=np.int64)
    own = np.stack([_own(inputs, spec, quotas, seats) for seats in cube])

    def again(replications: IntArray, seats: IntArray | None) -> WonDeals:
        return _deals(inputs, own, names, names.index(quotas.measure), replications, seats)

    return Bookings(names, cube, none, (), (), again=again)


def _own(inputs: Inputs, spec: CompSpec, quotas: Quotas, seats: IntArray) -> IntArray:
    """Return which part of credits of seats is whose, cut as their quotas are, shape (spell, period, measure).

    `seats` has shape (rep, period, measure).
    """
    cut = [
        terms(inputs, credit, spec.proration, spec.rounding, cutoff=spec.cutoff_day or 1, parts=quotas.parts)
        for credit in np.moveaxis(seats, -1, 0)
    ]
    return np.stack([known.own_quota(quotas.measure) for known in cut], axis=-1)


def _deals(
    inputs: Inputs,
    own: IntArray,
    names: tuple[str, ...],
    base: int,
    wanted: IntArray,
    seats: IntArray | None,
) -> WonDeals:
    """Return one deal for each spell and period with credit, in the middle of its days in it.

    `own` has shape (replication, spell, period, measure).
    """
    there = np.asarray(own[wanted].any(axis=-1))
    if seats is not None:
        there &= np.isin(inputs.spells.rep, seats)[None, :, None]
    replication, period, spell = np.nonzero(there.transpose(0, 2, 1))
    first, last = days_in_seat(inputs.calendar, inputs)
    middle = inputs.calendar.edges[:-1] + (first + last) // 2
    credit = own[wanted][replication, spell, period]
    unknown = np.full(spell.size, -1, dtype=np.int64)
    return WonDeals(
        replications=len(wanted),
        replication=replication,
        seat=inputs.spells.rep[spell],
        day=middle[spell, period],
        period=period,
        product=unknown,
        segment=np.zeros(spell.size, dtype=np.int64),
        segments=("",),
        amount=credit[:, base],
        credit={name: credit[:, k] for k, name in enumerate(names)},
    )
