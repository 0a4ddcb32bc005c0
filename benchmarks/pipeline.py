"""The compiled pipeline: nanoseconds per deal, beside SimPy and ciw, its size and its precision.

`simpy` and `ciw` simulate the scenario of `throughput` as a user of theirs would. They draw by a generator of their
own, so what comes of a seat's year is compared as means (at most four standard errors apart). In `year` everything
happens at once, and the reference engine must have the same deals, events, bookings and cube, bit by bit. Deals are
leads and deals that were open at the start; drawing is timed, compiling is not. See `pipeline_size` and
`pipeline_variance` for the other cases.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec
from time import perf_counter

import numpy as np

from benchmarks import pipeline_ciw, pipeline_simpy
from benchmarks.bar import at_least, at_most
from benchmarks.pipeline_peer import MOST_Z, Scenario, Years, distances, of_seats, scenario_of
from benchmarks.pipeline_size import first_use, memory, whole_run
from benchmarks.pipeline_variance import variance
from benchmarks.pipeline_worlds import MEASURES, THROUGHPUT, YEAR, busy_seats, seats
from benchmarks.subject import Measured, Run, Shown, Subject, measured
from engine.inputs import Inputs, IntArray
from engine.pipeline import counters
from engine.pipeline.build import Built, build
from engine.pipeline.counts import Counts
from engine.pipeline.factors import futures
from engine.pipeline.replications import Run as Replications
from engine.pipeline.replications import simulate_all
from engine.progress import Silent
from tests.pipeline.engines import Simulated, by_kernel, by_reference
from tests.pipeline.theory.simulated import spec_of

ROUNDS = 5
"""Times that ours is timed; the fastest counts."""
NS = {"throughput": 200.0, "year": 600.0}
"""Bars, ns per deal."""
TIMES = 200.0
"""Bar: times as fast as a peer."""

Cube = tuple[IntArray, Counts]
Simulates = Callable[[Scenario, int, int], Years]


def built_of(text: str, inputs: Inputs) -> Built:
    """Return a scenario as arrays, every account with its owner."""
    return build(inputs, inputs.accounts.owner, spec_of(text), MEASURES)


def deals_of(counts: Counts) -> int:
    """Return how many deals were simulated: leads, and those that were open at the start."""
    kinds = [counters.LEADS, counters.OPEN_AT_START, counters.QUEUED_AT_START]
    return int(counts.of(0)[:, kinds].sum())


def fastest(built: Built, seed: int, count: int) -> Measured[Cube]:
    """Simulate on one core, compiled before, several times; return the fastest."""
    simulate_all(built, Replications(seed, 0, 1), Silent())
    runs = [
        measured(lambda: simulate_all(built, Replications(seed, 0, count), Silent())) for _ in range(ROUNDS)
    ]
    return min(runs, key=lambda one: one.seconds)


def throughput(run: Run, count: int) -> Iterator[Shown]:
    """Fifty seats, four stages, first in first out: with few accounts, and with as many as there are leads."""
    for accounts, what in ((5, ""), (75, ", an account a lead")):
        ours = fastest(built_of(THROUGHPUT, seats(accounts=accounts)), run.seed, count)
        deals = deals_of(ours.value[1])
        leads = ours.value[1].of(0)[:, counters.LEADS]
        ok = abs(leads.mean() - 3750) <= MOST_Z * np.sqrt(3750 / count)
        yield at_most(run, f"ns per deal{what}", 1e9 * ours.seconds / deals, NS["throughput"], ok=bool(ok))


def beside(
    run: Run, peer: tuple[str, Simulates], count: int, peer_count: int, *, bar: bool = True
) -> Iterator[Shown]:
    """Simulate the scenario of `throughput`, by ours and by a peer, and compare what comes of a seat's year."""
    name, years = peer
    inputs = seats()
    ours = fastest(built_of(THROUGHPUT, inputs), run.seed, count)
    scenario = scenario_of(spec_of(THROUGHPUT), len(inputs.reps), int(inputs.calendar.start.astype(str)[:4]))
    begin = perf_counter()  # not `measured`: sampling memory slows a peer that holds the interpreter lock
    theirs = years(scenario, peer_count, run.seed)
    slow = 1e9 * (perf_counter() - begin) / theirs.leads
    fast = 1e9 * ours.seconds / deals_of(ours.value[1])
    apart = float(distances(of_seats(*ours.value), theirs.seats).max())
    right = apart <= MOST_Z
    yield run.row("ns per deal", fast, ok=right, peer=(name, slow), cost=ours)
    if bar:
        yield at_least(run, f"times as fast as {name}", slow / fast, TIMES, ok=right)
    yield at_most(run, "standard errors between means", apart, MOST_Z, ok=right)


def simpy(run: Run, count: int, peer_count: int) -> Iterator[Shown]:
    """Compare with SimPy, for which the bar stands, and with a SimPy that keeps the counts that ours keeps."""
    yield from beside(run, SIMPY, count, peer_count)
    counting = partial(pipeline_simpy.years, kind=pipeline_simpy.CountingSeat)
    yield from beside(run, (pipeline_simpy.COUNTING, counting), count, peer_count, bar=False)


def ciw(run: Run, count: int, peer_count: int) -> Iterator[Shown]:
    """Compare with ciw; no row where it is not installed."""
    if find_spec("ciw") is None:
        message = f"{run.subject}: case {run.case} is left out: ciw is not installed (extra: bench)"
        print(message, file=sys.stderr)
        return
    yield from beside(run, (pipeline_ciw.NAME, pipeline_ciw.years), count, peer_count)


def year(run: Run, count: int, equal_count: int) -> Iterator[Shown]:
    """Simulate everything at once; a few replications again by the reference engine."""
    built = built_of(YEAR, busy_seats())
    drawn = futures(built.spreads, run.seed, 0, equal_count)
    slow = measured(lambda: by_reference(built.model, drawn))
    deals = len(slow.value.line)
    right = same(slow.value, by_kernel(built.model, drawn))
    ours = fastest(built, run.seed, count)
    right = right and bool((ours.value[0][:equal_count] == slow.value.cube).all())
    fast = 1e9 * ours.seconds / deals_of(ours.value[1])
    peer = ("our SimPy reference", 1e9 * slow.seconds / deals)
    yield run.row(f"ns per deal, {deals:,} equal", fast, ok=right, peer=peer, cost=ours)
    yield at_most(run, "ns per deal", fast, NS["year"], ok=right)


def same(one: Simulated, other: Simulated) -> bool:
    """Whether two engines have the same deals, events, bookings and cube, bit by bit."""
    parts = zip((one.line, one.event, one.booking), (other.line, other.event, other.booking), strict=True)
    return all(np.array_equal(a, b) for a, b in parts) and np.array_equal(one.cube, other.cube)


SIMPY = (pipeline_simpy.NAME, pipeline_simpy.years)
SUBJECT = Subject(
    "pipeline",
    {
        "small": lambda run: beside(run, SIMPY, 100, 2),
        "throughput": lambda run: throughput(run, 1_000),
        "simpy": lambda run: simpy(run, 1_000, 30),
        "ciw": lambda run: ciw(run, 1_000, 20),
        "year": lambda run: year(run, 500, 3),
        "10k": lambda run: whole_run(run, 10_000),
        "first-use": first_use,
        "memory": partial(memory, counts=(1_000, 10_000)),
        "variance": lambda run: variance(run, 48, 128),
    },
    default=("throughput", "simpy", "ciw", "year", "10k", "first-use", "memory", "variance"),
)
