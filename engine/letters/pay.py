"""Pay: what a quota pays the person who carries it, at some attainments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.comp.component import paid
from engine.comp.fast import Fast
from engine.comp.given import Given
from engine.comp.spec import CompSpec
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
    one deal in the middle of it.

    Args:
        inputs: people and calendar.
        quotas: with those of single measures.
        spec: the plans.
        means: by measure, what the run expects of each seat in the plan, minor units or counts, shape (rep,).

    """
    given = Given.of(inputs, bookings(inputs, quotas, means), quotas, spec)
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
        by_deal = block.by_deal(inputs.calendar)
        for row, spell in enumerate(spells.tolist()):
            own = int(given.known.quota[spell].sum())
            found[spell] = Pay(tuple(part.label for part in parts), table[:, :, row], own, by_deal)
    return found


def bookings(inputs: Inputs, quotas: Quotas, means: Mapping[str, FloatArray]) -> Bookings:
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

    def again(replications: IntArray, seats: IntArray | None) -> WonDeals:
        return _deals(inputs, cube, names, names.index(quotas.measure), replications, seats)

    return Bookings(names, cube, none, (), (), again=again)


def _deals(
    inputs: Inputs,
    cube: IntArray,
    names: tuple[str, ...],
    base: int,
    wanted: IntArray,
    seats: IntArray | None,
) -> WonDeals:
    """Return one deal for each seat and period with credit, in the middle of the period."""
    there = np.asarray(cube[wanted].any(axis=-1))
    if seats is not None:
        there &= np.isin(np.arange(cube.shape[1]), seats)[None, :, None]
    replication, period, seat = np.nonzero(there.transpose(0, 2, 1))
    edges = inputs.calendar.edges
    middle = edges[:-1] + (np.diff(edges) // 2)
    own = cube[wanted][replication, seat, period]
    unknown = np.full(seat.size, -1, dtype=np.int64)
    return WonDeals(
        replications=len(wanted),
        replication=replication,
        seat=seat,
        day=middle[period],
        period=period,
        product=unknown,
        segment=np.zeros(seat.size, dtype=np.int64),
        segments=("",),
        amount=own[:, base],
        credit={name: own[:, k] for k, name in enumerate(names)},
    )
