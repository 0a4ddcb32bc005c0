"""Model: a pipeline as arrays, which is all that either engine reads.

Time is in ticks, integer millionths of a day from the start of the plan, so that sums and differences of times
are exact and no order of adding matters. Axes: account, rep, stage, product, segment (one more than there are:
the last is for deals without an account), period, measure. `first` arrays, shape (rep + 1,), say where a seat's
rows begin. Columns that are read together are records of one array, which also keeps compilation short.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.inputs import FloatArray, IntArray

Records = NDArray[Any]
"""Structured array; its fields stand beside the name of its dtype."""

TICKS = 1_000_000
"""Ticks in a day."""
MONTH = 30_437_500
"""Ticks in a month in the seat: 365.25 / 12 days."""
NEVER = 2**60
"""A tick that no plan reaches."""
CELLS = 256
"""Cells of the guide into the tables of laws."""
WAITING, OPEN, LOST, WON = -2, -1, 0, 1
"""Outcomes of a deal at the end of the plan."""

KNOT = np.dtype([("level", "f8"), ("value", "f8"), ("slope", "f8")])
"""A knot of a law; slope: rise of the value per level behind it."""
ACCOUNT = np.dtype([("key", "u8"), ("rate", "f8"), ("segment", "i8")])
"""An account; rate: its expected leads in the plan."""
STAGE = np.dtype([("advance", "f8"), ("law", "i8"), ("law_lost", "i8")])
"""A stage; law: that of the days of deals that advance."""
SPELL = np.dtype([("begin", "i8"), ("end", "i8")])
"""Ticks at which a person takes and leaves a seat."""
PRODUCT = np.dtype([("law", "i8"), ("unit", "f8")])
"""A product; unit: minor units per 1 of the law."""
DEAL = np.dtype(
    [
        ("key", "u8"),
        ("account", "i8"),
        ("segment", "i8"),
        ("product", "i8"),
        ("amount", "i8"),
        ("stage", "i8"),
        ("created", "i8"),
        ("age", "f8"),
        ("chance", "f8"),
        ("floor", "f8"),
        ("floor_lost", "f8"),
    ]
)
"""A deal that is open at the start. product, amount: -1 where drawn; stage: -1 while it waits in the queue; created:
ticks, not above 0; age: days in the stage; chance: probability to advance, given the age; floor, floor_lost: level of
the law of advancing and of lost deals that the age has reached."""

LINE = np.dtype(
    [
        ("seat", "i8"),
        ("key", "u8"),
        ("account", "i8"),
        ("segment", "i8"),
        ("product", "i8"),
        ("amount", "i8"),
        ("row", "i8"),
        ("arrival", "i8"),
        ("start", "i8"),
        ("end", "i8"),
        ("outcome", "i8"),
    ]
)
"""What became of a deal in one replication. row: that of the open deal it was, or -1; times in ticks, -1 where it has
not happened; amount: -1 unless it is known or won."""


class Laws(NamedTuple):
    """Tables of all laws, one after the other."""

    knot: Records
    guide: IntArray
    """Shape (law, CELLS + 1): the last knot at or below level cell / CELLS."""


class Arising(NamedTuple):
    """Where and when leads arise."""

    account: Records
    of_seat: IntArray
    """Accounts by seat."""
    first: IntArray
    edge: IntArray
    """Ticks between which the intensity is constant, shape (cell + 1,)."""
    mass: FloatArray
    """Share of the plan's leads up to each edge, from 0 to 1."""


class Seats(NamedTuple):
    """Who can work, and when."""

    slots: IntArray
    spell: Records
    """By seat and time."""
    first: IntArray
    ramp: FloatArray
    """Ratio per month in the seat."""


class Selling(NamedTuple):
    """How a deal goes through the stages."""

    laws: Laws
    stage: Records
    seats: Seats
    horizon: int
    """Tick at which the plan ends."""


class Opening(NamedTuple):
    """Deals that are open when the plan starts, by seat."""

    deal: Records
    first: IntArray


class Closing(NamedTuple):
    """What a won deal is worth, and where it is counted."""

    laws: Laws
    product: Records
    mix: FloatArray
    """Cumulative shares of products, shape (segment + 1, product)."""
    edge: IntArray
    """Ticks of the boundaries of periods."""
    counts: NDArray[np.bool_]
    """Whether a measure counts a deal, shape (measure, segment + 1, product)."""
    money: NDArray[np.bool_]
    """Whether a measure adds amounts (or counts deals)."""


class Model(NamedTuple):
    """Everything."""

    arising: Arising
    selling: Selling
    opening: Opening
    closing: Closing


class Future(NamedTuple):
    """One replication: its key, and the market factors that it drew."""

    seed: int
    number: int
    arrivals: float
    amounts: float


def records(dtype: np.dtype[Any], *columns: NDArray[Any]) -> Records:
    """Return columns side by side as records."""
    table = np.empty(len(columns[0]), dtype=dtype)
    for name, column in zip(dtype.names or (), columns, strict=True):
        table[name] = column
    return table
