"""Resources that seats share: who asks for a unit, gets it, and gives it back."""

from __future__ import annotations

from engine.pipeline import counters as c
from engine.pipeline import layout as m
from engine.pipeline.draws import held_for, visit_number
from engine.pipeline.events.compiling import compiled
from engine.pipeline.events.counting import count, count_time, note
from engine.pipeline.events.due import put
from engine.pipeline.events.frame import Frame, Record, array
from engine.pipeline.events.queues import joined, without_first
from engine.pipeline.events.views import laws
from engine.pipeline.layout import NEVER, OPEN


@compiled
def ask(frame: Frame, number: int) -> None:
    """Put a deal into the queue of the resource of its stage."""
    case = array(frame, "case")
    deal = case[number]
    pool = array(frame, "pool")[array(frame, "row")[deal["row"]]["resource"]]
    pool["queue"] = joined(case, pool["queue"], number)
    count(frame, deal, pool["counter"] + c.REQUESTED, 1)


@compiled
def grant(frame: Frame, resource: int) -> None:
    """Give the free units of a resource to the first of its queue; deals that were lost meanwhile just leave it."""
    pool, case, agenda = array(frame, "pool")[resource], array(frame, "case"), array(frame, "agenda")
    while pool["units"] > pool["held"] and pool["queue"] >= 0:
        number = pool["queue"]
        pool["queue"] = without_first(case, number)
        deal = case[number]
        if deal["outcome"] != OPEN:
            continue
        take(frame, number, resource)
        count(frame, deal, pool["counter"] + c.GRANTS, 1)
        count(frame, deal, pool["counter"] + c.QUEUED, frame["tick"] - deal["placed"])
        note(frame, deal, m.GRANTED, deal["stage"])
        agenda[frame["tasks"]] = -1 - number
        frame["tasks"] += 1


@compiled
def blank_unit(frame: Frame) -> int:
    """Return the number of a free record of a unit."""
    slot = frame["free_unit"]
    if slot >= 0:
        frame["free_unit"] = array(frame, "unit")[slot]["next"]
        return int(slot)
    frame["units"] += 1
    return int(frame["units"] - 1)


@compiled
def take(frame: Frame, number: int, resource: int) -> None:
    """Let a deal hold a unit: for the stage, or for a time of its own, whose end goes into the calendar."""
    deal, slot = array(frame, "case")[number], blank_unit(frame)
    unit = array(frame, "unit")[slot]
    unit["case"], unit["pool"], unit["stage"] = number, resource, deal["stage"]
    unit["since"], unit["until"] = frame["tick"], NEVER
    unit["next"], deal["units"] = deal["units"], slot
    array(frame, "pool")[resource]["held"] += 1
    law = array(frame, "row")[deal["row"]]["hold"]
    if law >= 0:
        visit = visit_number(deal["stage"], deal["recycled"])
        unit["until"] = frame["tick"] + held_for(laws(frame), law, frame, deal["key"], visit)
        put(frame, unit["until"], -1 - slot)


@compiled
def give_back(frame: Frame, slot: int) -> None:
    """Free a unit; its record is kept for as long as there is something about it in the calendar."""
    units = array(frame, "unit")
    unit = units[slot]
    deal, pool = array(frame, "case")[unit["case"]], array(frame, "pool")[unit["pool"]]
    pool["held"] -= 1
    count_time(frame, deal, pool["counter"] + c.IN_USE, unit["since"])
    note(frame, deal, m.FREED, unit["stage"])
    if deal["units"] == slot:
        deal["units"] = unit["next"]
    else:
        before = deal["units"]
        while units[before]["next"] != slot:
            before = units[before]["next"]
        units[before]["next"] = unit["next"]
    unit["case"] = -1
    if unit["until"] == NEVER:
        retire(frame, slot)


@compiled
def retire(frame: Frame, slot: int) -> None:
    """Put a record of a unit among the free ones."""
    array(frame, "unit")[slot]["next"] = frame["free_unit"]
    frame["free_unit"] = slot


@compiled
def end_hold(frame: Frame, slot: int) -> None:
    """Free a unit whose time is over, unless that happened before."""
    if array(frame, "unit")[slot]["case"] >= 0:
        give_back(frame, slot)
    retire(frame, slot)


@compiled
def give_back_of_stage(frame: Frame, deal: Record) -> None:
    """Free the unit that a deal holds for the stage that it leaves."""
    units = array(frame, "unit")
    slot = deal["units"]
    while slot >= 0:
        following = units[slot]["next"]
        if units[slot]["until"] == NEVER:
            give_back(frame, slot)
        slot = following
