"""What happens to a deal at the present tick: it starts, enters a stage, runs its time there, leaves it.

Both ways to simulate call these functions; they differ in how they come from one tick to the next.
"""

from __future__ import annotations

from engine.pipeline import counters as c
from engine.pipeline import layout as m
from engine.pipeline.draws import (
    ADVANCE,
    BACK,
    band,
    chance_at,
    going_back,
    leaving,
    needs,
    rest,
    visit_number,
)
from engine.pipeline.events.closing import lose, win
from engine.pipeline.events.compiling import compiled, inlined
from engine.pipeline.events.counting import add, count, note, rows_in
from engine.pipeline.events.drawing import days_level, outcome_level, stay
from engine.pipeline.events.frame import Frame, Record, array
from engine.pipeline.events.money import is_sold, size_band
from engine.pipeline.events.views import laws
from engine.pipeline.layout import NEVER, OPEN, TICKS


@inlined
def start(frame: Frame, deal: Record) -> None:
    """Begin to work on a deal; it is about to enter the first stage."""
    deal["start"] = deal["taken"] = frame["tick"]
    deal["outcome"], deal["stage"] = OPEN, 0
    deal["band"] = size_band(frame, deal)
    rows = rows_in(frame, deal, frame["period_now"])
    add(rows, c.STARTED, 1)
    add(rows, c.WAIT, frame["tick"] - deal["arrival"])
    note(frame, deal, m.STARTED, deal["stage"])


@compiled
def tenure_band(frame: Frame, seat: int, tick: int) -> int:
    """Band of the time in the seat, at a tick, of the person who sits there or sat there last."""
    edges, presence, desk = array(frame, "tenure_edge"), array(frame, "presence"), array(frame, "desk")[seat]
    at = desk["sitting"]
    while at + 1 < desk["sits"] and presence[at + 1]["begin"] <= tick:
        at += 1
    return band(edges, tick - presence[at]["since"]) if at >= desk["sat"] else len(edges)


@inlined
def row_of(frame: Frame, deal: Record, stage: int, moment: tuple[int, int]) -> int:
    """Return the row of a stage that a deal enters; `moment` is (tick, span of one part of the quarter)."""
    tick, month = moment
    tenure = tenure_band(frame, deal["seat"], tick) if len(array(frame, "tenure_edge")) > 0 else 0
    part = array(frame, "month")[month]
    return int(array(frame, "cell")[stage, deal["segment"], deal["band"], tenure, part])


@compiled
def enter(frame: Frame, deal: Record) -> bool:
    """Let a deal come into its stage; return whether it asks for a unit of a resource, or may run at once."""
    stage = deal["stage"]
    deal["row"] = row_of(frame, deal, stage, (frame["tick"], frame["month_now"]))
    deal["entered"], deal["due"] = frame["tick"], NEVER
    count(frame, deal, c.GLOBAL + c.FUNNEL * stage + c.ENTERED, 1)
    note(frame, deal, m.ENTERED, deal["stage"])
    row = array(frame, "row")[deal["row"]]
    visit = visit_number(stage, deal["recycled"])
    if row["resource"] < 0 or not needs(frame, deal["key"], visit, row["needs"]):
        return False
    deal["placed"] = frame["tick"]
    note(frame, deal, m.ASKED, deal["stage"])
    return True


@inlined
def plan(frame: Frame, number: int, row: Record, visit: tuple[int, int]) -> tuple[int, int]:
    """Decide how a deal will leave a stage, and how long it stays; `visit` is (stage, times recycled)."""
    deal, stage = array(frame, "case")[number], visit[0]
    chance = chance_at(row["advance"], array(frame, "odds_factor")[stage])
    if frame["seat_factor_wins"] == 1 and stage == frame["stages"] - 1:
        chance = min(chance * array(frame, "seat_factor")[deal["seat"]], 1.0)
    back = going_back(chance, row["advance"], row["recycle"])
    how = leaving(outcome_level(frame, number, visit), (chance, back))
    return how, stay(frame, number, visit, row["law"] if how == ADVANCE else row["law_lost"])


@compiled
def run_for(frame: Frame, number: int) -> None:
    """Decide how a deal will leave its stage, and when."""
    deal = array(frame, "case")[number]
    row = array(frame, "row")[deal["row"]]
    deal["how"], days = plan(frame, number, row, (deal["stage"], deal["recycled"]))
    deal["due"] = frame["tick"] + days


@compiled
def carry_on(frame: Frame, number: int) -> None:
    """Let a deal that is in progress at the start run on, given its age in its stage."""
    deal, known = array(frame, "case")[number], array(frame, "opening")[number]
    row, stage = array(frame, "row")[known["row"]], known["stage"]
    deal["outcome"], deal["start"], deal["taken"] = OPEN, known["created"], frame["tick"]
    deal["row"], deal["band"] = known["row"], size_band(frame, deal)
    deal["entered"] = frame["tick"] - int(known["age"] * TICKS)
    chance = chance_at(known["chance"], array(frame, "odds_factor")[stage])
    back = going_back(chance, row["advance"], row["recycle"])
    deal["how"] = leaving(outcome_level(frame, number, (stage, 0)), (chance, back))
    on = deal["how"] == ADVANCE
    law, floor = (row["law"], known["floor"]) if on else (row["law_lost"], known["floor_lost"])
    draw = days_level(frame, number, (stage, 0))
    factor = array(frame, "days_factor")[stage]
    deal["due"] = frame["tick"] + rest(laws(frame), law, draw, (floor, known["age"]), factor)
    count(frame, deal, c.OPEN_AT_START, 1)
    count(frame, deal, c.GLOBAL + c.FUNNEL * stage + c.ENTERED, 1)


@compiled
def leave(frame: Frame, deal: Record) -> bool:
    """Let a deal leave its stage as decided; return whether it is about to enter another one, or else closed."""
    how, stage = deal["how"], deal["stage"]
    at = c.GLOBAL + c.FUNNEL * stage
    count(frame, deal, at + c.DAYS, frame["tick"] - deal["entered"])
    if how == BACK:
        count(frame, deal, at + c.RECYCLED, 1)
        note(frame, deal, m.RECYCLED, deal["stage"])
        deal["stage"] = array(frame, "row")[deal["row"]]["back"]
        deal["recycled"] += 1
    elif how == ADVANCE and stage < frame["stages"] - 1:
        count(frame, deal, at + c.ADVANCED, 1)
        note(frame, deal, m.ADVANCED, stage)
        deal["stage"] = stage + 1
    elif how == ADVANCE and is_sold(frame, deal):
        count(frame, deal, at + c.ADVANCED, 1)
        win(frame, deal)
        note(frame, deal, m.WON_THERE, stage)
    else:
        count(frame, deal, at + c.LOST_THERE, 1)
        lose(frame, deal)
        note(frame, deal, m.LOST_THERE, stage)
    return bool(deal["outcome"] == OPEN)
