"""Typical: a person of a plan in seat all year, with the means of the plan, for pay curves and the plan checker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine import amounts
from engine.comp.book import Book
from engine.comp.component import Component, paid
from engine.comp.fast import Fast
from engine.comp.intervals import Intervals
from engine.comp.spec import CompSpec
from engine.comp.terms import full_year
from engine.inputs import FloatArray, Inputs, IntArray
from engine.pipeline.bookings import Bookings
from engine.quota.quotas import Quotas

SAMPLE = 1 << 20
"""(replication, rep, period) cells from which the 90th percentile of attainment is taken, about; in replications that
are spread evenly over all."""


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
    salary: int = 0
    """Salary a year, minor units; 0 where the plan pays none."""
    strong: float | None = None
    """90th percentile of simulated attainment, over seats and replications; None without a simulation."""
    notional: bool = False
    """Whether quota and credit are made up, as before there are quotas."""


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
    salary, target = terms_of(inputs, spec, plan)
    return Typical(
        people(inputs, plan),
        quota,
        target,
        {quotas.measure: quota, **expected},
        salary=salary,
        strong=_strong(bookings, quotas, seats),
    )


def terms_of(inputs: Inputs, spec: CompSpec, plan: str) -> tuple[int, int]:
    """Return mean salary and target incentive a year of the people of a plan, minor units."""
    members = [i for i, name in enumerate(inputs.spells.plan) if name == plan]
    salaried = any(part.fixed for part in spec.plans[plan].components)
    salary = float(inputs.spells.salary[members].mean()) if salaried else 0.0
    return round(salary), round(float(inputs.spells.target_incentive[members].mean()))


def _strong(bookings: Bookings, quotas: Quotas, seats: IntArray) -> float | None:
    quota = quotas.by_period.sum(axis=1)[seats]
    step = min(max(bookings.cube[..., 0].size // SAMPLE, 1), max(bookings.replications, 1))
    credit = bookings.measure(quotas.measure)[::step].sum(axis=2)[:, seats[quota > 0]]
    return float(np.quantile(credit / quota[quota > 0], 0.9)) if credit.size else None


def people(inputs: Inputs, plan: str) -> int:
    """Return how many people have a plan; the pay of a few must not show in a figure of the plan."""
    return len(
        {who for who, name in zip(inputs.spells.person, inputs.spells.plan, strict=True) if name == plan}
    )


def target_of_plan(inputs: Inputs, spec: CompSpec, person: Typical) -> int:
    """Return the target incentive of the periods of the plan, minor units."""
    return of_plan(inputs, spec, person.target)


def of_plan(inputs: Inputs, spec: CompSpec, annual: int) -> int:
    """Return what a yearly amount comes to in the periods of the plan, minor units."""
    year = np.array([annual], dtype=np.int64)
    return int(full_year(year, inputs.calendar, spec.proration, spec.rounding).sum())


def _mean(rows: IntArray | FloatArray) -> IntArray:
    return np.asarray(np.rint(rows.mean(axis=0)), dtype=np.int64)


def pay_at(inputs: Inputs, spec: CompSpec, plan: str, person: Typical, attainments: FloatArray) -> FloatArray:
    """Return variable pay of the year at some attainments, minor units, shape (attainment,).

    Draws, guarantees and holdbacks are left out: over a person's time they move or secure pay, they do not set it.
    """
    components = spec.plans[plan].components
    parts = [part for part in components if not (part.fixed or part.supports or part.needs_deals)]
    by_part = pay_by_part(inputs, spec, plan, person, attainments, parts)
    return np.asarray(np.sum([np.zeros(attainments.shape), *by_part.values()], axis=0))


def pay_by_part(
    inputs: Inputs,
    spec: CompSpec,
    plan: str,
    person: Typical,
    attainments: FloatArray,
    parts: Sequence[Component],
) -> dict[str, FloatArray]:
    """Return variable pay of the year at some attainments, the same in every period, by component.

    Args:
        inputs: calendar and currency.
        spec: the plans.
        plan: the plan that pays.
        person: who is paid.
        attainments: ratios, shape (attainment,).
        parts: components of the plan that are settled.

    Returns:
        Minor units by name on statements, shape (attainment,) each.

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
    shape = (attainments.size, *book.shape)
    return {
        label: np.broadcast_to(amount.values, shape).sum(axis=(-2, -1))
        for label, amount in paid(parts, book, block.pay).items()
        if isinstance(amount, Fast)
    }
