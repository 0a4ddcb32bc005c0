"""Simulated pay against closed forms: |z| <= 4 at fixed seeds, and an example that others published.

For f(a) = Y0 + sum_j d_j (a - x_j)^+ + sum_k B_k 1{a >= k}, with d_j the change of slope at x_j and C(K) = E (A - K)^+:

    E f(A) = Y0 + sum_j d_j C(x_j) + sum_k B_k P(A >= k)
    normal      C(K) = (m - K) Phi(d) + s phi(d),                     d = (m - K) / s
    lognormal   C(K) = e^(mu + s^2/2) Phi(d) - K Phi(d - s),          d = (mu - ln K + s^2) / s;  E A - K for K <= 0
"""

from fractions import Fraction
from math import exp, log, sqrt

import numpy as np
import pytest
import yaml
from scipy.stats import lognorm, norm

from engine import comp
from engine.comp.book import Book
from engine.comp.component import paid
from engine.comp.components.bonus import Bonus
from engine.comp.fast import Fast
from engine.comp.intervals import Intervals
from engine.comp.spec import CompSpec
from tests.comp.test_groups import in_regions
from tests.comp.worlds import bookings, quotas
from tests.worlds import with_spells

KINKS, PAYS = (0, 0.5, 1, 1.5, 2), (0, 0.25, 1, 1.75, 2.75)
CURVE = {
    "kind": "bonus", "accumulate": "period", "closed": "left", "accelerator": 0,
    "nodes": [{"attainment": str(x), "pay": str(y)} for x, y in zip(KINKS, PAYS, strict=True)],
}  # fmt: skip
CLIFF = {
    "kind": "commission", "tiers_on": "attainment", "rates": "individual", "mode": "retroactive", "closed": "left",
    "accumulate": "period", "tiers": [{"start": 0, "rate": 1}, {"start": "100%", "rate": "1.2"}],
}  # fmt: skip
QUOTA = TARGET = 100_000_000


class Normal:
    def __init__(self, mean, sd):
        self.law, self.mean, self.sd = norm(mean, sd), mean, sd

    def draw(self, rng, shape):
        return rng.normal(self.mean, self.sd, shape)

    def call(self, strike):
        d = (self.mean - strike) / self.sd
        return (self.mean - strike) * norm.cdf(d) + self.sd * norm.pdf(d)


class Lognormal:
    def __init__(self, mu, sg):
        self.law, self.mu, self.sg = lognorm(sg, scale=exp(mu)), mu, sg

    def draw(self, rng, shape):
        return rng.lognormal(self.mu, self.sg, shape)

    def call(self, strike):
        mean = exp(self.mu + self.sg**2 / 2)
        if strike <= 0:
            return mean - strike
        d = (self.mu - log(strike) + self.sg**2) / self.sg
        return mean * norm.cdf(d) - strike * norm.cdf(d - self.sg)


def expected(part, law):
    """E f(A), from the table that the component reads."""
    table = part.table(100)
    changes = [float(after - before) for before, after in zip(table.slopes, table.slopes[1:], strict=False)]
    value = float(table.slopes[0]) * law.law.mean() + float(table.intercepts[0])
    for knot, change, jump in zip(table.knots, changes, table.jumps, strict=True):
        value += change * law.call(float(knot)) + float(jump) * law.law.sf(float(knot))
    return value


LAWS = {"normal": Normal(0.95, 0.30), "lognormal": Lognormal(-0.02, 0.30)}


@pytest.mark.parametrize(("name", "golden"), [("normal", 0.935757), ("lognormal", 1.043700)])
def test_the_closed_forms_are_those_of_the_known_curve(name, golden):
    assert expected(Bonus.model_validate(CURVE), LAWS[name]) == pytest.approx(golden, abs=1e-6)


def test_a_cliff_of_a_fifth_at_quota_is_worth_its_chance():
    assert 0.2 * LAWS["lognormal"].law.sf(1.0) == pytest.approx(0.094685, abs=1e-6)


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("part", [CURVE, CLIFF], ids=["curve", "cliff"])
@pytest.mark.parametrize("seed", [1, 20_27, 314_159])
def test_mean_pay_of_a_settlement_is_its_closed_form(law, part, seed):
    rules = CompSpec.model_validate({
        "rounding": "half_even", "proration": "days_of_period",
        "plans": {"AE": {"pay": "monthly", "components": [part]}},
    })  # fmt: skip
    component = rules.plans["AE"].components[0]
    inputs = in_regions(*["West"] * 10)
    inputs = with_spells(inputs, target_incentive=np.full(10, 12 * TARGET))
    attainment = LAWS[law].draw(np.random.default_rng(seed), (500, 10, 12))
    credit = np.rint(attainment * QUOTA)
    payouts = comp.settle(inputs, bookings(credit), quotas(np.full((10, 12), QUOTA)), rules)
    total = payouts.variable.sum(axis=(1, 2)) / (120 * TARGET)
    error = total.std(ddof=1) / sqrt(total.size)
    assert abs(total.mean() - expected(component, LAWS[law])) <= 4 * error


def test_mean_pay_differs_from_the_pay_of_mean_attainment_with_the_sign_of_convexity():
    for law in LAWS.values():
        for slope, sign in ((2, 1), ("0.5", -1)):
            bent = Bonus.model_validate(
                {**CURVE, "nodes": [*CURVE["nodes"][:1], {"attainment": 1, "pay": 1}], "accelerator": slope}
            )
            at_mean = float(bent.table(100)(Fraction(float(law.law.mean()))))
            assert sign * (expected(bent, law) - at_mean) > 0.04


PUBLISHED = """
rounding: half_even
proration: days_of_period
plans:
  AE:
    pay: monthly
    components:
      - kind: commission
        tiers_on: attainment
        rates: of_credit
        mode: retroactive
        closed: right
        accumulate: period
        tiers:
          - {start: 0, rate: 2%}
          - {start: 90%, rate: 3%}
          - {start: 99%, rate: 4%}
"""
"""pbpython.com/monte-carlo.html: 500 reps, attainment Normal(1, 0.1) in whole percents, targets drawn from a table."""
TARGETS, CHANCES = (75_000, 100_000, 200_000, 300_000, 400_000, 500_000), (0.3, 0.3, 0.2, 0.1, 0.05, 0.05)
MEAN, DEVIATION = 2_859_381.91, 102_174.77
REPS = 500


def years(seed, count):
    """Draw targets and sales of `count` independent years, one in each period; cents, shape (rep, year)."""
    rng = np.random.default_rng(seed)
    target = rng.choice(TARGETS, (REPS, count), p=CHANCES) * 100
    percent = np.rint(100 * rng.normal(1, 0.1, (REPS, count))).astype(np.int64)
    return target, target // 100 * percent


def plan():
    return CompSpec.model_validate(yaml.load(PUBLISHED, yaml.BaseLoader))


@pytest.mark.parametrize("seed", [7, 99, 2027, 123_456])
def test_the_published_example_lands_within_four_standard_errors(seed):
    count = 4000
    quota, credit = years(seed, count)
    nothing = Fast(np.zeros((1, 1)))
    book = Book(
        {"bookings": Fast(credit)}, Fast(quota), nothing, nothing, (REPS, count),
        Intervals.of(np.arange(count)), "half_even", 100,
    )  # fmt: skip
    pay = paid(plan().plans["AE"].components, book, "monthly")["commission"]
    assert isinstance(pay, Fast)
    total = pay.values.sum(axis=0) / 100
    assert abs(total.mean() - MEAN) <= 4 * DEVIATION / sqrt(count)
    assert abs(total.std(ddof=1) - DEVIATION) <= 4 * DEVIATION / sqrt(2 * (count - 1))


def test_the_published_example_lands_there_as_a_settlement_too():
    totals = []
    inputs = in_regions(*["West"] * REPS)
    for seed in range(4):
        quota, credit = years(seed, 12)
        payouts = comp.settle(inputs, bookings(credit[None]), quotas(quota), plan())
        totals += list(payouts.cost[0, :, 0] / 100)
    assert abs(np.mean(totals) - MEAN) <= 4 * DEVIATION / sqrt(len(totals))
