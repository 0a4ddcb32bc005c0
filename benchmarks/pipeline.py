"""The compiled pipeline beside SimPy: as a SimPy user would write it, and our own reference; and beside ciw.

One year of seats with K slots, deals of several exponential stages, lognormal amounts. The peer draws with a numpy
Generator, so its answer is compared as a mean (|z| <= 4); the reference draws the same keys and must be equal.
Beside ciw, seats are stations with one exponential stage: deals closed and mean waits are compared as means, too.
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from math import log, sqrt
from time import perf_counter
from typing import Any

import numpy as np
import simpy

from benchmarks import pipeline_ciw
from benchmarks.subject import Row, Run, Subject, measured
from engine.measures import Measure
from engine.pipeline import counters
from engine.pipeline.build import Built, build
from engine.pipeline.factors import each, futures
from engine.pipeline.layout import TICKS
from engine.pipeline.reference import simulate_one
from engine.pipeline.replications import Run as Replications
from engine.pipeline.replications import simulate_all, trace
from engine.pipeline.spec import PipelineSpec
from engine.progress import Silent
from tests.worlds import world

MEASURES = {"bookings": Measure(), "deals": Measure(quantity="count")}
STAGES = ((0.7, 10.0), (0.6, 20.0), (0.8, 15.0), (0.7, 12.0))
"""Probability to advance and mean days."""
STATION = ((1.0, 30.0),)
"""The same for the peer ciw: every deal takes one stage."""
MEAN, CV = 50_000.0, 1.0
YEAR = 365


@dataclass(frozen=True)
class Size:
    """How large a case is."""

    seats: int
    slots: int
    leads: int
    replications: int
    peer_replications: int


def spec_of(size: Size, course: tuple[tuple[float, float], ...] = STAGES) -> PipelineSpec:
    """Return the scenario as our block."""
    stages = [
        {"name": f"S{place}", "advance": chance, "duration": {"kind": "exponential", "mean": days}}
        for place, (chance, days) in enumerate(course)
    ]
    block: dict[str, Any] = {
        "replications": size.replications, "slots": size.slots, "arrivals": {"leads": size.leads},
        "stages": stages, "sizes": {"law": {"kind": "lognormal", "mean": MEAN, "cv": CV}},
    }  # fmt: skip
    return PipelineSpec.model_validate(block)


def built_of(size: Size, spec: PipelineSpec, seed: int) -> Built:
    """Return five accounts a seat as arrays, with the engine compiled."""
    inputs = world(accounts=5 * size.seats, reps=size.seats, seed=seed)
    inputs = replace(inputs, accounts=replace(inputs.accounts, owner=np.arange(5 * size.seats) % size.seats))
    built = build(inputs, inputs.accounts.owner, spec, MEASURES)
    trace(built, seed, 0, 1)  # compiles, or loads what was compiled
    simulate_all(built, Replications(seed, 0, 1), Silent())
    return built


class Year:
    """One year of the peer: `won` deals and their `amount`."""

    def __init__(self, size: Size, rng: np.random.Generator) -> None:
        self.rng, self.won, self.amount, self.leads = rng, 0, 0.0, 0
        self.env = simpy.Environment()
        for _ in range(size.seats):
            slots = simpy.Resource(self.env, capacity=size.slots)
            self.env.process(self.arrivals(slots, YEAR * size.seats / size.leads))
        self.env.run(until=YEAR)

    def arrivals(self, slots: simpy.Resource, gap: float) -> Generator[simpy.Event, Any, None]:
        while True:
            yield self.env.timeout(self.rng.exponential(gap))
            self.leads += 1
            self.env.process(self.deal(slots))

    def deal(self, slots: simpy.Resource) -> Generator[simpy.Event, Any, None]:
        with slots.request() as request:
            yield request
            for advance, days in STAGES:
                yield self.env.timeout(self.rng.exponential(days))
                if self.rng.random() >= advance:
                    return
            self.won += 1
            sigma = sqrt(log(1 + CV**2))
            self.amount += self.rng.lognormal(log(MEAN) - sigma**2 / 2, sigma)


def agree(ours: np.ndarray[Any, Any], peers: np.ndarray[Any, Any]) -> bool:
    """Whether two samples have the same mean, |z| <= 4."""
    error = sqrt(ours.var(ddof=1) / len(ours) + peers.var(ddof=1) / len(peers))
    return bool(abs(ours.mean() - peers.mean()) <= 4 * error)


def year(run: Run, size: Size) -> list[Row]:
    """Both engines and the peer over one size."""
    spec = spec_of(size)
    built = built_of(size, spec, run.seed)

    fast = measured(lambda: simulate_all(built, Replications(run.seed, 0, size.replications), Silent()))
    cube, tallies = fast.value
    kernel = 1e9 * fast.seconds / int(tallies[:, 0, counters.LEADS].sum())

    rng = np.random.default_rng(run.seed)
    slow = measured(lambda: [Year(size, rng) for _ in range(size.peer_replications)])
    peer = 1e9 * slow.seconds / sum(one.leads for one in slow.value)
    won, amount = cube[..., 1].sum(axis=(1, 2)), cube[..., 0].sum(axis=(1, 2)) / 100
    right = agree(won, np.array([one.won for one in slow.value])) and agree(
        amount, np.array([one.amount for one in slow.value])
    )
    equal, reference = against_reference(built, run.seed)
    return [
        run.row("ns per deal", kernel, ok=right, peer=("SimPy, numpy draws", peer), cost=fast),
        run.row(
            "ns per deal, equal bits", kernel, ok=equal, peer=("our SimPy reference", reference), cost=fast
        ),
    ]


def against_reference(built: Built, seed: int) -> tuple[bool, float]:
    """Whether kernel and reference have the same deals in one replication, and the reference's ns per deal."""
    lines = np.sort(trace(built, seed, 0, 1).lines, order="key")
    (future,) = each(futures(built.spreads, seed, 0, 1))
    slow = measured(lambda: simulate_one(built.model, future).deals)
    deals = sorted(slow.value, key=lambda deal: int(deal.key))
    ours = [(int(deal.key), deal.start, deal.end, deal.outcome, deal.amount) for deal in deals]
    same = ours == lines[["key", "start", "end", "outcome", "amount"]].tolist()
    return same, 1e9 * slow.seconds / len(deals)


def stations(run: Run, size: Size) -> list[Row]:
    """Our engine and ciw over one size: the same deals closed and the same mean wait, |z| <= 4."""
    spec = spec_of(size, STATION)
    built = built_of(size, spec, run.seed)
    fast = measured(lambda: simulate_all(built, Replications(run.seed, 0, size.replications), Silent()))
    tallies = fast.value[1][:, 0]
    seat = pipeline_ciw.Station(size.slots, YEAR * size.seats / size.leads, STATION[0][1])
    begin = perf_counter()  # not `measured`: sampling memory slows a peer that holds the interpreter lock
    theirs = pipeline_ciw.years(seat, size.seats, YEAR, size.peer_replications, run.seed)
    seconds = perf_counter() - begin
    leads, closed, started, wait = np.array(theirs).T
    ours = 1e9 * fast.seconds / int(tallies[:, counters.LEADS].sum())
    same = agree(tallies[:, counters.WON_DEALS], closed)
    waits = agree(tallies[:, counters.WAIT] / TICKS / tallies[:, counters.STARTED], wait / started)
    peer = (pipeline_ciw.NAME, 1e9 * seconds / leads.sum())
    return [run.row("ns per deal, one stage", ours, ok=same and waits, peer=peer, cost=fast)]


def ciw(run: Run) -> list[Row]:
    """Forty seats with eight slots beside ciw, 77 % of the slots at work; no row where ciw is not installed."""
    if find_spec("ciw") is None:
        print(
            f"{run.subject}: case {run.case} is left out: ciw is not installed (extra: bench)",
            file=sys.stderr,
        )
        return []
    return stations(run, Size(seats=40, slots=8, leads=3_000, replications=2_000, peer_replications=50))


def small(run: Run) -> list[Row]:
    """Three seats; for the test run."""
    return year(run, Size(seats=3, slots=6, leads=300, replications=200, peer_replications=10))


def company(run: Run) -> list[Row]:
    """Forty seats with eight slots, three thousand leads a year."""
    return year(run, Size(seats=40, slots=8, leads=3_000, replications=2_000, peer_replications=10))


SUBJECT = Subject("pipeline", {"small": small, "company": company, "ciw": ciw}, default=("company", "ciw"))
