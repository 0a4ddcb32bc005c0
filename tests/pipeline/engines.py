"""Both engines, with one form for what they give: deals by key, the log by tick, and bookings, by replication."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.pipeline.events.block import simulate_block, sum_up_block
from engine.pipeline.factors import each
from engine.pipeline.layout import BOOKING, EVENT, LINE, Records
from engine.pipeline.model import Futures, Model
from engine.pipeline.reference import World, simulate_one
from engine.pipeline.reference.books import books
from engine.pipeline.replications import shapes


class Simulated(NamedTuple):
    """Replications one after the other."""

    count: int
    """Replications."""
    line: Records
    """Deals, as LINE, by key."""
    line_of: IntArray
    """Replication of each deal."""
    event: Records
    """What happened to them, as EVENT, by tick; empty where it was not asked for."""
    event_of: IntArray
    booking: Records
    """What was booked, as BOOKING, by tick."""
    cube: IntArray
    """Bookings, shape (replication, rep, period, measure)."""

    def total(
        self, chosen: np.ndarray, weight: np.ndarray | None = None, of: IntArray | None = None
    ) -> FloatArray:
        """Return for each replication how many deals are chosen, or the sum of their weights."""
        where = self.line_of if of is None else of
        weights = None if weight is None else np.asarray(weight, dtype=np.float64)[chosen]
        return np.bincount(where[chosen], weights, self.count).astype(np.float64)


def by_kernel(model: Model, drawn: Futures, log: bool = True) -> Simulated:
    """Simulate by the compiled engine: once to know how much there is, once to keep it, and once for sums alone."""
    count = len(drawn.arrivals)
    cube, tallies = _empty(model, count)
    written = simulate_block(model, drawn, cube, tallies, None, np.zeros(0, EVENT) if log else None)
    line, event, booking = (
        np.zeros(room, kind) for room, kind in zip(written[-1], (LINE, EVENT, BOOKING), strict=True)
    )
    again, tallies = _empty(model, count)
    simulate_block(model, drawn, again, tallies, line, event if log else None, booking)
    assert np.array_equal(again, cube)
    summed, sums = _empty(model, count)
    sum_up_block(model, drawn, summed, sums)
    assert np.array_equal(summed, cube)
    assert np.array_equal(sums, tallies)
    of = [np.repeat(np.arange(count), np.diff(column, prepend=0)) for column in written.T]
    if not log:
        event, of[1] = event[:0], of[1][:0]
    return _in_order(cube, (line, event, booking), of)


def _empty(model: Model, count: int) -> tuple[IntArray, IntArray]:
    cube, tally = shapes(model)
    return np.zeros((count, *cube), np.int64), np.zeros((count, *tally), np.int64)


def by_reference(model: Model, drawn: Futures) -> Simulated:
    """Simulate by the reference engine."""
    worlds = [simulate_one(model, future) for future in each(drawn)]
    lines = [_lines(world) for world in worlds]
    events = [np.array(world.events, EVENT) for world in worlds]
    bookings = [_bookings(world) for world in worlds]
    seats = len(model.selling.seats.slots)
    cube = np.array([books(model.closing, world.bookings, seats) for world in worlds])
    parts = (lines, events, bookings)
    return _in_order(cube, tuple(map(np.concatenate, parts)), [_which(part) for part in parts])


def _in_order(cube: IntArray, parts: Sequence[Records], of: Sequence[IntArray]) -> Simulated:
    """Put deals in the order of their keys, and what happened and was booked in that of ticks."""
    firsts = ("key",), ("tick", "key", "what", "stage", "seat"), ("tick", "key", "product", "kind", "amount")
    ordered: list[Any] = []
    for part, where, names in zip(parts, of, firsts, strict=True):
        place = np.lexsort((*(part[name] for name in reversed(names)), where))
        ordered += [part[place], where[place]]
    line, line_of, event, event_of, booking, _ = ordered
    return Simulated(len(cube), line, line_of, event, event_of, booking, cube)


def _which(parts: Sequence[Records]) -> IntArray:
    return np.repeat(np.arange(len(parts)), [len(part) for part in parts])


def _lines(world: World) -> Records:
    """Deals of the reference."""
    rows = [
        (
            deal.seat, int(deal.key), deal.account, deal.segment, deal.source, deal.product, deal.amount, deal.row,
            deal.rank, deal.arrival, deal.start, deal.end, deal.outcome,
        )
        for deal in world.deals
    ]  # fmt: skip
    return np.array(rows, dtype=LINE)


def _bookings(world: World) -> Records:
    """What is booked in the reference."""
    names = BOOKING.names or ()
    return np.array([tuple(getattr(one, name) for name in names) for one in world.bookings], dtype=BOOKING)
