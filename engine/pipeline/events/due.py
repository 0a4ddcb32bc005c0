"""The calendar of what is due: a binary heap of whole numbers, the ticks since the start before what is due then.

In one number they move and compare at once. There is room for 94 years and for 134 million deals.
"""

from __future__ import annotations

import numpy as np

from engine.inputs import IntArray
from engine.pipeline.events.compiling import compiled
from engine.pipeline.events.frame import Frame, array

_BITS = 28
_MIDDLE = 1 << (_BITS - 1)
_NONE, _FIRST, _SECOND = np.uint64(0), np.uint64(1), np.uint64(2)


@compiled
def due_tick(frame: Frame) -> int:
    """Return the tick at which something is due next; the horizon where nothing is."""
    if frame["dues"] == 0:
        return int(frame["horizon"])
    return int((array(frame, "due")[0] >> _BITS) + frame["start"])


@compiled
def due_now(frame: Frame) -> int:
    """Return what is due next: a deal's number for the end of its stage, -1 - a unit's number for that of its hold."""
    return int((array(frame, "due")[0] & (2 * _MIDDLE - 1)) - _MIDDLE)


@compiled
def entry_of(frame: Frame, tick: int, what: int) -> int:
    """Return the entry of something that is due."""
    return int(((tick - frame["start"]) << _BITS) | (what + _MIDDLE))


@compiled
def put(frame: Frame, tick: int, what: int) -> None:
    """Add an entry, unless its tick is at or beyond the horizon."""
    if tick >= frame["horizon"]:
        return
    due, entry, at = array(frame, "due"), entry_of(frame, tick, what), np.uint64(frame["dues"])
    while at > _NONE:
        above = (at - _FIRST) >> _FIRST
        if due[above] <= entry:
            break
        due[at] = due[above]
        at = above
    due[at] = entry
    frame["dues"] += 1


@compiled
def sink(due: IntArray, last: int, entry: int) -> None:
    """Put an entry in the place of the first one of a heap whose last one is that at a place."""
    at, below, end = _NONE, _FIRST, np.uint64(last)
    while below < end:
        below += np.uint64(due[below + _FIRST] < due[below])
        if due[below] >= entry:
            break
        due[at] = due[below]
        at, below = below, below * _SECOND + _FIRST
    if below == end and due[below] < entry:
        due[at], at = due[below], below
    due[at] = entry


@compiled
def put_off(frame: Frame, tick: int, what: int) -> None:
    """Put an entry, before the horizon, in the place of the first one."""
    sink(array(frame, "due"), frame["dues"] - 1, entry_of(frame, tick, what))


@compiled
def drop_first(frame: Frame) -> None:
    """Take the first entry away."""
    due = array(frame, "due")
    frame["dues"] -= 1
    last = frame["dues"]
    if last > 0:
        sink(due, last - 1, due[last])
