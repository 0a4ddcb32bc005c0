"""Typical: a person of a plan in seat all year, with the means of the plan, for pay curves and the plan checker."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from engine import amounts
from engine.comp.book import Book
from engine.comp.component import Component, paid
from engine.comp.crowd import Crowd
from engine.comp.fast import Fast
from engine.comp.intervals import Intervals
from engine.comp.sharing import by_group
from engine.comp.spec import CompSpec
from engine.comp.terms import full_year
from engine.comp.typical_deals import deals, mean_sizes
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
    credit: Mapping[str, IntArray | FloatArray]
    """Credit that 100 % attainment stands for, by measure: the quota, or for another measure what is expected."""
    seats: Callable[[str], IntArray | FloatArray]
    """The same for a measure and every seat, shape (rep, period)."""
    quotas: IntArray
    """Quota of every seat, shape (rep, period)."""
    salary: int = 0
    """Salary a year, minor units; 0 where the plan pays none."""
    strong: float | None = None
    """90th percentile of simulated attainment, over seats and replications; None without a simulation."""
    single: Mapping[str, IntArray] = field(default_factory=dict)
    """Quotas of single measures, minor units or counts, shape (period,) each."""
    single_of_seats: Mapping[str, IntArray] = field(default_factory=dict)
    """The same of every seat, shape (rep, period) each."""
    notional: bool = False
    """Whether quota and credit are made up, as before there are quotas."""
    sizes: Mapping[str, int] = field(default_factory=dict)
    """Mean won deal by measure, minor units or 1; empty where no deals are known or no rule looks at any."""

    def judges(self, part: Component) -> bool:
        """Whether pay of a component at an attainment can be told: not where it hangs on deals that are not known.

        Where one measure places what another is paid on, that would be how both go together deal by deal.
        """
        placed = getattr(part, "placed_by", None) is not None
        return not part.needs_deals or (
            bool(self.sizes) and not placed and not any(True for _ in part.asks())
        )


def typical(inputs: Inputs, bookings: Bookings, quotas: Quotas, spec: CompSpec, plan: str) -> Typical | None:
    """Return the typical person of a plan; None when nobody has it."""
    members = [i for i, name in enumerate(inputs.spells.plan) if name == plan]
    if not members:
        return None
    seats = inputs.spells.rep[members]
    quota = _mean(quotas.by_period[seats])
    own = {name: _mean(values[seats]) for name, values in quotas.single.items()}
    measures = sorted({measure for part in spec.plans[plan].components for measure in part.measures()})
    others = [measure for measure in measures if measure != quotas.measure]

    def of_seats(measure: str) -> IntArray | FloatArray:
        if measure == quotas.measure:
            return quotas.by_period
        if measure in quotas.single:
            return quotas.single[measure]
        return np.asarray(bookings.measure(measure).mean(axis=0))

    expected = {name: own[name] if name in own else of_seats(name)[seats].mean(axis=0) for name in others}
    salary, target = terms_of(inputs, spec, plan)
    return Typical(
        people(inputs, plan),
        quota,
        target,
        {quotas.measure: quota, **expected},
        seats=of_seats,
        quotas=quotas.by_period,
        salary=salary,
        strong=_strong(bookings, quotas, seats),
        single=own,
        single_of_seats=quotas.single,
        sizes=mean_sizes(bookings, seats) if spec.plans[plan].by_deal(inputs.calendar) else {},
    )


def _mean(seats: IntArray) -> IntArray:
    return np.asarray(np.rint(seats.mean(axis=0)), dtype=np.int64)


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


def _whole(values: FloatArray) -> FloatArray:
    """Return whole numbers whose sums to date are those of the values, rounded: half a win a month is six a year."""
    to_date = np.rint(np.cumsum(values, axis=-1))
    return np.diff(to_date, axis=-1, prepend=0.0)


def pay_at(inputs: Inputs, spec: CompSpec, plan: str, person: Typical, attainments: FloatArray) -> FloatArray:
    """Return variable pay of the year at some attainments, minor units, shape (attainment,).

    Draws, guarantees and holdbacks are left out: over a person's time they move or secure pay, they do not set it. So
    are contests, which pay by rank.
    Where what one earns depends on others, all people of the plan are taken, alike in what they sell, each in the own
    seat; all other seats have the same attainment. Where rules look at single deals, credit comes in deals of the mean
    size of the plan (see `engine.comp.typical_deals`).
    """
    components = spec.plans[plan].components
    parts = [part for part in components if person.judges(part) and not (part.fixed or part.supports)]
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
    alone = [part for part in parts if not (part.together or part.teams)]
    if 0 < len(alone) < len(parts) and all(part.turn == 0 for part in parts):
        # Who is paid alike need not be paid once for every one of them.
        crowded = [part for part in parts if part not in alone]
        both = [pay_by_part(inputs, spec, plan, person, attainments, some) for some in (alone, crowded)]
        found = both[0] | both[1]
        return {part.label: found[part.label] for part in parts}
    calendar, block = inputs.calendar, spec.plans[plan]
    year = np.array([person.target, 0], dtype=np.int64)
    target, nothing = full_year(year, calendar, spec.proration, spec.rounding)

    heads = person.people if any(part.together or part.teams for part in parts) else 1

    def each(row: IntArray) -> Fast:
        return Fast(np.broadcast_to(row, (heads, calendar.periods)))

    def annual(amount: int) -> Fast:
        return each(full_year(np.array([amount]), calendar, spec.proration, spec.rounding)[0])

    credits = {
        name: np.repeat(_whole(attainments[:, None, None] * credit[None, None]), heads, axis=1)
        for name, credit in person.credit.items()
    }
    book = Book(
        credits={name: Fast(credit) for name, credit in credits.items()},
        quota=each(person.quota),
        target=each(target),
        salary=each(nothing),
        shape=(heads, calendar.periods),
        intervals=Intervals.of(calendar.quarter),
        rounding=spec.rounding,
        minor=10 ** amounts.decimals(inputs.currency),
        quotas={name: each(row) for name, row in person.single.items()},
        annual=annual,
        since=np.broadcast_to(np.arange(calendar.periods), (heads, calendar.periods)),
        who=("",) * heads,
        days=np.broadcast_to(np.diff(calendar.edges).astype(np.int64), (heads, calendar.periods)),
        edges=calendar.edges,
        lines=deals(credits, person.sizes, calendar.edges) if person.sizes else None,
        crowd=_crowd(inputs, plan, person, attainments) if any(part.teams for part in parts) else None,
    )
    shape = (attainments.size, *book.shape)
    return {
        label: np.broadcast_to(amount.values, shape).sum(axis=(-2, -1)) / heads
        for label, amount in paid(parts, book, block.pay).items()
        if isinstance(amount, Fast)
    }


def _crowd(inputs: Inputs, plan: str, person: Typical, attainments: FloatArray) -> Crowd:
    """Return everybody at some attainments, one person a seat, in seat all year."""
    spells, calendar = inputs.spells, inputs.calendar
    first = {int(seat): name for seat, name in reversed(list(zip(spells.rep, spells.plan, strict=True)))}
    homes = [
        (who, seat)
        for who, seat, name in zip(spells.person, spells.rep, spells.plan, strict=True)
        if name == plan
    ]
    seat = np.array(sorted(first), dtype=np.int64)
    mine = np.array(list(dict(reversed(homes)).values()), dtype=np.int64)

    def credit(measure: str, of: IntArray, groups: int, once: bool) -> Fast:
        teams = by_group(person.seats(measure)[seat], of, groups)
        return Fast(_whole(attainments[:, None, None] * teams))

    def quota(measure: str, of: IntArray, groups: int) -> Fast:
        return Fast(by_group(person.single_of_seats.get(measure, person.quotas)[seat], of, groups))

    length = np.diff(calendar.edges).astype(np.int64)
    nothing = np.zeros((mine.size, calendar.periods), dtype=np.int64)
    plans = tuple(first[int(k)] for k in seat)
    return Crowd(
        reps=inputs.reps,
        seat=seat,
        plan=plans,
        credit=credit,
        quota=quota,
        home=mine,
        mine=mine,
        row=np.arange(mine.size),
        first=nothing,
        last=nothing + length,
        length=length,
        rounding="half_even",
    )
