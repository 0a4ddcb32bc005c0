"""How much of a plan is left, and how much of what is left each seat can work.

Let w_p be the weight of period p (its days unless seasonality is given), spread evenly over its days, and mass(a, b)
the weight between two days. With the plan [start, end) cut at `as_of`:

    share left         mass(as_of, end) / mass(start, end)
    share of seat j    sum over spells s of j of  int_{as_of}^{end} ramp(t - start_s) dmass(t) / mass(as_of, end)

ramp is 0 before the spell and after it, the given ratio in its first, second ... month (365.25 / 12 days each), then 1.
All of it in exact fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

import numpy as np

from engine.calendar import Calendar
from engine.inputs import Inputs

MONTH = Fraction(36525, 1200)
"""Days in a month of a ramp."""
FOREVER = Fraction(10**7)


@dataclass(frozen=True)
class Season:
    """Weight of the days of a plan."""

    calendar: Calendar
    weights: tuple[Decimal, ...] = ()
    """Weight of each period; its days unless given."""

    @cached_property
    def as_of(self) -> Fraction:
        """First open day, counted from the start of the plan."""
        assert self.calendar.as_of is not None
        return Fraction(day_of(self.calendar, self.calendar.as_of))

    @cached_property
    def _edges(self) -> list[int]:
        return [day_of(self.calendar, edge) for edge in self.calendar.edges]

    def mass(self, first: Fraction, then: Fraction) -> Fraction:
        """Return the weight of the days in [first, then), both counted from the start of the plan."""
        total = Fraction(0)
        for period, (a, b) in enumerate(zip(self._edges[:-1], self._edges[1:], strict=True)):
            days = min(Fraction(b), then) - max(Fraction(a), first)
            if days > 0:
                weight = Fraction(self.weights[period]) if self.weights else Fraction(b - a)
                total += weight * days / (b - a)
        return total

    @property
    def left(self) -> Fraction:
        """Share of the plan that is still open."""
        end = Fraction(self._edges[-1])
        whole = self.mass(Fraction(0), end)
        return self.mass(self.as_of, end) / whole if whole else Fraction(0)

    def worked(self, begin: Fraction, end: Fraction, ramp: Sequence[Decimal]) -> Fraction:
        """Return the share of the open days' weight that somebody in a seat from `begin` to `end` works."""
        open_end = Fraction(self._edges[-1])
        whole = self.mass(self.as_of, open_end)
        months = [*(Fraction(part) for part in ramp), Fraction(1)]
        total = Fraction(0)
        for month, part in enumerate(months):
            first = begin + month * MONTH
            then = end if month == len(months) - 1 else min(end, first + MONTH)
            total += part * self.mass(max(first, self.as_of), min(then, open_end))
        return total / whole if whole else Fraction(0)


def day_of(calendar: Calendar, date: np.datetime64) -> int:
    """Return a date as days from the start of the plan."""
    return int((date - calendar.start).astype(np.int64))


def seat_shares(inputs: Inputs, season: Season, ramp: Sequence[Decimal]) -> list[Fraction]:
    """Return the share of each seat, shape (rep,): 1 for a seat that no spell fills, as nobody knows of a person."""
    spells, calendar = inputs.spells, inputs.calendar
    shares = [Fraction(0)] * len(inputs.reps)
    filled = [False] * len(inputs.reps)
    for seat, start, end in zip(spells.rep.tolist(), spells.start, spells.end, strict=True):
        filled[seat] = True
        last = FOREVER if np.isnat(end) else Fraction(day_of(calendar, end))
        shares[seat] += season.worked(Fraction(day_of(calendar, start)), last, ramp)
    return [share if known else Fraction(1) for share, known in zip(shares, filled, strict=True)]
