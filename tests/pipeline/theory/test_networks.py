"""5.4 Tandem queues and Jackson networks: stages whose deals queue for the units of shared resources.

Departures of M/M/c are Poisson (Burke), so each station is an M/M/c of its own rate, with a queue independent of the
others' at any moment; with feedback as well (Jackson), at the rates that solve the traffic equations.
"""

from __future__ import annotations

import numpy as np
import pytest

from engine.inputs import FloatArray
from engine.pipeline.layout import ADVANCED, ASKED, ENTERED, GRANTED, RECYCLED, TICKS, WON_THERE
from tests.pipeline.theory.checks import Section
from tests.pipeline.theory.simulated import Simulated, simulated
from tests.pipeline.theory.test_erlang import WINDOW, erlang_b, erlang_c
from tests.pipeline.theory.worlds import DAYS, exponential, one_seat

pytestmark = pytest.mark.slow

THEORY = Section("5.4")
SERVICE = 0.1
LEAVE = (ADVANCED, RECYCLED, WON_THERE)


def network(rate: float, units: tuple[int, int], back: float) -> str:
    """Two stations with units each, one after the other; after the second a share goes back to the first."""
    again = f", recycle: {{to: First, chance: {back}}}" if back else ""
    return f"""
slots: 10000
arrivals: {{leads: {rate / SERVICE * DAYS!r}}}
stages:
- {{name: First, advance: 1, duration: {exponential(SERVICE)}}}
- {{name: Second, advance: {1 - back}, duration: {exponential(SERVICE)}{again}}}
processes:
- {{kind: resource, name: first, units: {units[0]}, stages: {{First: {{}}}}}}
- {{kind: resource, name: second, units: {units[1]}, stages: {{Second: {{}}}}}}
"""


class Station:
    """Deals in a stage, or in its queue, counted from the log: what came less what went."""

    def __init__(self, done: Simulated, stage: int, come: tuple[int, ...], go: tuple[int, ...]) -> None:
        self.done = done
        here = done.event["stage"] == stage
        self.come, self.go = (here & np.isin(done.event["what"], kinds) for kinds in (come, go))

    def average(self) -> FloatArray:
        """Time average over the window, by replication."""
        left = np.clip(WINDOW[1] - done_days(self.done), 0, WINDOW[1] - WINDOW[0])
        total = [self.done.total(chosen, left, self.done.event_of) for chosen in (self.come, self.go)]
        return (total[0] - total[1]) / (WINDOW[1] - WINDOW[0])

    def at(self, day: float) -> FloatArray:
        """Number there at a moment, by replication."""
        before = done_days(self.done) <= day
        counts = [self.done.total(chosen & before, of=self.done.event_of) for chosen in (self.come, self.go)]
        return counts[0] - counts[1]


def done_days(done: Simulated) -> FloatArray:
    """Days of the log."""
    return np.asarray(done.event["tick"] / TICKS)


def stations(done: Simulated, stage: int) -> tuple[Station, Station]:
    """The queue of a stage, and the stage with its queue."""
    return Station(done, stage, (ASKED,), (GRANTED,)), Station(done, stage, (ENTERED,), LEAVE)


def in_queue(c: int, a: float) -> float:
    """Mean number that waits in M/M/c."""
    return erlang_c(c, a) * a / (c - a)


def idle(c: int, a: float) -> float:
    """Chance that nobody is in M/M/c."""
    power = [1.0]
    for n in range(1, c):
        power.append(power[-1] * a / n)
    return 1 / (sum(power) + power[-1] * a / c / (1 - a / c))


def judge(name: str, done: Simulated, units: tuple[int, int], load: float) -> None:
    found = [stations(done, stage) for stage in range(2)]
    for place, c in enumerate(units):
        waiting, all_there = found[place]
        THEORY.mean(f"Lq of station {place + 1}, {name}", in_queue(c, load), waiting.average())
        THEORY.mean(f"L of station {place + 1}, {name}", in_queue(c, load) + load, all_there.average())
    one, other = (all_there.at(300) for _, all_there in found)
    THEORY.uncorrelated(f"corr(N1, N2) at a moment, {name}", one, other)
    both = idle(units[0], load) * idle(units[1], load)
    THEORY.mean(f"P(N1 = N2 = 0), {name}", both, ((one == 0) & (other == 0)).astype(np.float64))


def test_the_closed_forms_of_a_station_agree_with_each_other() -> None:
    share = [idle(3, 1.6) * 1.6**n / (1, 1, 2, 6)[n] for n in range(4)]
    assert share[3] / sum(share) == pytest.approx(erlang_b(3, 1.6))
    assert (in_queue(1, 0.8), idle(1, 0.8)) == pytest.approx((3.2, 0.2))


def test_a_tandem_is_two_stations_of_their_own() -> None:
    units = (1, 3)
    judge("tandem", simulated(network(0.7, units, 0.0), one_seat(), 400, log=True), units, 0.7)


def test_feedback_keeps_the_product_form_at_the_rates_of_the_traffic_equations() -> None:
    units = (2, 3)
    judge("Jackson", simulated(network(1.2, units, 0.25), one_seat(), 400, log=True), units, 1.2 / 0.75)
