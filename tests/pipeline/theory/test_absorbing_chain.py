"""5.1 Absorbing Markov chain: chances, times and worth of deals that step through stages.

With Q among the stages and R to won and lost: N = (I - Q)^-1, P(win) = N R, E[T] = N 1,
Var[T] = (2 N - I) E[T] - E[T]^2, and given a win Q is weighed with the chances h of winning, Q_ij h_j / h_i.
"""

from __future__ import annotations

import numpy as np
import pytest

from engine.inputs import FloatArray
from engine.pipeline.layout import TICKS, WON
from tests.pipeline.settings import with_open
from tests.pipeline.theory.checks import Section
from tests.pipeline.theory.simulated import simulated
from tests.worlds import world

pytestmark = pytest.mark.slow

THEORY = Section("5.1")
ADVANCE, LOSE = np.array([0.30, 0.35, 0.40, 0.45]), np.array([0.15, 0.10, 0.08, 0.05])
STAY = 1 - ADVANCE - LOSE
Q = np.diag(STAY) + np.diag(ADVANCE[:3], 1)
N = np.linalg.inv(np.eye(4) - Q)
WIN: FloatArray = N[:, 3] * ADVANCE[3]
TIME: FloatArray = N.sum(axis=1)

EARLY = "seasonality: {months: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]}"


def chain(duration: str, leads: int, more: str = "") -> str:
    """The four stages; a deal that stays goes back to the stage it is in."""
    stages = "\n".join(
        f"- {{name: S{k}, advance: {ADVANCE[k]:.2f}, recycle: {{to: S{k}, chance: {STAY[k]:.2f}}}, {duration}}}"
        for k in range(4)
    )
    return f"slots: 10000\narrivals: {{leads: {leads}}}\n{EARLY}\nstages:\n{stages}\n{more}"


def test_chances_and_times_of_a_chain_in_steps_of_a_day() -> None:
    given_win = np.linalg.inv(np.eye(4) - Q * WIN[None, :] / WIN[:, None]).sum(axis=1)
    spread = (2 * N - np.eye(4)) @ TIME - TIME**2
    golden = (0.388889, 5.648148, 14.338134, 8.527778)
    assert (WIN[0], TIME[0], spread[0], given_win[0]) == pytest.approx(golden, abs=5e-7)

    line = simulated(chain("duration: {kind: fixed, value: 1}", 10_000), world(3, 3), 1).line
    days, won = (line["end"] - line["start"]) / TICKS, line["outcome"] == WON
    assert (line["end"] >= 0).all()
    THEORY.mean("P(win)", golden[0], won.astype(np.float64))
    THEORY.mean("E[T], steps", golden[1], days)
    THEORY.variance("Var[T]", golden[2], days)
    THEORY.mean("E[T | win]", golden[3], days[won])


def test_mean_time_does_not_feel_the_laws_of_the_stages() -> None:
    """Semi-Markov: E[T] = sum of visits x mean days there, whatever the law of the days."""
    law = "duration: {kind: lognormal, mean: 3, cv: 1.5}, duration_lost: {kind: gamma, mean: 1, shape: 2}"
    line = simulated(chain(law, 10_000), world(3, 3), 1).line
    expected = float(N[0] @ (3 * ADVANCE + 1 * (1 - ADVANCE)))
    THEORY.mean("E[T], semi-Markov", expected, (line["end"] - line["start"]) / TICKS)


def test_competing_risks_win_by_the_ratio_of_their_rates() -> None:
    """Rates 1/20 to win and 1/30 to lose: wins with 0.6, and the days of both have the rate of the sum, 12 days."""
    law = "duration: {kind: exponential, mean: 12}"
    text = f"slots: 10000\narrivals: {{leads: 8000}}\n{EARLY}\nstages: [{{name: Work, advance: 0.6, {law}}}]"
    line = simulated(text, world(3, 3), 1).line
    won, days = line["outcome"] == WON, (line["end"] - line["start"]) / TICKS
    THEORY.mean("P(win), competing risks", 0.6, won.astype(np.float64))
    THEORY.mean("E[T], competing risks", 12.0, days)
    THEORY.uncorrelated("corr(T, win), competing risks", days, won.astype(np.float64))


def test_the_open_pipeline_is_worth_its_chances() -> None:
    worth = [10_000, 20_000, 5_000, 40_000]
    rows = [
        {"rep": k % 2, "stage": f"S{k % 4}", "created": 0, "amount": worth[k % 4] * 100, "id": f"O{k}"}
        for k in range(40)
    ]
    text = chain("duration: {kind: exponential, mean: 2}", 0)
    cube = simulated(text, with_open(world(2, 2), rows), 1_000).cube
    money = cube[..., 0].sum(axis=(1, 2)) / 100
    THEORY.mean("E[open pipeline]", 10 * float(worth @ WIN), money)
    THEORY.variance("Var[open pipeline]", 10 * float(np.square(worth) @ (WIN * (1 - WIN))), money)
