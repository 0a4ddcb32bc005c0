"""A replication by events: from one tick at which something is due to the next, in rounds.

In a round deals first leave the stages and units whose time is over, and enter their next stages, until nothing more
is due. Then, once a tick, staff, capacities and leads change, and at last resources grant units and seats start deals.
Rounds follow each other at one tick as long as the last one made anything due. Within each of these steps no order
matters but where deals are handed over or routed, since what touches others stands in a queue with an order of its own.
"""

from __future__ import annotations

from engine.pipeline import counters as c
from engine.pipeline import layout as m
from engine.pipeline.events.compiling import compiled
from engine.pipeline.events.counting import count, note, turn_to
from engine.pipeline.events.due import drop_first, due_now, due_tick, put, put_off
from engine.pipeline.events.frame import Frame, array
from engine.pipeline.events.routing import routed
from engine.pipeline.events.seats import arise, give_up, let_go, start_waiting, take_on, wait_at
from engine.pipeline.events.sharing import ask, end_hold, give_back_of_stage, grant
from engine.pipeline.events.staffing import change_staff
from engine.pipeline.events.stages import carry_on, enter, leave, run_for
from engine.pipeline.layout import OPEN


@compiled
def go_on(frame: Frame, item: int) -> None:
    """Take a deal of the agenda on: into its stage, or, where it was granted a unit, on in it."""
    number = item if item >= 0 else -1 - item
    deal = array(frame, "case")[number]
    if item >= 0 and enter(frame, deal):
        ask(frame, number)
    else:
        run_for(frame, number)
        put(frame, deal["due"], number)


@compiled
def end_stage(frame: Frame, number: int) -> None:
    """Let a deal leave its stage, unless it was lost before, or its end was put off."""
    deal = array(frame, "case")[number]
    if deal["outcome"] == OPEN and frame["tick"] < deal["due"] < frame["horizon"]:
        put_off(frame, deal["due"], number)
        return
    drop_first(frame)
    if deal["outcome"] != OPEN or deal["due"] > frame["tick"]:
        return
    give_back_of_stage(frame, deal)
    if leave(frame, deal):
        array(frame, "agenda")[frame["tasks"]] = number
        frame["tasks"] += 1
    else:
        let_go(frame, number)


@compiled
def settle(frame: Frame) -> None:
    """Do all that is due, and all that this makes due at once."""
    agenda = array(frame, "agenda")
    while True:
        if frame["tasks"] > 0:
            frame["tasks"] -= 1
            go_on(frame, agenda[frame["tasks"]])
        elif due_tick(frame) == frame["tick"]:
            what = due_now(frame)
            if what >= 0:
                end_stage(frame, what)
            else:
                drop_first(frame)
                end_hold(frame, -1 - what)
        else:
            return


@compiled
def change_capacity(frame: Frame) -> None:
    """Let the capacities of resources change that do so at this tick."""
    pools, capacity = array(frame, "pool"), array(frame, "capacity")
    for resource in range(len(pools)):
        pool = pools[resource]
        while pool["step"] < pool["end"] and capacity[pool["step"]]["tick"] <= frame["tick"]:
            pool["units"] = capacity[pool["step"]]["units"]
            pool["step"] += 1


@compiled
def take_in_leads(frame: Frame) -> None:
    """Let the leads that arise at this tick find their seats."""
    arrival, case = array(frame, "arrival"), array(frame, "case")
    while arrival[frame["arose"]]["tick"] == frame["tick"]:
        number = arrival[frame["arose"]]["what"]
        frame["arose"] += 1
        deal = case[number]
        arise(frame, number, deal["seat"] if deal["seat"] >= 0 else routed(frame, deal))


@compiled
def next_change(frame: Frame) -> int:
    """Return the next tick at which staff or capacities change, or the patience of a lead ends."""
    pools, capacity = array(frame, "pool"), array(frame, "capacity")
    tick = array(frame, "staff")[frame["staffed"]]["tick"]
    tick = min(tick, array(frame, "give_up")[frame["gave_up"]]["tick"])
    for resource in range(len(pools)):
        if pools[resource]["step"] < pools[resource]["end"]:
            tick = min(tick, capacity[pools[resource]["step"]]["tick"])
    return int(tick)


@compiled
def grant_all(frame: Frame) -> None:
    """Give the free units of all resources to their queues."""
    pools = array(frame, "pool")
    for resource in range(len(pools)):
        if pools[resource]["queue"] >= 0 and pools[resource]["units"] > pools[resource]["held"]:
            grant(frame, resource)


@compiled
def take_over(frame: Frame) -> None:
    """Let seats have the deals that are open at the start, in progress or in their queues."""
    case = array(frame, "case")
    for number in range(len(array(frame, "opening"))):
        deal = case[number]
        if deal["stage"] >= 0:
            take_on(frame, number, deal["seat"])
            carry_on(frame, number)
            put(frame, deal["due"], number)
        else:
            wait_at(frame, number, deal["seat"])
            count(frame, deal, c.QUEUED_AT_START, 1)
            note(frame, deal, m.ARRIVED, deal["stage"])


@compiled
def by_events(frame: Frame) -> None:
    """Simulate a replication that is set up, from the start up to the horizon."""
    tick, arrival = frame["start"], array(frame, "arrival")
    turn_to(frame, tick)
    take_over(frame)
    change = tick
    while tick < frame["horizon"]:
        turn_to(frame, tick)
        settle(frame)
        if tick == change:
            change_staff(frame)
            change_capacity(frame)
        if arrival[frame["arose"]]["tick"] == tick:
            take_in_leads(frame)
        while True:
            grant_all(frame)
            start_waiting(frame)
            if frame["tasks"] == 0 and due_tick(frame) > tick:
                break
            settle(frame)
        if tick == change:
            give_up(frame)
            change = next_change(frame)
        tick = min(change, arrival[frame["arose"]]["tick"], due_tick(frame))
