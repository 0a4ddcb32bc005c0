"""The deals of a replication: those that are open at the start, and the leads that arise."""

from __future__ import annotations

from engine.pipeline.draws import instant_at, mark_at, patience_of, product_of
from engine.pipeline.events.compiling import compiled
from engine.pipeline.events.drawing import draw_instants, draw_marks
from engine.pipeline.events.frame import Frame, Record, array
from engine.pipeline.events.views import laws, season
from engine.pipeline.layout import DROPPED, NEVER, WAITING
from engine.streams import child


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
    """Fill the first deals with those that are open at the start.

    Where seats serve their leads alone, those in a queue count as arrivals at the start.
    """
    opening, case, arrival = array(frame, "opening"), array(frame, "case"), array(frame, "arrival")
    frame["cases"], frame["arrivals"] = len(opening), 0
    for row in range(len(opening)):
        known, deal = opening[row], case[row]
        blank(deal)
        array(frame, "key")[row] = known["key"]
        deal["key"], deal["spring"], deal["seat"] = known["key"], -1, known["seat"]
        deal["segment"], deal["rank"] = known["segment"], known["rank"]
        deal["product"], deal["amount"], deal["stage"] = known["product"], known["amount"], known["stage"]
        deal["arrival"] = frame["start"] if known["stage"] < 0 else known["created"]
        deal["placed"] = deal["arrival"]
        if known["stage"] < 0 and frame["alone"] == 1:
            arrival[frame["arrivals"]]["tick"], arrival[frame["arrivals"]]["what"] = frame["start"], row
            frame["arrivals"] += 1


@compiled
def lead(frame: Frame, number: int, at: int) -> None:
    """Make a deal that of a spring, as an arrival unless it asks for what is sold no more."""
    spring, deal, key = array(frame, "spring")[number], array(frame, "case")[at], array(frame, "key")[at]
    blank(deal)
    deal["key"], deal["spring"], deal["seat"] = key, number, spring["owner"]
    deal["segment"], deal["rank"] = spring["segment"], spring["rank"]
    share, guide = array(frame, "instant_level")[at], array(frame, "arising_guide")
    cell = guide[spring["shape"], int(share * (guide.shape[1] - 1))]
    tick = instant_at(season(frame), spring["shape"], share, cell)
    deal["arrival"] = deal["placed"] = tick
    if frame["drops"] == 1:
        deal["product"] = product_of(frame, key, array(frame, "mix")[spring["segment"]])
        if array(frame, "product")[deal["product"]]["until"] <= tick:
            deal["outcome"] = DROPPED
            return
    arrival = array(frame, "arrival")[frame["arrivals"]]
    arrival["tick"], arrival["what"] = tick, at
    frame["arrivals"] += 1


@compiled
def gives_up_at(frame: Frame, deal: Record) -> int:
    """Tick at which a lead gives up unless somebody starts it by then; NEVER for deals that were open at the start."""
    if deal["spring"] < 0:
        return NEVER
    law = array(frame, "spring")[deal["spring"]]["patience"]
    return NEVER if law < 0 else int(deal["arrival"] + patience_of(laws(frame), law, frame, deal["key"]))


@compiled
def count_leads(frame: Frame) -> None:
    """Find the keys of the leads that arise, spring by spring; beyond the room for deals only count them."""
    springs, key, level = array(frame, "spring"), array(frame, "key"), array(frame, "mark_level")
    for number in range(len(springs)):
        spring = springs[number]
        rate = spring["rate"] * array(frame, "arrival_factor")[frame["index"]]
        if spring["group"] >= 0:
            rate *= array(frame, "group_factor")[spring["group"]]
        index, mass, at = 0, 0.0, frame["cases"]
        while True:
            if index % len(level) == 0:
                draw_marks(frame, spring["key"], index)
            mass += mark_at(level[index % len(level)])
            if mass >= rate:
                break
            if at < len(key):
                key[at] = child(spring["key"], index)
            at += 1
            index += 1
        array(frame, "spring_end")[number] = frame["cases"] = at


@compiled
def leads(frame: Frame) -> None:
    """Add the leads whose keys are known."""
    end, at = array(frame, "spring_end"), len(array(frame, "opening"))
    draw_instants(frame)
    for number in range(len(end)):
        while at < end[number]:
            lead(frame, number, at)
            at += 1
