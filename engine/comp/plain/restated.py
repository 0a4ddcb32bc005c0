"""Limits of intervals on pay, and prizes, where deals are taken back later, read plainly."""

from __future__ import annotations

import itertools
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

    @cache
    def deals(measure: str) -> list[Sold]:
        return [known(deal) for deal in person.deals(measure)]

    @cache
    def credit(measure: str) -> list[int]:
        sums = [0] * len(person.target)
        for deal in deals(measure):
            sums[deal.period] += int(deal.credit)
        return sums

    return replace(person, deals=deals, credit=credit)


class Prefixes:
    """Somebody with the deals up to a place alone, one place at a time."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self._keys: dict[str, list[tuple[int, int]]] = {}
        self._sums: dict[str, list[int]] = {}

    def until(self, period: int, place: int, *, by_deal: bool) -> Person:
        """Return a person without the deals behind a place of a period; by deal, with the credit of whole periods."""
        person = self.person

        @cache
        def deals(measure: str) -> list[Sold]:
            return person.deals(measure)[: self._up_to(measure, period, place)]

        @cache
        def credit(measure: str) -> list[int]:
            first, last = self._up_to(measure, period, -1), self._up_to(measure, period, place)
            sums, later = self._sums[measure], [0] * (len(person.target) - period - 1)
            return [*person.credit(measure)[:period], sums[last] - sums[first], *later]

        return replace(person, deals=deals, credit=person.credit if by_deal else credit)

    def _up_to(self, measure: str, *last: int) -> int:
        """Return how many deals there are up to a (period, place)."""
        if measure not in self._keys:
            every = self.person.deals(measure)
            self._keys[measure] = [(deal.period, deal.place) for deal in every]
            self._sums[measure] = [0, *itertools.accumulate(int(deal.credit) for deal in every)]
        return bisect_right(self._keys[measure], last)


def within_limits(
    person: Person,
    measure: str,
    unlimited: Callable[[Person], list[int]],
    limited: Callable[[list[int]], list[int]],
    earned_in: Callable[[Person, int], int],
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
        earned_in: what somebody earns without them in one period.
        by_deal: whether single deals earn, and what their periods are held to is known at the end of those.

    """
    moved = homes(person, measure) if person.dated else {}
    if not moved:
        return limited(unlimited(person))
    full, costs, prefixes = unlimited(person), dict[tuple[int, int], int](), Prefixes(person)
    for place, event in moved.items():
        came = event[0]
        with_it, without = (
            earned_in(prefixes.until(came, last, by_deal=by_deal), came) for last in (place, place - 1)
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
