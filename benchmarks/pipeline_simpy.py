"""The peer SimPy: seats with a resource of K slots and a process for each deal, drawn by a numpy Generator.

It is written as the manual of SimPy shows it, with one environment a year. `Seat` does what the scenario asks for and
no more: no keyed draws, no counts by stage or period. `CountingSeat` keeps what ours keeps of deals and money: by
seat, stage and month how many enter, advance and are lost, and their days; won, lost and bookings by month.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Generator
from typing import Any

import numpy as np
import simpy

from benchmarks.pipeline_peer import Scenario, Years

NAME = "SimPy, numpy draws"
COUNTING = "SimPy, numpy draws, counts by seat, stage and month"
ENTERED, ADVANCED, LOST, DAYS = range(4)
Process = Generator[simpy.Event, Any, None]


class Seat:
    """A seat, and what comes of its year."""

    def __init__(self, env: simpy.Environment, rng: np.random.Generator, scenario: Scenario) -> None:
        self.env, self.rng, self.scenario = env, rng, scenario
        self.slots = simpy.Resource(env, capacity=scenario.slots)
        self.leads = self.started = self.won = 0
        self.bookings = self.waited = 0.0
        env.process(self.arrivals())

    def arrivals(self) -> Process:
        """Let leads arise, in each month at its own rate."""
        begin = 0
        for end, rate in zip(self.scenario.ends, self.scenario.rates, strict=True):
            moments = np.sort(self.rng.uniform(begin, end, self.rng.poisson(rate)))
            for moment in moments.tolist():
                yield self.env.timeout(max(moment - self.env.now, 0.0))
                self.leads += 1
                self.env.process(self.deal())
            begin = end

    def deal(self) -> Process:
        """Wait for a slot and hold it through the stages, until the deal is lost or won."""
        arose = self.env.now
        with self.slots.request() as slot:
            yield slot
            self.started += 1
            self.waited += self.env.now - arose
            for advance, days in self.scenario.course:
                yield self.env.timeout(self.rng.lognormal(days.mu, days.sigma))
                if self.rng.random() >= advance:
                    return
        self.won += 1
        self.bookings += self.rng.lognormal(self.scenario.size.mu, self.scenario.size.sigma)


class CountingSeat(Seat):
    """A seat that also counts by stage and month."""

    def __init__(self, env: simpy.Environment, rng: np.random.Generator, scenario: Scenario) -> None:
        super().__init__(env, rng, scenario)
        months = len(scenario.ends)
        self.counts = [[[0.0] * 4 for _ in scenario.course] for _ in range(months)]
        """By month, stage, and what is counted."""
        self.closed = [[0, 0] for _ in range(months)]
        """Won and lost deals by month."""
        self.booked = [0.0] * months

    def month(self) -> int:
        """Return the present month."""
        return bisect_right(self.scenario.ends, self.env.now)

    def deal(self) -> Process:
        """Do the same as a plain seat, and count it."""
        arose = self.env.now
        with self.slots.request() as slot:
            yield slot
            self.started += 1
            self.waited += self.env.now - arose
            for stage, (advance, law) in enumerate(self.scenario.course):
                self.counts[self.month()][stage][ENTERED] += 1
                days = self.rng.lognormal(law.mu, law.sigma)
                yield self.env.timeout(days)
                month, on = self.month(), self.rng.random() < advance
                counts = self.counts[month][stage]
                counts[DAYS] += days
                counts[ADVANCED if on else LOST] += 1
                if not on:
                    self.closed[month][1] += 1
                    return
        size = self.rng.lognormal(self.scenario.size.mu, self.scenario.size.sigma)
        self.won += 1
        self.closed[month][0] += 1
        self.bookings += size
        self.booked[month] += size


def years(scenario: Scenario, count: int, seed: int, kind: type[Seat] = Seat) -> Years:
    """Simulate `count` years, each from empty seats."""
    rng = np.random.default_rng(seed)
    seats: list[Seat] = []
    for _ in range(count):
        env = simpy.Environment()
        seats += [kind(env, rng, scenario) for _ in range(scenario.seats)]
        env.run(until=scenario.days)
    rows = [(seat.leads, seat.won, seat.bookings, seat.waited / max(seat.started, 1)) for seat in seats]
    return Years(sum(seat.leads for seat in seats), np.array(rows))
