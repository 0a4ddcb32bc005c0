"""The leads of each seat in the order of (tick, key), where seats serve their leads alone.

As springs stand by seat, so do leads. `turn` says which of them is the n-th, `lead_tick` when that arises, `seat_end`
where the leads of a seat end. Each seat has few leads: the year is cut into parts, so that most stand alone in one.
"""

from __future__ import annotations

import numpy as np

from engine.pipeline.draws import instant_at
from engine.pipeline.events.compiling import compiled
from engine.pipeline.events.drawing import draw_instants
from engine.pipeline.events.frame import Frame, array
from engine.pipeline.events.ordering import by_tick
from engine.pipeline.events.views import season

_MOST = 8
"""Leads that arise close to each other up to which they are put in order one by one."""
_ONE = np.uint64(1)


@compiled
def draw_ticks(frame: Frame) -> None:
    """Draw when leads arise, in the order in which their springs have them."""
    springs, spring_of = array(frame, "spring"), array(frame, "lead_spring")
    level, tick, guide = array(frame, "instant_level"), array(frame, "left"), array(frame, "arising_guide")
    parts = guide.shape[1] - 1
    draw_instants(frame)
    for at in range(frame["leads"]):
        shape = springs[np.uint64(spring_of[at])]["shape"]
        tick[at] = instant_at(season(frame), shape, level[at], guide[shape, np.uint64(level[at] * parts)])


@compiled
def spread_out(frame: Frame, begin: int, end: int) -> bool:
    """Put the leads of a seat, roughly, in the order in which they arise; return whether few are close to each other.

    Each of equal parts of the year takes as many places as it has leads.
    """
    tick, turn, place = array(frame, "left"), array(frame, "turn"), array(frame, "part")
    start, parts, most, total = frame["start"], len(place), 0, begin
    scale = parts / (frame["horizon"] - start)
    for part in range(parts):
        place[part] = 0
    for at in range(np.uint64(begin), np.uint64(end)):
        place[np.uint64((tick[at] - start) * scale)] += 1
    for part in range(parts):
        count = place[part]
        place[part], total, most = total, total + count, max(most, count)
    if most > _MOST:
        return False
    for at in range(np.uint64(begin), np.uint64(end)):
        own = np.uint64((tick[at] - start) * scale)
        turn[np.uint64(place[own])] = at
        place[own] += 1
    return True


@compiled
def sort_many(frame: Frame, begin: int, end: int) -> None:
    """Put the leads of a seat in the order in which they arise, however close they are."""
    tick, turn, arrival = array(frame, "left"), array(frame, "turn"), array(frame, "arrival")
    used = (end - begin, frame["start"], frame["horizon"])
    for at in range(begin, end):
        arrival[at]["tick"], arrival[at]["what"] = tick[at], at
    by_tick(arrival[begin:end], array(frame, "spare"), used, array(frame, "place"))
    for at in range(begin, end):
        turn[at] = np.uint64(arrival[at]["what"])


@compiled
def put_in_turn(frame: Frame, begin: int, end: int) -> None:
    """Put the leads of a seat, which stand together, in order: `turn` says which is the n-th."""
    tick, turn, key = array(frame, "left"), array(frame, "turn"), array(frame, "lead_key")
    if not spread_out(frame, begin, end):
        sort_many(frame, begin, end)
    first = np.uint64(begin)
    for right in range(first + _ONE, np.uint64(end)):
        lead, at = turn[right], right
        own = tick[lead]
        while at > first:
            other = turn[at - _ONE]
            if tick[other] < own or (tick[other] == own and key[other] < key[lead]):
                break
            turn[at] = other
            at -= _ONE
        turn[at] = lead


@compiled
def list_by_seat(frame: Frame) -> int:
    """List the leads seat by seat in the order in which they arise; return how many there are."""
    springs, spring_of, ends = array(frame, "spring"), array(frame, "lead_spring"), array(frame, "seat_end")
    source, tick, turn = array(frame, "lead_key"), array(frame, "left"), array(frame, "turn")
    key, arises, cell_of = array(frame, "key"), array(frame, "lead_tick"), array(frame, "cell_of")
    sums = np.uint64((len(array(frame, "period_edge")) - 1) * array(frame, "seat_sum").shape[1])
    leads, end = frame["leads"], 0
    draw_ticks(frame)
    for seat in range(len(ends)):
        begin = end
        while end < leads and springs[np.uint64(spring_of[end])]["owner"] == seat:
            end += 1
        put_in_turn(frame, begin, end)
        ends[seat] = end
    for at in range(leads):
        which = turn[at]
        key[at], arises[at] = source[which], tick[which]
        cell_of[at] = np.uint64(springs[np.uint64(spring_of[which])]["segment"]) * sums
    return int(leads)
