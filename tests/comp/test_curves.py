"""Expected pay against closed forms, for curves under known laws of attainment."""

from math import erf, exp, log, pi, sqrt

import numpy as np
import pytest

from engine.comp.components.bonus import Bonus
from engine.comp.components.commission import Commission
from engine.comp.fast import Fast

PEOPLE = 400_000
KINKS, PAYS = (0.0, 0.5, 1.0, 1.5, 2.0), (0.0, 0.25, 1.0, 1.75, 2.75)


def phi(z):
    return exp(-z * z / 2) / sqrt(2 * pi)


def cdf(z):
    return (1 + erf(z / sqrt(2))) / 2


def normal_call(mean, sd, kink):
    d = (mean - kink) / sd
    return (mean - kink) * cdf(d) + sd * phi(d)


def lognormal_call(mu, sigma, kink):
    mean = exp(mu + sigma * sigma / 2)
    if kink <= 0:
        return mean - kink
    d = (mu - log(kink) + sigma * sigma) / sigma
    return mean * cdf(d) - kink * cdf(d - sigma)


def expected(call):
    """E f = Y0 + sum of slope changes x C(kink); flat after the last."""
    slopes = [
        0.0,
        *((v - u) / (b - a) for a, b, u, v in zip(KINKS, KINKS[1:], PAYS, PAYS[1:], strict=False)),
        0.0,
    ]
    return PAYS[0] + sum(
        (after - before) * call(k) for before, after, k in zip(slopes, slopes[1:], KINKS, strict=False)
    )


def curve(**given):
    nodes = [{"attainment": a, "pay": p} for a, p in zip(KINKS, PAYS, strict=True)]
    return Bonus.model_validate(
        {"accumulate": "period", "closed": "left", "nodes": nodes, "accelerator": 0, **given}
    )


def pay(part, attainment):
    """Pay as a ratio of target incentive; a quota and target of 10^9 keep rounding far away."""
    one = Fast(np.full((1, 1), 10.0**9))
    return part.due(Fast(attainment[:, None, None] * 10**9), one, one, 100).values[:, 0, 0] / 10**9


def z(sample, truth):
    return (sample.mean() - truth) / (sample.std(ddof=1) / sqrt(sample.size))


def test_the_closed_forms_give_the_published_figures():
    assert expected(lambda k: normal_call(0.95, 0.30, k)) == pytest.approx(0.935757, abs=1e-6)
    assert expected(lambda k: lognormal_call(-0.02, 0.30, k)) == pytest.approx(1.043700, abs=1e-6)


def test_expected_pay_under_a_normal_law():
    attainment = np.random.default_rng(11).normal(0.95, 0.30, PEOPLE)
    assert abs(z(pay(curve(), attainment), expected(lambda k: normal_call(0.95, 0.30, k)))) <= 4


def test_expected_pay_and_its_square_under_a_lognormal_law():
    paid = pay(curve(), np.random.default_rng(12).lognormal(-0.02, 0.30, PEOPLE))
    assert abs(z(paid, expected(lambda k: lognormal_call(-0.02, 0.30, k)))) <= 4
    assert abs(z(paid**2, 1.321374)) <= 4


def test_a_cliff_adds_its_height_times_the_chance_to_reach_it():
    part = Commission.model_validate({
        "tiers_on": "attainment", "rates": "individual", "mode": "retroactive", "closed": "left",
        "accumulate": "period",
        "tiers": [{"start": 0, "rate": 0}, {"start": "100%", "rate": "20%"}],
    })  # fmt: skip
    attainment = np.random.default_rng(13).lognormal(-0.02, 0.30, PEOPLE)
    cliff = 0.2 * (attainment >= 1)
    assert np.allclose(pay(part, attainment), cliff * attainment)
    assert abs(z(cliff, 0.094685)) <= 4


def test_500_reps_with_retroactive_bands():
    """Targets 75k to 500k, attainment Normal(1, 0.1) to two decimals, 2/3/4 % (pbpython.com/monte-carlo.html)."""
    part = Commission.model_validate({
        "tiers_on": "attainment", "rates": "of_credit", "mode": "retroactive", "closed": "right",
        "accumulate": "period",
        "tiers": [{"start": 0, "rate": "2%"}, {"start": "90%", "rate": "3%"}, {"start": "99%", "rate": "4%"}],
    })  # fmt: skip
    rng = np.random.default_rng(14)
    runs = 2000
    targets = np.array([75_000, 100_000, 200_000, 300_000, 400_000, 500_000])
    quota = rng.choice(targets, (runs, 500), p=[0.3, 0.3, 0.2, 0.1, 0.05, 0.05]) * 100
    credit = quota * np.rint(rng.normal(1, 0.1, (runs, 500)) * 100) / 100
    due = part.due(Fast(np.rint(credit)), Fast(quota), Fast(quota), 100).values.sum(axis=1) / 100
    assert abs(due.mean() - 2_859_381.91) <= 4 * 102_174.77 / sqrt(runs)
    assert due.std(ddof=1) == pytest.approx(102_174.77, rel=4 / sqrt(2 * runs))
