"""Model: a pipeline as arrays, which is all that either engine reads.

Time is in ticks, integer millionths of a day from the first day of the plan, so that sums and differences of times
are exact and no order of adding matters. Axes: spring (where leads arise), rep, stage, product, segment (one more than
there are: the last is for deals without an account), resource, period, measure. `first` arrays, shape (rows + 1,), say
where an owner's rows begin. Columns that are read together are records of one array, which also keeps compilation
short. An index of -1 means none.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.inputs import FloatArray, IntArray, KeyArray

Records = NDArray[Any]
"""Structured array; its fields stand beside the name of its dtype."""

TICKS = 1_000_000
"""Ticks in a day."""
YEAR = 365_250_000
"""Ticks in a year, 365.25 days: of hazards and of rates a year."""
MONTH = 30_437_500
"""Ticks in a month in the seat, a twelfth of a year."""
NEVER = 2**60
"""A tick that no plan reaches."""
CELLS = 256
"""Cells of the guide into the tables of laws."""
STAGES = 32
"""Most stages of a pipeline; draws of a stage after the r-th recycling have the number stage + 32 r."""
WAITING, OPEN, LOST, WON, DROPPED, ABANDONED = -2, -1, 0, 1, 2, 3
"""Outcomes of a deal at the end of the plan; dropped: it asked for a product that is sold no more; abandoned: nobody
started it within its patience."""
OUTCOMES = {
    WAITING: "waiting",
    OPEN: "open",
    LOST: "lost",
    WON: "won",
    DROPPED: "dropped",
    ABANDONED: "abandoned",
}
"""Names of outcomes."""
OWNER, ROUND_ROBIN, WEIGHTED, LEAST_LOADED = range(4)
"""How a lead finds its seat."""
KEEP, REASSIGN, LOSE = range(3)
"""What becomes of the deals of a seat that a person leaves and nobody takes at once."""
NEW, RENEWAL, EXPANSION = range(3)
"""Kinds of bookings."""
(
    ARRIVED,
    STARTED,
    ENTERED,
    ASKED,
    GRANTED,
    FREED,
    ADVANCED,
    RECYCLED,
    MOVED,
    DISCARDED,
    LOST_THERE,
    WON_THERE,
    GAVE_UP,
) = range(13)
"""What happens to a deal, for the log: it arises (at the start, if it waits in the queue then), starts, enters a
stage, asks for a unit, gets it and gives it back, advances to the next stage, goes back, is moved to another seat, is
dropped as it arises, is lost, is won, gives up waiting. Deals in progress at the start have none of ARRIVED, STARTED,
ENTERED for that."""

KNOT = np.dtype([("level", "f8"), ("value", "f8"), ("slope", "f8")])
"""A knot of a law; slope: rise of the value per level behind it."""
SPRING = np.dtype(
    [
        ("key", "u8"),
        ("rate", "f8"),
        ("account", "i8"),
        ("segment", "i8"),
        ("source", "i8"),
        ("shape", "i8"),
        ("group", "i8"),
        ("route", "i8"),
        ("owner", "i8"),
        ("rank", "i8"),
        ("patience", "i8"),
    ]
)
"""Where leads arise: a source at an account, or in a segment. rate: expected leads from the start to the horizon;
shape: when; group: that of the factor on its rate (over-dispersion); route: how a lead finds its seat; owner: seat of
the account; rank: class of its leads in a queue, lower ones first; patience: law of the days after which a lead that
nobody started is abandoned."""
ROW = np.dtype(
    [
        ("advance", "f8"),
        ("recycle", "f8"),
        ("back", "i8"),
        ("law", "i8"),
        ("law_lost", "i8"),
        ("resource", "i8"),
        ("needs", "f8"),
        ("hold", "i8"),
    ]
)
"""A stage under some circumstances. advance, recycle: probabilities to go on and to go back to the stage `back`, the
rest is lost; law: that of the days of deals that advance, law_lost: of those that are lost or go back; needs:
probability that it asks for a unit of `resource`, which it holds for a time of the law `hold`, or while it is in the
stage."""
SPELL = np.dtype(
    [
        ("begin", "i8"),
        ("end", "i8"),
        ("since", "i8"),
        ("key", "u8"),
        ("hazard", "i8"),
        ("delay", "i8"),
        ("last", "?"),
    ]
)
"""A planned presence of a person in a seat. since: when the person came, a leave does not change it; key: the person's;
hazard: how the person may quit; delay: law of the days by which a start after the start of the simulation is late;
last: the presence ends with the person's time in the seat, and not with a leave."""
PRODUCT = np.dtype([("law", "i8"), ("unit", "f8"), ("discount", "i8"), ("until", "i8")])
"""A product. unit: minor units per 1 of the law; discount: law of the share taken off; until: tick from which it is
sold no more."""
CAPACITY = np.dtype([("tick", "i8"), ("units", "i8")])
"""Units of a resource from a tick on."""
CONTRACT = np.dtype(
    [
        ("key", "u8"),
        ("seat", "i8"),
        ("account", "i8"),
        ("segment", "i8"),
        ("product", "i8"),
        ("amount", "i8"),
        ("renews", "i8"),
        ("term", "i8"),
        ("rule", "i8"),
    ]
)
"""A contract of the installed base. amount: minor units a term; renews: tick of the next renewal; term: ticks."""
RENEWING = np.dtype([("churn", "f8"), ("factor", "i8"), ("rate", "f8"), ("expansion", "i8")])
"""How contracts renew. churn: probability to end at a renewal; factor: law of the new amount over the old one; rate:
expected expansions a year; expansion: law of an expansion over the amount."""
DEAL = np.dtype(
    [
        ("key", "u8"),
        ("seat", "i8"),
        ("account", "i8"),
        ("segment", "i8"),
        ("product", "i8"),
        ("amount", "i8"),
        ("rank", "i8"),
        ("stage", "i8"),
        ("created", "i8"),
        ("age", "f8"),
        ("row", "i8"),
        ("chance", "f8"),
        ("floor", "f8"),
        ("floor_lost", "f8"),
    ]
)
"""A deal that is open at the start. product, amount: -1 where drawn; stage: -1 while it waits in the queue; created:
tick, not after the start; age: days in the stage; row: the stage's row; chance: probability to advance, given the
age; floor, floor_lost: level of the law of advancing and of other deals that the age has reached."""

LINE = np.dtype(
    [
        ("seat", "i8"),
        ("key", "u8"),
        ("account", "i8"),
        ("segment", "i8"),
        ("source", "i8"),
        ("product", "i8"),
        ("amount", "i8"),
        ("row", "i8"),
        ("rank", "i8"),
        ("arrival", "i8"),
        ("start", "i8"),
        ("end", "i8"),
        ("outcome", "i8"),
    ]
)
"""What became of a deal in one replication. seat: that which had it last; row: that of the open deal it was; times in
ticks, -1 where it has not happened; amount: of all products, -1 unless it is known or won."""

BOOKING = np.dtype(
    [
        ("tick", "i8"),
        ("key", "u8"),
        ("seat", "i8"),
        ("kind", "i8"),
        ("segment", "i8"),
        ("product", "i8"),
        ("amount", "i8"),
    ]
)
"""Money that is booked at a tick: a product of a won deal, a renewal or an expansion. key: of the deal or contract."""

EVENT = np.dtype([("tick", "i8"), ("key", "u8"), ("what", "i8"), ("seat", "i8"), ("stage", "i8")])
"""An entry of the log. seat: that which has the deal afterwards, -1 for none; stage: where it happens, -1 outside
any."""


class Laws(NamedTuple):
    """Tables of all laws, one after the other."""

    knot: Records
    guide: IntArray
    """Shape (law, CELLS + 1): the last knot at or below level cell / CELLS."""


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


def records(dtype: np.dtype[Any], *columns: Any) -> Records:
    """Return columns side by side as records; a single value fills its column."""
    length = max((len(column) for column in columns if np.ndim(column)), default=0)
    table = np.empty(length, dtype=dtype)
    for name, column in zip(dtype.names or (), columns, strict=True):
        table[name] = column
    return table
