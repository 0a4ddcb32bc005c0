"""Tables of an alignment: who owns what, before and after, and how the seats balance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from engine.columns import Column, Table
from engine.inputs import FloatArray, Inputs, IntArray
from engine.territory.constraint import Constraint
from engine.territory.contribution import (
    CONTRIBUTION,
    by_seat,
    in_minor_units,
    response_tables,
    responses,
)
from engine.territory.declaration import Band, BoolArray, Spread
from engine.territory.geography.distance import ways_of
from engine.territory.geography.travelled import Travelled
from engine.territory.measure import WORKLOAD_SCALE, Measured, measured
from engine.territory.objective import Objective
from engine.territory.spec import TerritorySpec
from engine.territory.target import Target

ACCOUNT = Column("account", "text", "Id of the account")
NAME = Column("name", "text", "Name of the account")
POTENTIAL = Column("potential", "money", "Money a year that could be won")


def tables(inputs: Inputs, spec: TerritorySpec, rep_of: IntArray) -> tuple[Table, ...]:
    """Return alignment, territories, balance and moves, and response where an objective says what accounts bring in."""
    km = _ways(inputs, spec, rep_of)
    return (
        _alignment(inputs, rep_of, km),
        _territories(inputs, spec, rep_of, km),
        _balance(inputs, spec, rep_of),
        _moves(inputs, rep_of),
        *response_tables(inputs, spec, rep_of),
    )


def _ways(inputs: Inputs, spec: TerritorySpec, rep_of: IntArray) -> FloatArray:
    """Return kilometres from each account to its seat: of the user's table where an objective reads it; NaN unknown."""
    rules: list[object] = [*spec.objectives]
    told = [rule for rule in rules if isinstance(rule, Travelled) and rule.by == "table"]
    if not told:
        return ways_of(inputs, rep_of)
    return np.array([km for km, _ in told[0].ways_of(inputs, rep_of)])


def _moved(inputs: Inputs, rep_of: IntArray) -> BoolArray:
    moved: BoolArray = (inputs.accounts.owner >= 0) & (inputs.accounts.owner != rep_of)
    return moved


def _incumbents(inputs: Inputs) -> list[str | None]:
    return [inputs.reps.id[rep] if rep >= 0 else None for rep in inputs.accounts.owner.tolist()]


def _alignment(inputs: Inputs, rep_of: IntArray, km: FloatArray) -> Table:
    accounts = inputs.accounts
    columns = (
        ACCOUNT,
        NAME,
        Column("segment", "text", "Segment of the account"),
        Column("rep", "text", "Seat that owns the account"),
        Column("incumbent", "text", "Seat that held it before; blank where nobody did"),
        Column("moved", "flag", "Whether the account leaves its incumbent"),
        Column("latitude", "real", "Latitude of the account", "degrees"),
        Column("longitude", "real", "Longitude of the account", "degrees"),
        POTENTIAL,
        Column("workload", "real", "Workload of the account", "as in the table of accounts"),
        Column("travel_km", "real", "Distance from the seat's home: great circle, or the user's table", "km"),
    )
    seats = [inputs.reps.id[rep] for rep in rep_of.tolist()]
    values = (
        accounts.id,
        accounts.name,
        accounts.segment,
        seats,
        _incumbents(inputs),
        _moved(inputs, rep_of),
        accounts.latitude,
        accounts.longitude,
        accounts.potential,
        accounts.workload / WORKLOAD_SCALE,
        km,
    )
    return _table("alignment", columns, values, "Which seat owns each account")


def _territories(inputs: Inputs, spec: TerritorySpec, rep_of: IntArray, km: FloatArray) -> Table:
    reps, owner = inputs.reps, inputs.accounts.owner
    levels = tuple(Column(level, "text", f"{level.capitalize()} of the seat") for level in reps.levels)
    columns = (
        Column("rep", "text", "Id of the seat"),
        Column("name", "text", "Name of the seat"),
        *levels,
        Column("accounts", "whole", "Accounts owned"),
        Column("accounts_before", "whole", "Accounts held before"),
        Column("potential", "money", "Potential owned"),
        Column("potential_before", "money", "Potential held before"),
        Column("workload", "real", "Workload owned", "as in the table of accounts"),
        Column("workload_before", "real", "Workload held before", "as in the table of accounts"),
        Column("travel_km", "real", "Mean distance of the accounts from the seat's home", "km"),
        Column("latitude", "real", "Latitude of the seat's home", "degrees"),
        Column("longitude", "real", "Longitude of the seat's home", "degrees"),
    )
    count, potential, workload = (
        [_loads(inputs, measured(inputs, name), seats) for seats in (rep_of, owner)]
        for name in ("count", "potential", "workload")
    )
    located = ~np.isnan(km)
    total = np.bincount(rep_of[located], km[located], minlength=len(reps))
    ways = np.bincount(rep_of[located], minlength=len(reps))
    mean = np.where(ways > 0, total / np.maximum(ways, 1), np.nan)
    hours = [load / WORKLOAD_SCALE for load in workload]
    home = (reps.latitude, reps.longitude)
    values = (reps.id, reps.name, *reps.levels.values(), *count, *potential, *hours, mean, *home)
    if responses(spec):
        columns = (*columns, CONTRIBUTION)
        values = (*values, in_minor_units(inputs, by_seat(inputs, spec, rep_of)))
    return _table("territories", columns, values, "The territories, before and after")


def _loads(inputs: Inputs, measure: Measured, rep_of: IntArray) -> IntArray:
    load = np.zeros(len(inputs.reps), dtype=np.int64)
    held = np.flatnonzero(rep_of >= 0)
    np.add.at(load, rep_of[held], measure.at(held, rep_of[held]))
    return load


def _balance(inputs: Inputs, spec: TerritorySpec, rep_of: IntArray) -> Table:
    columns = (
        Column("rep", "text", "Id of the seat"),
        Column("measure", "text", "What is balanced"),
        Column("value", "real", "What the seat carries", "unit of the measure; currency units for money"),
        Column("lower", "real", "Least it may carry; blank without a bound", "unit of the measure"),
        Column("upper", "real", "Most it may carry; blank without a bound", "unit of the measure"),
        Column("before", "real", "What the seat carried before", "unit of the measure"),
    )
    frames = []
    for name, declared in _balanced(inputs, spec).items():
        measure = declared[0].measure
        low, high = _bounds(measure, [what for what in declared if isinstance(what, Band)], len(inputs.reps))
        after, before = _loads(inputs, measure, rep_of), _loads(inputs, measure, inputs.accounts.owner)
        figures = (part / measure.scale for part in (after, low, high, before))
        parts = (inputs.reps.id, [name] * len(inputs.reps), *figures)
        frames.append(pd.DataFrame(dict(zip([column.name for column in columns], parts, strict=True))))
    return Table(
        "balance", columns, pd.concat(frames, ignore_index=True), "Each seat on each balanced measure"
    )


def _balanced(inputs: Inputs, spec: TerritorySpec) -> dict[str, list[Band | Spread]]:
    """Return what is declared on each measure, by name; `potential` without bounds where nothing is balanced."""
    rules: list[Constraint | Objective] = [*spec.constraints, *spec.objectives]
    found: dict[str, list[Band | Spread]] = {}
    for rule in rules:
        what = rule.declare(inputs) if isinstance(rule, Target) else None
        if isinstance(what, Band | Spread):
            found.setdefault(what.measure.name, []).append(what)
    if not found:
        measure, none = measured(inputs, "potential"), np.zeros(len(inputs.reps))
        found["potential"] = [Spread(measure, none, none, 0.0)]
    return found


def _bounds(measure: Measured, bands: Sequence[Band], seats: int) -> tuple[FloatArray, FloatArray]:
    """Return the tightest bounds of all bands on a measure, shape (rep,); NaN where there is none."""
    least, most = (side.astype(np.float64) for side in measure.extremes(seats))
    low, high = least, most
    for band in bands:
        low, high = np.maximum(low, band.lower), np.minimum(high, band.upper)
    return np.where(low <= least, np.nan, low), np.where(high >= most, np.nan, high)


def _moves(inputs: Inputs, rep_of: IntArray) -> Table:
    columns = (
        ACCOUNT,
        NAME,
        Column("from_rep", "text", "Seat that held the account"),
        Column("to_rep", "text", "Seat that owns it now"),
        POTENTIAL,
    )
    gone, seats = np.flatnonzero(_moved(inputs, rep_of)), inputs.reps.id
    accounts = inputs.accounts
    values = (
        [accounts.id[i] for i in gone],
        [accounts.name[i] for i in gone],
        [seats[j] for j in accounts.owner[gone]],
        [seats[j] for j in rep_of[gone]],
        accounts.potential[gone],
    )
    return _table("moves", columns, values, "Accounts that leave their incumbent")


def _table(name: str, columns: tuple[Column, ...], values: tuple[object, ...], meaning: str) -> Table:
    frame = pd.DataFrame(dict(zip([column.name for column in columns], values, strict=True)))
    for column in columns:
        if column.type == "text":
            frame[column.name] = frame[column.name].astype("str")
    return Table(name, columns, frame, meaning)
