"""Frame: all arrays of a replication at work, behind one record that compiled functions hand to each other.

A compiled function takes seven words for each array it is given. With the sixty arrays of a model and its state,
calls cost more than the work, and compiling them took minutes. So a frame holds the address and the shape of every
array, and `array(frame, "case")` is that array again: to the compiler it is a pointer and a known type. The price:
whoever makes a frame keeps the arrays alive, and they must be contiguous and of the types named here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from numba.core import cgutils, types
from numba.core.errors import RequireLiteralValue
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array
from numba.np.numpy_support import from_dtype
from numpy.typing import NDArray

from engine.pipeline.events.state import CASE, DAY, DESK, DUE, POOL, PRESENCE, UNIT
from engine.pipeline.layout import (
    BOOKING,
    CAPACITY,
    CONTRACT,
    DEAL,
    EVENT,
    KNOT,
    LINE,
    PRODUCT,
    RENEWING,
    ROW,
    SPELL,
    SPRING,
)

Frame: TypeAlias = Any
"""A record of FRAME. Where a draw asks for a future, a frame will do: it has a `seed` and a `number`."""
Record: TypeAlias = Any
"""One record of an array."""

WHOLE, REAL, TRUTH, KEY = np.dtype("i8"), np.dtype("f8"), np.dtype("?"), np.dtype("u8")
ARRAYS: Mapping[str, tuple[np.dtype[Any], int]] = {
    # of the model
    "spring": (SPRING, 1),
    "arising_edge": (WHOLE, 1),
    "arising_mass": (REAL, 2),
    "arising_guide": (WHOLE, 2),
    "knot": (KNOT, 1),
    "guide": (WHOLE, 2),
    "row": (ROW, 1),
    "cell": (WHOLE, 5),
    "steady": (WHOLE, 1),
    "size_edge": (WHOLE, 1),
    "tenure_edge": (WHOLE, 1),
    "month_edge": (WHOLE, 1),
    "month": (WHOLE, 1),
    "day": (DAY, 1),
    "day_period": (KEY, 1),
    "period_edge": (WHOLE, 1),
    "spell": (SPELL, 1),
    "hazard_edge": (WHOLE, 2),
    "hazard_mass": (REAL, 2),
    "hazard_rate": (REAL, 2),
    "frozen": (WHOLE, 2),
    "route_kind": (WHOLE, 1),
    "route_first": (WHOLE, 1),
    "route_seat": (WHOLE, 1),
    "route_weight": (REAL, 1),
    "capacity": (CAPACITY, 1),
    "opening": (DEAL, 1),
    "price_knot": (KNOT, 1),
    "price_guide": (WHOLE, 2),
    "product": (PRODUCT, 1),
    "mix": (REAL, 2),
    "attach": (REAL, 2),
    "price_edge": (WHOLE, 1),
    "price": (REAL, 2),
    "edge": (WHOLE, 1),
    "counts": (TRUTH, 4),
    "money": (TRUTH, 1),
    "contract": (CONTRACT, 1),
    "rule": (RENEWING, 1),
    # of the block
    "arrival_factor": (REAL, 1),
    "amount_factor": (REAL, 1),
    "written": (WHOLE, 2),
    "trace": (LINE, 1),
    "log": (EVENT, 1),
    "booking": (BOOKING, 1),
    # of the replication
    "group_factor": (REAL, 1),
    "seat_factor": (REAL, 1),
    "product_factor": (REAL, 1),
    "odds_factor": (REAL, 1),
    "days_factor": (REAL, 1),
    "book": (WHOLE, 3),
    "tally": (WHOLE, 2),
    # at work
    "case": (CASE, 1),
    "key": (KEY, 1),
    "lead_key": (KEY, 1),
    "lead_spring": (WHOLE, 1),
    "mark_low": (KEY, 1),
    "mark_key": (KEY, 1),
    "mark_level": (REAL, 1),
    "mark_count": (WHOLE, 1),
    "instant_level": (REAL, 1),
    "ahead": (REAL, 2),
    "guided": (WHOLE, 1),
    "won": (WHOLE, 1),
    "lane_key": (KEY, 1),
    "lane_level": (REAL, 2),
    "desk": (DESK, 1),
    "pool": (POOL, 1),
    "unit": (UNIT, 1),
    "due": (WHOLE, 1),
    "spare": (DUE, 1),
    "agenda": (WHOLE, 1),
    "stirred": (WHOLE, 1),
    "arrival": (DUE, 1),
    "give_up": (DUE, 1),
    "presence": (PRESENCE, 1),
    "staff": (DUE, 1),
    "place": (WHOLE, 1),
    "pointer": (WHOLE, 1),
    "free": (WHOLE, 1),
    "lead_tick": (WHOLE, 1),
    "part": (WHOLE, 1),
    "turn": (KEY, 1),
    "seat_end": (WHOLE, 1),
    "cell_of": (KEY, 1),
    "who": (KEY, 2),
    "stay": (WHOLE, 2),
    "listed": (WHOLE, 1),
    "begun": (WHOLE, 1),
    "left": (WHOLE, 1),
    "cell_sum": (WHOLE, 1),
    "seat_sum": (WHOLE, 2),
    "line": (WHOLE, 1),
}
"""Type and number of axes of every array. Of the model: see engine.pipeline.model; `arising_guide` (shape, cell) is the
cell of `arising_mass` in which each of equal parts of all leads begins, `day` says when days begin, `steady` is the
law of days of each of the first stages that has one alone, else -1; see engine.pipeline.events.sums for `day_period`
and `period_edge`. Of the block: factors of replications, how many
lines, events and bookings are written up to the end of each, and these. Of the replication: its further factors;
`book` (seat, period, measure) and `tally` (group, counter), which it fills. At work: deals, seats, resources and
units; `key` of each deal; `lead_key`, `lead_spring` of leads by spring; see engine.pipeline.events.drawing for
`mark_low`, `mark_key`, `mark_level`, `instant_level` and `ahead` (lane, deal); `mark_count`, marks of each spring that
are drawn at first; `guided`, room for cells of laws; `won`, numbers of won deals; `lane_key`, `lane_level`, keys of
deals that are drawn side by side, and what is drawn of each; `due`, a binary heap (see
engine.pipeline.events.due); `agenda`, deals that enter their stage now, or -1 - the number of those that were
granted a unit; `stirred`, seats that may start a deal; `arrival`, deals in the order in which they arise; `give_up`,
leads in that in which their patience ends; `presence` by seat and time; `staff`, presences by the tick of their
begin, and -1 - presences by that of their end; `spare` and `place`, room for sorting; `pointer`, the next place of
each pool of a route in turn; `free`, when each slot falls free; `line`, the amount of each product in the deal that
is being booked, -1 where it has none; `part`, `turn`, `lead_tick`, `seat_end`: see engine.pipeline.events.turns, `who`,
`stay`, `listed`: see courses there, `begun`, `left`, `cell_of`, `cell_sum`, `seat_sum`: see sums there."""

NUMBERS = (
    # of the model
    "seed",
    "start",
    "horizon",
    "handover",
    "seat_factor_wins",
    "drops",
    "patient",
    "alone",
    "stages",
    "segments",
    "segment_group",
    "period_group",
    # of the replication
    "index",
    "number",
    "leads",
    "cases",
    "arrivals",
    "gives_up",
    "presences",
    "most_units",
    # at work
    "tick",
    "period_now",
    "month_now",
    "dues",
    "tasks",
    "stirs",
    "free_unit",
    "units",
    "arose",
    "gave_up",
    "staffed",
    "lined",
    "logged",
    "booked",
)
"""index: place in the block; drops: whether any product is sold no more before the horizon; patient: whether patience
of any lead can end; alone: whether seats serve their leads alone, in the order in which they arise; segment_group,
period_group: first groups of counters; leads, cases, arrivals, gives_up, presences: how many there are; most_units:
records of units at most; tick, period_now, month_now: the present; dues, tasks, stirs: entries of the calendar, the
agenda and the stirred seats; free_unit: first free record of a unit, units: how many there have been; arose,
gave_up, staffed: next arrival, lead whose patience ends, and change of staff; lined, logged, booked: lines, events
and bookings so far, whether or not they had room."""


TURNED = {
    "group_factor",
    "seat_factor",
    "product_factor",
    "odds_factor",
    "days_factor",
    "book",
    "tally",
}
"""Arrays that compiled code turns to those of the next replication. Nothing that it writes changes where the others
are, so the compiler need not look there again after each write."""
_PLACE = {name: place for place, name in enumerate(ARRAYS)}
_WORDS = 6
"""Of an array in the table: its address, and the lengths of up to five axes."""
FRAME = np.dtype([(name, "i8") for name in NUMBERS] + [("table", "i8", (len(ARRAYS), _WORDS))])


def point(frame: Frame, name: str, values: NDArray[Any]) -> None:
    """Let a frame's array be this one."""
    dtype, axes = ARRAYS[name]
    if values.dtype != dtype or values.ndim != axes or not values.flags.c_contiguous:
        raise TypeError(f"array '{name}' must be contiguous, of {axes} axes of {dtype}")
    frame["table"][_PLACE[name], : axes + 1] = values.ctypes.data, *values.shape


def _words(builder: Any, frame: Any, name: str) -> list[Any]:
    """Load the address and the lengths of an array, in compiled code."""
    first = len(NUMBERS) + _WORDS * _PLACE[name]
    whole = builder.bitcast(frame, cgutils.intp_t.as_pointer())
    spots = [builder.gep(whole, [cgutils.intp_t(first + word)]) for word in range(ARRAYS[name][1] + 1)]
    words = [builder.load(spot) for spot in spots]
    for word in words if name not in TURNED else words[1:]:
        word.set_metadata("invariant.load", builder.module.add_metadata([]))
    return words


@intrinsic  # type: ignore[untyped-decorator]
def array(typing: Any, frame: Any, name: Any) -> Any:
    """Return an array of a frame, in compiled code."""
    if not isinstance(name, types.StringLiteral):  # type: ignore[attr-defined]
        raise RequireLiteralValue("the name of an array must be a literal")
    dtype, axes = ARRAYS[name.literal_value]
    result = types.Array(from_dtype(dtype), axes, "C")

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        address, *shape = _words(builder, arguments[0], name.literal_value)
        strides = [context.get_constant(types.intp, dtype.itemsize)]
        for length in shape[:0:-1]:
            strides.insert(0, builder.mul(strides[0], length))
        built = cgutils.create_struct_proxy(result)(context, builder)
        populate_array(
            built,
            data=builder.inttoptr(address, built.data.type),
            shape=shape,
            strides=strides,
            itemsize=context.get_constant(types.intp, dtype.itemsize),
            meminfo=None,
        )
        return built._getvalue()

    return result(frame, name), build


@intrinsic  # type: ignore[untyped-decorator]
def turn(typing: Any, frame: Any, name: Any) -> Any:
    """Let an array of a frame be the one behind it, of the same shape, in compiled code."""
    if not isinstance(name, types.StringLiteral):  # type: ignore[attr-defined]
        raise RequireLiteralValue("the name of an array must be a literal")

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        address, *shape = _words(builder, arguments[0], name.literal_value)
        step = context.get_constant(types.intp, ARRAYS[name.literal_value][0].itemsize)
        for length in shape:
            step = builder.mul(step, length)
        first = FRAME.fields["table"][1] + 8 * _WORDS * _PLACE[name.literal_value]  # type: ignore[index]
        spot = cgutils.pointer_add(builder, arguments[0], first)
        builder.store(builder.add(address, step), builder.bitcast(spot, cgutils.intp_t.as_pointer()))
        return context.get_dummy_value()

    return types.none(frame, name), build
