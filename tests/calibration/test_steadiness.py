"""Exits by month against those that the ages of deals let expect: equal in sum, and apart where deals slow down."""

from __future__ import annotations

import numpy as np
import pytest

from engine.calibration.found import Found
from engine.calibration.steadiness import tell_steadiness
from engine.calibration.visits import ON, STILL, Visits
from tests.calibration.exports import TODAY


def visits(seed: int, slowed: float = 1.0, visible: int = 400) -> Visits:
    """3,000 deals of two years that leave after 40 days on average, `slowed` times as fast in the last 90 days."""
    rng = np.random.default_rng(seed)
    begin = rng.uniform(-730, 0, 3_000)
    work = rng.exponential(40, 3_000)
    full = np.clip(-90 - begin, 0, None)  # Days at full speed.
    end = np.where(work <= full, begin + work, np.maximum(begin, -90) + (work - full) / slowed)
    seen = end >= -visible
    begin, end = np.floor(begin[seen]).astype(int), np.floor(end[seen]).astype(int)
    how = np.where(end < 0, ON, STILL).astype(np.int8)
    last = np.where(end < 0, end, -1)
    entry = np.maximum(begin, -visible) - begin
    dates = [TODAY + days.astype("timedelta64[D]") for days in (begin, last)]
    return Visits("Working", np.arange(len(begin)), *dates, entry, how, np.full(len(begin), -1))


def told(seed: int, slowed: float = 1.0) -> Found:
    found = Found()
    tell_steadiness(visits(seed, slowed), TODAY, found)
    return found


def test_over_the_whole_history_as_many_leave_as_are_expected() -> None:
    (curve,) = told(1, 0.5).curves
    (_, counted), (_, expected) = curve.lines
    assert counted.sum() == int((visits(1, 0.5).how == ON).sum())
    assert expected.sum() == pytest.approx(counted.sum())


def test_deals_that_slow_down_are_told_with_the_side_of_the_error() -> None:
    (slow,) = told(2, 0.5).remarks
    assert "less than deals of their age" in slow.text
    assert "too high" in slow.text
    (quick,) = told(3, 2.0).remarks
    assert "too low" in quick.text


def test_steady_deals_are_not_warned_of() -> None:
    assert not any(told(seed).remarks for seed in range(100, 300))


def test_half_a_year_is_too_short_to_tell() -> None:
    found = Found()
    tell_steadiness(visits(4, 0.5, visible=120), TODAY, found)
    assert not found.remarks
    assert not found.curves
