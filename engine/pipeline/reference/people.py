"""People: who sits in a seat in one future, from the planned presences, by who quits and who follows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from engine.pipeline import draws
from engine.pipeline.layout import NEVER
from engine.pipeline.model import Future, Selling
from engine.streams import child


class Presence(NamedTuple):
    """Somebody is there, in ticks [begin, end)."""

    begin: int
    end: int
    since: int
    """When the person came."""
    over: bool
    """Whether the person's time in the seat ends with it."""


def presences(selling: Selling, future: Future, seat: int) -> list[Presence]:
    """Return who sits in a seat when, in order."""
    first = selling.seats.first
    planned = list(selling.seats.spell[first[seat] : first[seat + 1]])
    found: list[Presence] = []
    for person in _by_person(planned):
        mine, quit_at = _of_person(selling, future, person)
        found += mine
        successor = person[-1] is not planned[-1]
        planned_end = int(person[-1]["end"])
        if not successor and (quit_at <= planned_end or selling.seats.backfills_planned[seat]):
            left = np.uint64(person[-1]["key"]), min(quit_at, planned_end)
            found += _backfills(selling, future, seat, left)
    return found


def _by_person(planned: list[Any]) -> Iterator[list[Any]]:
    """Yield the presences of each person."""
    group: list[Any] = []
    for spell in planned:
        if group and group[-1]["key"] != spell["key"]:
            yield group
            group = []
        group.append(spell)
    if group:
        yield group


def _of_person(selling: Selling, future: Future, planned: list[Any]) -> tuple[list[Presence], int]:
    """Return the presences of one person, and when they quit."""
    seats, laws, start = selling.seats, selling.laws, selling.start
    quit_at, since, mine = NEVER, 0, list[Presence]()
    for place, spell in enumerate(planned):
        begin, key = int(spell["begin"]), np.uint64(spell["key"])
        if begin > start:
            late = draws.late_by(laws, spell["delay"], future, key) if spell["delay"] >= 0 else 0
            begin = draws.thawed(seats, begin + late)
        if place == 0:
            since = int(spell["since"]) + begin - int(spell["begin"])
        if place == 0 and spell["hazard"] >= 0:
            quit_at = draws.quits_at(seats.hazards, spell["hazard"], future, key, (since, max(start, begin)))
        end = min(int(spell["end"]), quit_at)
        if end > begin:
            mine.append(Presence(begin, end, since, bool(spell["last"]) or end == quit_at))
    return mine, quit_at


def _backfills(
    selling: Selling, future: Future, seat: int, left: tuple[np.uint64, int]
) -> Iterator[Presence]:
    """Yield who follows somebody who left, one after the other."""
    seats, laws = selling.seats, selling.laws
    (key, end), hazard = left, int(seats.newcomer[seat])
    while seats.backfill[seat] >= 0 and end < selling.horizon:
        key = np.uint64(child(key, 0))
        begin = max(end + draws.backfill_after(laws, seats.backfill[seat], future, key), selling.start)
        begin = draws.thawed(seats, begin)
        if begin >= selling.horizon:
            return
        end = NEVER
        if hazard >= 0:
            end = draws.quits_at(seats.hazards, hazard, future, key, (begin, begin))
        yield Presence(begin, end, begin, True)
