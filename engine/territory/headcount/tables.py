"""Tables of a sweep: what each number of territories costs, and where its territories are based."""

from __future__ import annotations

from math import ceil, floor, isfinite

import numpy as np
import pandas as pd

from engine.amounts import decimals
from engine.columns import Column, Table
from engine.territory.headcount.seats import new_id
from engine.territory.headcount.spec import HeadcountSpec
from engine.territory.headcount.sweep import Point, Sweep

COUNT = Column("territories", "whole", "Number of territories")


def tables(sweep: Sweep, headcount: HeadcountSpec, adopted: Point | None = None) -> tuple[Table, ...]:
    """Return headcount, headcount_homes and headcount_alignment; `adopted` is the number whose seats the run has."""
    return _headcount(sweep, headcount, adopted), _homes(sweep), _alignment(sweep)


def _headcount(sweep: Sweep, headcount: HeadcountSpec, adopted: Point | None) -> Table:
    columns = (
        COUNT,
        Column("new", "whole", "How many of them are new and vacant; blank without a plan"),
        Column(
            "lower_bound",
            "money",
            "No plan of this many costs less a year; blank when there is no plan at all",
        ),
        Column(
            "upper_bound",
            "money",
            "Cost of the plan found, a year: opening and alignment, less contribution; blank without one",
        ),
        Column("opening_cost", "money", "Cost of opening the new territories; blank without a plan"),
        Column("contribution", "money", "What the new territories bring in; blank without a plan"),
        Column(
            "alignment_cost", "money", "What the objectives of the scenario come to; blank without a plan"
        ),
        Column("gap", "ratio", "(upper bound - lower bound) / upper bound; blank without a plan"),
        Column(
            "ruled_out",
            "flag",
            "Whether the bound proves that another number is cheaper, or that no plan exists",
        ),
        Column("chosen", "flag", "The cheapest plan found"),
        Column("adopted", "flag", "Whether its territories are the seats of the run"),
        Column("proof", "text", "Where the lower bound comes from, and what it leaves out"),
    )
    scale = 10 ** decimals(sweep.sites.inputs.currency)
    best = sweep.chosen
    least = best.upper if best else float("inf")
    rows: list[tuple[object, ...]] = [
        (
            point.count,
            len(_new(sweep, point)) if point.alignment else None,
            floor(point.lower * scale) if isfinite(point.lower) else None,
            ceil(point.upper * scale) if isfinite(point.upper) else None,
            *(_terms(sweep, point, headcount, scale) if point.alignment else (None, None)),
            round((point.upper - point.opening) * scale) if point.alignment else None,
            gap_of(point),
            bool(point.lower > least) or point.lower == float("inf"),
            point is best,
            point is adopted,
            point.proof,
        )
        for point in sweep.points
    ]
    return _table(
        "headcount", columns, rows, "What each number of territories costs, with a bound from below"
    )


def _new(sweep: Sweep, point: Point) -> list[str]:
    """Return the places of new territories."""
    return [sweep.sites.places.id[j - sweep.sites.seats] for j in point.open if j >= sweep.sites.seats]


def _terms(sweep: Sweep, point: Point, headcount: HeadcountSpec, scale: int) -> tuple[int, int]:
    """Return what the new territories cost and bring in, minor units."""
    terms = [headcount.terms(place) for place in _new(sweep, point)]
    return round(sum(cost for cost, _ in terms) * scale), round(sum(brought for _, brought in terms) * scale)


def gap_of(point: Point) -> float:
    """Return (UB - LB) / |UB|; NaN without a plan."""
    if not isfinite(point.upper):
        return float("nan")
    if point.upper <= point.lower:
        return 0.0
    return (point.upper - point.lower) / abs(point.upper) if point.upper else float("inf")


def _homes(sweep: Sweep) -> Table:
    columns = (
        COUNT,
        Column("rep", "text", "Seat: one of today's, or new-1, new-2 ... of that many territories"),
        Column("place", "text", "Place of a new territory; blank for a seat of today"),
        Column("latitude", "real", "Latitude of its home", "degrees"),
        Column("longitude", "real", "Longitude of its home", "degrees"),
        Column("accounts", "whole", "Accounts owned"),
        Column("potential", "money", "Potential owned"),
        Column("workload", "real", "Workload owned", "as in the table of accounts"),
    )
    rows: list[tuple[object, ...]] = []
    for point in sweep.points:
        rows += _homes_of(sweep, point)
    return _table("headcount_homes", columns, rows, "Where the territories of each number are based")


def _homes_of(sweep: Sweep, point: Point) -> list[tuple[object, ...]]:
    if point.alignment is None or point.inputs is None:
        return []
    reps, accounts, owner = point.inputs.reps, point.inputs.accounts, point.alignment.rep_of
    new = [j - sweep.sites.seats for j in point.open if j >= sweep.sites.seats]
    place = {new_id(k): sweep.sites.places.id[c] for k, c in enumerate(new)}
    known = set(sweep.sites.inputs.reps.id)
    rows: list[tuple[object, ...]] = []
    for j, seat in enumerate(reps.id):
        mine = np.flatnonzero(owner == j)
        rows.append(
            (
                point.count,
                seat,
                None if seat in known else place[seat],
                float(reps.latitude[j]),
                float(reps.longitude[j]),
                len(mine),
                int(accounts.potential[mine].sum()),
                float(accounts.workload[mine].sum()) / 100,
            )
        )
    return rows


def _alignment(sweep: Sweep) -> Table:
    columns = (
        COUNT,
        Column("account", "text", "Id of the account"),
        Column("rep", "text", "Seat that owns it"),
    )
    rows: list[tuple[object, ...]] = []
    for point in sweep.points:
        if point.alignment is not None and point.inputs is not None:
            seats = [point.inputs.reps.id[rep] for rep in point.alignment.rep_of.tolist()]
            rows += [(point.count, *pair) for pair in zip(point.inputs.accounts.id, seats, strict=True)]
    return _table("headcount_alignment", columns, rows, "Which territory of each number owns each account")


def _table(name: str, columns: tuple[Column, ...], rows: list[tuple[object, ...]], meaning: str) -> Table:
    frame = pd.DataFrame(rows, columns=[column.name for column in columns])
    for column in columns:
        if column.type == "text":
            frame[column.name] = frame[column.name].astype("str")
        elif column.type in {"money", "whole"}:
            blank = column.name not in {"territories", "accounts", "potential"}
            frame[column.name] = frame[column.name].astype("Int64" if blank else "int64")
        elif column.type == "flag":
            frame[column.name] = frame[column.name].astype("bool")
        else:
            frame[column.name] = frame[column.name].astype("float64")
    return Table(name, columns, frame, meaning)
