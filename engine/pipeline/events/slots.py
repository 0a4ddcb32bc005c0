"""A replication without an event list, where each seat serves its own leads in the order in which they arise.

Kiefer and Wolfowitz (1955): with the times at which a seat's K slots fall free, the next lead starts at max(arrival,
the earliest of them), once somebody sits there, and puts its own end there. What a deal goes through depends on
nothing but its start, so each is carried from its start to its end at once. It holds while nothing is shared between
seats, no lead goes before an earlier one, and deals stay where they are.
"""

from __future__ import annotations

from engine.inputs import IntArray
from engine.pipeline import counters as c
from engine.pipeline import layout as m
from engine.pipeline.draws import ADVANCE, BACK
from engine.pipeline.events.closing import lose, win
from engine.pipeline.events.compiling import compiled, inlined
from engine.pipeline.events.counting import add, count, note, rows_in, turn_to, when
from engine.pipeline.events.due import sink
from engine.pipeline.events.frame import Frame, Record, array
from engine.pipeline.events.leads import gives_up_at
from engine.pipeline.events.money import is_sold
from engine.pipeline.events.seats import abandon
from engine.pipeline.events.stages import carry_on, plan, row_of, start
from engine.pipeline.layout import NEVER

_IN_LINE = 32
"""Most slots that stand in line."""


@inlined
def put_in_line(free: IntArray, end: int) -> None:
    """Put an end in the place of the first of rising ones; nothing branches on where it comes to stand."""
    for slot in range(len(free) - 1):
        free[slot] = max(free[slot], min(end, free[slot + 1]))
    free[len(free) - 1] = max(free[len(free) - 1], end)


@inlined
def hold_until(frame: Frame, desk: Record, end: int) -> None:
    """Put `end` in the place of the slot of a seat that falls free first.

    Few slots stand in line, many of them are a binary heap: a line is one, too.
    """
    first, count = desk["slot"], desk["slots"]
    free = array(frame, "free")[first : first + count]
    if count <= _IN_LINE:
        put_in_line(free, end)
    else:
        sink(free, count - 1, end)


@inlined
def staffed_from(frame: Frame, desk: Record, tick: int) -> int:
    """First tick at or after `tick` at which somebody sits in a seat, which remembers the presence up to then."""
    presence = array(frame, "presence")
    while desk["sitting"] + 1 < desk["sits"] and presence[desk["sitting"] + 1]["begin"] <= tick:
        desk["sitting"] += 1
    at = desk["sitting"]
    if at >= desk["sat"] and tick < presence[at]["end"]:
        return tick
    return int(presence[at + 1]["begin"]) if at + 1 < desk["sits"] else NEVER


@inlined
def close(frame: Frame, deal: Record, stage: int) -> None:
    """Close a deal that leaves a stage now and enters no other."""
    rows, at = rows_in(frame, deal, frame["period_now"]), c.GLOBAL + c.FUNNEL * stage
    if deal["how"] == ADVANCE and is_sold(frame, deal):
        add(rows, at + c.ADVANCED, 1)
        win(frame, deal)
        note(frame, deal, m.WON_THERE, stage)
    else:
        add(rows, at + c.LOST_THERE, 1)
        lose(frame, deal)
        note(frame, deal, m.LOST_THERE, stage)


@inlined
def follow(frame: Frame, number: int, place: tuple[int, int], course: tuple[int, int, int]) -> int:
    """Carry a deal to its end, from within a stage; return that.

    It is a tick at or beyond the horizon where the deal stays open. `place` is (stage, row) and `course` is (how the
    deal will leave the stage, when it entered it, when it will leave it).
    """
    deal, rows = array(frame, "case")[number], array(frame, "row")
    stage, row = place
    how, entered, due = course
    recycled = 0
    while due < frame["horizon"]:
        period, month = when(frame, due)
        at, counters = c.GLOBAL + c.FUNNEL * stage, rows_in(frame, deal, period)
        add(counters, at + c.DAYS, due - entered)
        frame["tick"], frame["period_now"] = due, period
        if how == BACK:
            add(counters, at + c.RECYCLED, 1)
            note(frame, deal, m.RECYCLED, stage)
            stage, recycled = rows[row]["back"], recycled + 1
        elif how == ADVANCE and stage < frame["stages"] - 1:
            add(counters, at + c.ADVANCED, 1)
            note(frame, deal, m.ADVANCED, stage)
            stage += 1
        else:
            deal["how"] = how
            close(frame, deal, stage)
            break
        add(counters, c.GLOBAL + c.FUNNEL * stage + c.ENTERED, 1)
        note(frame, deal, m.ENTERED, stage)
        row = row_of(frame, deal, stage, (due, month))
        how, days = plan(frame, number, rows[row], (stage, recycled))
        entered, due = due, due + days
    deal["stage"] = stage
    return int(due)


@inlined
def begin_at(frame: Frame, number: int, tick: int) -> int:
    """Start a deal, and carry it to its end; return that."""
    turn_to(frame, tick)
    deal = array(frame, "case")[number]
    start(frame, deal)
    count(frame, deal, c.GLOBAL + c.ENTERED, 1)
    note(frame, deal, m.ENTERED, 0)
    row = row_of(frame, deal, 0, (tick, frame["month_now"]))
    how, days = plan(frame, number, array(frame, "row")[row], (0, 0))
    return follow(frame, number, (0, row), (how, tick, tick + days))


@inlined
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
        hold_until(frame, desk, begin_at(frame, number, begin))


@compiled
def carry_over(frame: Frame, number: int) -> None:
    """Carry a deal that is in progress at the start to its end; the slots of its seat fall free at the last ends."""
    deal = array(frame, "case")[number]
    desk = array(frame, "desk")[deal["seat"]]
    turn_to(frame, frame["start"])
    carry_on(frame, number)
    earliest = array(frame, "free")[desk["slot"]]
    course = (int(deal["how"]), deal["entered"], deal["due"])
    end = follow(frame, number, (int(deal["stage"]), int(deal["row"])), course)
    hold_until(frame, desk, max(earliest, end))


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
