"""Typical: a person of a plan in seat all year, with the means of the plan, for pay curves and the plan checker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine import amounts
from engine.comp.book import Book
from engine.comp.component import paid
from engine.comp.fast import Fast
from engine.comp.intervals import Intervals
from engine.comp.spec import CompSpec
from engine.comp.terms import full_year
from engine.inputs import FloatArray, Inputs, IntArray
from engine.pipeline.bookings import Bookings
from engine.quota.quotas import Quotas


@dataclass(frozen=True)
class Typical:
    """Means over the people of a plan. Shapes (period,)."""

    people: int
    quota: IntArray
    """Quota of the seat, minor units."""
    target: int
    """Target incentive a year, minor units."""
    credit: Mapping[str, IntArray]
    """Credit that 100 % attainment stands for, by measure: the quota, or for another measure what is expected."""


def typical(inputs: Inputs, bookings: Bookings, quotas: Quotas, spec: CompSpec, plan: str) -> Typical | None:
    """Return the typical person of a plan; None when nobody has it."""
    members = [i for i, name in enumerate(inputs.spells.plan) if name == plan]
    if not members:
        return None
    seats = inputs.spells.rep[members]
    quota = _mean(quotas.by_period[seats])
    measures = sorted({measure for part in spec.plans[plan].components for measure in part.measures()})
    others = [measure for measure in measures if measure != quotas.measure]
    expected = {name: _mean(bookings.measure(name).mean(axis=0)[seats]) for name in others}
    target = int(np.rint(inputs.spells.target_incentive[members].mean()))
    return Typical(people(inputs, plan), quota, target, {quotas.measure: quota, **expected})


def people(inputs: Inputs, plan: str) -> int:
    """Return how many people have a plan; a single one's pay must not show in a figure of the plan."""
    return len(
        {who for who, name in zip(inputs.spells.person, inputs.spells.plan, strict=True) if name == plan}
    )


def target_of_plan(inputs: Inputs, spec: CompSpec, person: Typical) -> int:
    """Return the target incentive of the periods of the plan, minor units."""
    year = np.array([person.target], dtype=np.int64)
    return int(full_year(year, inputs.calendar, spec.proration, spec.rounding).sum())


def _mean(rows: IntArray | FloatArray) -> IntArray:
    return np.asarray(np.rint(rows.mean(axis=0)), dtype=np.int64)


def pay_at(inputs: Inputs, spec: CompSpec, plan: str, person: Typical, attainments: FloatArray) -> FloatArray:
    """Return variable pay of the year at some attainments, the same in every period.

    Draws, guarantees and holdbacks are left out: over a person's time they move or secure pay, they do not set it.

    Args:
        inputs: calendar and currency.
        spec: the plans.
        plan: the plan that pays.
        person: who is paid.
        attainments: ratios, shape (attainment,).

    Returns:
        Minor units, shape (attainment,).

    """
    calendar, block = inputs.calendar, spec.plans[plan]
    year = np.array([person.target, 0], dtype=np.int64)
    target, nothing = full_year(year, calendar, spec.proration, spec.rounding)[:, None]

    def annual(amount: int) -> Fast:
        return Fast(full_year(np.array([amount]), calendar, spec.proration, spec.rounding))

    book = Book(
        credits={
            name: Fast(np.rint(attainments[:, None, None] * credit[None, None]))
            for name, credit in person.credit.items()
        },
        quota=Fast(person.quota[None]),
        target=Fast(target),
        salary=Fast(nothing),
        shape=(1, calendar.periods),
        intervals=Intervals.of(calendar.quarter),
        rounding=spec.rounding,
        minor=10 ** amounts.decimals(inputs.currency),
        annual=annual,
        since=np.arange(calendar.periods)[None],
    )
    parts = [part for part in block.components if not (part.fixed or part.supports or part.needs_deals)]
    total = np.zeros(attainments.shape)
    for amount in paid(parts, book, block.pay).values():
        assert isinstance(amount, Fast)
        total += amount.values.sum(axis=(-2, -1))
    return total
