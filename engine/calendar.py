"""Fiscal years: months or 4-4-5 weeks, their quarters, and where `as_of` cuts them.

Everything downstream sees an array of period starts, never a month number.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from engine.blocks import Block
from engine.fields import Day, Whole, refuse

DateArray = NDArray[np.datetime64]
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class CalendarSpec(Block):
    """The planning year: how it is cut into periods and quarters."""

    start: Day | None = None
    """First day of the plan, for periods of months: the first of a month. 4-4-5 years use `year` instead."""
    year: Whole | None = Field(default=None, ge=1970, le=2200)
    """Fiscal year, named by the calendar year in which it ends (4-4-5); with months it may replace `start`."""
    first_month: Whole = Field(default=1, ge=1, le=12)
    """Month in which the fiscal year begins, 1 to 12."""
    periods: Literal["months", "4-4-5", "4-5-4", "5-4-4"] = "months"
    """Calendar months, or weeks grouped within each quarter."""
    length: Whole = Field(default=12, ge=1, le=12)
    """Number of periods in the plan; 3 plans a single quarter."""
    ends_on: Weekday | None = None
    """Weekday on which a 4-4-5 year ends. Required there."""
    ends: Literal["last", "nearest"] | None = None
    """A 4-4-5 year ends on the last such weekday of its closing month, or on the one nearest to that month's end.
    Required there; it decides which years have a 53rd week, which goes to the last period."""

    @model_validator(mode="after")
    def _complete(self) -> CalendarSpec:
        if self.periods == "months":
            if (self.start is None) == (self.year is None):
                raise refuse(
                    "E_REQUIRED", "needs either start or year", "Give `start: 2027-01-01` or `year: 2027`."
                )
            if self.start is not None and self.start.day != 1:
                raise refuse(
                    "E_DATE", f"start {self.start} is not the first of a month", "Periods are whole months."
                )
        elif self.year is None or self.ends_on is None or self.ends is None:
            raise refuse(
                "E_REQUIRED",
                f"{self.periods} needs year, ends_on and ends",
                "For example ends_on: saturday, ends: last.",
            )
        return self


@dataclass(frozen=True)
class Calendar:
    """Periods as day boundaries. Shapes: `edges` (period + 1,), `quarter` (period,)."""

    edges: DateArray
    """First day of each period, and the day after the last: datetime64[D], shape (period + 1,)."""
    quarter: NDArray[np.int64]
    """Index of the quarter of each period, from 0; shape (period,)."""
    labels: tuple[str, ...]
    """Label of each period, such as `2027-01` or `P01`."""
    as_of: np.datetime64 | None = None
    """First day that is still open; None when the whole plan lies ahead."""
    into_quarter: int = 0
    """Periods of the first quarter that lie before the plan; 0 where the plan begins with a quarter."""

    @property
    def periods(self) -> int:
        """Number of periods."""
        return len(self.labels)

    @property
    def start(self) -> np.datetime64:
        """First day of the plan."""
        return np.datetime64(self.edges[0], "D")

    @property
    def end(self) -> np.datetime64:
        """Day after the last day of the plan."""
        return np.datetime64(self.edges[-1], "D")

    @property
    def today(self) -> np.datetime64:
        """First day that lies ahead: `as_of`, or the first day of the plan."""
        return self.start if self.as_of is None else self.as_of

    @property
    def closed(self) -> int:
        """Number of periods that lie before `as_of` as a whole; 0 without one."""
        return int((self.edges[1:] <= self.today).sum())

    @property
    def days(self) -> int:
        """Length of the plan in days."""
        return int((self.edges[-1] - self.edges[0]).astype(int))

    @cached_property
    def offsets(self) -> NDArray[np.float64]:
        """Period boundaries in days from the start of the plan; shape (period + 1,)."""
        days: NDArray[np.float64] = (self.edges - self.edges[0]).astype(np.int64).astype(np.float64)
        return days

    @cached_property
    def quarters(self) -> int:
        """Number of quarters touched by the plan."""
        return int(self.quarter[-1]) + 1

    def day(self, dates: DateArray) -> NDArray[np.float64]:
        """Return dates as days from the start of the plan; NaT becomes NaN."""
        values = np.asarray(dates, dtype="datetime64[D]")
        days = (values - self.start).astype(np.int64).astype(np.float64)
        return np.where(np.isnat(values), np.nan, days)

    def period_of(self, days: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the period of each day offset; -1 outside the plan."""
        index = np.searchsorted(self.offsets, days, side="right") - 1
        return np.where((index >= 0) & (index < self.periods), index, -1).astype(np.int64)


def calendar(spec: CalendarSpec, as_of: dt.date | None = None) -> Calendar:
    """Build the calendar of a plan.

    Raises:
        pydantic_core.PydanticCustomError: `as_of` lies outside the plan.

    """
    edges = _months(spec) if spec.periods == "months" else _weeks(spec)
    count, offset = len(edges) - 1, 0
    if spec.periods == "months":
        first = spec.start.month if spec.start else spec.first_month
        offset = (first - spec.first_month) % 12
        quarter = np.array([(offset + p) // 3 for p in range(count)], dtype=np.int64)
        labels = tuple(str(edge)[:7] for edge in edges[:-1])
    else:
        quarter = np.arange(count, dtype=np.int64) // 3
        labels = tuple(f"FY{spec.year}-P{p + 1:02d}" for p in range(count))
    cut = None if as_of is None else np.datetime64(as_of, "D")
    if cut is not None and not edges[0] <= cut < edges[-1]:
        raise refuse(
            "E_DATE",
            f"as_of {as_of} lies outside the plan {edges[0]} to {edges[-1] - np.timedelta64(1, 'D')}",
        )
    return Calendar(edges, quarter - quarter[0], labels, cut, offset % 3)


def _months(spec: CalendarSpec) -> DateArray:
    if spec.start is not None:
        first = np.datetime64(spec.start, "M")
    else:
        assert spec.year is not None
        # A fiscal year is named by the calendar year in which it ends.
        first = np.datetime64(f"{spec.year - (spec.first_month > 1)}-{spec.first_month:02d}", "M")
    return (first + np.arange(spec.length + 1)).astype("datetime64[D]")


def _weeks(spec: CalendarSpec) -> DateArray:
    assert spec.year is not None
    begin = _year_end(spec, spec.year - 1) + np.timedelta64(1, "D")
    end = _year_end(spec, spec.year) + np.timedelta64(1, "D")
    pattern = [int(digit) for digit in spec.periods.split("-")] * 4
    weeks = np.concatenate(([0], np.cumsum(pattern)))
    edges = begin + (weeks * 7).astype("timedelta64[D]")
    edges[-1] = end
    return edges[: spec.length + 1]


def _year_end(spec: CalendarSpec, year: int) -> np.datetime64:
    closing = np.datetime64(f"{year}-{(spec.first_month - 2) % 12 + 1:02d}", "M")
    last = (closing + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    weekday = _WEEKDAYS.index(spec.ends_on or "saturday")
    back = (last.astype(dt.date).weekday() - weekday) % 7
    if spec.ends == "nearest" and back > 3:
        back -= 7
    return np.datetime64(last - np.timedelta64(back, "D"))
