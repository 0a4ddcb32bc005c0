"""The deals of a replication: those that are open at the start, and the leads that arise."""

from __future__ import annotations

import numpy as np

from engine.pipeline.draws import instant_at, mark_at, patience_of, product_of
from engine.pipeline.events.compiling import compiled, inlined
from engine.pipeline.events.drawing import (
    MARKS,
    MORE_MARKS,
    draw_instants,
    draw_more_marks,
    draw_named,
)
from engine.pipeline.events.frame import Frame, Record, array
from engine.pipeline.events.ordering import by_tick, ties_by_key
from engine.pipeline.events.views import laws, season
from engine.pipeline.layout import DROPPED, NEVER, WAITING
from engine.streams import Purpose, child, word

_ARRIVAL = int(Purpose.ARRIVAL)
_NONE, _ONE = np.uint64(0), np.uint64(1)


@compiled
def blank(deal: Record) -> None:
    """Make a record that of a deal to which nothing has happened."""
    deal["start"] = deal["end"] = deal["amount"] = -1
    deal["due"], deal["outcome"] = NEVER, WAITING
    deal["product"] = deal["stage"] = deal["row"] = deal["units"] = -1
    deal["low"] = deal["high"] = deal["before"] = deal["after"] = -1
    deal["recycled"] = 0


@compiled
def known_deals(frame: Frame) -> None:
    """Fill the first deals with those that are open at the start."""
    opening, case, key = array(frame, "opening"), array(frame, "case"), array(frame, "key")
    for row in range(len(opening)):
        known, deal = opening[row], case[row]
        blank(deal)
        key[row] = deal["key"] = known["key"]
        deal["spring"], deal["seat"] = -1, known["seat"]
        deal["segment"], deal["rank"] = known["segment"], known["rank"]
        deal["product"], deal["amount"], deal["stage"] = known["product"], known["amount"], known["stage"]
        deal["arrival"] = frame["start"] if known["stage"] < 0 else known["created"]
        deal["placed"] = deal["arrival"]


@compiled
def gives_up_at(frame: Frame, deal: Record) -> int:
    """Tick at which a lead gives up unless somebody starts it by then; NEVER for deals that were open at the start."""
    if deal["spring"] < 0:
        return NEVER
    law = array(frame, "spring")[deal["spring"]]["patience"]
    return NEVER if law < 0 else int(deal["arrival"] + patience_of(laws(frame), law, frame, deal["key"]))


@inlined
def rate_of(frame: Frame, spring: Record) -> float:
    """Return the leads to expect of a spring in this replication."""
    rate = spring["rate"] * array(frame, "arrival_factor")[frame["index"]]
    return (
        float(rate * array(frame, "group_factor")[spring["group"]]) if spring["group"] >= 0 else float(rate)
    )


@compiled
def list_marks(frame: Frame, number: int) -> int:
    """Draw the marks that springs are likely to need, from one on, as far as there is room; return the next spring."""
    springs, count_of, at = array(frame, "spring"), array(frame, "mark_count"), _NONE
    low, key, first = array(frame, "mark_low"), array(frame, "mark_key"), word(frame["number"], _ARRIVAL, 0)
    while number < len(springs):
        rate = rate_of(frame, springs[number])
        count = np.uint64(min(rate + rate**0.5 + 2, MARKS))
        if at + count > np.uint64(MARKS):
            break
        own, index = springs[number]["key"], _NONE
        while index < count:
            low[at], key[at] = first + index, own
            at, index = at + _ONE, index + _ONE
        count_of[number] = int(count)
        number += 1
    draw_named(frame, int(at))
    return number


@compiled
def count_leads(frame: Frame, number: int, first: int, at: int) -> int:
    """List the leads of a spring from an entry on, where its marks are drawn from `first` on; return the next entry."""
    key, spring_of, level = array(frame, "lead_key"), array(frame, "lead_spring"), array(frame, "mark_level")
    spring, drawn, index = array(frame, "spring")[number], array(frame, "mark_count")[number], 0
    rate, mass = rate_of(frame, spring), mark_at(level[np.uint64(first)])
    while mass < rate:
        if at < len(key):
            key[np.uint64(at)], spring_of[np.uint64(at)] = child(spring["key"], index), number
        at += 1
        index += 1
        place = first + index
        if index >= drawn:
            more = (index - drawn) % MORE_MARKS
            if more == 0:
                draw_more_marks(frame, spring["key"], index)
            place = MARKS + more
        mass += mark_at(level[np.uint64(place)])
    return at


@compiled
def find_leads(frame: Frame) -> None:
    """Find the springs and the keys of the leads that arise; beyond the room for them only count them."""
    count_of, number, at = array(frame, "mark_count"), 0, 0
    while number < len(count_of):
        end, first = list_marks(frame, number), 0
        while number < end:
            at = count_leads(frame, number, first, at)
            first, number = first + count_of[number], number + 1
    frame["leads"] = at
    frame["cases"] = len(array(frame, "opening")) + at


@compiled
def list_leads(frame: Frame) -> int:
    """List the leads by (tick, key); return how many entries there are.

    Where seats serve their leads alone, deals in a queue at the start stand among them, with -1 - row for a spring.
    """
    springs, level, guide = (
        array(frame, "spring"),
        array(frame, "instant_level"),
        array(frame, "arising_guide"),
    )
    key, spring_of, arrival = array(frame, "lead_key"), array(frame, "lead_spring"), array(frame, "arrival")
    parts, count, opening = guide.shape[1] - 1, frame["leads"], array(frame, "opening")
    draw_instants(frame)
    for at in range(count):
        shape = springs[spring_of[at]]["shape"]
        cell = guide[shape, int(level[at] * parts)]
        arrival[at]["tick"], arrival[at]["what"] = instant_at(season(frame), shape, level[at], cell), at
    for row in range(len(opening) if frame["alone"] == 1 else 0):
        if opening[row]["stage"] < 0:
            key[count], spring_of[count] = opening[row]["key"], -1 - row
            arrival[count]["tick"], arrival[count]["what"] = frame["start"], count
            count += 1
    by_tick(arrival, array(frame, "spare"), (count, frame["start"], frame["horizon"]), array(frame, "place"))
    ties_by_key(arrival, count, key)
    return int(count)


@compiled
def lead(frame: Frame, number: int, at: int) -> bool:
    """Make a deal that of an entry of the list of leads; return whether it asks for what is sold."""
    deal, entry = array(frame, "case")[number], array(frame, "arrival")[at]
    tick, key = entry["tick"], array(frame, "lead_key")[entry["what"]]
    place = array(frame, "lead_spring")[entry["what"]]
    spring = array(frame, "spring")[place]
    blank(deal)
    array(frame, "key")[number] = deal["key"] = key
    deal["spring"], deal["seat"] = place, spring["owner"]
    deal["segment"], deal["rank"] = spring["segment"], spring["rank"]
    deal["arrival"] = deal["placed"] = tick
    if frame["drops"] == 1:
        deal["product"] = product_of(frame, key, array(frame, "mix")[spring["segment"]])
        if array(frame, "product")[deal["product"]]["until"] <= tick:
            deal["outcome"] = DROPPED
            return False
    return True


@compiled
def leads(frame: Frame) -> None:
    """Make the leads deals, in the order in which they arise; arrivals are those that ask for what is sold."""
    arrival, fresh, arrivals = array(frame, "arrival"), len(array(frame, "opening")), 0
    for at in range(list_leads(frame)):
        place = array(frame, "lead_spring")[arrival[at]["what"]]
        number = fresh if place >= 0 else -1 - place
        fresh += int(place >= 0)
        if place < 0 or lead(frame, number, at):
            arrival[arrivals]["tick"], arrival[arrivals]["what"] = arrival[at]["tick"], number
            arrivals += 1
    arrival[arrivals]["tick"], frame["arrivals"] = NEVER, arrivals
