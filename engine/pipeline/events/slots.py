"""A replication without an event list, where each seat serves its own leads in the order in which they arise.

Kiefer and Wolfowitz (1955): with the times at which a seat's K slots fall free, the next lead starts at max(arrival,
the earliest of them), once somebody sits there, and puts its own end there. What a deal goes through depends on
nothing but its start, so each is carried from its start to its end at once. It holds while nothing is shared between
seats, no lead goes before an earlier one, and deals stay where they are.
"""

from __future__ import annotations

from engine.pipeline import counters as c
from engine.pipeline import layout as m
from engine.pipeline.events.compiling import compiled
from engine.pipeline.events.counting import count, note, turn_to
from engine.pipeline.events.due import sink
from engine.pipeline.events.frame import Frame, Record, array
from engine.pipeline.events.leads import gives_up_at
from engine.pipeline.events.seats import abandon
from engine.pipeline.events.stages import carry_on, enter, leave, run_for, start
from engine.pipeline.layout import NEVER


@compiled
def hold_until(frame: Frame, desk: Record, end: int) -> None:
    """Put `end` in the place of the slot of a seat that falls free first; its slots are a binary heap."""
    first, count = desk["slot"], desk["slots"]
    sink(array(frame, "free")[first : first + count], count - 1, end)


@compiled
def staffed_from(frame: Frame, desk: Record, tick: int) -> int:
    """First tick at or after `tick` at which somebody sits in a seat, which remembers the presence up to then."""
    presence = array(frame, "presence")
    while desk["sitting"] + 1 < desk["sits"] and presence[desk["sitting"] + 1]["begin"] <= tick:
        desk["sitting"] += 1
    at = desk["sitting"]
    if at >= desk["sat"] and tick < presence[at]["end"]:
        return tick
    return int(presence[at + 1]["begin"]) if at + 1 < desk["sits"] else NEVER


@compiled
def finish(frame: Frame, number: int) -> int:
    """Carry a deal on from within a stage; return its end, or a tick at or beyond the horizon."""
    deal = array(frame, "case")[number]
    while deal["due"] < frame["horizon"]:
        turn_to(frame, deal["due"])
        if not leave(frame, deal):
            return int(deal["end"])
        enter(frame, deal)
        run_for(frame, number)
    return int(deal["due"])


@compiled
def serve(frame: Frame, number: int) -> None:
    """Start a lead as soon as its seat can, and carry it to its end."""
    deal = array(frame, "case")[number]
    desk = array(frame, "desk")[deal["seat"]]
    begin = staffed_from(frame, desk, max(deal["arrival"], array(frame, "free")[desk["slot"]]))
    until = gives_up_at(frame, deal) if frame["patient"] == 1 else NEVER
    if until < min(begin, frame["horizon"]):
        turn_to(frame, until)
        abandon(frame, deal)
    elif begin < frame["horizon"]:
        turn_to(frame, begin)
        start(frame, deal)
        enter(frame, deal)
        run_for(frame, number)
        hold_until(frame, desk, finish(frame, number))


@compiled
def carry_over(frame: Frame, number: int) -> None:
    """Carry a deal that is in progress at the start to its end; the slots of its seat fall free at the last ends."""
    deal = array(frame, "case")[number]
    desk = array(frame, "desk")[deal["seat"]]
    turn_to(frame, frame["start"])
    carry_on(frame, number)
    earliest = array(frame, "free")[desk["slot"]]
    hold_until(frame, desk, max(earliest, finish(frame, number)))


@compiled
def by_slots(frame: Frame) -> None:
    """Simulate a replication that is set up, from the start up to the horizon."""
    case, arrival, opening = array(frame, "case"), array(frame, "arrival"), array(frame, "opening")
    free = array(frame, "free")
    for slot in range(len(free)):
        free[slot] = frame["start"]
    for number in range(len(opening)):
        if opening[number]["stage"] >= 0:
            carry_over(frame, number)
    for place in range(frame["arrivals"]):
        number = arrival[place]["what"]
        deal = case[number]
        turn_to(frame, deal["arrival"])
        count(frame, deal, c.LEADS if deal["spring"] >= 0 else c.QUEUED_AT_START, 1)
        note(frame, deal, m.ARRIVED, deal["stage"])
        serve(frame, number)
