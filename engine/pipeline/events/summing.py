"""Counters that follow from sums (engine.pipeline.events.sums)."""

from __future__ import annotations

from engine.inputs import IntArray
from engine.pipeline import counters as c
from engine.pipeline.events.compiling import compiled, inlined
from engine.pipeline.events.frame import Frame, array
from engine.pipeline.events.sums import (
    BEGUN,
    ENDED,
    LEADS,
    LOST,
    LOST_SINCE,
    ON,
    STARTED,
    STAYED,
    WAITED,
    WON_SINCE,
    stage_at,
)


@compiled
def count_sums(sums: IntArray, tally: IntArray, stages: int) -> None:
    """Add what follows from some sums to some counters, but for what is open, and for slots that are held."""
    tally[c.LEADS] += sums[LEADS]
    tally[c.STARTED] += sums[STARTED]
    tally[c.WAIT] += sums[WAITED]
    tally[c.CYCLE_LOST] += sums[LOST_SINCE]
    tally[c.CYCLE_WON] += sums[WON_SINCE]
    entered = sums[STARTED]
    for stage in range(stages):
        here, at = stage_at(stage), c.GLOBAL + c.FUNNEL * stage
        tally[at + c.ENTERED] += entered
        tally[at + c.ADVANCED] += sums[here + ON]
        tally[at + c.LOST_THERE] += sums[here + LOST]
        tally[at + c.DAYS] += sums[here + STAYED]
        tally[c.LOST_DEALS] += sums[here + LOST]
        entered = sums[here + ON]
    tally[c.WON_DEALS] += entered


@inlined
def open_after(sums: IntArray, stages: int) -> tuple[int, int]:
    """Return the deals that start less those that end, and the ticks of their ends less those of their starts.

    So up to a later tick they hold slots for the former times that tick, and the latter.
    """
    count = sums[STARTED] - sums[stage_at(stages - 1) + ON]
    for stage in range(stages):
        count -= sums[stage_at(stage) + LOST]
    return count, sums[ENDED] - sums[BEGUN]


@compiled
def count_left(tally: IntArray, stages: int, target: IntArray) -> None:
    """Add the deals that some counters leave open and waiting."""
    target[c.WAITING_AT_END] += tally[c.LEADS] - tally[c.STARTED]
    target[c.OPEN_AT_END] += tally[c.STARTED] - tally[c.WON_DEALS] - tally[c.LOST_DEALS]
    for stage in range(stages):
        at = c.GLOBAL + c.FUNNEL * stage
        target[at + c.OPEN_THERE] += tally[at + c.ENTERED] - tally[at + c.ADVANCED] - tally[at + c.LOST_THERE]


@compiled
def count_seats(frame: Frame) -> None:
    """Count what follows from the sums of seats."""
    tally, by_seat, stages = array(frame, "tally"), array(frame, "seat_sum"), frame["stages"]
    for seat in range(len(by_seat)):
        mine = tally[1 + seat]
        count_sums(by_seat[seat], mine, stages)
        count_left(mine, stages, mine)
        count, ticks = open_after(by_seat[seat], stages)
        mine[c.HELD] += count * frame["horizon"] + ticks


@compiled
def count_cells(frame: Frame) -> None:
    """Count what follows from the sums of segments and periods."""
    tally, by_cell, edge = array(frame, "tally"), array(frame, "cell_sum"), array(frame, "period_edge")
    stages, segments, size = frame["stages"], frame["segments"], array(frame, "seat_sum").shape[1]
    periods, count, ticks, before = len(edge) - 2, 0, 0, 0
    for period in range(periods):
        of_period = tally[frame["period_group"] + period]
        for segment in range(segments):
            first, of_segment = (
                (segment * (periods + 1) + period) * size,
                tally[frame["segment_group"] + segment],
            )
            sums = by_cell[first : first + size]
            count_sums(sums, of_segment, stages)
            count_sums(sums, of_period, stages)
            more, later = open_after(sums, stages)
            of_segment[c.HELD] += more * frame["horizon"] + later
            count, ticks = count + more, ticks + later
        held = count * edge[period + 1] + ticks
        of_period[c.HELD] += held - before
        before = held
    for segment in range(segments):
        of_segment = tally[frame["segment_group"] + segment]
        count_left(of_segment, stages, tally[frame["period_group"] + periods - 1])
        count_left(of_segment, stages, of_segment)
