"""Figures of a simulated cost: intervals that cover, tails that are what their formula says."""

import numpy as np
import pytest
from scipy.stats import binom, norm

from engine.comp.spread import reserve_interval, spread, spread_columns

NAMES = [column.name for column in spread_columns()]


def figures(values) -> dict[str, float]:
    return dict(zip(NAMES, spread(np.asarray(values, dtype=np.float64)), strict=True))


def test_figures_of_a_hundred_known_numbers():
    found = figures(np.random.default_rng(1).permutation(np.arange(1.0, 101.0)))
    assert (found["mean"], found["p50"]) == (50.5, 50.5)
    assert (found["p10"], found["p90"], found["p99"]) == pytest.approx((10.9, 90.1, 99.01))
    assert found["cvar90"] == pytest.approx(np.arange(91, 101).mean())
    assert found["cvar99"] == 100
    assert (found["p50_low"], found["p50_high"]) == (40, 61)
    sd = np.arange(1, 101).std(ddof=1)
    assert found["mean_high"] - found["mean"] == pytest.approx(norm.ppf(0.975) * sd / 10)


def test_ranks_enclose_a_quantile_in_95_percent_of_samples_and_no_further_than_they_must():
    for size, percent in ((100, 50), (400, 90), (1000, 99), (1000, 10)):
        found = figures(np.arange(1.0, size + 1))
        low, high = found[f"p{percent}_low"], found[f"p{percent}_high"]
        law = binom(size, percent / 100)
        assert law.cdf(high - 1) - law.cdf(low - 1) >= 0.95
        assert law.cdf(low - 1) < 0.025 <= law.cdf(low)
        assert law.cdf(high - 2) < 0.975 <= law.cdf(high - 1)


def test_an_end_that_so_few_replications_cannot_give_is_blank():
    found = figures(np.arange(1.0, 51))
    assert np.isnan(found["p99_high"])
    assert found["p99_low"] == 48
    assert np.isnan(figures([3.0])["mean_low"])
    assert figures([3.0])["cvar99"] == 3
    assert np.isnan(list(figures([]).values())).all()


def test_intervals_cover_the_truth_about_as_often_as_they_say():
    rng, law = np.random.default_rng(5), norm(100, 15)
    truth = {f"p{p}": law.ppf(p / 100) for p in (10, 50, 90, 99)} | {"mean": 100.0}
    truth |= {f"cvar{p}": 100 + 15 * norm.pdf(norm.ppf(p / 100)) / (1 - p / 100) for p in (90, 99)}
    samples = [figures(rng.normal(100, 15, 2000)) for _ in range(400)]
    for name, value in truth.items():
        covers = [not (found[f"{name}_low"] > value or found[f"{name}_high"] < value) for found in samples]
        few = 0.04 if name == "cvar99" else 0.0  # twenty replications lie beyond the quantile
        assert np.mean(covers) > 0.95 - few - 4 * (0.95 * 0.05 / 400) ** 0.5, name


def test_the_interval_of_the_reserve_covers_it_in_at_least_95_of_100_cases():
    rng = np.random.default_rng(11)
    truth = np.exp(1.2815515655446004) - 1
    ends = [reserve_interval(np.exp(rng.standard_normal(400))) for _ in range(400)]
    assert np.mean([low <= truth <= high for low, high in ends]) >= 0.95
    assert np.isnan(reserve_interval(np.arange(5.0))[1])
