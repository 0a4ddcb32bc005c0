"""The peer SimPy: seats with a resource of K slots and a process for each deal, drawn by a numpy Generator.

It is written as the manual of SimPy shows it, with one environment a year. It does what the scenario asks for and no
more: no keyed draws, no counts by stage or period.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy

from benchmarks.pipeline_peer import Scenario, Years

NAME = "SimPy, numpy draws"
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


def years(scenario: Scenario, count: int, seed: int) -> Years:
    """Simulate `count` years, each from empty seats."""
    rng = np.random.default_rng(seed)
    seats: list[Seat] = []
    for _ in range(count):
        env = simpy.Environment()
        seats += [Seat(env, rng, scenario) for _ in range(scenario.seats)]
        env.run(until=scenario.days)
    rows = [(seat.leads, seat.won, seat.bookings, seat.waited / max(seat.started, 1)) for seat in seats]
    return Years(sum(seat.leads for seat in seats), np.array(rows))
