"""Replications in blocks over threads: the same integers for any number of workers and any size of a block."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from engine.errors import BadInput, Fault
from engine.inputs import IntArray
from engine.pipeline import counters
from engine.pipeline.build import Built
from engine.pipeline.counts import Counts
from engine.pipeline.events.block import simulate_block, sum_up_block
from engine.pipeline.factors import futures
from engine.pipeline.layout import BOOKING, EVENT, LINE, Records
from engine.pipeline.model import Model
from engine.pipeline.storage import zeros
from engine.progress import Progress

MOST_DEALS = 5_000_000_000
"""Deals in all replications beyond which a scenario is refused: about half an hour on one core."""
MOST_BYTES = 2**37
"""Bytes of bookings and counters of all replications beyond which it is refused: 128 GB."""
DEALS_PER_BLOCK = 100_000
"""Deals that are kept in one piece, about."""
_DEALS_PER_CALL = 400_000
"""Deals that are simulated in one piece, about. What a piece needs anew, room above all, takes as long as 10,000
deals; none of it grows with the piece."""
_DEALS_PER_SECOND = 3_000_000


@dataclass(frozen=True)
class Run:
    """Which replications are simulated, and how the work is cut."""

    seed: int
    first: int
    count: int
    """At most."""
    workers: int = 1
    block: int | None = None
    """Replications of a block; unless given, as many as make 400,000 deals."""
    looks: tuple[int, ...] = ()
    """Numbers of replications, rising up to `count`, after which it is asked whether they are enough."""


class Traced(NamedTuple):
    """Replications deal by deal, one after the other."""

    lines: Records
    """LINE."""
    events: Records
    """EVENT; within a replication by tick, but for leads that are dropped, which come first. Empty without a log."""
    bookings: Records
    """BOOKING."""
    ends: IntArray
    """How many of each there are up to the end of each replication, shape (replication, 3)."""


Look = Callable[[IntArray, Counts], bool]
"""Takes the cube and the counters of the replications so far; returns whether there are enough."""
_Keep = Callable[[int, IntArray], None]


def deals_expected(model: Model) -> float:
    """Deals of one replication, on average."""
    return float(model.arising.spring["rate"].sum()) + len(model.opening.deal)


def shapes(model: Model) -> tuple[tuple[int, int, int], tuple[int, int]]:
    """Return the shapes of one replication: (rep, period, measure) of bookings, and (group, counter)."""
    closing, (*_, groups) = model.closing, counters.groups(model)
    seats = len(model.selling.seats.slots)
    return (seats, len(closing.edge) - 1, len(closing.money)), (groups, counters.width(model))


def refuse_absurd(model: Model, most: int) -> None:
    """Refuse work that would not end in reasonable time or space, for `most` replications.

    Raises:
        BadInput: E_LIMIT_WORK, with an estimate and the number of replications that would do.

    """
    (seats, periods, measures), (groups, width) = shapes(model)
    size = 8 * (seats * periods * measures + groups * width)
    deals = max(deals_expected(model), 1.0)
    bearable = int(min(MOST_DEALS / deals, MOST_BYTES / size))
    if most > bearable:
        total = deals * most
        message = (
            f"{most:,} replications of {deals:,.0f} deals are {total:,.0f} deals, about "
            f"{total / _DEALS_PER_SECOND / 60:,.0f} minutes on one core, and {size * most / 2**20:,.0f} MB"
        )
        hint = (
            f"Ask for at most {bearable:,} replications."
            if bearable
            else "Simulate fewer leads, seats or measures."
        )
        raise BadInput([Fault("E_LIMIT_WORK", message, hint, field="pipeline.replications")])


def simulate_all(
    built: Built, run: Run, progress: Progress, look: Look | None = None, paid: IntArray | None = None
) -> tuple[IntArray, Counts]:
    """Simulate replications until there are enough.

    Args:
        built: what is simulated.
        run: which replications, at most.
        progress: where to tell how far it is.
        look: says whether there are enough.
        paid: where measures count with the cash: takes what `Receipts.enter` returns, of all replications.

    Returns:
        The cube, shape (replication, rep, period, measure), with what was booked before `as_of`, a memory map where it
        is large; and the counters.

    """
    counts = Counts((run.count, *shapes(built.model)[1]))
    enough = None if look is None else lambda cube: look(cube, counts)
    return _simulated(built, run, progress, counts.put, enough, paid), counts


def bookings_alone(built: Built, run: Run, progress: Progress) -> IntArray:
    """Simulate all replications of a run, and return the cube alone; see `simulate_all`."""
    return _simulated(built, run, progress, lambda first, tallies: None, None)


def _simulated(
    built: Built,
    run: Run,
    progress: Progress,
    keep: _Keep,
    enough: Callable[[IntArray], bool] | None,
    paid: IntArray | None = None,
) -> IntArray:
    """Simulate replications until there are enough; `keep` takes the counters of each block, in any order."""
    model = built.model
    booked, counted_in_one = shapes(model)
    cube = zeros((run.count, *booked))
    size = run.block or int(min(max(_DEALS_PER_CALL / max(deals_expected(model), 1.0), 1), 1000))

    def simulate(begin: int, end: int) -> int:
        drawn = futures(built.spreads, run.seed, run.first + begin, end - begin)
        tallies = np.zeros((end - begin, *counted_in_one), np.int64)
        sum_up_block(model, drawn, cube[begin:end], tallies)
        keep(begin, tallies)
        if built.booked is not None:
            built.booked.add_to(cube[begin:end])
        if built.receipts is not None and built.receipts.cash.size:
            sums = enter_receipts(built, run.seed, run.first + begin, cube[begin:end])
            if paid is not None:
                paid[begin:end] = sums
        return end - begin

    done = counted = 0
    pool = ThreadPoolExecutor(max(run.workers, 1))
    try:
        for stop in run.looks or (run.count,):
            blocks = [(begin, min(begin + size, stop)) for begin in range(done, stop, size)]
            for block in as_completed([pool.submit(simulate, *block) for block in blocks]):
                counted += block.result()
                progress.update(f"{counted:,} of {run.count:,} replications", counted / run.count)
            done = stop
            if enough is not None and enough(cube[:done]):
                break
    finally:
        pool.shutdown(cancel_futures=True)
    return cube[:done]


def room(built: Built, count: int) -> IntArray | None:
    """Return room for what `Receipts.enter` returns of so many replications; None where no measure is one of cash."""
    if built.receipts is None or not built.receipts.cash.size:
        return None
    return zeros((count, len(built.model.closing.edge) - 1, built.receipts.cash.size, 2))


def enter_receipts(built: Built, seed: int, first: int, cube: IntArray) -> IntArray:
    """Put what measures of cash count of some replications where it is paid; see `Receipts.enter`."""
    assert built.receipts is not None
    booked = bookings_of(built, seed, first, len(cube), by_tick=False)
    return built.receipts.enter(built.model.closing, seed, first, *booked, cube)


def bookings_of(
    built: Built, seed: int, first: int, count: int, *, by_tick: bool = True
) -> tuple[IntArray, Records]:
    """Simulate replications again, and return the place of the replication of each booking, and the bookings."""
    room = (0, 0, _usual(built.model, count))
    found = _kept(built, seed, first, count, room, log=False, by_tick=by_tick)
    if found.ends[-1, 2] > room[2]:
        room = (0, 0, int(found.ends[-1, 2]))
        found = _kept(built, seed, first, count, room, log=False, by_tick=by_tick)
    return np.repeat(np.arange(count), np.diff(found.ends[:, 2], prepend=0)), found.bookings


def trace(
    built: Built, seed: int, first: int, count: int, *, log: bool = True, by_tick: bool = True
) -> Traced:
    """Simulate replications again, deal by deal; twice where there is more to keep than there was room for.

    Without a log of events, or where it need not be by tick but may be deal by deal, the same deals cost less.
    """
    usual = 0 if log else _usual(built.model, count)
    found = _kept(built, seed, first, count, (usual, 0, usual), log=log, by_tick=by_tick)
    needed = found.ends[-1].tolist()
    if log or max(needed[0], needed[2]) > usual:
        found = _kept(built, seed, first, count, needed, log=log, by_tick=by_tick)
    return found


def _usual(model: Model, count: int) -> int:
    """Return for how many deals, or bookings of deals, there should be room in some replications."""
    return int(1.5 * count * deals_expected(model)) + 100


def _kept(
    built: Built, seed: int, first: int, count: int, room: Sequence[int], *, log: bool, by_tick: bool
) -> Traced:
    """Simulate replications again, and keep as many lines, events and bookings as there is room for."""
    drawn = futures(built.spreads, seed, first, count)
    cube, tallies = (np.zeros((count, *shape), np.int64) for shape in shapes(built.model))
    lines, events, bookings = (
        np.zeros(rows, dtype) for rows, dtype in zip(room, (LINE, EVENT, BOOKING), strict=True)
    )
    ends = simulate_block(
        built.model, drawn, cube, tallies, lines, events if log else None, bookings, by_tick=by_tick
    )
    end = ends[-1].tolist()
    return Traced(lines[: end[0]], events[: end[1]], bookings[: end[2]], ends)
