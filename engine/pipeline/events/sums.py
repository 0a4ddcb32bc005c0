"""Sums from which every counter of deals follows, where deals stay at their seats and none goes back.

They are kept by (segment, period) and by seat. What happens at or beyond the horizon adds to a period that nobody
reads. A deal enters a stage as it leaves the one before, and the ticks for which slots are held up to some tick are
those since the starts before it less those since the ends. So it takes few numbers to know all.

The sums of a segment, in `cell_sum`, stand period by period, with one period more; `cell_of` says where those of the
segment of a lead begin. `begun` says when each lead starts, at the horizon if it does not, and `left` when it leaves
the stage that it is in. `period_edge` says when each period begins, that which nobody reads with the horizon, and
`day_period` which one is there as a day begins.
"""

from __future__ import annotations

import numpy as np

from engine.inputs import IntArray, KeyArray
from engine.pipeline.events.compiling import compiled, inlined
from engine.pipeline.events.frame import Frame, array
from engine.pipeline.layout import TICKS

LEADS, STARTED, WAITED, BEGUN, LOST_SINCE, WON_SINCE, ENDED = range(7)
"""Leads that arise; deals that start, their ticks of waiting, the ticks at which they start; ticks since the start of
deals that are lost, and of those that are won; the ticks at which both end."""
LOST, ON, STAYED = range(3)
"""Of a stage: deals that are lost there, those that advance, the ticks that both stayed."""
_STAGES, _STAGE = 8, 4
_ONE = np.uint64(1)


def width(stages: int) -> int:
    """Return how many sums there are."""
    return _STAGES + _STAGE * stages


@inlined
def stage_at(stage: int) -> int:
    """Return where the sums of a stage begin."""
    return _STAGES + _STAGE * stage


@inlined
def period_at(tick: int, horizon: int, day: KeyArray, edge: IntArray) -> np.uint64:
    """Return the period of a tick; one more than there are for a tick at or beyond the horizon."""
    period: np.uint64 = day[np.uint64(min(tick, horizon)) // np.uint64(TICKS)]
    while edge[period + _ONE] <= tick:
        period += _ONE
    return period


@compiled
def add_stage(frame: Frame, stage: int) -> None:
    """Add the deals that leave a stage, and let `left` say when they do; before, it says when they entered it."""
    who, stay, left = array(frame, "who")[stage], array(frame, "stay")[stage], array(frame, "left")
    by_cell, by_seat, cell_of = array(frame, "cell_sum"), array(frame, "seat_sum"), array(frame, "cell_of")
    day, edge, ends = array(frame, "day_period"), array(frame, "period_edge"), array(frame, "seat_end")
    horizon, size, here = frame["horizon"], np.uint64(by_seat.shape[1]), np.uint64(stage_at(stage))
    place, listed = np.uint64(0), np.uint64(array(frame, "listed")[stage])
    for seat in range(len(ends)):
        end, counts, goes, ticks = np.uint64(ends[seat]), 0, 0, 0
        while place < listed and who[place] < end:
            number, stays = who[place], stay[place] >> 1
            on, leaves = stay[place] & 1, left[number] + stays
            left[number] = leaves
            at = cell_of[number] + period_at(leaves, horizon, day, edge) * size + here
            by_cell[at + np.uint64(on)] += 1
            by_cell[at + np.uint64(STAYED)] += stays
            inside = int(leaves < horizon)
            counts += inside
            goes += inside & on
            ticks += stays if leaves < horizon else 0
            place += _ONE
        by_seat[seat, stage_at(stage) + LOST] = counts - goes
        by_seat[seat, stage_at(stage) + ON] = goes
        by_seat[seat, stage_at(stage) + STAYED] = ticks


@compiled
def add_leads(frame: Frame) -> None:
    """Add the leads when they arise and start, and when they end, as if all that end were lost."""
    arises, begun, left = array(frame, "lead_tick"), array(frame, "begun"), array(frame, "left")
    by_cell, by_seat, cell_of = array(frame, "cell_sum"), array(frame, "seat_sum"), array(frame, "cell_of")
    day, edge, ends = array(frame, "day_period"), array(frame, "period_edge"), array(frame, "seat_end")
    horizon, size, first = frame["horizon"], np.uint64(by_seat.shape[1]), np.uint64(0)
    for seat in range(len(ends)):
        started, waited, starts, since, ended = 0, 0, 0, 0, 0
        end = np.uint64(ends[seat])
        for number in range(first, end):
            tick, begins, leaves, cell = arises[number], begun[number], left[number], cell_of[number]
            by_cell[cell + period_at(tick, horizon, day, edge) * size + np.uint64(LEADS)] += 1
            at = cell + period_at(begins, horizon, day, edge) * size
            by_cell[at + np.uint64(STARTED)] += 1
            by_cell[at + np.uint64(WAITED)] += begins - tick
            by_cell[at + np.uint64(BEGUN)] += begins
            at = cell + period_at(leaves, horizon, day, edge) * size
            by_cell[at + np.uint64(LOST_SINCE)] += leaves - begins
            by_cell[at + np.uint64(ENDED)] += leaves
            started += int(begins < horizon)
            waited += begins - tick if begins < horizon else 0
            starts += begins if begins < horizon else 0
            since += leaves - begins if leaves < horizon else 0
            ended += leaves if leaves < horizon else 0
        by_seat[seat, LEADS] = int(end - first)
        by_seat[seat, STARTED], by_seat[seat, WAITED], by_seat[seat, BEGUN] = started, waited, starts
        by_seat[seat, LOST_SINCE], by_seat[seat, WON_SINCE], by_seat[seat, ENDED] = since, 0, ended
        first = end


@compiled
def add_win(frame: Frame, number: np.uint64, seat: int) -> int:
    """Note that a deal that ends is won, and not lost; return the period in which it ends."""
    by_cell, by_seat = array(frame, "cell_sum"), array(frame, "seat_sum")
    day, edge, left = array(frame, "day_period"), array(frame, "period_edge"), array(frame, "left")[number]
    period, since = period_at(left, frame["horizon"], day, edge), left - array(frame, "begun")[number]
    at = array(frame, "cell_of")[number] + period * np.uint64(by_seat.shape[1])
    by_cell[at + np.uint64(LOST_SINCE)] -= since
    by_cell[at + np.uint64(WON_SINCE)] += since
    by_seat[seat, LOST_SINCE] -= since
    by_seat[seat, WON_SINCE] += since
    return int(period)
