"""Fiscal years as day boundaries."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from engine.calendar import CalendarSpec, calendar
from engine.pipeline.months import month_and_day


def days(spec, **more):
    return calendar(CalendarSpec(**spec, **more))


def test_a_calendar_year_has_twelve_months_and_four_quarters():
    plan = days({"year": 2028})
    assert (str(plan.start), str(plan.end), plan.days) == ("2028-01-01", "2029-01-01", 366)
    assert plan.labels[1] == "2028-02"
    assert plan.quarter.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]


def test_a_fiscal_year_is_named_by_the_year_in_which_it_ends():
    plan = days({"year": 2027, "first_month": 2})
    assert (str(plan.start), str(plan.end)) == ("2026-02-01", "2027-02-01")


@pytest.mark.parametrize(
    ("plan", "first", "places"),
    [
        ({"year": 2027, "length": 4}, [-1, 0, 31, 59, 90], [2, 0, 1, 2, 0]),
        ({"year": 2027, "first_month": 2, "length": 4}, [-1, 0, 28], [2, 0, 1]),
        ({"start": "2017-08-01", "length": 2}, [-1, 0, 31], [0, 1, 2]),
        ({"start": "2017-01-01", "first_month": 2, "length": 3}, [-31, 0, 31], [1, 2, 0]),
    ],
)
def test_a_day_knows_its_month_of_the_quarter(plan, first, places):
    found, _ = month_and_day(days(plan), np.array(first))
    assert found.tolist() == places


def test_a_single_quarter_can_be_planned():
    plan = days({"start": "2017-10-01", "length": 3})
    assert plan.labels == ("2017-10", "2017-11", "2017-12")
    assert plan.quarters == 1


# The last Saturday of January, and the Saturday nearest its end: years as retailers publish them.
@pytest.mark.parametrize(
    ("ends", "year", "start", "weeks"),
    [
        ("nearest", 2024, "2023-01-29", 53),
        ("nearest", 2025, "2024-02-04", 52),
        ("last", 2023, "2022-01-30", 52),
    ],
)
def test_week_years_end_on_their_weekday(ends, year, start, weeks):
    plan = days({"year": year, "first_month": 2, "periods": "4-5-4", "ends_on": "saturday", "ends": ends})
    assert str(plan.start) == start
    assert plan.days == weeks * 7


@given(st.integers(1975, 2150), st.integers(1, 12), st.sampled_from(["last", "nearest"]), st.integers(0, 6))
def test_week_years_follow_each_other_without_a_gap(year, month, ends, weekday):
    names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    spec = {"first_month": month, "periods": "4-4-5", "ends_on": names[weekday], "ends": ends}
    this, following = days({"year": year, **spec}), days({"year": year + 1, **spec})
    assert this.end == following.start
    assert this.days in (364, 371)
    assert (this.end - np.timedelta64(1, "D")).astype(dt.date).weekday() == weekday
    widths = np.diff(this.offsets)
    assert widths[:-1].tolist() == [28, 28, 35] * 3 + [28, 28]
    assert widths[-1] == (35 if this.days == 364 else 42)


def test_days_and_periods_agree():
    plan = days({"year": 2027})
    dates = np.array(
        ["2027-01-01", "2027-01-31", "2027-02-01", "2027-12-31", "2028-01-01", "NaT"], dtype="datetime64[D]"
    )
    offset = plan.day(dates)
    assert offset[:5].tolist() == [0, 30, 31, 364, 365]
    assert plan.period_of(offset[:5]).tolist() == [0, 0, 1, 11, -1]
    assert np.isnan(offset[5])


def test_as_of_must_lie_in_the_plan():
    with pytest.raises(PydanticCustomError, match="outside the plan"):
        calendar(CalendarSpec(year=2027), dt.date(2028, 5, 1))
