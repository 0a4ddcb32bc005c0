"""5.7 Pay on a simulated attainment A: f(a) = Y0 + sum d_j (a - x_j)^+ has E f = Y0 + sum d_j E (A - x_j)^+.

One deal a year makes the attainment A, on a quota of 100,000: lognormal(-0.02, 0.30), or normal(0.95, 0.30) as a table
of its quantiles. The curve is that of the comp plan.
"""

from __future__ import annotations

from math import exp, expm1, sqrt

import numpy as np
import pytest
from scipy import stats

from engine.comp.components.bonus import Bonus
from engine.comp.fast import Fast
from engine.inputs import FloatArray
from tests.pipeline.settings import with_open
from tests.pipeline.theory.checks import Section
from tests.pipeline.theory.simulated import simulated
from tests.pipeline.theory.worlds import one_seat

pytestmark = pytest.mark.slow

THEORY = Section("5.7")
QUOTA = 100_000
KINKS, PAYS = (0.0, 0.5, 1.0, 1.5, 2.0), (0.0, 0.25, 1.0, 1.75, 2.75)
COUNT = 20_000


def attainment(law: str) -> FloatArray:
    """Attainments of independent years."""
    text = f"""
slots: 1
arrivals: {{leads: 0}}
stages: [{{name: Work, advance: 1, duration: {{kind: fixed, value: 1}}}}]
sizes: {{law: {law}}}
"""
    inputs = with_open(one_seat(), [{"stage": "Work", "created": 0, "rep": 0}])
    cube = simulated(text, inputs, COUNT).cube
    return cube[..., 0].sum(axis=(1, 2)) / 100 / QUOTA


def paid(attained: FloatArray) -> FloatArray:
    """Pay over target incentive; both quota and target are 10^9, so that rounding stays far away."""
    nodes = [{"attainment": a, "pay": p} for a, p in zip(KINKS, PAYS, strict=True)]
    part = Bonus.model_validate({"accumulate": "period", "closed": "left", "nodes": nodes, "accelerator": 0})
    one = Fast(np.full((1, 1), 1e9))
    return np.asarray(part.due(Fast(attained[:, None, None] * 1e9), one, one, 100).values[:, 0, 0] / 1e9)


@pytest.fixture(scope="module")
def lognormal() -> FloatArray:
    """A of lognormal(-0.02, 0.30)."""
    mean, cv = QUOTA * exp(-0.02 + 0.045), sqrt(expm1(0.09))
    return attainment(f"{{kind: lognormal, mean: {mean!r}, cv: {cv:.12f}}}")


def test_expected_pay_of_a_normal_attainment() -> None:
    levels = np.concatenate(([0], stats.norm.cdf(np.linspace(-3, 4.5, 1500)), [1]))
    values = QUOTA * (0.95 + 0.30 * np.concatenate(([-3.05], np.linspace(-3, 4.5, 1500), [4.5])))
    law = (
        f"{{kind: empirical, values: [{', '.join(f'{v:.6f}' for v in values)}], "
        f"at: [{', '.join(f'{level:.12f}' for level in levels)}]}}"
    )
    THEORY.mean("E f, A normal(0.95, 0.30)", 0.935757, paid(attainment(law)))


def test_expected_pay_of_a_lognormal_attainment(lognormal: FloatArray) -> None:
    THEORY.mean("E f, A lognormal(-0.02, 0.30)", 1.043700, paid(lognormal))
    THEORY.mean("E f^2", 1.321374, paid(lognormal) ** 2)
    THEORY.mean("E of a cliff of 0.2 at 1.0", 0.094685, 0.2 * (lognormal >= 1.0))


def test_the_worst_twentieth_of_attainments(lognormal: FloatArray) -> None:
    """CVaR 95 % = exp(mu + sigma^2 / 2) Phi(sigma - z) / 0.05, above the known quantile q: q + E (A - q)^+ / 0.05."""
    quantile = exp(-0.02 + 0.30 * float(stats.norm.ppf(0.95)))
    THEORY.mean("CVaR 95 % of A", 1.831956, quantile + np.maximum(lognormal - quantile, 0) / 0.05)
    THEORY.mean("P(A above its 95 % quantile)", 0.05, (lognormal > quantile).astype(np.float64))


def test_pay_of_the_mean_is_not_mean_pay(lognormal: FloatArray) -> None:
    """Jensen: a convex curve pays more under uncertainty; what is linear in A is taken out, so that it shows."""
    mean = exp(0.025)
    convex = np.interp(lognormal, KINKS[:3], PAYS[:3]) + 1.5 * np.maximum(lognormal - 1, 0)
    above_line = convex - (1 + 1.5 * (lognormal - 1))
    assert (1 + 1.5 * (mean - 1)) == pytest.approx(float(paid(np.array([mean]))[0]), abs=1e-9)
    assert above_line.mean() > 4 * above_line.std() / sqrt(len(above_line))
    assert (above_line >= -1e-12).all()
