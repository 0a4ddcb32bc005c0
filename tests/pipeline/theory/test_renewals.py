"""5.9 Renewals: with churn c and uplift u at each of k renewals E ARR_k = ARR_0 ((1 - c) (1 + u))^k, the number of
logos is Binomial(n, (1 - c)^k), and at a discount r lifetime value is 1 / (1 - (1 - c) (1 + u) / (1 + r))."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest

from engine.inputs import FloatArray
from engine.measures import Measure
from engine.pipeline.layout import MONTH, TICKS, YEAR
from tests.pipeline.theory.checks import Section
from tests.pipeline.theory.simulated import simulated
from tests.pipeline.theory.worlds import DAYS, MONTHS, one_seat, with_contracts

pytestmark = pytest.mark.slow

THEORY = Section("5.9")
CHURN, UPLIFT, DISCOUNT, COUNT, WORTH = 0.12, 0.05, 0.10, 100, 1_000_000
MEASURES = {
    "renewed": Measure(kinds=("renewal",)),
    "logos": Measure(quantity="count", kinds=("renewal",)),
    "grown": Measure(kinds=("expansion",)),
}


def renewing(months: int, rule: str, replications: int) -> FloatArray:
    """Bookings of a hundred contracts that renew on the tenth of January and after each term; by period."""
    text = f"""
arrivals: {{leads: 0}}
stages: [{{name: Work, advance: 1, duration: {{kind: fixed, value: 1}}}}]
sizes: {{law: {{kind: fixed, value: 1}}}}
processes: [{{kind: renewals, {rule}}}]
"""
    inputs = with_contracts(one_seat(), COUNT, WORTH, np.datetime64("2027-01-10"), months)
    cube = simulated(text, inputs, replications, measures=MEASURES).cube
    return np.asarray(cube[:, 0], dtype=np.float64)


def test_recurring_revenue_and_logos_after_three_renewals() -> None:
    expected = ((1 - CHURN) * (1 + UPLIFT)) ** 3
    assert expected == pytest.approx(0.788889, abs=5e-7)
    cube = renewing(3, f"churn: {CHURN}, factor: {{kind: lognormal, mean: {1 + UPLIFT}, cv: 0.3}}", 2_000)
    at = [int(np.searchsorted(np.cumsum(MONTHS), 9 + k * 3 * MONTH / TICKS)) for k in range(3)]
    THEORY.mean("E ARR_3 / ARR_0, random uplift", 0.788889, cube[:, at[2], 0] / (COUNT * WORTH))
    logos = cube[:, at[2], 1]
    kept = (1 - CHURN) ** 3
    THEORY.mean("E logos after 3 renewals of 100", COUNT * kept, logos)
    THEORY.variance("Var logos after 3 renewals", COUNT * kept * (1 - kept), logos)
    first = cube[:, at[0], 1] / COUNT
    THEORY.mean("logos kept at one renewal", 1 - CHURN, first)


def test_lifetime_value_of_a_contract() -> None:
    """Twelve renewals are seen; what is left after them is worth as much again as its amount says."""
    q = (1 - CHURN) * (1 + UPLIFT) / (1 + DISCOUNT)
    assert 1 / (1 - q) == pytest.approx(6.25, abs=1e-12)
    cube = renewing(1, f"churn: {CHURN}, factor: {{kind: fixed, value: {1 + UPLIFT}}}", 2_000)
    renewed = cube[..., 0] / (COUNT * WORTH)
    count = renewed.shape[1]
    discounted = renewed / (1 + DISCOUNT) ** np.arange(1, count + 1)
    THEORY.mean("lifetime value at 10 %", 6.25, 1 + discounted[:, :-1].sum(axis=1) + discounted[:, -1] * 6.25)
    nrr, grr = renewed[:, -1], cube[:, -1, 1] / COUNT
    THEORY.mean("ARR after 12 renewals", ((1 - CHURN) * (1 + UPLIFT)) ** 12, nrr)
    THEORY.mean("logos after 12 renewals", (1 - CHURN) ** 12, grr)


def test_expansions_compound_at_their_rate() -> None:
    """Expansions at rate e a year, each of a share g on average: E A(t) = A_0 exp(e g t)."""
    rule = "churn: 0, expansions: 3, expansion: {kind: exponential, mean: 0.1}"
    cube = renewing(24, rule, 1_000)
    grown = cube[..., 2].sum(axis=1) / (COUNT * WORTH)
    years = DAYS * TICKS / YEAR
    THEORY.mean("growth by expansions in a year", exp(3 * 0.1 * years) - 1, grown)
