"""Sums from which every counter of deals follows, where deals stay at their seats and none goes back.

What happens to a deal adds four numbers in one place, and a deal enters a stage as it leaves the one before. Sums are
kept by (segment, period) and by seat; what happens at or beyond the horizon adds to places that nobody reads. Ticks for
which slots are held follow, too: those up to a tick are the ticks since the starts before it less those since the ends.
"""

from __future__ import annotations

from engine.inputs import IntArray
from engine.pipeline import counters as c
from engine.pipeline.events.compiling import compiled, inlined
from engine.pipeline.events.counting import when
from engine.pipeline.events.frame import Frame, array

LEADS, STARTED, WAITED, BEGUN = range(4)
"""Leads that arise; deals that start, their ticks of waiting, and the ticks at which they start."""
COUNT, TICKS, SINCE, LEFT = range(4)
"""Deals that leave a stage, their ticks there, those since they started, and the ticks at which they leave."""
_PLACE = 4


def width(stages: int) -> int:
    """Return how many sums there are."""
    return _PLACE * (1 + 2 * stages)


@inlined
def place_of(stage: int, goes: int) -> int:
    """Return where the sums of deals that leave a stage begin; `goes` is 1 for those that advance."""
    return _PLACE * (1 + 2 * stage + goes)


@inlined
def period_at(frame: Frame, tick: int, periods: int) -> int:
    """Return the period of a tick, the number of periods for one at or beyond the horizon."""
    period = when(frame, min(tick, frame["horizon"] - 1))[0]
    return period if tick < frame["horizon"] else periods


@inlined
def add_four(sums: IntArray, row: int, at: int, what: tuple[int, int, int, int]) -> None:
    """Add four numbers, side by side."""
    sums[row, at] += what[0]
    sums[row, at + 1] += what[1]
    sums[row, at + 2] += what[2]
    sums[row, at + 3] += what[3]


@compiled
def add_leads(frame: Frame, leads: int) -> None:
    """Add the leads when they arise and when they start."""
    tick, begun = array(frame, "lead_tick"), array(frame, "begun")
    by_cell, by_seat = array(frame, "cell_sum"), array(frame, "seat_sum")
    seat_of, segment_of = array(frame, "seat_of"), array(frame, "segment_of")
    seats, periods = len(array(frame, "desk")), len(array(frame, "edge")) - 1
    for number in range(leads):
        first = segment_of[number] * (periods + 1)
        by_cell[first + period_at(frame, tick[number], periods), LEADS] += 1
        by_seat[seat_of[number], LEADS] += 1
        begin = begun[number]
        row = seat_of[number] if begin < frame["horizon"] else seats
        what = (0, 1, begin - tick[number], begin)
        add_four(by_cell, first + period_at(frame, begin, periods), 0, what)
        add_four(by_seat, row, 0, what)


@compiled
def add_stage(frame: Frame, stage: int, entered: IntArray) -> None:
    """Add the deals that leave a stage; `entered` says when they entered it, and then when they left it."""
    who, stay, begun = array(frame, "who"), array(frame, "stay"), array(frame, "begun")
    by_cell, by_seat = array(frame, "cell_sum"), array(frame, "seat_sum")
    seat_of, segment_of = array(frame, "seat_of"), array(frame, "segment_of")
    seats, periods = len(array(frame, "desk")), len(array(frame, "edge")) - 1
    for place in range(array(frame, "listed")[stage]):
        number, ticks, goes = who[stage, place], stay[stage, place] >> 1, stay[stage, place] & 1
        left = entered[number] + ticks
        entered[number] = left
        at, what = place_of(stage, goes), (1, ticks, left - begun[number], left)
        row = seat_of[number] if left < frame["horizon"] else seats
        add_four(by_cell, segment_of[number] * (periods + 1) + period_at(frame, left, periods), at, what)
        add_four(by_seat, row, at, what)


@compiled
def count_sums(sums: IntArray, tally: IntArray, stages: int) -> None:
    """Add what follows from some sums to some counters, but for what is open, and for slots that are held."""
    tally[c.LEADS] += sums[LEADS]
    tally[c.STARTED] += sums[STARTED]
    tally[c.WAIT] += sums[WAITED]
    entered = sums[STARTED]
    for stage in range(stages):
        lost, on, at = place_of(stage, 0), place_of(stage, 1), c.GLOBAL + c.FUNNEL * stage
        tally[at + c.ENTERED] += entered
        tally[at + c.ADVANCED] += sums[on + COUNT]
        tally[at + c.LOST_THERE] += sums[lost + COUNT]
        tally[at + c.DAYS] += sums[on + TICKS] + sums[lost + TICKS]
        tally[c.LOST_DEALS] += sums[lost + COUNT]
        tally[c.CYCLE_LOST] += sums[lost + SINCE]
        entered = sums[on + COUNT]
    tally[c.WON_DEALS] += entered
    tally[c.CYCLE_WON] += sums[place_of(stages - 1, 1) + SINCE]


@inlined
def open_after(sums: IntArray, stages: int) -> tuple[int, int]:
    """Return the deals that start less those that close, and the ticks of their ends less those of their starts.

    So up to a later tick they hold slots for the former times that tick, and the latter.
    """
    won = place_of(stages - 1, 1)
    count, ticks = sums[STARTED] - sums[won + COUNT], sums[won + LEFT] - sums[BEGUN]
    for stage in range(stages):
        count -= sums[place_of(stage, 0) + COUNT]
        ticks += sums[place_of(stage, 0) + LEFT]
    return count, ticks


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
    for seat in range(len(by_seat) - 1):
        mine = tally[1 + seat]
        count_sums(by_seat[seat], mine, stages)
        count_left(mine, stages, mine)
        count, ticks = open_after(by_seat[seat], stages)
        mine[c.HELD] += count * frame["horizon"] + ticks


@compiled
def count_cells(frame: Frame) -> None:
    """Count what follows from the sums of segments and periods."""
    tally, by_cell, edge = array(frame, "tally"), array(frame, "cell_sum"), array(frame, "edge")
    stages, horizon, segments = frame["stages"], frame["horizon"], frame["segments"]
    periods, count, ticks, before = len(edge) - 1, 0, 0, 0
    for period in range(periods):
        of_period = tally[frame["period_group"] + period]
        for segment in range(segments):
            sums, of_segment = (
                by_cell[segment * (periods + 1) + period],
                tally[frame["segment_group"] + segment],
            )
            count_sums(sums, of_segment, stages)
            count_sums(sums, of_period, stages)
            more, later = open_after(sums, stages)
            of_segment[c.HELD] += more * horizon + later
            count, ticks = count + more, ticks + later
        until = min(edge[period + 1], horizon)
        of_period[c.HELD] += count * until + ticks - before
        before = count * until + ticks
    for segment in range(segments):
        of_segment = tally[frame["segment_group"] + segment]
        count_left(of_segment, stages, tally[frame["period_group"] + periods - 1])
        count_left(of_segment, stages, of_segment)
