"""Limits of intervals on pay, and prizes, where deals are taken back later, read plainly."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from engine.comp.plain.person import Person, Sold


def homes(person: Person, measure: str) -> dict[int, tuple[int, int]]:
    """Return when what takes a deal of an earlier period back came, and the period of the deal, by its place."""
    booked: dict[int, Sold] = {}
    found = {}
    for deal in person.deals(measure):
        if deal.origin is not None:
            first = booked.setdefault(deal.origin, deal)
            if first.credit * deal.credit < 0 and first.period < deal.period:
                found[deal.place] = deal.period, first.period
    return found


def as_known(person: Person, moved: Mapping[int, tuple[int, int]], period: int) -> Person:
    """Return a person as known in a period: what takes deals back stands with its deal, or has not come yet."""

    def known(deal: Sold) -> Sold:
        came, home = moved.get(deal.place, (0, deal.period))
        return deal._replace(period=home, credit=deal.credit if came <= period else 0)

    return _with_deals(person, known)


def without(person: Person, gone: Collection[int]) -> Person:
    """Return a person whose deals at some places were worth nothing."""
    return _with_deals(person, lambda deal: deal._replace(credit=0) if deal.place in gone else deal)


def _with_deals(person: Person, change: Callable[[Sold], Sold]) -> Person:
    def deals(measure: str) -> list[Sold]:
        return [change(deal) for deal in person.deals(measure)]

    def credit(measure: str) -> list[int]:
        sums = [0] * len(person.target)
        for deal in deals(measure):
            sums[deal.period] += int(deal.credit)
        return sums

    return replace(person, deals=deals, credit=credit)


def within_limits(
    person: Person,
    measure: str,
    unlimited: Callable[[Person], list[int]],
    limited: Callable[[list[int]], list[int]],
) -> list[int]:
    """Return what limits leave: what a reversal costs counts against the limit of the interval of its deal.

    Args:
        person: whose deals are taken back.
        measure: measure whose deals they are.
        unlimited: what somebody earns in each period without the limits.
        limited: what the limits leave of amounts by period, which may end before the plan does.

    """
    moved = homes(person, measure) if person.dated else {}
    if not moved:
        return limited(unlimited(person))
    before, costs = unlimited(without(person, moved)), dict[tuple[int, int], int]()
    for event in sorted(set(moved.values())):
        now = unlimited(without(person, [place for place, other in moved.items() if other > event]))
        costs[event] = now[event[0]] - before[event[0]]
        before = now
    to_date = []
    for period in range(len(before)):
        amounts = before[: period + 1]
        for (came, home), cost in costs.items():
            if came <= period:
                amounts[came] -= cost
                amounts[home] += cost
        to_date.append(sum(limited(amounts)))
    return [now - before for now, before in zip(to_date, [0, *to_date], strict=False)]
