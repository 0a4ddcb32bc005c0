"""Stages from exports that are cut on both sides: truth within four standard errors, intervals that hold it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import gamma, log, sqrt

import numpy as np
import pytest

from engine.calibration.choosing import choose
from engine.calibration.circumstances import by_group
from engine.calibration.daily import daily, tabulated
from engine.calibration.exits import Ages, log_likelihood
from engine.calibration.spec import EVERY_LAW
from engine.calibration.visits import Visits
from engine.pipeline.competing_risks import Observed
from engine.pipeline.law import mean
from engine.pipeline.laws.exponential import Exponential
from engine.pipeline.laws.gamma import Gamma
from engine.pipeline.laws.weibull import Weibull
from tests.calibration.exports import Truth, observed

pytestmark = pytest.mark.slow

PARAMETRIC = tuple(kind for kind in EVERY_LAW if kind != "empirical")
GAMMA = Truth(0.4, lambda rng, n: rng.gamma(2, 20, n), lambda rng, n: 30 * rng.weibull(0.8, n))
PLAIN = Truth(0.6, lambda rng, n: rng.exponential(25, n), lambda rng, n: rng.exponential(50, n))
TWO_HUMPED = Truth(
    0.5,
    lambda rng, n: np.where(rng.random(n) < 0.5, rng.uniform(1, 12, n), rng.uniform(70, 100, n)),
    lambda rng, n: rng.uniform(5, 40, n),
)


def test_whole_days_of_a_law_are_those_of_dates() -> None:
    """Deals arise at any moment of a day: differences of dates against a million draws."""
    rng = np.random.default_rng(1)
    moment, stay = rng.random(1_000_000), rng.gamma(0.7, 10, 1_000_000)
    dates = np.floor(moment + stay)
    expected = daily(tabulated(Gamma(mean=7, shape=0.7).knots()), 40)
    for age in (0, 1, 2, 5, 20):
        share = float(np.mean(dates <= age))
        assert abs(share - expected[age]) <= 4 * sqrt(share * (1 - share) / 1e6) + 1e-4


def test_the_likelihood_worked_by_hand() -> None:
    """One deal advanced at age 1, one lost at age 0, one seen at age 1 and still there, entered at age 1."""
    ages = Ages.of(Observed(np.array([0, 0, 1]), np.array([1, 0, 1]), np.array([1, 0, -1], dtype=np.int8)))
    on, off = np.array([0.2, 0.5]), np.array([0.4, 0.8])
    stay_0, stay_1 = 1 - 0.3 * 0.2 - 0.7 * 0.4, 1 - 0.3 * 0.5 - 0.7 * 0.8
    by_hand = log(0.3 * (0.5 - 0.2)) + log(0.7 * 0.4) + log(stay_1) - log(stay_0)
    assert log_likelihood(ages, 0.3, on, off) == pytest.approx(by_hand)


def test_laws_and_chance_are_found_in_a_cut_export_where_counting_fails() -> None:
    seen, naive = observed(GAMMA, 3, 6_000, days=300, visible=150)
    fitted = choose(seen, EVERY_LAW, "bic", 365)
    assert isinstance(fitted.on, Gamma)
    assert isinstance(fitted.off, Weibull)
    odds = log(fitted.chance / (1 - fitted.chance)) - log(0.4 / 0.6)
    assert abs(odds) <= 4 * fitted.odds_error
    for law, place, true in ((fitted.on, 1, 40.0), (fitted.off, 2, 30 * gamma(1 + 1 / 0.8))):
        assert abs(log(mean(law.knots()) / true)) <= 4 * sqrt(fitted.error[place, place])
    assert len(fitted.tried) == len(PARAMETRIC) + len(PARAMETRIC) + len(PARAMETRIC) - 1 + 1
    assert fitted.tried[0] == fitted.chosen
    assert [one.bic for one in fitted.tried] == sorted(one.bic for one in fitted.tried)
    # Lost deals go early, so that a young export shows too many of them.
    short, naive = observed(GAMMA, 4, 20_000, days=60)
    young = choose(short, ("gamma", "weibull"), "bic", 365)
    spread = sqrt(naive * (1 - naive) / 10_000)
    assert abs(naive - 0.4) > 8 * spread
    assert abs(log(young.chance / (1 - young.chance)) - log(0.4 / 0.6)) <= 4 * young.odds_error


def test_late_entries_without_truncation_would_bias_the_days() -> None:
    """Closes are visible for 60 days only: of older deals the slow ones are left, and their days look too long."""
    seen, _ = observed(PLAIN, 5, 20_000, days=900, visible=60)
    right = choose(seen, ("exponential",), "bic", 365)
    blind = choose(replace(seen, entry=np.zeros_like(seen.entry)), ("exponential",), "bic", 365)
    error = sqrt(right.error[2, 2])
    assert isinstance(right.off, Exponential)
    assert abs(log(right.off.mean / 50)) <= 4 * error
    assert blind.off is None or abs(log(mean(blind.off.knots()) / 50)) > 8 * error


def test_intervals_of_90_percent_hold_the_truth_nine_times_in_ten() -> None:
    runs, held = 60, np.zeros(3)
    for run in range(runs):
        seen, _ = observed(PLAIN, 100 + run, 500, days=300, visible=200)
        fitted = choose(seen, ("exponential",), "aic", 365)
        assert fitted.off is not None
        away = (
            log(fitted.chance / (1 - fitted.chance)) - log(0.6 / 0.4),
            log(mean(fitted.on.knots()) / 25),
            log(mean(fitted.off.knots()) / 50),
        )
        held += np.abs(away) <= 1.645 * np.sqrt(np.diag(fitted.error))
    spread = sqrt(0.9 * 0.1 / runs)
    assert np.all(np.abs(held / runs - 0.9) <= 4 * spread), held / runs


def test_what_no_law_says_is_taken_as_counted() -> None:
    seen, _ = observed(TWO_HUMPED, 7, 4_000)
    fitted = choose(seen, EVERY_LAW, "bic", 365)
    assert fitted.chosen.on == "empirical"
    level, value = fitted.on.knots()
    assert np.interp(50, value, level) == pytest.approx(0.5, abs=4 * sqrt(0.25 / 2_000))
    assert abs(log(fitted.chance / (1 - fitted.chance))) <= 4 * fitted.odds_error


def test_errors_of_counted_laws_hold_the_truth_as_well() -> None:
    runs, held = 100, np.zeros(2)
    for run in range(runs):
        seen, _ = observed(TWO_HUMPED, 500 + run, 600, days=400)
        fitted = choose(seen, ("empirical",), "bic", 365)
        away = (log(fitted.chance / (1 - fitted.chance)), log(mean(fitted.on.knots()) / ((6.5 + 85) / 2)))
        held += np.abs(away) <= 1.645 * np.sqrt(np.diag(fitted.error)[:2])
    spread = sqrt(0.9 * 0.1 / runs)
    assert np.all(np.abs(held / runs - 0.9) <= 4 * spread), held / runs


def visits(seen: Observed) -> Visits:
    count = len(seen.exit)
    first = np.zeros(count, dtype="datetime64[D]")
    return Visits(
        "Stage", np.arange(count), first, first + seen.exit.astype("timedelta64[D]"), seen.entry, seen.outcome,
        np.full(count, -1),
    )  # fmt: skip


def together(parts: Sequence[Observed]) -> Observed:
    columns = ("entry", "exit", "outcome")
    return Observed(*(np.concatenate([getattr(one, name) for one in parts]) for name in columns))


def test_segments_are_told_apart_and_only_where_they_differ() -> None:
    slow = Truth(0.4, lambda rng, n: rng.exponential(40, n), lambda rng, n: rng.exponential(80, n))
    parts = [observed(truth, seed, 1_500)[0] for truth, seed in ((PLAIN, 11), (slow, 12), (PLAIN, 13))]
    both = Observed(
        *(np.concatenate([getattr(one, name) for one in parts[:2]]) for name in ("entry", "exit", "outcome"))
    )
    names = ["fast"] * len(parts[0].exit) + ["slow"] * len(parts[1].exit)
    pooled = choose(both, ("exponential",), "bic", 365)
    groups = by_group(visits(both), names, pooled, "bic", 20)
    assert groups is not None
    assert groups.gain > 0
    days = float(groups.days.effect[1] - groups.days.effect[0])
    assert abs(days - log(80 / 50)) <= 4 * sqrt(float((groups.days.error**2).sum())) + 0.05
    odds = float(groups.odds.effect[1] - groups.odds.effect[0])
    assert abs(odds - (log(0.4 / 0.6) - log(0.6 / 0.4))) <= 4 * sqrt(float((groups.odds.error**2).sum()))
    alike = Observed(
        *(np.concatenate([getattr(one, name) for one in parts[::2]]) for name in ("entry", "exit", "outcome"))
    )
    names = ["one"] * len(parts[0].exit) + ["other"] * len(parts[2].exit)
    same = by_group(visits(alike), names, choose(alike, ("exponential",), "bic", 365), "bic", 20)
    assert same is not None
    assert same.gain < 0
