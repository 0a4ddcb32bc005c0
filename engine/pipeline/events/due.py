"""The calendar of what is due: a binary heap of DUE by tick."""

from __future__ import annotations

from engine.pipeline.events.compiling import compiled
from engine.pipeline.layout import Records


@compiled
def put(due: Records, count: int, tick: int, what: int) -> None:
    """Add an entry to a heap of `count` entries."""
    at = count
    while at > 0:
        above = (at - 1) >> 1
        if due[above]["tick"] <= tick:
            break
        due[at] = due[above]
        at = above
    due[at]["tick"], due[at]["what"] = tick, what


@compiled
def replace_first(due: Records, count: int, tick: int, what: int) -> None:
    """Put an entry in the place of the first one of a heap of `count` entries."""
    at, below = 0, 1
    while below < count:
        if below + 1 < count and due[below + 1]["tick"] < due[below]["tick"]:
            below += 1
        if due[below]["tick"] >= tick:
            break
        due[at] = due[below]
        at, below = below, 2 * below + 1
    due[at]["tick"], due[at]["what"] = tick, what


@compiled
def drop_first(due: Records, count: int) -> None:
    """Take the first entry away, of a heap that has `count` entries then."""
    last = due[count]
    replace_first(due, count, last["tick"], last["what"])
