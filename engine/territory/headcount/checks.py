"""Plain checks of the headcount's tables: sums, order, and every plan held to the rules over its own seats.

Nothing is located again. What stays the word of the location problem is the lower bound itself; it is held to the
cost of the plan, which is added up anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isclose
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.amounts import decimals
from engine.errors import VerificationFailed
from engine.inputs import Inputs
from engine.territory.checks import cost_of, violations
from engine.territory.headcount.fitting import plain
from engine.territory.headcount.seated import of_count
from engine.territory.headcount.spec import HeadcountSpec
from engine.territory.measure import WORKLOAD_SCALE
from engine.territory.spec import TerritorySpec

if TYPE_CHECKING:
    import pandas as pd

    Frames = Mapping[str, pd.DataFrame]
    Row = dict[str, int | None]

REAL = 1e-9
"""Relative difference allowed between two sums of real costs."""
MONEY = ("new", "lower_bound", "upper_bound", "opening_cost", "contribution", "alignment_cost")


def headcount_violations(
    inputs: Inputs, spec: TerritorySpec, headcount: HeadcountSpec, tables: Frames
) -> list[str]:
    """Return a sentence for each figure of the headcount's tables that contradicts the inputs or another figure.

    `inputs` and `spec` are the tables with today's seats and the rules over them, as the plans were held to.
    """
    counts = tables["headcount"]
    if counts["territories"].tolist() != list(range(headcount.min, headcount.max + 1)):
        return [f"headcount: its numbers are not those from {headcount.min} to {headcount.max}."]
    rows: dict[int, Row] = {
        int(row["territories"]): {name: None if _blank(row[name]) else int(row[name]) for name in MONEY}
        for _, row in counts.iterrows()
    }
    found = _order(rows, counts, headcount)
    for count, row in rows.items():
        if row["upper_bound"] is not None:
            homes = tables["headcount_homes"]
            said = _sums(row, inputs, headcount, homes[homes["territories"] == count])
            said += _plan(inputs, spec, headcount, tables, count, row)
            found += [f"headcount: {count} territories: {text}" for text in said]
    return found


def _blank(cell: Any) -> bool:
    import pandas as pd

    return bool(pd.isna(cell))


def _order(rows: dict[int, Row], counts: pd.DataFrame, headcount: HeadcountSpec) -> list[str]:
    """Hold what is said of the numbers among each other: bounds, what is ruled out, chosen, adopted.

    Bounds are rounded down and costs up, so that two of them may differ by a minor unit either way.
    """
    costs = [cost for row in rows.values() if (cost := row["upper_bound"]) is not None]
    least = min(costs, default=None)
    found = []
    for (count, row), out, chosen, taken in zip(
        rows.items(), counts["ruled_out"], counts["chosen"], counts["adopted"], strict=True
    ):
        low, cost = row["lower_bound"], row["upper_bound"]
        said = []
        if low is not None and cost is not None and low > cost:
            said.append(f"the bound {low} lies above the cost {cost}.")
        if out and low is not None and least is not None and low + 1 < least:
            said.append("ruled out by a bound below the least cost.")
        if chosen and cost != least:
            said.append("chosen, and another number costs less.")
        cheapest = headcount.adopt == "cheapest"
        fits = bool(taken) <= (cost == least) if cheapest else bool(taken) == (count == headcount.adopt)
        if not fits:
            said.append(f"adopted is {bool(taken)}; the scenario says otherwise.")
        found += [f"headcount: {count} territories: {text}" for text in said]
    return found


def _sums(row: Row, inputs: Inputs, headcount: HeadcountSpec, own: pd.DataFrame) -> list[str]:
    """Add up what the new territories cost and bring in; `own` are the rows of `headcount_homes` of the number."""
    scale, found = 10 ** decimals(inputs.currency), []
    terms = [headcount.terms(place) for place in own["place"].tolist() if not _blank(place)]
    for k, name in enumerate(("opening_cost", "contribution")):
        total = round(sum(term[k] for term in terms) * scale)
        if row[name] != total:
            found.append(f"{name} is {row[name]}; {len(terms)} new ones make {total}.")
    total = (row["opening_cost"] or 0) - (row["contribution"] or 0) + (row["alignment_cost"] or 0)
    if abs(total - (row["upper_bound"] or 0)) > 1:
        found.append(f"upper_bound is {row['upper_bound']}; its parts make {total}.")
    return found


def _plan(
    inputs: Inputs, spec: TerritorySpec, headcount: HeadcountSpec, tables: Frames, count: int, row: Row
) -> list[str]:
    """Hold the plan of one number to the rules over its seats, and its figures to its accounts."""
    try:
        world = of_count(inputs, headcount, tables["headcount_homes"], count)
    except VerificationFailed as failed:
        return [fault.message for fault in failed.faults]
    frame = tables["headcount_alignment"]
    own = frame[frame["territories"] == count]
    seat = {name: j for j, name in enumerate(world.reps.id)}
    if own["account"].tolist() != list(inputs.accounts.id) or not set(own["rep"]) <= set(seat):
        return ["headcount_alignment gives not every account one of its seats."]
    rep_of = np.array([seat[name] for name in own["rep"]], dtype=np.int64)
    found = violations(world, plain(spec), rep_of)
    new = len(set(world.reps.id) - set(inputs.reps.id))
    if new != row["new"]:
        found.append(f"{new} of its seats are new, told is {row['new']}.")
    if not found:
        cost = cost_of(world, plain(spec), rep_of) * 10 ** decimals(inputs.currency)
        told = row["alignment_cost"] or 0
        if not isclose(cost, told, rel_tol=REAL, abs_tol=1.0):
            found.append(f"the alignment costs {cost:.2f}, told is {told} (minor units).")
    return found + _loads(world, rep_of, tables["headcount_homes"], count)


def _loads(world: Inputs, rep_of: np.ndarray, frame: pd.DataFrame, count: int) -> list[str]:
    found = []
    own = frame[frame["territories"] == count].set_index("rep")
    accounts = world.accounts
    for j, seat in enumerate(world.reps.id):
        mine = [i for i, rep in enumerate(rep_of.tolist()) if rep == j]
        sums = {
            "accounts": len(mine),
            "potential": sum(int(accounts.potential[i]) for i in mine),
            "workload": sum(int(accounts.workload[i]) for i in mine) / WORKLOAD_SCALE,
        }
        found += [
            f"{name} of seat {seat} is given as {own[name][seat]}, its accounts add up to {value}."
            for name, value in sums.items()
            if own[name][seat] != value
        ]
    return found
