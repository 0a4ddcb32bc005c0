"""The typed tables of a run: what `verify` and a trace need, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from engine.calendar import DateArray
from engine.data.dictionary import SEPARATOR
from engine.inputs import Accounts, Finding, Inputs, IntArray, Opportunities, Products, Reps, Spells

BREAK = "\n"
"""Between the examples of a finding."""
Cells = dict[str, Any]


def to_frames(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """Return accounts, reps, spells, products, opportunities, findings and sources as typed tables."""
    deals = [pd.DataFrame(_deals(table, inputs)) for table in (inputs.history, inputs.pipeline)]
    return {
        **planning_frames(inputs),
        "accounts": pd.DataFrame(_accounts(inputs.accounts, inputs.reps)),
        "reps": pd.DataFrame(_reps(inputs.reps)),
        "spells": pd.DataFrame(_spells(inputs.spells, inputs.reps)),
        "products": pd.DataFrame(_products(inputs.products)),
        "opportunities": pd.concat(deals, ignore_index=True),
        "findings": pd.DataFrame(_findings(inputs.findings)),
        "sources": pd.DataFrame(
            {
                "file": _text(name for name, _ in inputs.sources),
                "sha256": _text(digest for _, digest in inputs.sources),
            }
        ),
    }


def planning_frames(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """Return what a plan in the middle of the year, or around an earlier one, was read from; only what there is."""
    found = {}
    seats = inputs.reps.id
    if inputs.actuals is not None:
        found["actuals"] = pd.DataFrame(_deals(inputs.actuals, inputs))
    if inputs.renewed is not None:
        found["renewed"] = pd.DataFrame(_deals(inputs.renewed, inputs) | {"kind": _text(inputs.renewed.kind)})
    if inputs.edits is not None:
        edits = inputs.edits
        cells = {
            "file": _text(edits.file),
            "account": _ids(edits.account, inputs.accounts.id),
            "rep": _ids(edits.rep, seats),
            "place": _text(edits.place),
            "reason": _text(edits.reason),
        }
        found["edits"] = pd.DataFrame(cells)
    if inputs.adjusted is not None:
        given = inputs.adjusted
        words = {name: _text(getattr(given, name)) for name in ("file", "name", "product", "period")}
        notes = {"place": _text(given.place), "reason": _text(given.reason)}
        found["adjusted"] = pd.DataFrame({**words, "amount": given.amount, **notes})
    if inputs.contracts is not None:
        base = inputs.contracts
        found["contracts"] = pd.DataFrame(
            {
                "id": _text(base.id),
                "account": _ids(base.account, inputs.accounts.id),
                "rep": _ids(base.rep, seats),
                "product": _ids(base.product, inputs.products.id),
                "amount": base.amount,
                "renews": _days(base.renews),
                "months": base.months,
            }
        )
    if inputs.stage_history is not None:
        entries = inputs.stage_history
        found["stage_history"] = pd.DataFrame(
            {
                "opportunity": _text(entries.opportunity),
                "stage": _text(entries.stage),
                "entered": _days(entries.entered),
            }
        )
    if inputs.staff is not None:
        staff = inputs.staff
        found["hr"] = pd.DataFrame(
            {"person": _text(staff.person), "start": _days(staff.start), "end": _days(staff.end)}
        )
    if inputs.adjacency is not None:
        pairs = inputs.adjacency
        found["adjacency"] = pd.DataFrame({"unit": _text(pairs.unit), "neighbour": _text(pairs.neighbour)})
    if inputs.ways is not None:
        ways = inputs.ways
        found["distances"] = pd.DataFrame(
            {
                "account": _ids(ways.account, inputs.accounts.id),
                "rep": _ids(ways.rep, seats),
                "km": ways.km,
                "hours": ways.hours,
            }
        )
    if inputs.budget is not None:
        budget = inputs.budget
        found["budget"] = pd.DataFrame(
            {"figure": _text(budget.figure), "period": _text(budget.period), "amount": budget.amount}
        )
    if inputs.in_force is not None:
        found |= {f"{name}_in_force": frame for name, frame in inputs.in_force.tables.items()}
    if inputs.owed is not None:
        before = inputs.owed
        found["balances"] = pd.DataFrame(
            {
                "person": _text(before.person),
                "component": _text(before.component),
                "amount": before.amount,
                "due_in": before.due_in,
                "file": _text([before.file] * len(before)),
                "line": before.line,
            }
        )
    if inputs.goals is not None:
        aims = inputs.goals
        keys = {name: _text(getattr(aims, name)) for name in ("level", "node", "product", "period")}
        place = {"file": _text([aims.file] * len(aims)), "line": aims.line}
        found["goals"] = pd.DataFrame({**keys, "amount": _nullable(aims.amount), **place})
    if inputs.start is not None:
        found["start"] = pd.DataFrame(
            {"account": _text(inputs.accounts.id), "rep": _ids(inputs.start, seats)}
        )
    return found


def _accounts(accounts: Accounts, seats: Reps) -> Cells:
    extra = {name: _text(cells) if cells.dtype == object else cells for name, cells in accounts.extra.items()}
    return {
        "id": _text(accounts.id),
        "name": _text(accounts.name),
        "segment": _text(accounts.segment),
        "latitude": accounts.latitude,
        "longitude": accounts.longitude,
        "owner": _ids(accounts.owner, seats.id),
        "potential": accounts.potential,
        "workload": accounts.workload,
        **extra,
    }


def _reps(seats: Reps) -> Cells:
    return {
        "id": _text(seats.id),
        "name": _text(seats.name),
        **{level: _text(nodes) for level, nodes in seats.levels.items()},
        "latitude": seats.latitude,
        "longitude": seats.longitude,
        "serves": _text(SEPARATOR.join(sorted(names)) for names in seats.serves),
        "slots": _nullable(seats.slots),
        "history": seats.history,
        **{name: _text(cells) if cells.dtype == object else cells for name, cells in seats.extra.items()},
    }


def _spells(spells: Spells, seats: Reps) -> Cells:
    return {
        "id": _text(spells.id),
        "person": _text(spells.person),
        "rep": _ids(spells.rep, seats.id),
        "start": _days(spells.start),
        "end": _days(spells.end),
        "plan": _text(spells.plan),
        "salary": spells.salary,
        "target_incentive": spells.target_incentive,
        "role": _text(spells.role or ("",) * len(spells)),
    }


def _products(sold: Products) -> Cells:
    return {"id": _text(sold.id), "name": _text(sold.name), "price": sold.price}


def _deals(deals: Opportunities, inputs: Inputs) -> Cells:
    return {
        "id": _text(deals.id),
        "account": _ids(deals.account, inputs.accounts.id),
        "rep": _ids(deals.rep, inputs.reps.id),
        "product": _ids(deals.product, inputs.products.id),
        "stage": _text(deals.stage),
        "outcome": deals.outcome.astype(np.int64),
        "created": _days(deals.created),
        "entered": _days(deals.entered),
        "closed": _days(deals.closed),
        "amount": _nullable(deals.amount),
        "source": _text(deals.source or ("",) * len(deals)),
    }


def _findings(findings: Sequence[Finding]) -> Cells:
    return {
        "table": _text(finding.table for finding in findings),
        "what": _text(finding.what for finding in findings),
        "rows": np.array([finding.rows for finding in findings], dtype=np.int64),
        "action": _text(finding.action for finding in findings),
        "examples": _text(BREAK.join(finding.examples) for finding in findings),
    }


def _text(values: Iterable[str]) -> pd.Series[Any]:
    """Text as the tables keep it: blank is missing."""
    return pd.Series([value or None for value in values], dtype="str")


def _ids(rows: IntArray, ids: Sequence[str]) -> pd.Series[Any]:
    return _text(ids[row] if row >= 0 else "" for row in rows.tolist())


def _nullable(values: IntArray) -> pd.Series[Any]:
    return pd.Series(values, dtype="Int64").mask(pd.Series(values < 0, dtype="boolean"))


def _days(values: DateArray) -> pd.Series[Any]:
    return pd.Series(values.astype("datetime64[us]"))
