"""Layout: constants of the pipeline, and the records that its arrays are made of. An index of -1 means none."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

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
HALVINGS, CELLS_OF_HALVING = 12, 64
CELLS = 2 * (1 + HALVINGS * CELLS_OF_HALVING)
"""Cells of the guide into the tables of laws: levels near 0 and near 1 are told apart finely. From 1/2 to either end
as many halvings of the distance to it, in 64 cells each, and one cell for the rest."""
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


def guide_levels() -> NDArray[np.float64]:
    """Level at which each cell of the guide begins, shape (CELLS,)."""
    steps = np.arange(HALVINGS * CELLS_OF_HALVING)
    halving, part = np.divmod(steps, CELLS_OF_HALVING)
    near = np.ldexp(1 + part / CELLS_OF_HALVING, halving - HALVINGS - 1)
    return np.concatenate(([0.0], near, [0.5], 1 - near[::-1]))


def records(dtype: np.dtype[Any], *columns: Any) -> Records:
    """Return columns side by side as records; a single value fills its column."""
    length = max((len(column) for column in columns if np.ndim(column)), default=0)
    table = np.empty(length, dtype=dtype)
    for name, column in zip(dtype.names or (), columns, strict=True):
        table[name] = column
    return table
