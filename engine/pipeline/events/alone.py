"""A replication whose deals all run courses that depend on nothing but their draws, and of which sums alone are kept.

Then a seat need not follow its deals: with their courses drawn, it knows how long each holds a slot. What `slots` says
of the slots of a seat holds here, too, and the counters and bookings are the same, bit by bit.
"""

from __future__ import annotations

from engine.inputs import IntArray
from engine.pipeline.draws import instant_at
from engine.pipeline.events.compiling import compiled, inlined
from engine.pipeline.events.courses import draw_courses
from engine.pipeline.events.drawing import draw_instants
from engine.pipeline.events.frame import Frame, array
from engine.pipeline.events.money import book_listed
from engine.pipeline.events.ordering import by_tick
from engine.pipeline.events.slots import hold_until, staffed_from
from engine.pipeline.events.sums import add_leads, add_stage, count_cells, count_seats
from engine.pipeline.events.views import season
from engine.pipeline.layout import WON

_FEW = 256
"""Leads of a seat up to which each is compared with all others, so that nothing branches; more are sorted by radix."""


@compiled
def rank(tick: IntArray, first: int, turn: IntArray) -> None:
    """Say in which order ticks rise, equal ones as they stand; they belong to the leads from `first` on."""
    for at in range(len(tick)):
        one, place = tick[at], 0
        for other in range(at):
            place += int(tick[other] <= one)
        for other in range(at + 1, len(tick)):
            place += int(tick[other] < one)
        turn[place] = first + at


@compiled
def draw_ticks(frame: Frame, leads: int) -> None:
    """Draw when leads arise, in the order in which their springs have them."""
    springs, level, guide = array(frame, "spring"), array(frame, "instant_level"), array(frame, "arising_guide")
    spring_of, tick, parts = array(frame, "lead_spring"), array(frame, "taken"), guide.shape[1] - 1
    draw_instants(frame)
    for at in range(leads):
        shape = springs[spring_of[at]]["shape"]
        tick[at] = instant_at(season(frame), shape, level[at], guide[shape, int(level[at] * parts)])


@compiled
def sort_many(frame: Frame, begin: int, end: int) -> None:
    """Do the same for many leads."""
    tick, turn, arrival = array(frame, "taken"), array(frame, "turn"), array(frame, "arrival")
    used = (end - begin, frame["start"], frame["horizon"])
    for at in range(begin, end):
        arrival[at]["tick"], arrival[at]["what"] = tick[at], at
    by_tick(arrival[begin:end], array(frame, "spare"), used, array(frame, "place"))
    for at in range(begin, end):
        turn[at] = arrival[at]["what"]


@compiled
def put_in_turn(frame: Frame, begin: int, end: int) -> None:
    """Put the leads of a seat, which stand together, in the order of (tick, key): `turn` says which is the n-th."""
    tick, turn, key = array(frame, "taken"), array(frame, "turn"), array(frame, "lead_key")
    if end - begin <= _FEW:
        rank(tick[begin:end], begin, turn[begin:end])
    else:
        sort_many(frame, begin, end)
    for right in range(begin + 1, end):
        at = right
        while at > begin and tick[turn[at - 1]] == tick[turn[at]] and key[turn[at - 1]] > key[turn[at]]:
            turn[at - 1], turn[at] = turn[at], turn[at - 1]
            at -= 1


@compiled
def list_by_seat(frame: Frame) -> int:
    """List the leads seat by seat in the order in which they arise; return how many there are."""
    springs, spring_of = array(frame, "spring"), array(frame, "lead_spring")
    source, tick, turn = array(frame, "lead_key"), array(frame, "taken"), array(frame, "turn")
    key, arises = array(frame, "key"), array(frame, "lead_tick")
    seat_of, segment_of, leads, begin = array(frame, "seat_of"), array(frame, "segment_of"), frame["leads"], 0
    draw_ticks(frame, leads)
    for seat in range(len(array(frame, "desk"))):
        end = begin
        while end < leads and springs[spring_of[end]]["owner"] == seat:
            end += 1
        put_in_turn(frame, begin, end)
        for at in range(begin, end):
            which = turn[at]
            key[at], arises[at], seat_of[at] = source[which], tick[which], seat
            segment_of[at] = springs[spring_of[which]]["segment"]
        array(frame, "seat_end")[seat] = end
        begin = end
    return int(leads)


@compiled
def begin_all(frame: Frame) -> None:
    """Say when each lead starts, in the order in which seats have them; the horizon where it does not."""
    desks, free, arises = array(frame, "desk"), array(frame, "free"), array(frame, "lead_tick")
    begun, taken, ends, number = array(frame, "begun"), array(frame, "taken"), array(frame, "seat_end"), 0
    for slot in range(len(free)):
        free[slot] = frame["start"]
    for seat in range(len(desks)):
        desk = desks[seat]
        while number < ends[seat]:
            begin = staffed_from(frame, desk, max(arises[number], free[desk["slot"]]))
            begun[number] = min(begin, frame["horizon"])
            if begin < frame["horizon"]:
                hold_until(frame, desk, begin + taken[number])
            number += 1


@compiled
def list_wins(frame: Frame) -> int:
    """Make the deals that were won deals to be booked; return how many there are."""
    case, won, who, stay = array(frame, "case"), array(frame, "won"), array(frame, "who"), array(frame, "stay")
    left, last, wins = array(frame, "taken"), frame["stages"] - 1, 0
    for place in range(array(frame, "listed")[last]):
        number = who[last, place]
        if stay[last, place] & 1 and left[number] < frame["horizon"]:
            deal = case[number]
            deal["key"], deal["seat"] = array(frame, "key")[number], array(frame, "seat_of")[number]
            deal["segment"], deal["end"] = array(frame, "segment_of")[number], left[number]
            deal["product"] = deal["amount"] = -1
            deal["outcome"] = WON
            won[wins] = number
            wins += 1
    return wins


@inlined
def clear(sums: IntArray) -> None:
    """Set sums to zero."""
    for row in range(sums.shape[0]):
        for at in range(sums.shape[1]):
            sums[row, at] = 0


@compiled
def by_courses(frame: Frame) -> None:
    """Simulate a replication whose leads are found."""
    clear(array(frame, "cell_sum"))
    clear(array(frame, "seat_sum"))
    leads, left, begun = list_by_seat(frame), array(frame, "taken"), array(frame, "begun")
    draw_courses(frame, leads)
    begin_all(frame)
    add_leads(frame, leads)
    for number in range(leads):
        left[number] = begun[number]
    for stage in range(frame["stages"]):
        add_stage(frame, stage, left)
    count_seats(frame)
    count_cells(frame)
    book_listed(frame, list_wins(frame))
