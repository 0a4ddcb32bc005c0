"""Both engines, with one form for what they give: deals by key, the log by tick, and bookings, by replication."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.pipeline import counters
from engine.pipeline.build import Built
from engine.pipeline.events.block import simulate_block
from engine.pipeline.factors import each, futures
from engine.pipeline.model import EVENT, LINE, NEW, Model, Records
from engine.pipeline.reference import World, simulate_one


class Simulated(NamedTuple):
    """Replications one after the other."""

    built: Built
    count: int
    """Replications."""
    line: Records
    """Deals, as LINE, by key."""
    line_of: IntArray
    """Replication of each deal."""
    event: Records
    """What happened to them, as EVENT, by tick; empty where it was not asked for."""
    event_of: IntArray
    cube: IntArray
    """Bookings, shape (replication, rep, period, measure)."""

    def total(
        self, chosen: np.ndarray, weight: np.ndarray | None = None, of: IntArray | None = None
    ) -> FloatArray:
        """Return for each replication how many deals are chosen, or the sum of their weights."""
        where = self.line_of if of is None else of
        weights = None if weight is None else np.asarray(weight, dtype=np.float64)[chosen]
        return np.bincount(where[chosen], weights, self.count).astype(np.float64)


def by_kernel(built: Built, seed: int, count: int, first: int = 0, log: bool = True) -> Simulated:
    """Simulate by the compiled engine: once to know how much there is, and once to keep it."""
    model, drawn = built.model, futures(built.spreads, seed, first, count)
    cube, tallies = _empty(model, count)
    written = simulate_block(model, drawn, cube, tallies, None, np.zeros(0, EVENT) if log else None)
    lines = np.zeros(written[-1, 0], LINE)
    events = np.zeros(written[-1, 1], EVENT) if log else None
    again, tallies = _empty(model, count)
    written = simulate_block(model, drawn, again, tallies, lines, events)
    assert np.array_equal(again, cube)
    of = [np.repeat(np.arange(count), np.diff(column, prepend=0)) for column in written.T]
    return _in_order(
        built, count, lines, of[0], np.zeros(0, EVENT) if events is None else events, of[1], cube
    )


def _empty(model: Model, count: int) -> tuple[IntArray, IntArray]:
    shape = (count, len(model.selling.seats.slots), len(model.closing.edge) - 1, len(model.closing.money))
    tally = (count, counters.groups(model)[-1], counters.width(model))
    return np.zeros(shape, np.int64), np.zeros(tally, np.int64)


def by_reference(built: Built, seed: int, count: int, first: int = 0, log: bool = True) -> Simulated:
    """Simulate by the reference engine."""
    worlds = [simulate_one(built.model, future) for future in each(futures(built.spreads, seed, first, count))]
    lines, events = [_lines(world) for world in worlds], [np.array(world.events, EVENT) for world in worlds]
    cube = np.array([_cube(built.model, world) for world in worlds])
    kept = np.concatenate(events) if log else np.zeros(0, EVENT)
    of = _which(events) if log else np.zeros(0, np.int64)
    return _in_order(built, count, np.concatenate(lines), _which(lines), kept, of, cube)


def _in_order(
    built: Built,
    count: int,
    line: Records,
    line_of: IntArray,
    event: Records,
    event_of: IntArray,
    cube: IntArray,
) -> Simulated:
    by_key = np.lexsort((line["key"], line_of))
    by_tick = np.lexsort((event["stage"], event["what"], event["key"], event["tick"], event_of))
    return Simulated(built, count, line[by_key], line_of[by_key], event[by_tick], event_of[by_tick], cube)


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


def _cube(model: Model, world: World) -> IntArray:
    """Bookings of the reference, shape (rep, period, measure); a deal is counted once whatever it takes along."""
    closing = model.closing
    cube = np.zeros(
        (len(model.selling.seats.slots), len(closing.edge) - 1, len(closing.money)), dtype=np.int64
    )
    deals: set[tuple[int, int]] = set()
    for one in world.bookings:
        period = int(np.searchsorted(closing.edge, one.tick, side="right")) - 1
        for measure in np.flatnonzero(closing.counts[:, one.kind, one.segment, one.product]).tolist():
            if closing.money[measure]:
                cube[one.seat, period, measure] += one.amount
            elif one.kind != NEW or (measure, one.key) not in deals:
                deals.add((measure, one.key))
                cube[one.seat, period, measure] += 1
    return cube
