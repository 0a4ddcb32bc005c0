"""What commission, bonus and matrix share, read plainly: due to date less what was earned so far, then limits."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from engine.comp.goal import PARTS
from engine.comp.plain import compared, crediting
from engine.comp.plain.person import Amount, Person
from engine.comp.plain.restated import within_limits

Due = Callable[[Any, Amount, int, Fraction, int], Fraction]
Worth = Callable[[int, Amount, int, Fraction], Fraction]
OfDeal = Callable[[int, int, Fraction], Fraction]


def earned(part: Any, person: Person, due: Due) -> list[int]:
    """Return what is earned in each period by a rule of one measure."""

    def worth(_: int, credit: Amount, quota: int, target: Fraction) -> Fraction:
        return due(part, credit, quota, target, person.minor)

    return by_period(part, person, lambda _: (worth, None))


def by_period(part: Any, person: Person, rule: Callable[[Person], tuple[Worth, OfDeal | None]]) -> list[int]:
    """Return what is earned in each period.

    `rule` says what the credit of somebody is worth, and, where a deal by itself is worth something else than its
    credit is, what that is. The first takes the period, credit, quota and target incentive; the second the number of
    the deal in place of the first two.
    """
    target = [amount * Fraction(part.weight) for amount in person.target]

    def unlimited(who: Person) -> list[int]:
        worth, of_deal = rule(who)
        if part.accumulate == "transaction":
            return _of_deals(part, who, worth, of_deal, target)
        return _to_date(part, who, worth, target)

    def limited(steps: list[int]) -> list[int]:
        for cap in caps:
            steps = _capped(cap, steps, target, person)
        return steps

    def earned_in(who: Person, period: int) -> int:
        if part.accumulate == "transaction":
            return unlimited(who)[period]
        return _in_period(part, who, rule(who)[0], target, period)

    by_deal, caps = part.accumulate == "transaction", [cap for cap in part.cap if cap.per != "deal"]
    steps = (
        within_limits(person, part.read_by, unlimited, limited, earned_in, by_deal=by_deal)
        if caps
        else unlimited(person)
    )
    if part.floor is None or part.floor.per == "deal":
        return steps
    return _floored(part.floor, steps, target, person)


def _of_tenure(part: Any, person: Person, period: int) -> Fraction:
    """Return the factor of the last step of tenure that somebody has reached."""
    reached = [Fraction(1), *(Fraction(step.factor) for step in part.tenure[:1])]
    return [*reached, *(Fraction(s.factor) for s in part.tenure if person.since[period] >= s.month)][-1]


def _lifted(due: Fraction, floor: Any, credit: Amount, person: Person) -> Fraction:
    """Return what a deal, or its reversal, pays at the least."""
    least = Fraction(floor.amount) * person.minor
    if credit == 0:
        return due
    return max(due, least) if credit > 0 else min(due, -least)


def _to_date(part: Any, person: Person, worth: Worth, target: list[Fraction]) -> list[int]:
    due = _due(part, person, worth, target, range(len(target)))
    starts = [person.span(part.accumulate, p).start for p in range(len(target))]
    return [due[p] - (due[p - 1] if p > start else 0) for p, start in enumerate(starts)]


def _in_period(part: Any, person: Person, worth: Worth, target: list[Fraction], period: int) -> int:
    """Return what one period adds to what is due to date."""
    before = period > person.span(part.accumulate, period).start
    due = _due(part, person, worth, target, range(period - before, period + 1))
    return due[-1] - (due[0] if before else 0)


def _due(part: Any, person: Person, worth: Worth, target: list[Fraction], periods: range) -> list[int]:
    """Return what is due to date in some periods, rounded."""
    credit, quota = crediting.counted(part, person), held_against(part, person)
    found = []
    for p in periods:
        span = person.span(part.accumulate, p)
        over = span if part.quota == "interval" else range(span.start, p + 1)
        against = sum((target[i] for i in over), Fraction(0))
        due = worth(p, sum(credit[span.start : p + 1]), sum(quota[i] for i in over), against)
        for modifier in part.modifiers:
            due *= compared.factor(modifier, person, p)
        due *= _of_tenure(part, person, p)
        for gate in part.gates:
            due = compared.held(gate, due, against, person, p)
        found.append(person.round(due))
    return found


def held_against(part: Any, person: Person) -> list[Any]:
    """Return the quota of each period, or the goal in its place."""
    if part.goal is None:
        return person.quota(part.read_by)
    times = {"period": 12, "quarter": 4, "year": 1}[part.goal.per]
    if part.goal.units is None:
        return person.annual(times * int(Fraction(part.goal.money) * person.minor))
    return [Fraction(parts, PARTS) for parts in person.annual(times * part.goal.units * PARTS)]


def _of_deals(
    part: Any, person: Person, worth: Worth, of_deal: OfDeal | None, target: list[Fraction]
) -> list[int]:
    """Pay every deal by itself, against the quota and target incentive of its period."""
    quota, earned = held_against(part, person), [0] * len(target)
    for number, deal in enumerate(crediting.counted_deals(part, person)):
        p = deal.period
        against = quota[p], target[p]
        due = of_deal(number, *against) if of_deal else worth(p, deal.credit, *against)
        for modifier in part.modifiers:
            due *= compared.factor_of_deal(modifier, person, p, number)
        due *= _of_tenure(part, person, p)
        for cap in part.cap:
            if cap.per == "deal":
                due = min(due, Fraction(cap.amount) * person.minor)
        if part.floor is not None and part.floor.per == "deal":
            measure = part.floor.deals or part.measure
            due = _lifted(
                Fraction(person.round(due)), part.floor, person.deals(measure)[number].credit, person
            )
        earned[p] += person.round(due)
    steps = []
    for p, amount in enumerate(earned):
        due = Fraction(amount)
        for gate in part.gates:
            due = compared.held(gate, due, target[p], person, p)
        steps.append(person.round(due))
    return steps


def _capped(cap: Any, steps: list[int], target: list[Fraction], person: Person) -> list[int]:
    capped: list[int] = []
    for p in range(len(steps)):
        span = person.span(cap.per, p)
        if cap.amount is not None:
            limit = person.round(Fraction(cap.amount) * person.minor)
        else:
            limit = person.round(sum((target[i] for i in span), Fraction(0)) * Fraction(cap.of_target))
        capped.append(min(sum(steps[span.start : p + 1]), limit) - sum(capped[span.start : p]))
    return capped


def _floored(floor: Any, steps: list[int], target: list[Fraction], person: Person) -> list[int]:
    floored = list(steps)
    for p in range(len(steps)):
        span = person.span(floor.per, p)
        if p != span.stop - 1:
            continue
        if floor.amount is not None:
            times = {"period": 12, "quarter": 4, "year": 1}[floor.per]
            year = person.annual(int(Fraction(floor.amount) * person.minor * times))
            least = sum(year[i] for i in span)
        else:
            least = person.round(sum((target[i] for i in span), Fraction(0)) * Fraction(floor.of_target))
        floored[p] += max(least - sum(steps[i] for i in span), 0)
    return floored
