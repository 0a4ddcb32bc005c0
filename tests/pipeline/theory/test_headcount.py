"""5.8 Headcount and ramp: hires at rate h, attrition at rate d, and what people can do while they ramp.

E H(t) = H0 exp(-d t) + (h / d) (1 - exp(-d t)), and with the ramp r(u) at time u in the seat the capacity is
E C(t) = H0 exp(-d t) + h int_0^t exp(-d u) r(u) du. A month of the golden numbers is 28 days here. Time 0 is the second
day of the plan: on it 30 people have been there for 16 months, before which nobody of them could quit, and 24 seats
wait for somebody who comes at an instant uniform over the next 12 months, which is a rate of two a month.

What the people do shows in deals as well: every seat has an account with leads that somebody who is there starts at
once, and nobody else does; and what is started is won with the ramp.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import exp

import numpy as np
import pytest
from scipy import integrate

from engine.inputs import FloatArray, Inputs
from engine.pipeline.build import build
from engine.pipeline.factors import each, futures
from engine.pipeline.layout import MONTH, TICKS, WON, YEAR
from engine.pipeline.reference.people import Presence, presences
from tests.pipeline.settings import with_spells
from tests.pipeline.theory.checks import Section
from tests.pipeline.theory.simulated import MEASURES, SEED, Simulated, simulated, spec_of
from tests.pipeline.theory.worlds import DAYS, exponential
from tests.worlds import world

pytestmark = pytest.mark.slow

THEORY = Section("5.8")
UNIT = 28
"""Days in a month of the golden numbers."""
H0, H, D, T = 30, 2.0, 0.02, 12
HIRES = 24
SEATS = H0 + HIRES
BEGIN, NOW = 1, 1 + T * UNIT
"""Days of the plan that are time 0 and time t."""
LEADS = 30
"""Leads a day over all seats."""
TEXT = f"""
slots: 10000
arrivals: {{leads: {LEADS * DAYS}, patience: {{kind: fixed, value: 0}}}}
stages: [{{name: Work, advance: 1, duration: {{kind: fixed, value: 0}}}}]
sizes: {{law: {{kind: fixed, value: 1}}}}
ramp: [10%, 25%, 45%, 60%, 75%, 90%]
processes:
- {{kind: attrition, plans: [AE], rates: [{{from_month: 0, rate: 0}}, {{from_month: 16, rate: {D / UNIT * 365.25!r}}}]}}
- {{kind: attrition, rates: [{{from_month: 0, rate: {D / UNIT * 365.25!r}}}]}}
- {{kind: late_starts, delay: {{kind: empirical, values: [0, {T * UNIT}], at: [0, 1]}}}}
"""


def ramp(months: float) -> float:
    """Linear over six months."""
    return min(months / 6, 1.0)


def company() -> Inputs:
    """Thirty who are there, and seats for two hires a month."""
    ago = BEGIN - 16 * MONTH // TICKS
    spells = [(seat, ago if seat < H0 else BEGIN, None) for seat in range(SEATS)]
    inputs = with_spells(world(SEATS, SEATS), [(seat, day, None) for seat, day, _ in spells])
    return replace(inputs, spells=replace(inputs.spells, plan=("AE",) * H0 + ("NEW",) * HIRES))


@pytest.fixture(scope="module")
def done() -> Simulated:
    """Years of the company."""
    return simulated(TEXT, company(), 300)


def there(people: list[list[Presence]], day: float) -> list[float]:
    """Days in the seat of those who are there on a day."""
    tick = round(day * TICKS)
    return [(tick - one.since) / TICKS for seat in people for one in seat if one.begin <= tick < one.end]


def headcount(t: float) -> float:
    """E H(t), t in months."""
    return H0 * exp(-D * t) + H / D * (1 - exp(-D * t))


def capacity(t: float) -> float:
    """E C(t) with the linear ramp."""
    return H0 * exp(-D * t) + H * float(integrate.quad(lambda u: exp(-D * u) * ramp(u), 0, t, points=[6])[0])


def test_headcount_and_capacity_after_a_year() -> None:
    assert (headcount(T), capacity(T)) == pytest.approx((44.936050, 39.169019), abs=5e-7)
    inputs = company()
    made = build(inputs, inputs.accounts.owner, spec_of(TEXT), MEASURES)
    heads, able, early = [], [], []
    for future in each(futures(made.spreads, SEED[0], 0, 1_000)):
        people = [presences(made.model.selling, future, seat) for seat in range(SEATS)]
        early.append(len(there(people, BEGIN + 4 * UNIT)))
        days = there(people, NOW - 1e-6)
        heads.append(len(days))
        able.append(sum(ramp(one / UNIT) for one in days))
    THEORY.mean("E H(12)", 44.936050, np.array(heads, dtype=np.float64))
    THEORY.mean("E C(12), ramp of 6 months", 39.169019, np.array(able))
    THEORY.mean("E H(4)", headcount(4), np.array(early, dtype=np.float64))
    stay, come = exp(-D * T), (1 - exp(-D * T)) / (D * T)
    spread = H0 * stay * (1 - stay) + HIRES * come * (1 - come)
    THEORY.variance("Var H(12), independent people", spread, np.array(heads, dtype=np.float64))


def window(done: Simulated, of: np.ndarray) -> FloatArray:
    """Deals of the last two months, by replication, over the leads of a seat in them."""
    line = done.line
    inside = (line["arrival"] >= (NOW - 2 * UNIT) * TICKS) & (line["arrival"] < NOW * TICKS)
    return done.total(inside & of) / (LEADS / SEATS * 2 * UNIT)


def test_deals_show_who_is_there_and_how_far_they_have_ramped(done: Simulated) -> None:
    heads = integrate.quad(headcount, T - 2, T)[0] / 2
    THEORY.mean(
        "mean H over two months, by deals that are started", heads, window(done, done.line["start"] >= 0)
    )
    steps, month = (0.10, 0.25, 0.45, 0.60, 0.75, 0.90, 1.0), MONTH / TICKS / UNIT

    def able(t: float) -> float:
        edges = [min(k * month, t) for k in range(7)] + [t]
        parts = [(exp(-D * a) - exp(-D * b)) / D for a, b in pairwise(edges)]
        return H0 * exp(-D * t) + H * sum(r * part for r, part in zip(steps, parts, strict=True))

    expected = integrate.quad(able, T - 2, T)[0] / 2
    THEORY.mean(
        "mean C over two months, by wins, ramp in steps", expected, window(done, done.line["outcome"] == WON)
    )


@pytest.mark.parametrize("law", ["exponential", "gamma"])
def test_seats_are_filled_as_alternating_renewals_say(law: str) -> None:
    """Stationary share (1/d) / (1/d + E D) for any law of the vacancy; from filled, with exponential ones, at any t."""
    stay, vacant = YEAR / TICKS / 12, 10.0
    delay = exponential(vacant) if law == "exponential" else f"{{kind: gamma, mean: {vacant}, shape: 3}}"
    text = f"""
slots: 10000
arrivals: {{leads: {5 * DAYS}, patience: {{kind: fixed, value: 0}}}}
stages: [{{name: Work, advance: 1, duration: {{kind: fixed, value: 0}}}}]
processes:
- {{kind: attrition, rates: [{{from_month: 0, rate: 12}}]}}
- {{kind: backfill, delay: {delay}}}
"""
    done = simulated(text, with_spells(world(10, 10), [(seat, -400, None) for seat in range(10)]), 200)
    line, started = done.line, done.line["start"] >= 0
    late = line["arrival"] >= 200 * TICKS
    share = stay / (stay + vacant)
    THEORY.ratio(
        f"share of seats filled, {law} vacancies", share, done.total(late & started), done.total(late)
    )
    if law == "exponential":
        rate = 1 / stay + 1 / vacant
        expected = share + (1 - share) * (1 - exp(-rate * 5)) / (rate * 5)
        first = line["arrival"] < 5 * TICKS
        THEORY.ratio(
            "share filled in the first 5 days", expected, done.total(first & started), done.total(first)
        )
