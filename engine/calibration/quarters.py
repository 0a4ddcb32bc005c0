"""Quarters: the month of the quarter of past days, by the plan's own quarters."""

from __future__ import annotations

import numpy as np

from engine.calendar import Calendar, DateArray
from engine.inputs import IntArray
from engine.pipeline.export import days
from engine.pipeline.months import month_and_day


def plan_day(calendar: Calendar, dates: DateArray) -> IntArray:
    """Return dates as whole days from the first of the plan; none may be unknown."""
    return days(np.asarray(dates, dtype="datetime64[D]") - calendar.start)


def month_of_quarter(calendar: Calendar, dates: DateArray) -> IntArray:
    """Return the month of the quarter of each date, 1 to 3."""
    return month_and_day(calendar, plan_day(calendar, dates))[0] + 1
