"""Scores against closed forms, and forecasts that are right told apart from forecasts that are not."""

from __future__ import annotations

from math import erf, exp, pi, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.backtest.scores import crps, inside, pit, quantile_sample

WORLDS = 2_000
SAMPLE = 400


def normal_crps(mean: float, sd: float, came: float) -> float:
    """Gneiting et al. 2005: sd (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi))."""
    z = (came - mean) / sd
    density = exp(-z * z / 2) / sqrt(2 * pi)
    return sd * (z * erf(z / sqrt(2)) + 2 * density - 1 / sqrt(pi))


def exponential_crps(mean: float, came: float) -> float:
    """|y| - 2 m F(y) + m / 2, F the distribution of mean m."""
    below = 1 - exp(-came / mean) if came > 0 else 0.0
    return abs(came) - 2 * mean * below + mean / 2


@pytest.mark.parametrize("came", [40.0, 95.0, 100.0, 131.0])
def test_the_sample_of_a_normal_has_the_crps_of_the_normal(came: float) -> None:
    sample = quantile_sample(100, 10, 20_000)
    assert crps(sample, came) == pytest.approx(normal_crps(100, 10, came), abs=0.005)


@pytest.mark.parametrize("came", [-3.0, 0.5, 7.0, 40.0])
def test_the_sample_of_an_exponential_has_the_crps_of_the_exponential(came: float) -> None:
    levels = (np.arange(20_000) + 0.5) / 20_000
    assert crps(-7 * np.log1p(-levels), came) == pytest.approx(exponential_crps(7, came), abs=0.005)


def test_drawn_samples_come_to_the_closed_form_on_average() -> None:
    """The sample's own CRPS is too large by E|X - X'| / (2 n), which for a normal is sd / (n sqrt(pi))."""
    rng = np.random.default_rng(5)
    scores = np.array([crps(rng.normal(100, 10, SAMPLE), 108.0) for _ in range(WORLDS)])
    expected = normal_crps(100, 10, 108.0) + 10 / (SAMPLE * sqrt(pi))
    z = (scores.mean() - expected) / (scores.std(ddof=1) / sqrt(WORLDS))
    assert abs(z) <= 4


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=8), st.integers(-60, 60))
def test_it_is_the_integral_of_the_squared_distance_of_the_distributions(
    sample: list[int], came: int
) -> None:
    values, grid = np.array(sample, dtype=np.float64), np.arange(-61, 61)
    level = (values[:, None] <= grid).mean(axis=0)
    # Both step functions are constant between whole numbers.
    assert crps(values, came) == pytest.approx(float(((level - (grid >= came)) ** 2).sum()))


def test_of_a_point_it_is_the_absolute_error() -> None:
    assert crps(np.array([12.0]), 9.5) == 2.5


def test_money_is_not_negative() -> None:
    sample = quantile_sample(1, 10, 101)
    assert sample.min() == 0
    assert (sample == 0).sum() > 40


def levels(shift: float, seed: int = 11) -> np.ndarray:
    """PIT of forecasts that know the rate of a count but for a shift, over many worlds; counts have ties."""
    rng = np.random.default_rng(seed)
    rates = rng.uniform(2, 9, WORLDS)
    return np.array(
        [pit(rng.poisson(rate + shift, SAMPLE), rng.poisson(rate), rng.random()) for rate in rates.tolist()]
    )


def kolmogorov(values: np.ndarray) -> float:
    """sqrt(n) times the distance from the uniform distribution; 2.28 belongs to |z| = 4 on both sides."""
    from scipy.stats import kstest

    return float(sqrt(len(values)) * kstest(values, "uniform").statistic)


def test_levels_are_uniform_under_the_truth_and_not_under_a_bias() -> None:
    assert kolmogorov(levels(0.0)) < 2.28
    assert kolmogorov(levels(0.7)) > 2.28


def test_central_intervals_hold_their_share_under_the_truth() -> None:
    rng = np.random.default_rng(3)
    held = np.array([inside(rng.normal(0, 1, SAMPLE), rng.normal(), 0.8) for _ in range(WORLDS)])
    assert abs(held.mean() - 0.8) / sqrt(0.8 * 0.2 / WORLDS) <= 4


@pytest.mark.parametrize(("shift", "spread"), [(0.5, 1.0), (0.0, 2.0), (0.0, 0.5)])
def test_no_other_forecast_scores_like_the_truth(shift: float, spread: float) -> None:
    rng = np.random.default_rng(8)
    came = rng.normal(0, 1, WORLDS) + 50
    truth, other = quantile_sample(50, 1, SAMPLE), quantile_sample(50 + shift, spread, SAMPLE)
    gain = np.array([crps(other, value) - crps(truth, value) for value in came])
    assert gain.mean() / (gain.std(ddof=1) / sqrt(WORLDS)) > 4
