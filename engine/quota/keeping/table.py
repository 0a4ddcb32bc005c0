"""Tables of what was kept: every seat beside its quota in force, and what each objective reached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.amounts import decimals
from engine.columns import Column, Table
from engine.inputs import Inputs, IntArray
from engine.quota.keeping.model import SEATS, WORST
from engine.quota.keeping.problem import Kept
from engine.quota.keeping.search import Aim
from solvers.solution import relative_gap

KEPT, MOVED, ANEW, FIXED = "kept", "moved", "anew", "fixed"
TEAM = Column("team", "text", "Team; blank where there are none.")
SEAT_COLUMNS = (
    TEAM,
    Column("rep", "text", "Seat."),
    Column(
        "in_force",
        "money",
        "Quota in force for the whole plan, without what catch-up and relief of its run moved in open periods.",
    ),
    Column("quota", "money", "Quota of this run, without its own catch-up and relief."),
    Column("change", "money", "quota - in_force."),
    Column("held", "flag", "Whether the seat is held to its quota in force."),
    Column(
        "outcome",
        "text",
        "kept; moved (as goal, bounds and the other seats ask for); anew (set by the methods); fixed (by a rule).",
    ),
    Column(
        "reason",
        "text",
        "Why it is not held: new seat, named (in keep.anew), accounts, time in seat (ramp, hire date, leave), bounds "
        "narrower than the step, or the rule that fixes it; blank where it is held.",
    ),
)
LEAST_COLUMNS = (
    TEAM,
    Column("order", "whole", "Place of the objective, from 1; each holds those before it."),
    Column(
        "least",
        "text",
        "What is least: anew (distance from what the methods ask for of seats set anew, in all), seats (quotas that "
        "change), amount (money moved, in all), worst (largest change), targets (distance from what the methods ask "
        "for, in all).",
    ),
    Column("unit", "text", "seats, currency (units of it), or ratio of the quota in force."),
    Column("reached", "real", "What the quotas reach."),
    Column("bound", "real", "What no quotas are below, with what stands before it held."),
    Column("gap", "ratio", "(reached - bound) / reached; 0 where both are 0."),
)


@dataclass(frozen=True)
class Shared:
    """One goal, shared out with quotas in force kept."""

    team: str
    seats: Sequence[bool]
    """Who is in it, shape (rep,)."""
    kept: Kept
    least: Sequence[Aim]


def tables(inputs: Inputs, shared: Sequence[Shared], quota: IntArray) -> tuple[Table, ...]:
    """Return the tables `quota_kept`, and `quota_least` where objectives were solved.

    `quota` is that of each seat without catch-up and relief, minor units, shape (rep,).
    """
    import pandas as pd

    rows = [row for seat in range(len(inputs.reps)) for row in _seat(inputs, shared, seat, int(quota[seat]))]
    frame = pd.DataFrame(rows, columns=[column.name for column in SEAT_COLUMNS])
    whole = {column.name: np.int64 for column in SEAT_COLUMNS if column.type == "money"}
    made = (
        Table(
            "quota_kept", SEAT_COLUMNS, frame.astype({**whole, "held": bool}), "Quotas beside those in force."
        ),
    )
    told = [row for one in shared for row in _least(inputs, one)]
    if not told:
        return made
    least = pd.DataFrame(told, columns=[column.name for column in LEAST_COLUMNS]).astype({"order": np.int64})
    return (*made, Table("quota_least", LEAST_COLUMNS, least, "How little of what is in force had to move."))


def _seat(inputs: Inputs, shared: Sequence[Shared], seat: int, quota: int) -> Iterator[tuple[Any, ...]]:
    one = next((one for one in shared if one.seats[seat]), shared[0])
    before, reason = int(one.kept.force.seats[seat]), one.kept.force.reasons[seat]
    node = one.kept.problem.tree.seats()[seat]
    outcome = (KEPT if quota == before else MOVED) if not reason else ANEW
    if one.kept.problem.limits[node].fixed:
        outcome = FIXED
    yield (
        one.team or None,
        inputs.reps.id[seat],
        before,
        quota,
        quota - before,
        not reason,
        outcome,
        reason or None,
    )


def _least(inputs: Inputs, one: Shared) -> Iterator[tuple[Any, ...]]:
    scale = 10 ** decimals(inputs.currency)
    for order, aim in enumerate(one.least, 1):
        unit = {SEATS: "seats", WORST: "ratio"}.get(aim.name, "currency")
        over = scale if unit == "currency" else 1
        gap = relative_gap(float(aim.reached), aim.bound)
        yield one.team or None, order, aim.name, unit, float(aim.reached) / over, aim.bound / over, gap
