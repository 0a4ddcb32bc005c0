"""5.6 Revenue: compound and mixed Poisson sums, and a fixed pipeline of independent deals."""

from __future__ import annotations

from math import exp, expm1, log, log1p, sqrt

import numpy as np
import pytest
from scipy import stats

from engine.inputs import FloatArray
from engine.pipeline.law import reached
from engine.pipeline.laws.lognormal import Lognormal
from engine.pipeline.layout import WON
from tests.pipeline.settings import with_open
from tests.pipeline.theory.checks import Section
from tests.pipeline.theory.simulated import simulated
from tests.pipeline.theory.worlds import one_seat
from tests.worlds import world

pytestmark = pytest.mark.slow

THEORY = Section("5.6")
AT_ONCE = "duration: {kind: fixed, value: 0}"


def test_revenue_is_a_compound_poisson_sum() -> None:
    """Mean lw E[X] and variance lw E[X^2]: 16 leads of which half are won, X lognormal(10, 0.8)."""
    mean, square = exp(10 + 0.8**2 / 2), exp(20 + 2 * 0.8**2)
    assert (8 * mean, 8 * square) == pytest.approx((242_666.061, 1.3959715e10), rel=5e-8)
    text = f"""
slots: 10000
arrivals: {{leads: 16}}
stages: [{{name: Work, advance: 0.5, {AT_ONCE}}}]
sizes: {{law: {{kind: lognormal, mean: {mean!r}, cv: {sqrt(expm1(0.64)):.12f}}}}}
"""
    done = simulated(text, world(4, 2), 10_000)
    revenue = done.cube[..., 0].sum(axis=(1, 2)) / 100
    won = done.cube[..., 1].sum(axis=(1, 2)).astype(np.float64)
    THEORY.mean("E[revenue], compound Poisson", 242_666.061, revenue)
    THEORY.variance("Var[revenue], compound Poisson", 1.3959715e10, revenue)
    THEORY.variance("Var[wins]", 8.0, won)


def test_more_spread_than_poisson_is_a_mixed_one() -> None:
    """Gamma with variance v on the rate: Var N = m + m^2 v, and negative binomial counts."""
    text = f"""
slots: 10000
arrivals: {{leads: 8}}
stages: [{{name: Work, advance: 1, {AT_ONCE}}}]
sizes: {{law: {{kind: fixed, value: 1}}}}
processes: [{{kind: over_dispersion, variance: 0.15}}]
"""
    leads = simulated(text, one_seat(), 10_000).cube[..., 1].sum(axis=(1, 2)).astype(np.float64)
    THEORY.mean("E[N], mixed Poisson", 8.0, leads)
    THEORY.variance("Var[N], mixed Poisson", 17.6, leads)
    law = stats.nbinom(1 / 0.15, 1 / (1 + 8 * 0.15))
    _fits("chi-square of N, negative binomial", leads, np.append(law.pmf(np.arange(24)), law.sf(23)))


def test_chance_and_ignorance_of_a_rate_are_two_factors() -> None:
    """Gamma with variance v for each segment and one with variance u for the source: (1 + v)(1 + u) - 1 together.

    Segments share the second alone: the covariance of their leads is m^2 u.
    """
    text = f"""
slots: 10000
arrivals: {{by_segment: {{SMB: 8, ENT: 8}}}}
stages: [{{name: Work, advance: 1, {AT_ONCE}}}]
sizes: {{law: {{kind: fixed, value: 1}}}}
processes:
- {{kind: uncertainty, leads: {{leads: 20%}}}}
- {{kind: over_dispersion, variance: 0.15}}
"""
    done = simulated(text, world(4, 2), 10_000)
    one, other = (done.total(done.line["segment"] == segment) for segment in (0, 1))
    THEORY.mean("E[N], two factors on the rate", 8.0, one)
    THEORY.variance("Var[N], two factors on the rate", 8 + 64 * (1.15 * 1.04 - 1), one)
    THEORY.mean("Cov of two segments, one factor of both", 64 * 0.04, (one - 8) * (other - 8))


def _fits(what: str, counts: FloatArray, chances: FloatArray) -> None:
    """Chi-square of counts, the last cell open; cells of few are one."""
    seen = np.bincount(np.minimum(counts, len(chances) - 1).astype(np.int64), minlength=len(chances))
    expected = chances / chances.sum() * len(counts)
    cell = np.cumsum(np.append(0, np.diff(np.floor(np.cumsum(expected) / 20)) > 0))
    found = stats.chisquare(np.bincount(cell, seen), np.bincount(cell, expected))
    THEORY.fits(what, float(found.statistic), float(found.pvalue))


def test_a_fixed_pipeline_is_a_sum_of_independent_deals() -> None:
    """Mean sum p x, variance sum p (1 - p) x^2; the number won is Poisson-binomial."""
    chance, worth = (0.1, 0.35, 0.6, 0.9), (90_000, 20_000, 15_000, 5_000)
    rows = [
        {"rep": k % 2, "stage": f"S{k % 4}", "created": 0, "amount": worth[k % 4] * 100, "id": f"O{k}"}
        for k in range(12)
    ]
    # A deal wins with the product of the chances from its stage on.
    ladder = [chance[0] / chance[1], chance[1] / chance[2], chance[2] / chance[3], chance[3]]
    stages = "\n".join(f"- {{name: S{k}, advance: {p:.15f}, {AT_ONCE}}}" for k, p in enumerate(ladder))
    done = simulated(
        f"slots: 10000\narrivals: {{leads: 0}}\nstages:\n{stages}", with_open(world(2, 2), rows), 5_000
    )
    money = done.cube[..., 0].sum(axis=(1, 2)) / 100
    p, x = np.array(chance), np.array(worth)
    THEORY.mean("E[fixed pipeline]", float(3 * (p @ x)), money)
    THEORY.variance("Var[fixed pipeline]", float(3 * ((p * (1 - p)) @ x**2)), money)
    pmf = np.ones(1)
    for one in chance * 3:
        pmf = np.convolve(pmf, [1 - one, one])
    _fits("chi-square of wins, Poisson-binomial", done.total(done.line["outcome"] == WON), pmf)


def test_a_lognormal_is_given_by_its_mean_and_variation() -> None:
    sigma = sqrt(log1p(1.2**2))
    mu = log(50_000) - sigma**2 / 2
    assert (mu, sigma) == pytest.approx((10.373779, 0.944456), abs=5e-7)
    knots = Lognormal.model_validate({"mean": "50000", "cv": "1.2"}).knots()
    for z in (-2.0, 0.0, 1.0, 3.0):
        assert reached(knots, exp(mu + z * sigma)) == pytest.approx(stats.norm.cdf(z), abs=1e-5)
    text = f"""
slots: 10000
arrivals: {{leads: 20}}
stages: [{{name: Work, advance: 1, {AT_ONCE}}}]
sizes: {{law: {{kind: lognormal, mean: 50000, cv: 1.2}}}}
"""
    line = simulated(text, one_seat(), 500).line
    THEORY.mean("E[ln X], mean 50,000 and cv 1.2", 10.373779, np.log(line["amount"] / 100))
    THEORY.variance("Var[ln X]", 0.944456**2, np.log(line["amount"] / 100))


def test_a_market_factor_makes_seats_move_together() -> None:
    """With a lognormal factor of mean 1 and deviation s on all amounts, Cov of two seats = s^2 E[a] E[b]."""
    text = f"""
slots: 10000
arrivals: {{leads: 400}}
stages: [{{name: Work, advance: 1, {AT_ONCE}}}]
sizes: {{law: {{kind: fixed, value: 1000}}}}
market: {{sd: 30%}}
"""
    seats = simulated(text, world(6, 2), 4_000).cube[..., 0].sum(axis=2) / 100
    THEORY.mean("E[revenue], market factor", 400_000.0, seats.sum(axis=1))
    products = (seats[:, 0] - 200_000) * (seats[:, 1] - 200_000)
    THEORY.mean("Cov of two seats, market factor", 0.3**2 * 200_000**2, products)


@pytest.mark.parametrize(("law", "mean"), [
    ("{kind: exponential, mean: 40}", 40.0),
    ("{kind: lognormal, mean: 40, cv: 2}", 40.0),
    ("{kind: weibull, mean: 40, shape: 0.6}", 40.0),
    ("{kind: gamma, mean: 40, shape: 3}", 40.0),
    ("{kind: empirical, values: [0, 40, 80]}", 40.0),
    ("{kind: empirical, values: [0, 60, 80], at: [0, 80%, 1]}", 0.8 * 30 + 0.2 * 70),
])  # fmt: skip
def test_every_law_keeps_its_mean(law: str, mean: float) -> None:
    text = f"""
slots: 10000
arrivals: {{leads: 200}}
stages: [{{name: Work, advance: 1, {AT_ONCE}}}]
sizes: {{law: {law}}}
"""
    cube = simulated(text, world(6, 2), 1_000).cube.sum(axis=(1, 2)).astype(np.float64)
    THEORY.ratio(f"E[X], {law.strip('{}').removeprefix('kind: ')}", mean, cube[:, 0] / 100, cube[:, 1])
