"""One replication of a model by the compiled engine, for tests."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.inputs import IntArray
from engine.pipeline import counters
from engine.pipeline.events.block import simulate_block
from engine.pipeline.layout import EVENT, LINE, Records
from engine.pipeline.model import Future, Futures, Model

ROOM = 40_000
"""For lines and events, more than any test makes."""


class Simulated(NamedTuple):
    """What became of one replication."""

    cube: IntArray
    """Shape (rep, period, measure)."""
    tally: IntArray
    """Shape (group, counter)."""
    lines: Records
    events: Records


def empty(model: Model, replications: int) -> tuple[IntArray, IntArray]:
    """A cube and tallies for some replications, filled with zeros."""
    shape = (len(model.selling.seats.slots), len(model.closing.edge) - 1, len(model.closing.money))
    groups = counters.groups(model)[-1]
    return (
        np.zeros((replications, *shape), np.int64),
        np.zeros((replications, groups, counters.width(model)), np.int64),
    )


def alone(future: Future) -> Futures:
    """A block of one replication."""
    return Futures(
        future.seed,
        future.number,
        np.array([future.arrivals]),
        np.array([future.amounts]),
        future.group[None],
        future.seat[None],
        future.product[None],
        future.odds[None],
        future.days[None],
    )


def plain_future(model: Model, seed: int = 1, number: int = 0) -> Future:
    """A replication without any factor."""
    seats, products, stages = (
        len(model.selling.seats.slots),
        len(model.closing.product),
        len(model.selling.cell),
    )
    return Future(
        seed,
        number,
        1.0,
        1.0,
        np.ones(0),
        np.ones(seats),
        np.ones(products),
        np.ones(stages),
        np.ones(stages),
    )


def simulated(model: Model, future: Future, *, log: bool = True, by_tick: bool = True) -> Simulated:
    """Simulate one replication; without a log by tick in the shorter way where the model allows it."""
    cube, tallies = empty(model, 1)
    trace, events = np.zeros(ROOM, LINE), np.zeros(ROOM, EVENT) if log else None
    lines, logged, _ = simulate_block(model, alone(future), cube, tallies, trace, events, by_tick=by_tick)[0]
    assert max(lines, logged if log else 0) <= ROOM
    return Simulated(
        cube[0], tallies[0], trace[:lines], np.zeros(0, EVENT) if events is None else events[:logged]
    )
