"""From the typed tables of a run back to its inputs, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.adjusted import Adjusted
from engine.budgeted import Budgeted
from engine.calendar import Calendar, DateArray
from engine.data.dictionary import SEPARATOR, columns
from engine.data.typed import BREAK
from engine.geography import Adjacency, Ways
from engine.goals import Goals
from engine.history import Staff, StageHistory
from engine.in_force import COLUMNS as KEPT
from engine.in_force import OPTIONAL, InForce
from engine.inputs import (
    Accounts,
    Contracts,
    Edits,
    Finding,
    Inputs,
    IntArray,
    Opportunities,
    Products,
    Reps,
    Spells,
    Words,
)
from engine.owed import Owed


def inputs_of(frames: Mapping[str, pd.DataFrame], calendar: Calendar, currency: str) -> Inputs:
    """Build the inputs again from typed tables."""
    seats, sold = _reps(frames["reps"]), _products(frames["products"])
    accounts = _accounts(frames["accounts"], seats)
    deals, files = frames["opportunities"], frames["sources"]
    open_rows = (deals["outcome"] == -1).to_numpy(bool)
    axes = {"account": accounts.id, "rep": seats.id, "product": sold.id}
    return Inputs(
        calendar=calendar,
        currency=currency,
        accounts=accounts,
        reps=seats,
        spells=_spells(frames["spells"], seats),
        products=sold,
        history=_opportunities(deals[~open_rows], axes),
        pipeline=_opportunities(deals[open_rows], axes),
        findings=_findings(frames["findings"]),
        sources=tuple(zip(_words(files["file"]), _words(files["sha256"]), strict=True)),
        actuals=_opportunities(frames["actuals"], axes) if "actuals" in frames else None,
        renewed=_renewed(frames["renewed"], axes) if "renewed" in frames else None,
        edits=_edits(frames["edits"], axes) if "edits" in frames else None,
        adjusted=_adjusted(frames["adjusted"]) if "adjusted" in frames else None,
        budget=_budget(frames["budget"]) if "budget" in frames else None,
        in_force=_in_force(frames),
        owed=_owed(frames["balances"]) if "balances" in frames else None,
        start=_rows(frames["start"]["rep"], seats.id) if "start" in frames else None,
        contracts=_contracts(frames["contracts"], axes) if "contracts" in frames else None,
        stage_history=_entries(frames["stage_history"]) if "stage_history" in frames else None,
        staff=_staff(frames["hr"]) if "hr" in frames else None,
        ways=_ways(frames["distances"], axes) if "distances" in frames else None,
        goals=_goals(frames["goals"]) if "goals" in frames else None,
        adjacency=_adjacency(frames["adjacency"]) if "adjacency" in frames else None,
    )


def _entries(frame: pd.DataFrame) -> StageHistory:
    return StageHistory(_words(frame["opportunity"]), _words(frame["stage"]), _dates(frame["entered"]))


def _staff(frame: pd.DataFrame) -> Staff:
    return Staff(_words(frame["person"]), _dates(frame["start"]), _dates(frame["end"]))


def _adjacency(frame: pd.DataFrame) -> Adjacency:
    return Adjacency(_words(frame["unit"]), _words(frame["neighbour"]))


def _edits(frame: pd.DataFrame, axes: Mapping[str, Words]) -> Edits:
    return Edits(
        file=_words(frame["file"]),
        account=_rows(frame["account"], axes["account"]),
        rep=_rows(frame["rep"], axes["rep"]),
        place=_words(frame["place"]),
        reason=_words(frame["reason"]),
    )


def _adjusted(frame: pd.DataFrame) -> Adjusted:
    words = {name: _words(frame[name]) for name in ("file", "name", "product", "period", "place", "reason")}
    return Adjusted(amount=frame["amount"].to_numpy(np.int64), **words)


def _budget(frame: pd.DataFrame) -> Budgeted:
    return Budgeted(_words(frame["figure"]), _words(frame["period"]), frame["amount"].to_numpy(np.int64))


def _in_force(frames: Mapping[str, pd.DataFrame]) -> InForce | None:
    if "quotas_in_force" not in frames:
        return None
    names = [*KEPT, *(name for name in OPTIONAL if f"{name}_in_force" in frames)]
    return InForce({name: frames[f"{name}_in_force"] for name in names})


def _owed(frame: pd.DataFrame) -> Owed:
    return Owed(
        person=_words(frame["person"]),
        component=_words(frame["component"]),
        amount=_whole(frame["amount"]),
        due_in=_whole(frame["due_in"]),
        line=_whole(frame["line"]),
        file="".join(_words(frame["file"])[:1]),
    )


def _goals(frame: pd.DataFrame) -> Goals:
    keys = {name: _words(frame[name]) for name in ("level", "node", "product", "period")}
    file = "".join(_words(frame["file"])[:1])
    return Goals(amount=_whole(frame["amount"]), line=_whole(frame["line"]), file=file, **keys)


def _contracts(frame: pd.DataFrame, axes: Mapping[str, Words]) -> Contracts:
    return Contracts(
        id=_words(frame["id"]),
        account=_rows(frame["account"], axes["account"]),
        rep=_rows(frame["rep"], axes["rep"]),
        product=_rows(frame["product"], axes["product"]),
        amount=_whole(frame["amount"]),
        renews=_dates(frame["renews"]),
        months=_whole(frame["months"]),
    )


def _ways(frame: pd.DataFrame, axes: Mapping[str, Words]) -> Ways:
    return Ways(
        account=_rows(frame["account"], axes["account"]),
        rep=_rows(frame["rep"], axes["rep"]),
        km=frame["km"].to_numpy(np.float64),
        hours=frame["hours"].to_numpy(np.float64),
    )


def _accounts(frame: pd.DataFrame, seats: Reps) -> Accounts:
    return Accounts(
        id=_words(frame["id"]),
        name=_words(frame["name"]),
        segment=_words(frame["segment"]),
        latitude=frame["latitude"].to_numpy(np.float64),
        longitude=frame["longitude"].to_numpy(np.float64),
        owner=_rows(frame["owner"], seats.id),
        potential=_whole(frame["potential"]),
        workload=_whole(frame["workload"]),
        extra={name: _extra(frame[name]) for name in _declared(frame, "accounts")},
    )


def _reps(frame: pd.DataFrame) -> Reps:
    declared, names = _declared(frame, "reps"), list(frame.columns)
    above = [name for name in declared if names.index(name) < names.index("latitude")]
    return Reps(
        id=_words(frame["id"]),
        name=_words(frame["name"]),
        levels={name: _words(frame[name]) for name in above},
        latitude=frame["latitude"].to_numpy(np.float64),
        longitude=frame["longitude"].to_numpy(np.float64),
        serves=tuple(frozenset(cell.split(SEPARATOR)) - {""} for cell in _words(frame["serves"])),
        slots=_whole(frame["slots"]),
        history=_whole(frame["history"]),
        extra={name: _extra(frame[name]) for name in declared if name not in above},
    )


def _spells(frame: pd.DataFrame, seats: Reps) -> Spells:
    role = _words(frame["role"])
    return Spells(
        id=_words(frame["id"]),
        person=_words(frame["person"]),
        rep=_rows(frame["rep"], seats.id),
        start=_dates(frame["start"]),
        end=_dates(frame["end"]),
        plan=_words(frame["plan"]),
        salary=_whole(frame["salary"]),
        target_incentive=_whole(frame["target_incentive"]),
        role=role if any(role) else (),
    )


def _products(frame: pd.DataFrame) -> Products:
    return Products(_words(frame["id"]), _words(frame["name"]), _whole(frame["price"]))


def _opportunities(frame: pd.DataFrame, axes: Mapping[str, Words]) -> Opportunities:
    return Opportunities(
        id=_words(frame["id"]),
        account=_rows(frame["account"], axes["account"]),
        rep=_rows(frame["rep"], axes["rep"]),
        product=_rows(frame["product"], axes["product"]),
        stage=_words(frame["stage"]),
        outcome=frame["outcome"].to_numpy(np.int8),
        created=_dates(frame["created"]),
        entered=_dates(frame["entered"]),
        closed=_dates(frame["closed"]),
        amount=_whole(frame["amount"]),
        source=_words(frame["source"]) if frame["source"].notna().any() else (),
    )


def _renewed(frame: pd.DataFrame, axes: Mapping[str, Words]) -> Opportunities:
    return replace(_opportunities(frame, axes), kind=_words(frame["kind"]))


def _findings(frame: pd.DataFrame) -> tuple[Finding, ...]:
    table, what, action, examples = (_words(frame[name]) for name in ("table", "what", "action", "examples"))
    counts = [int(rows) for rows in frame["rows"]]
    return tuple(
        Finding(
            table[row],
            what[row],
            rows,
            action[row],
            tuple(examples[row].split(BREAK)) if examples[row] else (),
        )
        for row, rows in enumerate(counts)
    )


def _declared(frame: pd.DataFrame, table: str) -> list[str]:
    own = {column.name for column in columns()[table]}
    return [name for name in frame.columns if name not in own]


def _words(cells: pd.Series[Any]) -> Words:
    return tuple(cells.astype(object).where(cells.notna(), "").tolist())


def _rows(cells: pd.Series[Any], ids: Words) -> IntArray:
    place = {key: row for row, key in enumerate(ids)} | {"": -1}
    return np.array([place[key] for key in _words(cells)], dtype=np.int64)


def _whole(cells: pd.Series[Any]) -> IntArray:
    return np.asarray(cells.fillna(-1).to_numpy(np.int64))


def _dates(cells: pd.Series[Any]) -> DateArray:
    return cells.to_numpy("datetime64[us]").astype("datetime64[D]")


def _extra(cells: pd.Series[Any]) -> NDArray[Any]:
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return np.asarray(cells.to_numpy())
    return np.array(_words(cells), dtype=object)
