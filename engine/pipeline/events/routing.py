"""How leads without an owner find a seat."""

from __future__ import annotations

from engine.pipeline.draws import claim
from engine.pipeline.events.compiling import compiled
from engine.pipeline.events.frame import Frame, Record, array
from engine.pipeline.events.money import own_product
from engine.pipeline.layout import ROUND_ROBIN, WEIGHTED


@compiled
def less_loaded(one: Record, other: Record) -> int:
    """Return 1 where a seat has fewer deals a slot than another, 0 where as many, -1 where more."""
    load = (one["working"] + one["queued"]) * other["slots"]
    others = (other["working"] + other["queued"]) * one["slots"]
    return int(load < others) - int(load > others)


@compiled
def in_turn(frame: Frame, pool: int, span: tuple[int, int, bool]) -> int:
    """Return the first candidate at or after the pointer of a pool, which moves behind it; `span` as for `best_of`."""
    desk, pointer, seats = array(frame, "desk"), array(frame, "pointer"), array(frame, "route_seat")
    count = span[1] - span[0]
    at = pointer[pool] % count
    while not span[2] and desk[seats[span[0] + at]]["present"] == 0:
        at = (at + 1) % count
    pointer[pool] = at + 1
    return int(seats[span[0] + at])


@compiled
def best_of(frame: Frame, deal: Record, kind: int, span: tuple[int, int, bool]) -> int:
    """Return the seat that bids least for a lead, or is least loaded; `span` is (first, end, anybody) of the pool."""
    desk, seats, weight = array(frame, "desk"), array(frame, "route_seat"), array(frame, "route_weight")
    best, lowest = -1, 0.0
    for at in range(span[0], span[1]):
        seat = seats[at]
        if not span[2] and desk[seat]["present"] == 0:
            continue
        if kind == WEIGHTED:
            bid = claim(frame, deal["key"], desk[seat]["key"], weight[at])
            if best < 0 or bid < lowest:
                best, lowest = seat, bid
        elif best < 0 or less_loaded(desk[seat], desk[best]) > 0:
            best = seat
    return int(best)


@compiled
def routed(frame: Frame, deal: Record) -> int:
    """Return the seat that a lead goes to now: somebody who is there, or anybody of the pool where nobody is."""
    desk, seats, firsts = array(frame, "desk"), array(frame, "route_seat"), array(frame, "route_first")
    route = array(frame, "spring")[deal["spring"]]["route"]
    pool = (route * frame["segments"] + deal["segment"]) * len(array(frame, "product"))
    pool += own_product(frame, deal)
    first, end = firsts[pool], firsts[pool + 1]
    there = first
    while there < end and desk[seats[there]]["present"] == 0:
        there += 1
    anybody = there == end
    kind = array(frame, "route_kind")[route]
    if kind == ROUND_ROBIN:
        return in_turn(frame, pool, (first, end, anybody))
    return best_of(frame, deal, kind, (first, end, anybody))
