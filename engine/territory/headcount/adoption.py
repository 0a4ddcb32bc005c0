"""Adoption: the seats of a number of territories become the seats of the run.

    sweep over today's tables   ->  seats that stay, places of new ones
    tables with these seats     ->  the alignment, and whatever else the territories ask for

Seats that stay keep their people, pay and deals. A new one is vacant, at home at its place. One that closes is gone:
its people, too, and its open deals go with the accounts. The stages after this one plan over these seats alone; the
tables `alignment` and `moves` name today's owners.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np

from engine.columns import Table
from engine.errors import Fault, Infeasible, NoPlan
from engine.inputs import Inputs
from engine.progress import Progress
from engine.territory.alignment import Alignment
from engine.territory.headcount.homes import FIELD
from engine.territory.headcount.spec import HeadcountSpec
from engine.territory.headcount.sweep import CALM, Point, Sweep, sweep
from engine.territory.headcount.tables import tables
from engine.territory.interrupted import DesignInterrupted
from engine.territory.spec import TerritorySpec


def adopted(
    inputs: Inputs, spec: TerritorySpec, headcount: HeadcountSpec, *, seed: int, progress: Progress
) -> Alignment:
    """Return the alignment over the seats that a headcount chooses.

    Raises:
        Infeasible, NoPlan: there is no plan of the number that is adopted, or none was found.
        DesignInterrupted: the user stopped; the alignment is there once seats were chosen.

    """
    from engine.territory.planning.plan import plan
    from engine.territory.planning.rules import seen

    try:
        found = sweep(*seen(inputs, spec), headcount, seed=seed, progress=progress)
    except KeyboardInterrupt as stop:
        raise DesignInterrupted(None) from stop
    point = _chosen(found, headcount)
    assert point.alignment is not None
    world = replace(replace(found.sites, inputs=inputs).tables_of(point.open), start=point.alignment.rep_of)
    try:
        alignment = plan(world, spec.model_copy(update={"headcount": None}), seed=seed, progress=progress)
    except DesignInterrupted as stop:
        saved = stop.alignment
        raise DesignInterrupted(saved and _told(saved, inputs, found, point, headcount)) from stop
    return _told(alignment, inputs, found, point, headcount)


def _chosen(found: Sweep, headcount: HeadcountSpec) -> Point:
    if headcount.adopt == "cheapest":
        points, what = found.points, f"{headcount.min} to {headcount.max} territories"
        point = found.chosen
    else:
        points = tuple(point for point in found.points if point.count == headcount.adopt)
        what = f"{headcount.adopt} territories"
        point = points[0] if points[0].upper < inf else None
    if point is not None:
        return point
    proofs = "; ".join(dict.fromkeys(other.proof for other in points))
    hint = "Widen the rules, or the range of the headcount."
    if all(other.lower == inf for other in points):
        message = f"no alignment to {what} keeps the rules: {proofs}."
        raise Infeasible([Fault("M_INFEASIBLE", message, hint, field=FIELD)])
    raise NoPlan(f"no plan of {what} was found", hint=hint)


def _told(
    alignment: Alignment, today: Inputs, found: Sweep, point: Point, headcount: HeadcountSpec
) -> Alignment:
    """Return the alignment with today's owners in its tables, and with those of the headcount."""
    objective = alignment.solves[0].objective
    upper = objective + point.opening
    lower = min(point.lower, upper) if point.lower <= upper + CALM * max(abs(upper), 1.0) else point.lower
    best = replace(point, alignment=alignment, upper=upper, lower=lower)
    points = tuple(best if other is point else other for other in found.points)
    more = tables(replace(found, points=points), headcount, best)
    told = tuple(_with_owners(table, today) for table in alignment.tables)
    by_name = {table.name: table for table in told}
    moves = _moves(by_name["moves"], by_name["alignment"])
    told = tuple(moves if table.name == "moves" else table for table in told)
    return replace(alignment, tables=(*told, *more))


def _with_owners(table: Table, today: Inputs) -> Table:
    """Return the table `alignment` with the seats that own the accounts today, also those that close."""
    if table.name != "alignment":
        return table
    owners = [today.reps.id[rep] if rep >= 0 else None for rep in today.accounts.owner.tolist()]
    frame = table.frame.copy()
    frame["incumbent"] = np.array(owners, dtype=object)
    frame["incumbent"] = frame["incumbent"].astype("str")
    frame["moved"] = [
        owner is not None and owner != seat for owner, seat in zip(owners, frame["rep"], strict=True)
    ]
    return replace(table, frame=frame)


def _moves(table: Table, alignment: Table) -> Table:
    frame = alignment.frame[alignment.frame["moved"]]
    frame = frame.rename(columns={"incumbent": "from_rep", "rep": "to_rep"})
    return replace(table, frame=frame[list(table.frame.columns)].reset_index(drop=True))
