"""5.2 The open pipeline is the queue Mt/G/infinity (Eick, Massey and Whitt 1993, doi 10.1287/opre.41.4.731).

From empty, with leads at the rate r(u) and times T in the pipeline with distribution G: open deals at t are Poisson
with mean int r(u) (1 - G(t - u)) du, closed ones Poisson with mean int r(u) G(t - u) du and independent of them.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from engine.inputs import FloatArray
from engine.pipeline.layout import TICKS, WON
from tests.pipeline.settings import with_open
from tests.pipeline.theory.checks import Section
from tests.pipeline.theory.simulated import Simulated, simulated
from tests.pipeline.theory.worlds import DAYS, exponential
from tests.worlds import world

pytestmark = pytest.mark.slow

THEORY = Section("5.2")
UNIT = 24
"""Days in a unit of time of the golden numbers; t = 15 units is day 360."""
UNTIL = 15 * UNIT
STAY = stats.gamma(2, scale=1.5)


def rate(u: float) -> float:
    """Leads a unit."""
    return float(20 * (1 + 0.4 * np.sin(2 * np.pi * u / 12)))


def waves() -> str:
    """The rate, day by day, as shocks on an even demand of 20 leads a unit."""
    edges = np.arange(UNTIL + 1) / UNIT
    whole = edges + 0.4 * 12 / (2 * np.pi) * (1 - np.cos(2 * np.pi * edges / 12))
    factor = np.diff(whole) * UNIT
    days = np.datetime64("2027-01-01") + np.arange(UNTIL + 1)
    return "\n".join(
        f"- {{kind: demand, start: {days[k]}, end: {days[k + 1]}, factor: {factor[k]:.15g}}}"
        for k in range(UNTIL)
    )


def at(done: Simulated, day: float) -> tuple[FloatArray, FloatArray]:
    """Deals open and closed on a day, by replication."""
    tick, line = round(day * TICKS), done.line
    there = line["arrival"] < tick
    closed = there & (line["end"] >= 0) & (line["end"] < tick)
    return done.total(there & ~closed), done.total(closed)


def test_open_and_closed_deals_of_a_year_with_waves() -> None:
    arrivals = integrate.quad(rate, 0, 15)[0]
    still = integrate.quad(lambda u: rate(u) * STAY.sf(15 - u), 0, 15)[0]
    assert (arrivals, still, arrivals - still) == pytest.approx((315.278875, 69.167506, 246.111368), abs=5e-7)

    text = f"""
slots: 10000
arrivals: {{leads: {20 / UNIT * DAYS!r}}}
stages: [{{name: Work, advance: 0.3, duration: {{kind: gamma, mean: {3 * UNIT}, shape: 2}}}}]
processes:
{waves()}
"""
    done = simulated(text, world(2, 2), 1_000)
    is_open, closed = at(done, UNTIL)
    leads = is_open + closed
    THEORY.mean("mean of arrivals by t = 15", 315.278875, leads)
    THEORY.variance("variance of arrivals", 315.278875, leads)
    THEORY.mean("mean of open deals at t = 15", 69.167506, is_open)
    THEORY.variance("variance of open deals", 69.167506, is_open)
    THEORY.mean("mean of closed deals", 246.111368, closed)
    THEORY.variance("variance of closed deals", 246.111368, closed)
    THEORY.uncorrelated("corr(open, closed)", is_open, closed)
    won = done.total((done.line["outcome"] == WON) & (done.line["end"] < UNTIL * TICKS))
    THEORY.mean("mean of wins, thinned with 0.3", 0.3 * 246.111368, won)
    THEORY.variance("variance of wins", 0.3 * 246.111368, won)


@pytest.mark.parametrize(("name", "law", "known"), [
    ("lognormal", "{kind: lognormal, mean: 20, cv: 0.6}", stats.lognorm(np.log(1.36) ** 0.5, scale=20 / 1.36**0.5)),
    ("fixed", "{kind: fixed, value: 20}", stats.uniform(20, 1e-9)),
    ("Weibull", "{kind: weibull, mean: 20, shape: 2}", stats.weibull_min(2, scale=20 / 0.886226925452758)),
])  # fmt: skip
def test_in_a_steady_state_the_mean_alone_counts(name: str, law: str, known: stats.rv_continuous) -> None:
    """With an even rate the open deals are rate x E[T] in number, 40, whatever the law of T."""
    lost = 2 * (20 - integrate.quad(known.sf, 0, 350, points=[20], limit=200)[0])
    assert abs(lost) < 1e-3
    text = f"slots: 10000\narrivals: {{leads: {2 * DAYS}}}\nstages: [{{name: Work, advance: 1, duration: {law}}}]"
    is_open, _ = at(simulated(text, world(2, 2), 500), 350)
    THEORY.mean(f"open deals in a steady state, {name}", 40.0, is_open)
    THEORY.variance(f"variance of them, {name}", 40.0, is_open)


def test_open_deals_have_an_age() -> None:
    """A deal of age a is open t later with the chance (1 - G(a + t)) / (1 - G(a))."""
    ages, t = (0, 10, 40, 100, 200), 60
    law = stats.gamma(2, scale=30)
    rows = [{"rep": k % 2, "stage": "Work", "created": -ages[k % 5], "id": f"O{k}"} for k in range(60)]
    text = (
        "slots: 10000\narrivals: {leads: 0}\n"
        "stages: [{name: Work, advance: 0.4, duration: {kind: gamma, mean: 60, shape: 2}}]"
    )
    is_open, _ = at(simulated(text, with_open(world(2, 2), rows), 2_000), t)
    stays = [law.sf(age + t) / law.sf(age) for age in ages]
    THEORY.mean("open deals of known ages", 12 * sum(stays), is_open)
    THEORY.variance("variance of them", 12 * sum(p * (1 - p) for p in stays), is_open)


def test_an_aged_deal_wins_by_what_its_age_leaves() -> None:
    """Wins take 100 days, losses 20: at age 60 the odds are 0.4 exp(-0.6) to 0.6 exp(-3)."""
    rows = [{"rep": 0, "stage": "Work", "created": -60, "id": f"O{k}"} for k in range(40)]
    text = (
        "slots: 10000\narrivals: {leads: 0}\n"
        f"stages: [{{name: Work, advance: 0.4, duration: {exponential(100)}, duration_lost: {exponential(20)}}}]"
    )
    done = simulated(text, with_open(world(2, 2), rows), 2_000)
    on, off = 0.4 * np.exp(-0.6), 0.6 * np.exp(-3.0)
    expected = 40 * on / (on + off) * (1 - np.exp(-DAYS / 100))
    THEORY.mean("wins of deals aged 60 days", float(expected), done.total(done.line["outcome"] == WON))
