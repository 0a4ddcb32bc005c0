"""Seats at work: their queues, and the deals that they have in progress."""

from __future__ import annotations

from engine.pipeline import counters as c
from engine.pipeline import layout as m
from engine.pipeline.events.compiling import compiled
from engine.pipeline.events.counting import count, note
from engine.pipeline.events.frame import Frame, Record, array
from engine.pipeline.events.queues import joined, without_first
from engine.pipeline.events.stages import start
from engine.pipeline.layout import ABANDONED, WAITING


@compiled
def stir(frame: Frame, seat: int) -> None:
    """Remember that a seat may start a deal."""
    desk = array(frame, "desk")[seat]
    if desk["stirred"] == 0:
        desk["stirred"] = 1
        array(frame, "stirred")[frame["stirs"]] = seat
        frame["stirs"] += 1


@compiled
def wait_at(frame: Frame, number: int, seat: int) -> None:
    """Put a deal into the queue of a seat."""
    desk, case = array(frame, "desk")[seat], array(frame, "case")
    case[number]["seat"] = seat
    desk["queue"] = joined(case, desk["queue"], number)
    desk["queued"] += 1
    stir(frame, seat)


@compiled
def first_waiting(frame: Frame, seat: int) -> int:
    """Return the first deal in the queue of a seat that has not given up, -1 for none."""
    desk, case = array(frame, "desk")[seat], array(frame, "case")
    while desk["queue"] >= 0 and case[desk["queue"]]["outcome"] == ABANDONED:
        desk["queue"] = without_first(case, desk["queue"])
    return int(desk["queue"])


@compiled
def abandon(frame: Frame, deal: Record) -> None:
    """Let a lead give up at the present tick."""
    deal["end"], deal["outcome"] = frame["tick"], ABANDONED
    count(frame, deal, c.ABANDONED_LEADS, 1)
    note(frame, deal, m.GAVE_UP, deal["stage"])


@compiled
def give_up(frame: Frame) -> None:
    """Let the waiting leads give up whose patience ends at this tick; their places in the queue go later."""
    gives, case, desk = array(frame, "give_up"), array(frame, "case"), array(frame, "desk")
    while gives[frame["gave_up"]]["tick"] == frame["tick"]:
        deal = case[gives[frame["gave_up"]]["what"]]
        frame["gave_up"] += 1
        if deal["outcome"] == WAITING:
            desk[deal["seat"]]["queued"] -= 1
            abandon(frame, deal)


@compiled
def next_waiting(frame: Frame, seat: int) -> int:
    """Take the first deal out of the queue of a seat, which has one (see `first_waiting`)."""
    desk = array(frame, "desk")[seat]
    number = desk["queue"]
    desk["queue"] = without_first(array(frame, "case"), number)
    desk["queued"] -= 1
    return int(number)


@compiled
def take_on(frame: Frame, number: int, seat: int) -> None:
    """Put a deal among those in progress at a seat."""
    desk, case = array(frame, "desk")[seat], array(frame, "case")
    deal = case[number]
    deal["seat"], deal["before"], deal["after"] = seat, -1, desk["first"]
    if desk["first"] >= 0:
        case[desk["first"]]["before"] = number
    desk["first"] = number
    desk["working"] += 1


@compiled
def let_go(frame: Frame, number: int) -> None:
    """Take a deal out of those in progress at its seat."""
    case = array(frame, "case")
    deal = case[number]
    desk = array(frame, "desk")[deal["seat"]]
    if deal["before"] >= 0:
        case[deal["before"]]["after"] = deal["after"]
    else:
        desk["first"] = deal["after"]
    if deal["after"] >= 0:
        case[deal["after"]]["before"] = deal["before"]
    desk["working"] -= 1
    stir(frame, deal["seat"])


@compiled
def arise(frame: Frame, number: int, seat: int) -> None:
    """Let a lead join the queue of a seat."""
    wait_at(frame, number, seat)
    deal = array(frame, "case")[number]
    count(frame, deal, c.LEADS, 1)
    note(frame, deal, m.ARRIVED, deal["stage"])


@compiled
def start_waiting(frame: Frame) -> None:
    """Start deals at the seats that may: while somebody is there, a slot is free, and a deal waits."""
    desks, stirred, agenda = array(frame, "desk"), array(frame, "stirred"), array(frame, "agenda")
    while frame["stirs"] > 0:
        frame["stirs"] -= 1
        seat = stirred[frame["stirs"]]
        desk = desks[seat]
        desk["stirred"] = 0
        while desk["present"] == 1 and desk["working"] < desk["slots"] and first_waiting(frame, seat) >= 0:
            number = next_waiting(frame, seat)
            take_on(frame, number, seat)
            start(frame, array(frame, "case")[number])
            agenda[frame["tasks"]] = number
            frame["tasks"] += 1
