"""A replication whose deals all run courses that depend on nothing but their draws, and of which sums alone are kept.

Then a seat need not follow its deals: with their courses drawn, it knows how long each holds a slot. What `slots` says
of the slots of a seat holds here, too, and the counters and bookings are the same, bit by bit.
"""

from __future__ import annotations

import numpy as np

from engine.inputs import IntArray
from engine.pipeline.events.compiling import compiled, inlined
from engine.pipeline.events.courses import draw_courses
from engine.pipeline.events.frame import Frame, array
from engine.pipeline.events.money import book_listed
from engine.pipeline.events.slots import hold_until, staffed_from
from engine.pipeline.events.summing import count_cells, count_seats
from engine.pipeline.events.sums import add_leads, add_stage, add_win
from engine.pipeline.events.turns import list_by_seat


@compiled
def begin_all(frame: Frame) -> None:
    """Say when each lead starts, in the order in which seats have them; the horizon where it does not."""
    desks, free, arises = array(frame, "desk"), array(frame, "free"), array(frame, "lead_tick")
    begun, left, ends = array(frame, "begun"), array(frame, "left"), array(frame, "seat_end")
    first = np.uint64(0)
    for slot in range(len(free)):
        free[slot] = frame["start"]
    for seat in range(len(desks)):
        desk = desks[seat]
        end, slot = np.uint64(ends[seat]), np.uint64(desk["slot"])
        for number in range(first, end):
            begin = staffed_from(frame, desk, max(arises[number], free[slot]))
            if begin < frame["horizon"]:
                hold_until(frame, desk, begin + left[number])
            begun[number] = left[number] = min(begin, frame["horizon"])
        first = end


@compiled
def list_wins(frame: Frame) -> int:
    """Make the leads that were won deals that can be booked; return how many there are."""
    case, won = array(frame, "case"), array(frame, "won")
    ends, left = array(frame, "seat_end"), array(frame, "left")
    last, wins, seat = frame["stages"] - 1, 0, 0
    who, stay, key = array(frame, "who")[last], array(frame, "stay")[last], array(frame, "key")
    sums = (len(array(frame, "period_edge")) - 1) * array(frame, "seat_sum").shape[1]
    for place in range(array(frame, "listed")[last]):
        number = who[place]
        if stay[place] & 1 and left[number] < frame["horizon"]:
            while np.uint64(ends[seat]) <= number:
                seat += 1
            add_win(frame, number, seat)
            deal = case[number]
            deal["key"], deal["seat"], deal["end"] = key[number], seat, left[number]
            deal["segment"] = int(array(frame, "cell_of")[number]) // sums
            deal["product"] = deal["amount"] = -1
            won[wins] = int(number)
            wins += 1
    return wins


@inlined
def clear(sums: IntArray) -> None:
    """Set sums to zero."""
    for at in range(len(sums)):
        sums[at] = 0


@compiled
def by_courses(frame: Frame) -> None:
    """Simulate a replication whose people and leads are found."""
    clear(array(frame, "cell_sum"))
    draw_courses(frame, list_by_seat(frame))
    begin_all(frame)
    for stage in range(frame["stages"]):
        add_stage(frame, stage)
    add_leads(frame)
    wins = list_wins(frame)
    count_seats(frame)
    count_cells(frame)
    book_listed(frame, wins)
