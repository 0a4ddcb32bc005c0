"""Who sits in which seat and when, in one replication; nothing that deals do moves people, so that comes first."""

from __future__ import annotations

import numpy as np

from engine.pipeline.draws import backfill_after, late_by, quits_at, thawed
from engine.pipeline.events.compiling import compiled
from engine.pipeline.events.frame import Frame, Record, array
from engine.pipeline.events.views import freezes, hazards, laws
from engine.pipeline.layout import NEVER
from engine.streams import child


@compiled
def comes_at(frame: Frame, spell: Record) -> int:
    """Tick at which a planned presence begins: late, and in no hiring freeze, unless it began before the start."""
    begin = spell["begin"]
    if begin <= frame["start"]:
        return int(begin)
    if spell["delay"] >= 0:
        begin += late_by(laws(frame), spell["delay"], frame, spell["key"])
    return thawed(freezes(frame), begin)


@compiled
def quitting(frame: Frame, spell: Record) -> tuple[int, int]:
    """Return (since when a person is there, tick at which they quit), by their first planned presence in the seat."""
    begin = comes_at(frame, spell)
    since = spell["since"] + begin - spell["begin"]
    if spell["hazard"] < 0:
        return since, NEVER
    times = (since, max(frame["start"], begin))
    return since, quits_at(hazards(frame), spell["hazard"], frame, spell["key"], times)


@compiled
def sit(frame: Frame, seat: int, times: tuple[int, int, int], why: tuple[bool, bool, bool]) -> None:
    """Add a presence, (begin, end, since), unless it is empty; beyond the room for presences only count it."""
    presence, at = array(frame, "presence"), frame["presences"]
    if times[1] <= times[0]:
        return
    if at < len(presence):
        row = presence[at]
        row["begin"], row["end"], row["since"] = times
        row["leaves"], row["quits"], row["hired"] = why
        row["seat"] = seat
    frame["presences"] = at + 1


@compiled
def sit_as_planned(frame: Frame, seat: int) -> tuple[int, bool]:
    """Add the planned presences of a seat; return when the time of the last person ends, or NEVER, and if they quit."""
    desk, spells = array(frame, "desk")[seat], array(frame, "spell")
    over, quits_first = NEVER, False
    for at in range(desk["spell"], desk["spells"]):
        spell, first = spells[at], desk["spell"]
        while spells[first]["key"] != spell["key"]:
            first += 1
        since, quits = quitting(frame, spells[first])
        end = min(spell["end"], quits)
        quits_first = quits <= spell["end"]
        over = end if quits_first or spell["last"] else NEVER
        sit(frame, seat, (comes_at(frame, spell), end, since), (over < NEVER, quits_first, False))
    return over, quits_first


@compiled
def backfill(frame: Frame, seat: int, over: int, key: np.uint64) -> None:
    """Add the newcomers of a seat, one after the other, since the tick at which the person of a key was gone."""
    desk = array(frame, "desk")[seat]
    while over < frame["horizon"]:
        key = child(key, 0)
        comes = over + backfill_after(laws(frame), desk["backfill"], frame, key)
        comes = thawed(freezes(frame), max(comes, frame["start"]))
        if comes >= frame["horizon"]:
            return
        over = NEVER
        if desk["newcomer"] >= 0:
            over = quits_at(hazards(frame), desk["newcomer"], frame, key, (comes, comes))
        sit(frame, seat, (comes, over, comes), (over < NEVER, over < NEVER, True))


@compiled
def seat_people(frame: Frame) -> None:
    """Add the presences of all seats, by seat and time."""
    desks = array(frame, "desk")
    frame["presences"] = 0
    for seat in range(len(desks)):
        desk = desks[seat]
        desk["sat"] = frame["presences"]
        over, quits = sit_as_planned(frame, seat)
        if over < NEVER and desk["backfill"] >= 0 and (quits or desk["backfills_planned"] == 1):
            backfill(frame, seat, over, array(frame, "spell")[desk["spells"] - 1]["key"])
        desk["sits"] = frame["presences"]
