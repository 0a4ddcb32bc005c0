"""Control variates: unbiased, with intervals that hold, and as much narrower as theory says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.estimates import mean_of
from engine.inputs import FloatArray
from engine.pipeline.control_variates import Adjusted, Controls, adjusted

RUNS = 2_000


def year(rng: np.random.Generator, count: int) -> tuple[FloatArray, Controls]:
    """A value of count replications that follows a lognormal market and a Poisson number of leads; its mean is 30."""
    market = np.exp(0.3 * rng.normal(size=count) - 0.045)
    leads = rng.poisson(100, count)
    value = 0.3 * market * leads + rng.gamma(4.0, 2.0, count) - 8.0
    return value, Controls(("market", "leads"), np.column_stack((market, leads)), np.array([1.0, 100.0]))


def many(count: int) -> list[Adjusted]:
    rng = np.random.default_rng(11)
    return [adjusted(*year(rng, count), 0.95) for _ in range(RUNS)]


def test_the_adjusted_estimate_is_right_and_its_interval_holds() -> None:
    found = many(60)
    means = np.array([one.adjusted.value for one in found])
    assert abs(means.mean() - 30) <= 4 * means.std(ddof=1) / np.sqrt(RUNS)
    held = np.mean([one.adjusted.low <= 30 <= one.adjusted.high for one in found])
    assert abs(held - 0.95) <= 4 * np.sqrt(0.95 * 0.05 / RUNS)


def test_the_factor_is_what_the_spread_of_estimates_shows() -> None:
    found = many(200)
    plain = np.var([one.plain.value for one in found])
    told = np.mean([one.factor for one in found])
    assert plain / np.var([one.adjusted.value for one in found]) == pytest.approx(told, rel=0.15)
    assert told > 3


def test_the_tenths_of_the_market_correct_a_share() -> None:
    """A share that follows the market alone is known exactly once the tenths are controls."""
    rng = np.random.default_rng(3)
    level = rng.uniform(size=1_000)
    tenths = np.column_stack([level > place / 10 for place in range(1, 10)]) * 1.0
    controls = Controls(tuple(f"{k}" for k in range(9)), tenths, 1 - np.arange(1, 10) / 10)
    found = adjusted((level > 0.3) * 1.0, controls, 0.95)
    assert found.adjusted.value == pytest.approx(0.7, abs=1e-12)
    halfway = adjusted((level > 0.35) * 1.0, controls, 0.95)
    assert halfway.factor > 5


def test_without_controls_that_vary_nothing_changes() -> None:
    values = np.random.default_rng(2).normal(size=100)
    for controls in (
        Controls((), np.zeros((100, 0)), np.zeros(0)),
        Controls(("leads",), np.full((100, 1), 7.0), np.array([7.0])),
    ):
        found = adjusted(values, controls, 0.9)
        assert found.plain == found.adjusted == mean_of(values, 0.9)
        assert (found.controls, found.factor) == (0, 1)


def test_few_replications_are_not_spent_on_many_controls() -> None:
    rng = np.random.default_rng(2)
    controls = Controls(tuple("abcde"), rng.normal(size=(40, 5)), np.zeros(5))
    assert adjusted(rng.normal(size=40), controls, 0.95).controls == 0


@given(st.integers(0, 2**32), st.integers(1, 3))
def test_controls_that_are_made_up_of_others_add_nothing(seed: int, copies: int) -> None:
    value, controls = year(np.random.default_rng(seed), 80)
    mixed = controls.values @ np.array([[2.0], [-0.5]])
    more = Controls(
        controls.names * 2,
        np.column_stack((controls.values, *[mixed * k for k in range(1, copies + 1)])),
        np.concatenate((controls.means, [(2.0 - 50.0) * k for k in range(1, copies + 1)])),
    )
    alone, together = adjusted(value, controls, 0.95), adjusted(value, more, 0.95)
    assert together.controls == alone.controls == 2
    assert together.adjusted == pytest.approx(alone.adjusted, rel=1e-9)


def test_undefined_values_are_left_out_with_their_controls() -> None:
    value, controls = year(np.random.default_rng(4), 200)
    holes = value.copy()
    holes[::7] = np.nan
    kept = ~np.isnan(holes)
    less = controls._replace(values=controls.values[kept])
    assert adjusted(holes, controls, 0.95) == adjusted(value[kept], less, 0.95)
