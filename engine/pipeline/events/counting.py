"""Counting and logging what happens at the present tick."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.inputs import IntArray
from engine.pipeline.events.compiling import compiled, inlined
from engine.pipeline.events.frame import Frame, Record, array
from engine.pipeline.layout import TICKS

_ONE = np.uint64(1)


class Rows(NamedTuple):
    """Counters at which something counts: those of a seat, of a segment and of a period."""

    seat: IntArray
    segment: IntArray
    period: IntArray


@inlined
def when(frame: Frame, tick: int) -> tuple[int, int]:
    """Return the period, and the span of one part of the quarter, of a tick from 0 to before the horizon."""
    edge, month_edge = array(frame, "edge"), array(frame, "month_edge")
    day = array(frame, "day")[np.uint64(tick) // np.uint64(TICKS)]
    period, month = np.uint64(day["period"]), np.uint64(day["month"])
    while edge[period + _ONE] <= tick:
        period += _ONE
    while month_edge[month + _ONE] <= tick:
        month += _ONE
    return int(period), int(month)


@compiled
def turn_to(frame: Frame, tick: int) -> None:
    """Make a tick, from 0 to before the horizon, the present one, with its period and its month."""
    frame["tick"] = tick
    frame["period_now"], frame["month_now"] = when(frame, tick)


@inlined
def rows_in(frame: Frame, deal: Record, period: int) -> Rows:
    """Return the counters at which a deal, or a contract, counts in a period."""
    tally = array(frame, "tally")
    return Rows(
        tally[np.uint64(1 + deal["seat"])],
        tally[np.uint64(frame["segment_group"] + deal["segment"])],
        tally[np.uint64(frame["period_group"] + period)],
    )


@inlined
def add(rows: Rows, counter: int, amount: int) -> None:
    """Add to a counter at a seat, a segment and a period."""
    at = np.uint64(counter)
    rows.seat[at] += amount
    rows.segment[at] += amount
    rows.period[at] += amount


@compiled
def count(frame: Frame, deal: Record, counter: int, amount: int) -> None:
    """Add to a counter at the seat, the segment and the period."""
    add(rows_in(frame, deal, frame["period_now"]), counter, amount)


@compiled
def count_time(frame: Frame, deal: Record, counter: int, since: int) -> None:
    """Add the ticks from `since` until now to a counter, cut at the ends of periods."""
    tally, edge = array(frame, "tally"), array(frame, "edge")
    tally[1 + deal["seat"], counter] += frame["tick"] - since
    tally[frame["segment_group"] + deal["segment"], counter] += frame["tick"] - since
    until, period = frame["tick"], frame["period_now"]
    while until > since:
        begin = max(edge[period], since)
        tally[frame["period_group"] + period, counter] += until - begin
        until, period = begin, period - 1


@compiled
def note(frame: Frame, deal: Record, what: int, stage: int) -> None:
    """Log that something happens to a deal."""
    log = array(frame, "log")
    if frame["logged"] < len(log):
        event = log[frame["logged"]]
        event["tick"], event["key"], event["what"] = frame["tick"], deal["key"], what
        event["seat"], event["stage"] = deal["seat"], stage
    frame["logged"] += 1
