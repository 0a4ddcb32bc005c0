"""Statistics as statistics: closed forms where there are some, and intervals that hold as often as they say."""

from __future__ import annotations

from math import asin, erf, pi, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from engine.fairness.checks.back_test import misplaced
from engine.fairness.checks.equal_groups import newcombe
from engine.fairness.statistics import (
    effect,
    gini,
    least_squares,
    left_out,
    over_years,
    rank_correlation,
    slope,
    spread_of_chances,
)

WORLDS = 400


def holds(hits: int, worlds: int = WORLDS, says: float = 0.95, slack: float = 0.02) -> bool:
    """Whether so many hits are likely of an interval that holds `says`, give or take `slack`."""
    low, high = binom.ppf((0.001, 0.999), worlds, (says - slack, min(says + slack, 1)))
    return bool(low <= hits <= high)


@given(st.integers(1, 19), st.floats(0, 5), st.floats(0.1, 5))
def test_gini_of_a_two_point_law(many, low, high):
    p = many / 20
    values = np.array([low] * many + [high] * (20 - many))
    mean = p * low + (1 - p) * high
    assert float(gini(values)) == pytest.approx(p * (1 - p) * abs(high - low) / mean, abs=1e-12)


@given(st.lists(st.floats(0, 100), min_size=2, max_size=12).filter(lambda values: sum(values) > 1e-3))
def test_gini_is_half_the_mean_difference_over_the_mean(values):
    array = np.array(values)
    plain = np.abs(array[:, None] - array[None, :]).mean() / 2 / array.mean()
    assert float(gini(array)) == pytest.approx(plain, abs=1e-9)


def test_gini_of_nothing_does_not_exist():
    assert np.isnan(gini(np.zeros((2, 4)))).all()


def test_errors_are_those_of_leaving_each_seat_out():
    """HC3 is the sum of squares of what the coefficients change by when a seat is left out."""
    rng = np.random.default_rng(5)
    columns = np.column_stack([np.ones(12), rng.normal(size=(12, 2))])
    y = rng.normal(size=12)
    beta, error = least_squares(columns, y)
    assert beta == pytest.approx(np.linalg.lstsq(columns, y, rcond=None)[0])
    left = [np.linalg.lstsq(np.delete(columns, i, axis=0), np.delete(y, i), rcond=None)[0] for i in range(12)]
    assert error == pytest.approx(np.sqrt(((np.array(left) - beta) ** 2).sum(axis=0)))


def test_the_interval_of_a_slope_holds_when_small_seats_are_erratic():
    rng, hits = np.random.default_rng(11), 0
    for _ in range(WORLDS):
        x = rng.normal(size=40)
        y = 1 + 0.07 * x + rng.normal(size=40) * 0.2 * np.exp(-0.5 * x)
        found = slope(x, y[None, :], 0.95)
        hits += found.low <= 0.07 <= found.high
    assert holds(hits, slack=0.03), hits


def test_the_interval_of_a_slope_over_years_holds_when_seats_move_together():
    rng, hits = np.random.default_rng(12), 0
    x = rng.normal(size=15)
    for _ in range(WORLDS):
        market = rng.normal(size=(30, 1))
        y = 1 + 0.1 * market * x + 0.07 * x + 0.3 * rng.normal(size=(30, 15))
        found = slope(x, y, 0.95)
        hits += found.low <= 0.07 <= found.high
    assert holds(hits), hits


def test_an_effect_is_told_of_differences_that_occur():
    size = np.array([1.0, 2.0, 4.0, 8.0, 16.0])
    found, more = effect(size, (0.5 + 0.1 * np.log2(size))[None, :], 0.95)
    assert (found.value, more) == (pytest.approx(0.1), 1.0)
    close = 1.1 ** np.arange(5.0)
    found, more = effect(close, (0.1 * np.log2(close))[None, :], 0.95)
    assert more == pytest.approx(1.1**3.2 - 1)
    assert found.value == pytest.approx(0.1 * np.log2(1 + more))


def test_seats_of_one_size_have_no_slope():
    assert np.isnan(slope(np.full(6, 3.0), np.ones((1, 6)), 0.95).value)


def test_the_interval_of_a_rank_correlation_holds():
    """Of a normal pair with correlation r, Spearman's is 6 / pi asin(r / 2)."""
    rng, hits, r = np.random.default_rng(13), 0, 0.6
    truth = 6 / pi * asin(r / 2)
    for _ in range(WORLDS):
        x = rng.normal(size=(1, 60))
        found = rank_correlation(x, r * x + sqrt(1 - r * r) * rng.normal(size=(1, 60)), 0.95)
        hits += found.low <= truth <= found.high
    assert holds(hits), hits


def test_the_interval_of_gini_holds():
    """Of a lognormal law, the Gini coefficient is erf(sigma / 2)."""
    rng, hits = np.random.default_rng(14), 0
    for _ in range(WORLDS):
        values = rng.lognormal(0, 0.4, size=60)
        found = left_out(lambda rows: float(gini(rows)), values, 0.95)
        hits += found.low <= erf(0.2) <= found.high
    assert holds(hits, slack=0.04), hits


def test_the_jackknife_of_a_mean_is_students_interval():
    values = np.random.default_rng(3).normal(size=17)
    assert left_out(lambda rows: float(rows.mean()), values, 0.9) == pytest.approx(over_years(values, 0.9))


def worlds_of_chances(years: int):
    """Seats that share a market; their true chances, and hits of many worlds."""
    rng = np.random.default_rng(15)
    need = np.linspace(-0.8, 0.8, 12)
    market = 0.8
    while True:
        common, own = rng.normal(size=(years, 1)), rng.normal(size=(years, 12))
        yield need, (market * common + sqrt(1 - market**2) * own >= need).astype(float)


def truth_of(need: np.ndarray) -> float:
    return float(np.array([(1 - erf(value / sqrt(2))) / 2 for value in need]).std())


def test_the_spread_of_chances_is_freed_from_the_noise_of_counting():
    squares, naive = [], []
    for index, (need, hits) in enumerate(worlds_of_chances(40)):
        truth = truth_of(need)
        squares.append(spread_of_chances(hits, 0.95).value ** 2)
        naive.append(float(hits.mean(axis=0).var()))
        if index == 599:
            break
    error = np.std(squares) / sqrt(len(squares))
    assert np.mean(squares) == pytest.approx(truth**2, abs=4 * error)
    assert np.mean(naive) > truth**2 + 4 * error  # what counting adds would be seen


def test_the_interval_of_the_spread_of_chances_holds():
    inside = 0
    for index, (need, hits) in enumerate(worlds_of_chances(200)):
        found = spread_of_chances(hits, 0.95)
        inside += found.low <= truth_of(need) <= found.high
        if index == WORLDS - 1:
            break
    assert holds(inside), inside


def test_equal_chances_have_no_spread():
    hits = (np.random.default_rng(16).random((2000, 20)) < 0.6).astype(float)
    found = spread_of_chances(hits, 0.95)
    assert found.low == 0
    assert found.high < 0.02


def test_newcombes_interval_is_that_of_his_paper():
    """Table II of Newcombe 1998, example (a): 56 of 70 against 48 of 80, method 10."""
    own, others = np.repeat([1.0, 0.0], [56, 14]), np.repeat([1.0, 0.0], [48, 32])
    found = newcombe(own, others, 0.95)
    assert found == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


@given(st.lists(st.integers(1, 100), min_size=2, max_size=8), st.floats(0.1, 10))
def test_quotas_in_proportion_to_what_came_misplace_nothing(credit, factor):
    came = np.array(credit, float)
    assert misplaced(came * factor, came[None, :])[0] == pytest.approx(0, abs=1e-12)


def test_misplaced_quota_by_hand():
    # 60 and 40 of 100 carried, 50 and 50 came: a tenth sat with the wrong seat.
    assert misplaced(np.array([60.0, 40.0]), np.array([[5.0, 5.0], [0.0, 7.0]])) == pytest.approx([0.1, 0.6])
