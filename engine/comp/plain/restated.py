"""Limits of intervals on pay, and prizes, where deals are taken back later, read plainly."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

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

    return _with_deals(person, lambda deals: [known(deal) for deal in deals])


def until(person: Person, last: tuple[int, int], *, by_deal: bool) -> Person:
    """Return a person without the deals after some (period, place); with the credit of whole periods, if by deal."""

    def before(deals: list[Sold]) -> list[Sold]:
        return deals[: bisect_right(deals, last, key=lambda deal: (deal.period, deal.place))]

    known = _with_deals(person, before)
    return replace(known, credit=person.credit) if by_deal else known


def _with_deals(person: Person, change: Callable[[list[Sold]], list[Sold]]) -> Person:
    @cache
    def deals(measure: str) -> list[Sold]:
        return change(person.deals(measure))

    @cache
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
    *,
    by_deal: bool = False,
) -> list[int]:
    """Return what limits leave: what a reversal costs counts against the limit of the interval of its deal.

    Its cost is what the deals up to it earn less in its period than those before it do.

    Args:
        person: whose deals are taken back.
        measure: measure whose deals they are.
        unlimited: what somebody earns in each period without the limits.
        limited: what the limits leave of amounts by period, which may end before the plan does.
        by_deal: whether single deals earn, and what their periods are held to is known at the end of those.

    """
    moved = homes(person, measure) if person.dated else {}
    if not moved:
        return limited(unlimited(person))
    full, costs = unlimited(person), dict[tuple[int, int], int]()
    for place, event in moved.items():
        came = event[0]
        with_it, without = (
            unlimited(until(person, (came, last), by_deal=by_deal))[came] for last in (place, place - 1)
        )
        costs[event] = costs.get(event, 0) + with_it - without
    to_date = []
    for period in range(len(full)):
        amounts = full[: period + 1]
        for (came, home), cost in costs.items():
            if came <= period:
                amounts[came] -= cost
                amounts[home] += cost
        to_date.append(sum(limited(amounts)))
    return [now - before for now, before in zip(to_date, [0, *to_date], strict=False)]
