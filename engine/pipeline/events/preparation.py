"""A replication before anything happens: its people, its deals in the order in which they arise, its seats."""

from __future__ import annotations

from engine.pipeline import counters as c
from engine.pipeline import layout as m
from engine.pipeline.events.compiling import compiled
from engine.pipeline.events.counting import count, note, turn_to
from engine.pipeline.events.drawing import draw_ahead
from engine.pipeline.events.frame import Frame, array
from engine.pipeline.events.leads import find_leads, gives_up_at, known_deals, leads
from engine.pipeline.events.ordering import by_tick
from engine.pipeline.events.people import seat_people
from engine.pipeline.layout import DROPPED, LOSE, NEVER, WAITING


@compiled
def found(frame: Frame) -> bool:
    """Find people and leads; return whether the arrays have room for them. How many there are stands in the frame."""
    seat_people(frame)
    find_leads(frame)
    return bool(
        frame["presences"] <= len(array(frame, "presence")) and frame["cases"] <= len(array(frame, "case"))
    )


@compiled
def draw(frame: Frame) -> bool:
    """Draw people and deals; return whether the arrays have room for them."""
    if not found(frame):
        return False
    known_deals(frame)
    leads(frame)
    draw_ahead(frame)
    frame["gives_up"] = 0
    frame["most_units"] = most_units(frame)
    return bool(frame["most_units"] <= len(array(frame, "unit")))


@compiled
def most_units(frame: Frame) -> int:
    """Return how many records of units there can be: of those held at once, and of those freed when somebody left."""
    pools, capacity, desk = array(frame, "pool"), array(frame, "capacity"), array(frame, "desk")
    presence, times, held = array(frame, "presence"), 1, 0
    for at in range(frame["presences"]):
        times += int(desk[presence[at]["seat"]]["on_leave"] == LOSE)
    for resource in range(len(pools)):
        most = 0
        for step in range(pools[resource]["first"], pools[resource]["end"]):
            most = max(most, capacity[step]["units"])
        held += most
    return held * times


@compiled
def list_patience(frame: Frame) -> None:
    """List the leads that would give up before the horizon, with the ticks at which they do."""
    case, gives = array(frame, "case"), array(frame, "give_up")
    for number in range(frame["cases"]):
        deal = case[number]
        until = gives_up_at(frame, deal)
        if deal["outcome"] == WAITING and until < frame["horizon"]:
            gives[frame["gives_up"]]["tick"], gives[frame["gives_up"]]["what"] = until, number
            frame["gives_up"] += 1


@compiled
def put_in_order(frame: Frame) -> None:
    """Sort changes of staff and ends of patience by tick, each with one behind them that never comes."""
    staff, presence = array(frame, "staff"), array(frame, "presence")
    spare, place, start, horizon = (
        array(frame, "spare"),
        array(frame, "place"),
        frame["start"],
        frame["horizon"],
    )
    if frame["patient"] == 1:
        list_patience(frame)
        by_tick(array(frame, "give_up"), spare, (frame["gives_up"], start, horizon), place)
    array(frame, "give_up")[frame["gives_up"]]["tick"] = NEVER
    changes = 0
    for at in range(frame["presences"]):
        if start <= presence[at]["begin"] < horizon:
            staff[changes]["tick"], staff[changes]["what"] = presence[at]["begin"], at
            changes += 1
        if start <= presence[at]["end"] < horizon:
            staff[changes]["tick"], staff[changes]["what"] = presence[at]["end"], -1 - at
            changes += 1
    by_tick(staff, spare, (changes, start, horizon), place)
    staff[changes]["tick"] = NEVER


@compiled
def set_up_seats(frame: Frame) -> None:
    """Bring seats into the state just before the start."""
    desks, presence = array(frame, "desk"), array(frame, "presence")
    for seat in range(len(desks)):
        desk = desks[seat]
        desk["queue"] = desk["first"] = -1
        desk["queued"] = desk["working"] = desk["present"] = desk["stirred"] = 0
        desk["sitting"] = desk["sat"] - 1
        for at in range(desk["sat"], desk["sits"]):
            if presence[at]["begin"] < frame["start"]:
                desk["sitting"] = at
                desk["present"] = int(presence[at]["end"] >= frame["start"])


@compiled
def set_up(frame: Frame) -> None:
    """Bring everything into the state just before the start."""
    set_up_seats(frame)
    pools = array(frame, "pool")
    for resource in range(len(pools)):
        pool = pools[resource]
        pool["queue"], pool["units"], pool["held"], pool["step"] = -1, 0, 0, pool["first"]
    pointer = array(frame, "pointer")
    for route in range(len(pointer)):
        pointer[route] = 0
    frame["free_unit"] = -1
    frame["gave_up"] = 0
    frame["dues"] = frame["tasks"] = frame["stirs"] = frame["units"] = frame["arose"] = frame["staffed"] = 0


@compiled
def drop(frame: Frame) -> None:
    """Count the leads that ask for what is sold no more."""
    case = array(frame, "case")
    for number in range(frame["cases"]):
        deal = case[number]
        if deal["outcome"] == DROPPED:
            turn_to(frame, deal["arrival"])
            count(frame, deal, c.DROPPED_LEADS, 1)
            note(frame, deal, m.DISCARDED, deal["stage"])
