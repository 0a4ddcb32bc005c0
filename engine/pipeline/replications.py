"""Replications in blocks over threads: the same integers for any number of workers and any size of a block."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from engine.errors import BadInput, Fault
from engine.inputs import IntArray
from engine.pipeline import counters
from engine.pipeline.events.block import simulate_block
from engine.pipeline.factors import Factors, futures
from engine.pipeline.model import EVENT, LINE, Model, Records
from engine.progress import Progress

MOST_DEALS = 5_000_000_000
"""Deals in all replications beyond which a scenario is refused: about half an hour on one core."""
MOST_CELLS = 250_000_000
"""Cells of the cube (replication, rep, period, measure) beyond which it is refused: 2 GB."""
_DEALS_PER_SECOND = 3_000_000
_DEALS_PER_BLOCK = 100_000


@dataclass(frozen=True)
class Run:
    """Which replications are simulated, and how the work is cut."""

    seed: int
    first: int
    count: int
    workers: int = 1
    block: int | None = None
    """Replications of a block; unless given, as many as make 100,000 deals."""


class Simulated(NamedTuple):
    """What all replications gave."""

    cube: IntArray
    """Bookings, shape (replication, rep, period, measure)."""
    totals: IntArray
    """Counters of the whole pipeline, shape (replication, counter)."""
    groups: IntArray
    """Counters of every group, summed over replications, shape (group, counter)."""


class Traced(NamedTuple):
    """Replications deal by deal, one after the other."""

    lines: Records
    """LINE."""
    events: Records
    """EVENT; within a replication by tick, but for leads that are dropped, which come first."""
    ends: IntArray
    """How many lines and events there are up to the end of each replication, shape (replication, 2)."""


def deals_expected(model: Model) -> float:
    """Deals of one replication, on average."""
    return float(model.arising.spring["rate"].sum()) + len(model.opening.deal)


def refuse_absurd(model: Model, replications: int) -> None:
    """Refuse work that would not end in reasonable time or memory.

    Raises:
        BadInput: E_LIMIT_WORK, with an estimate and the number of replications that would do.

    """
    deals = max(deals_expected(model), 1.0)
    cells = int(np.prod(_books(model, 1)[0].shape))
    most = int(min(MOST_DEALS / deals, MOST_CELLS / cells))
    if replications > most:
        total = deals * replications
        message = (
            f"{replications:,} replications of {deals:,.0f} deals are {total:,.0f} deals, about "
            f"{total / _DEALS_PER_SECOND / 60:,.0f} minutes on one core, and "
            f"{8 * cells * replications / 2**20:,.0f} MB"
        )
        hint = (
            f"Ask for at most {most:,} replications." if most else "Simulate fewer leads, seats or measures."
        )
        raise BadInput([Fault("E_LIMIT_WORK", message, hint, field="pipeline.replications")])


def _books(model: Model, count: int) -> tuple[IntArray, IntArray]:
    """Return an empty cube and empty tallies of some replications."""
    closing = model.closing
    shape = (len(model.selling.seats.slots), len(closing.edge) - 1, len(closing.money))
    groups = counters.groups(model)[-1]
    tallies = np.zeros((count, groups, counters.width(model)), dtype=np.int64)
    return np.zeros((count, *shape), dtype=np.int64), tallies


def simulate_all(model: Model, factors: Factors, run: Run, progress: Progress) -> Simulated:
    """Simulate the replications of a run; beside what it returns, memory is that of the blocks at work."""
    cube = _books(model, 0)[0]
    cube = np.zeros((run.count, *cube.shape[1:]), dtype=np.int64)
    groups = np.zeros((counters.groups(model)[-1], counters.width(model)), dtype=np.int64)
    totals = np.zeros((run.count, groups.shape[1]), dtype=np.int64)
    size = run.block or int(min(max(_DEALS_PER_BLOCK / max(deals_expected(model), 1.0), 1), 1000))

    def simulate(begin: int) -> tuple[int, IntArray]:
        count = min(size, run.count - begin)
        tallies = _books(model, count)[1]
        drawn = futures(factors, run.seed, run.first + begin, count)
        simulate_block(model, drawn, cube[begin : begin + count], tallies)
        totals[begin : begin + count] = tallies[:, 0]
        return count, tallies.sum(axis=0)

    done = 0
    pool = ThreadPoolExecutor(max(run.workers, 1))
    try:
        for block in as_completed([pool.submit(simulate, begin) for begin in range(0, run.count, size)]):
            count, tally = block.result()
            groups += tally
            done += count
            progress.update(f"{done:,} of {run.count:,} replications", done / run.count)
    finally:
        pool.shutdown(cancel_futures=True)
    return Simulated(cube, totals, groups)


def trace(model: Model, factors: Factors, run: Run, *, log: bool = True) -> Traced:
    """Simulate replications again, deal by deal: once to see how many deals and events there are, then to keep them."""
    drawn = futures(factors, run.seed, run.first, run.count)
    lines, events = np.zeros(0, LINE), np.zeros(0, EVENT)
    ends = simulate_block(model, drawn, *_books(model, run.count), lines, events if log else None)
    lines, events = np.zeros(ends[-1, 0], LINE), np.zeros(ends[-1, 1] if log else 0, EVENT)
    simulate_block(model, drawn, *_books(model, run.count), lines, events if log else None)
    return Traced(lines, events, ends)
