"""Months: where in its quarter and month a day lies, in the plan and before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.calendar import Calendar
from engine.inputs import IntArray

_WEEKS = 91
"""Days of a quarter of weeks."""


def month_and_day(calendar: Calendar, days: IntArray) -> tuple[IntArray, IntArray]:
    """Return the month of the quarter, from 0, and the day of that month, from 0; shapes of `days`.

    Args:
        calendar: the plan.
        days: days from the first of the plan; below 0 before it.

    Years of weeks before the plan are taken as quarters of 13 weeks, cut as its first one: a 53rd week in between
    puts what lies before it off by a week.

    """
    if calendar.labels[0] == str(calendar.start)[:7]:
        date = calendar.start + days.astype("timedelta64[D]")
        month = date.astype("datetime64[M]")
        since = month.astype(np.int64) - calendar.start.astype("datetime64[M]").astype(np.int64)
        return (since + calendar.into_quarter) % 3, (date - month.astype("datetime64[D]")).astype(np.int64)
    inside = np.where(days < 0, days % _WEEKS, days)
    period = np.clip(np.searchsorted(calendar.offsets, inside, side="right") - 1, 0, calendar.periods - 1)
    return period % 3, (inside - calendar.offsets[period]).astype(np.int64)


@dataclass(frozen=True)
class Parts:
    """Parts of a quarter: its three months, each cut at some days of the month."""

    calendar: Calendar
    cuts: tuple[int, ...]
    """Days of the month, from 1, at which a further part begins; rising, above 1."""

    @property
    def count(self) -> int:
        """Number of parts."""
        return 3 * (len(self.cuts) + 1)

    def month(self, part: int) -> int:
        """Return the month of the quarter of a part, from 1."""
        return part // (len(self.cuts) + 1) + 1

    def day(self, part: int) -> int:
        """Return the day of the month, from 1, at which a part begins."""
        return (1, *self.cuts)[part % (len(self.cuts) + 1)]

    def at(self, days: IntArray) -> IntArray:
        """Return the part in which each day lies; days count from the first of the plan."""
        month, day = month_and_day(self.calendar, days)
        return month * (len(self.cuts) + 1) + np.searchsorted(self.cuts, day + 1, side="right")

    def edges(self) -> IntArray:
        """Return the days of the plan on which parts begin, and its end."""
        every = np.arange(self.calendar.days)
        part = self.at(every)
        begins = np.append(True, np.diff(part) != 0) | np.isin(every, self.calendar.offsets)
        return np.append(every[begins], self.calendar.days)
