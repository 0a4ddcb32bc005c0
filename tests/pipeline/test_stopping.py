"""Stopping at a half-width: when it is looked, what is said, and how often the interval holds the truth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from engine.estimates import mean_of, quantile_of, share_of
from engine.inputs import FloatArray
from engine.pipeline.precision import precision_of
from engine.pipeline.spec import Sequential, Target

RUNS = 2_000


def target(**how: Any) -> Target:
    return Target.model_validate({"output": "bookings", "half_width": "2%"} | how)


def stopped(rule: Sequential, values: FloatArray) -> int:
    """The number of replications at which a rule stops on its first target."""
    for look in rule.looks:
        if precision_of(rule.until[0], values[:look]).reached:
            break
    return look


def coverage(rule: Sequential, draw: Any, truth: float) -> tuple[float, float]:
    """Share of runs whose interval at the stop holds the truth, and looks on average."""
    rng, held, looks = np.random.default_rng(5), 0, 0
    for _ in range(RUNS):
        values = draw(rng, rule.most)
        count = stopped(rule, values)
        found = precision_of(rule.until[0], values[:count])
        held += found.estimate.low <= truth <= found.estimate.high
        looks += 1 + rule.looks.index(count)
    return held / RUNS, looks / RUNS


def lognormal(rng: np.random.Generator, count: int) -> FloatArray:
    return rng.lognormal(0.0, 0.8, count)


@pytest.mark.parametrize(("draw", "how", "truth"), [
    (lambda rng, n: rng.normal(10.0, 2.5, n), {"half_width": "0.85%"}, 10.0),
    (lognormal, {"half_width": "3%"}, float(np.exp(0.32))),
    (lognormal, {"quantile": "10%", "half_width": "4.5%"}, float(np.exp(-0.8 * 1.2815515655446004))),
    (lambda rng, n: rng.normal(10.0, 2.5, n), {"reaches": 11, "half_width": "1.6%"}, 0.3445782583896758),
])  # fmt: skip
def test_the_interval_at_the_stop_holds_the_truth_as_often_as_stated(
    draw: Any, how: dict[str, Any], truth: float
) -> None:
    rule = Sequential(until=(target(**how),), check_every=500, least=500, most=5_000)
    held, looks = coverage(rule, draw, truth)
    assert looks > 3
    assert abs(held - 0.95) <= 4 * np.sqrt(0.95 * 0.05 / RUNS)


def test_rare_looks_at_many_replications_are_what_makes_it_hold() -> None:
    """From 20 replications on, looking after every 20, a run stops by luck and covers less."""
    often = Sequential(until=(target(half_width="25%"),), check_every=20, least=20, most=1_000)
    held, _ = coverage(often, lognormal, float(np.exp(0.32)))
    assert held < 0.93


def test_looks_are_multiples_of_check_every_from_least_on_and_end_at_most() -> None:
    rule = Sequential(until=(target(),), check_every=400, least=500, most=1_500)
    assert rule.looks == (800, 1_200, 1_500)
    assert Sequential(until=(target(),), check_every=500, least=500, most=500).looks == (500,)


@given(st.integers(20, 999), st.integers(20, 5_000), st.integers(0, 5_000))
def test_looks_rise_and_lie_between_least_and_most(every: int, least: int, more: int) -> None:
    looks = Sequential(until=(target(),), check_every=every, least=least, most=least + more).looks
    assert list(looks) == sorted(set(looks))
    assert looks[0] >= least
    assert looks[-1] == least + more
    assert all(look % every == 0 for look in looks[:-1])


def test_half_widths_are_relative_or_points_of_a_probability() -> None:
    values = np.random.default_rng(1).normal(50.0, 5.0, 1_000)
    mean, share = precision_of(target(), values), precision_of(target(reaches=50), values)
    assert mean.half_width == pytest.approx(mean_of(values, 0.95).half_width / values.mean())
    assert share.half_width == share_of(1.0 * (values >= 50), 0.95).half_width
    assert (mean.statistic, share.statistic) == ("mean", "P(>= 50)")
    low = precision_of(target(quantile="12.5%"), values)
    assert low.estimate == quantile_of(values, 0.125, 0.95)
    assert low.statistic == "P12.5"


def test_undefined_values_are_left_out() -> None:
    values = np.array([1.0, np.nan, 3.0, 2.0])
    for how in ({}, {"reaches": 2}):
        found = precision_of(target(**how), values)
        assert found.replications == 3
        assert found.estimate == precision_of(target(**how), values[[0, 2, 3]]).estimate
    nothing = precision_of(target(), np.full(4, np.nan))
    assert not nothing.reached
    assert nothing.replications == 0


def test_what_always_happens_is_not_known_at_once() -> None:
    always = precision_of(target(reaches=0, half_width="0.1%"), np.ones(500))
    assert always.estimate.value == 1
    assert not always.reached


@pytest.mark.parametrize(("how", "word"), [
    ({"quantile": "10%", "reaches": 5}, "quantile and reaches"),
    ({"quantile": "10%", "adjusted": "true"}, "quantile and adjusted"),
    ({"output": "P(goal)", "quantile": "10%"}, "a probability itself"),
    ({"output": "P(goal)", "reaches": 5}, "a probability itself"),
])  # fmt: skip
def test_a_target_asks_for_one_statistic(how: dict[str, Any], word: str) -> None:
    with pytest.raises(ValidationError, match=word):
        target(**how)
