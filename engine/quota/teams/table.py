"""Tables of quotas that were shared out team by team, put together, and the report of street quota against plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.columns import Column, Table
from engine.inputs import Inputs, IntArray
from engine.quota.teams.parts import Part

EVERY = "all"
TEAM = Column("team", "text", "Team whose goal is shared out.")
TEAMS = (
    Column("team", "text", "Team, or `all` for all that carry the company's goal"),
    Column("counts", "flag", "Its quotas count towards the company's goal; an overlay's do not"),
    Column("seats", "whole", "Seats in it"),
    Column("goal", "money", "What it has to bring"),
    Column("quota", "money", "Street quota: the sum of its seats' quotas"),
    Column("over_assignment", "ratio", "quota / goal - 1; blank for a goal of 0"),
    Column(
        "of_goal",
        "ratio",
        "quota / the company's goal: for an overlay, how much of it is held against people twice",
    ),
    Column("credit", "text", "What its quotas are held against"),
)
ONCE = "its own bookings"
TWICE = "bookings that other quotas count as well (double credit)"


@dataclass(frozen=True)
class Shared:
    """What was shared out for one part, and its tables."""

    part: Part
    goal: int
    """Minor units."""
    cells: IntArray
    """Shape (rep, product, period), minor units."""
    tables: tuple[Table, ...]


def together(inputs: Inputs, shared: Sequence[Shared]) -> tuple[Table, ...]:
    """Return the tables of one part as they are, or those of all teams put together, with quota_teams."""
    if len(shared) == 1 and not shared[0].part.team:
        return shared[0].tables
    made = []
    for index, first in enumerate(shared[0].tables):
        frames = [(one, one.tables[index].frame) for one in shared]
        if first.name == "quota_levels":
            made.append(_levels(first, frames))
        elif first.name == "goals":
            counted = [frame for one, frame in frames if not one.part.overlay]
            total = sum((frame["goal"] for frame in counted[1:]), counted[0]["goal"])
            made.append(Table(first.name, first.columns, counted[0].assign(goal=total), first.meaning))
        else:
            made.append(_seats(inputs, first, frames))
    return (*made, _teams(shared))


def _levels(first: Table, frames: list[tuple[Shared, pd.DataFrame]]) -> Table:
    """Put the levels of all teams below one another, without nodes in which a team has no seat."""
    kept = []
    for one, frame in frames:
        inner = ~frame["level"].isin(["company", "product", "period", "product x period"])
        empty = inner & (frame["assigned"] == 0) & (frame["quota"] == 0)
        own = frame[~empty].copy()
        own.insert(0, "team", one.part.team)
        kept.append(own)
    return Table(first.name, (TEAM, *first.columns), pd.concat(kept, ignore_index=True), first.meaning)


def _seats(inputs: Inputs, first: Table, frames: list[tuple[Shared, pd.DataFrame]]) -> Table:
    """Take every row of a table of seats from the part of its seat; a seat of no part stays as the first has it."""
    of = {
        rep: at
        for at, (one, _) in enumerate(frames)
        for rep, mine in zip(inputs.reps.id, one.part.seats, strict=True)
        if mine
    }
    place = {rep: seat for seat, rep in enumerate(inputs.reps.id)}
    own = [frame[frame["rep"].map(of).fillna(0) == index] for index, (_, frame) in enumerate(frames)]
    rows = pd.concat(own).sort_values(
        "rep", key=lambda reps: reps.map(place), kind="stable", ignore_index=True
    )
    at = rows["rep"].map(of).fillna(0).to_numpy(np.int64)
    if first.name != "quota_reps":
        return Table(first.name, first.columns, rows, first.meaning)
    names = [one.part.team for one, _ in frames]
    column = Column("team", "text", "Team of the seat.")
    rows = rows.assign(team=np.array([names[index] for index in at], dtype=object))
    return Table(first.name, (*first.columns, column), rows, first.meaning)


def _teams(shared: Sequence[Shared]) -> Table:
    counted = [one for one in shared if not one.part.overlay]
    company = sum(one.goal for one in counted)
    rows = [
        _row(
            one.part.team, not one.part.overlay, sum(one.part.seats), one.goal, int(one.cells.sum()), company
        )
        for one in shared
    ]
    street, seats = sum(int(one.cells.sum()) for one in counted), sum(sum(one.part.seats) for one in counted)
    rows.insert(len(counted), _row(EVERY, True, seats, company, street, company))
    frame = pd.DataFrame(rows, columns=[column.name for column in TEAMS])
    return Table("quota_teams", TEAMS, frame, "Street quota against plan, by team.")


def _row(team: str, counts: bool, seats: int, goal: int, quota: int, company: int) -> tuple[object, ...]:
    over = quota / goal - 1 if goal else float("nan")
    return team, counts, seats, goal, quota, over, quota / company, ONCE if counts else TWICE
