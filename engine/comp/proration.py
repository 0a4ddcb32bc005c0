"""Proration: which part of a year's amount falls into each period of somebody's time.

A year has twelve periods of equal worth, unless it is counted in days. Part of a period counts by its days over those
of the period, of the year, or of a month of 30 days; or it counts in whole or not at all, by a day that decides.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from engine.calendar import Calendar
from engine.comp.rounding import Rounding, divide
from engine.inputs import BoolArray, IntArray, Spells

Proration = Literal["days_of_period", "days_of_year", "days_30_360", "first_day", "whole_months", "none"]

YEAR = 12
"""Periods in a year, months or 4-4-5."""
MONTH = 30
"""Days of every month where a year has 360."""


def by_days_of_year(
    amount: IntArray,
    first: IntArray,
    last: IntArray,
    calendar: Calendar,
    proration: Proration,
    rounding: Rounding,
) -> IntArray:
    """Return annual amounts cut by the days that count, shape (amount, period).

    Each is a difference of rounded amounts to date, so that the parts of a year add up to it.
    """
    length = np.diff(calendar.edges).astype(np.int64)
    period = np.arange(calendar.periods, dtype=np.int64)
    if proration == "days_of_year":
        passed = calendar.edges[:-1] - calendar.edges[0]
        before, whole = passed.astype(np.int64), np.asarray(days_of_year(calendar))
    elif proration == "days_30_360":
        first, last = (np.where(days < length, np.minimum(days, MONTH), MONTH) for days in (first, last))
        before, whole = period * MONTH, np.asarray(YEAR * MONTH)
    else:
        before, whole = period * length, YEAR * length
    to_last = divide(amount[:, None] * (before + last), whole, rounding)
    return to_last - divide(amount[:, None] * (before + first), whole, rounding)


def counted_days(
    spells: Spells, first: IntArray, last: IntArray, length: IntArray, proration: Proration, cutoff: int
) -> tuple[IntArray, IntArray]:
    """Return the first and the past-the-last day that counts for annual amounts, shape (spell, period) both.

    Rules that count whole periods say for whom: under `none` everybody with a day in it, by the last of their rows.
    """
    if proration in ("days_of_period", "days_of_year", "days_30_360"):
        return first, last
    if proration == "none":
        holds = (last > first) & ~_followed(spells, first, last)
    else:
        day = np.minimum(cutoff if proration == "whole_months" else 1, length)
        holds = (first < day) & (day <= last)
    return np.zeros_like(first), np.where(holds, length, 0)


def _followed(spells: Spells, first: IntArray, last: IntArray) -> BoolArray:
    """Say where another row of the same person begins, in the same period, once a row has ended."""
    found = np.zeros(first.shape, dtype=np.bool_)
    rows: dict[str, list[int]] = {}
    for spell, person in enumerate(spells.person):
        rows.setdefault(person, []).append(spell)
    for mine in rows.values():
        for row in mine if len(mine) > 1 else ():
            others = np.array([other for other in mine if other != row], dtype=np.int64)
            found[row] = ((first[others] >= last[row]) & (last[others] > first[others])).any(axis=0)
    return found


def days_of_year(calendar: Calendar) -> int:
    """Return the days of the fiscal year that a plan, perhaps a shorter one, begins."""
    if calendar.periods == YEAR:
        return calendar.days
    start = calendar.edges[0]
    month = start.astype("datetime64[M]")
    if month.astype("datetime64[D]") == start:
        return int(((month + np.timedelta64(YEAR, "M")).astype("datetime64[D]") - start).astype(int))
    return 364
