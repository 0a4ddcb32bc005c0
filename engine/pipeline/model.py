"""Model: a pipeline as arrays, which is all that either engine reads.

Time is in ticks, integer millionths of a day from the first day of the plan, so that sums and differences of times
are exact and no order of adding matters. Axes: spring (where leads arise), rep, stage, product, segment (one more than
there are: the last is for deals without an account), resource, period, measure. `first` arrays, shape (rows + 1,), say
where an owner's rows begin. Columns that are read together are records of one array, which also keeps compilation
short. An index of -1 means none.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.inputs import FloatArray, IntArray, KeyArray
from engine.pipeline.layout import (
    Records,
)


class Laws(NamedTuple):
    """Tables of all laws, one after the other."""

    knot: Records
    guide: IntArray
    """Shape (law, CELLS + 1): the last knot at or below the level at which each cell begins, and the last one."""


class Arising(NamedTuple):
    """Where and when leads arise."""

    spring: Records
    """Those with an owner first, by seat; then those of pools."""
    first: IntArray
    """First spring of each seat; the last entry is where those of pools begin; shape (rep + 1,)."""
    edge: IntArray
    """Ticks between which every intensity is constant, from the start to the horizon, shape (cell + 1,)."""
    mass: FloatArray
    """Share of a spring's leads up to each edge, from 0 to 1, shape (shape, cell + 1)."""


class Routes(NamedTuple):
    """How leads without an owner find a seat."""

    kind: IntArray
    """ROUND_ROBIN, WEIGHTED or LEAST_LOADED, shape (route,)."""
    first: IntArray
    """Where the pool of (route, segment, product) begins in `seat`, in this order of axes, flat, and the end."""
    seat: IntArray
    """Seats of all pools, those of a pool in the order of their keys."""
    weight: FloatArray
    """Weight of each entry of `seat`, above 0."""


class Hazards(NamedTuple):
    """How people quit."""

    edge: IntArray
    """Ticks in the seat between which the hazard is constant, shape (hazard, cell + 1); the last cell has no end."""
    mass: FloatArray
    """Cumulative hazard at each edge, shape (hazard, cell + 1)."""
    rate: FloatArray
    """Hazard in each cell, a tick, shape (hazard, cell + 1); the last for what lies behind the last edge."""


class Seats(NamedTuple):
    """Who can work, and when."""

    key: KeyArray
    slots: IntArray
    spell: Records
    """By seat and time."""
    first: IntArray
    backfill: IntArray
    """Law of the days until somebody follows a person who quit, or whose last spell ended; -1 where nobody does."""
    backfills_planned: NDArray[np.bool_]
    """Whether the end of a seat's last planned spell is backfilled as well; shape (rep,)."""
    newcomer: IntArray
    """Hazard of people who are hired as a backfill, shape (rep,)."""
    hazards: Hazards
    frozen: IntArray
    """Ticks [begin, end) of hiring freezes, in order, shape (freeze, 2): who would come within comes at its end."""
    on_leave: IntArray
    """KEEP, REASSIGN or LOSE, shape (rep,)."""
    team: IntArray
    """Team within which deals are reassigned, shape (rep,)."""
    handover: int
    """Ticks that a reassigned deal in progress stays longer in its stage."""


class Resources(NamedTuple):
    """What seats share: sales engineers, a deal desk, legal."""

    capacity: Records
    first: IntArray
    """First step of each resource; the first step lies at or before the start."""


class Selling(NamedTuple):
    """How a deal goes through the stages."""

    laws: Laws
    row: Records
    cell: IntArray
    """Row of (stage, segment, size band, tenure band, part of the quarter)."""
    size_edge: IntArray
    """Minor units at which the second size band begins, and so on; empty where size does not matter."""
    tenure_edge: IntArray
    """Ticks in the seat at which the second tenure band begins, and so on."""
    month_edge: IntArray
    """First tick of each part of a quarter and the end of the plan, shape (part + 1,)."""
    month: IntArray
    """Part of the quarter, from 0: its months, or parts of months where cases tell them apart, shape (part,)."""
    seats: Seats
    routes: Routes
    resources: Resources
    start: int
    """Tick from which the future is simulated: 0, or that of `as_of`."""
    horizon: int
    """Tick at which the plan ends."""
    seat_factor_wins: bool
    """Whether the factor of a seat multiplies the chance to advance from the last stage, and not amounts."""


class Opening(NamedTuple):
    """Deals that are open when the simulation starts, by seat."""

    deal: Records
    first: IntArray


class Closing(NamedTuple):
    """What a won deal is worth, and where it is counted."""

    laws: Laws
    product: Records
    mix: FloatArray
    """Cumulative shares of products, shape (segment + 1, product)."""
    attach: FloatArray
    """Probability that a deal for the first product takes the second along, shape (product, product)."""
    price_edge: IntArray
    """Ticks at which prices change, shape (change,)."""
    price: FloatArray
    """Factor on prices before the first change and after each, shape (change + 1, product)."""
    edge: IntArray
    """Ticks of the boundaries of periods."""
    counts: NDArray[np.bool_]
    """Whether a measure counts a booking, shape (measure, kind, segment + 1, product)."""
    money: NDArray[np.bool_]
    """Whether a measure adds amounts (or counts deals)."""


class Base(NamedTuple):
    """The installed base."""

    contract: Records
    """By seat."""
    first: IntArray
    rule: Records


class Model(NamedTuple):
    """Everything."""

    arising: Arising
    selling: Selling
    opening: Opening
    closing: Closing
    base: Base


class Future(NamedTuple):
    """One replication: its key, and the factors that it drew, each with mean 1."""

    seed: int
    number: int
    arrivals: float
    amounts: float
    group: FloatArray
    """Factor on the rate of each group of springs."""
    seat: FloatArray
    """Factor of each seat, shape (rep,)."""
    product: FloatArray
    """Factor on the amounts of each product."""
    odds: FloatArray
    """Factor on the odds of advancing from each stage."""
    days: FloatArray
    """Factor on the days in each stage."""


class Futures(NamedTuple):
    """Replications one after the other; the first axis of each array is the replication."""

    seed: int
    first: int
    """Number of the first replication."""
    arrivals: FloatArray
    """Shape (replication,)."""
    amounts: FloatArray
    """Shape (replication,)."""
    group: FloatArray
    """Shape (replication, group)."""
    seat: FloatArray
    """Shape (replication, rep)."""
    product: FloatArray
    """Shape (replication, product)."""
    odds: FloatArray
    """Shape (replication, stage)."""
    days: FloatArray
    """Shape (replication, stage)."""


def future_of(futures: Futures, index: int) -> Future:
    """Return one of some replications."""
    seed, first, arrivals, amounts, *factors = futures
    return Future(
        seed,
        first + index,
        float(arrivals[index]),
        float(amounts[index]),
        *(factor[index] for factor in factors),
    )
