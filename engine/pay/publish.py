"""Everything a pay folder holds, written, then verified as it lies on the disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from engine.columns import Table
from engine.comp.checking.finding import Check
from engine.errors import VerificationFailed
from engine.inputs import Inputs, IntArray
from engine.pay.discreet import sums
from engine.pay.earlier import SETTLED, Earlier
from engine.pay.managers import extracts, write_extracts
from engine.pay.page import page
from engine.pay.shown import COLUMNS
from engine.pay.spec import PayScenario
from engine.pay.statements import everybody, write_statements


@dataclass(frozen=True)
class Leaves:
    """What a pay folder is written from."""

    inputs: Inputs
    managers: IntArray
    ledger: pd.DataFrame
    lines: pd.DataFrame
    tables: tuple[Table, ...]
    closed: int
    """Periods that are paid."""
    before: Earlier | None
    settled_lines: pd.DataFrame
    """Lines of all periods that are closed, as they are worked out now."""
    owed_before: pd.DataFrame
    """What people were owed when the plan began."""
    checks: tuple[Check, ...] = ()
    """What the plan checker found."""


def write_pay(folder: Path, scenario: PayScenario, leaves: Leaves) -> None:
    """Write the folder and verify it.

    Raises:
        VerificationFailed: what was written contradicts itself, or an input changed meanwhile.

    """
    from engine.reading.resolved import to_yaml
    from engine.store import tables
    from engine.store.manifest import LAYOUT, NAME, write_json
    from engine.store.publish import unchanged
    from engine.verification import faults_in

    inputs, currency = leaves.inputs, scenario.currency
    unchanged(scenario.source.base, inputs.sources)
    tables.write(folder, leaves.tables, currency)
    private = folder / "private"
    leaves.lines.to_parquet(private / "lines.parquet", index=False, compression="zstd")
    if leaves.before:
        leaves.settled_lines.to_parquet(folder / SETTLED, index=False, compression="zstd")
    described = [
        *((table.name, table.columns) for table in leaves.tables),
        ("lines", COLUMNS),
        *([("settled_lines", COLUMNS)] if leaves.before else []),
    ]
    tables.write_dictionary(folder / "dictionary.csv", described, LAYOUT, currency)
    title = scenario.source.name
    released = _released(scenario, leaves)
    before = leaves.owed_before.groupby("person")["amount"].sum()
    owed = dict(zip(before.index.tolist(), before.tolist(), strict=True))
    write_statements(
        private / "statements", leaves.lines, leaves.ledger, inputs, title, currency, released, owed
    )
    found = extracts(leaves.ledger, inputs, leaves.managers)
    write_extracts(private / "managers", found, leaves.lines, title, currency)
    # Plans may say of a person by name what was achieved, or is expected.
    (private / "pay.yaml").write_text(to_yaml(scenario), encoding="utf-8")
    public = [table for table in leaves.tables if not table.private]
    labels = inputs.calendar.labels
    span = f"{labels[0]} to {labels[leaves.closed - 1]}, money in {currency}"
    facts = [span, *(words[0].upper() + words[1:] + "." for words in sums(public, currency))]
    text = page(title, scenario.description, facts, public, inputs.findings, currency)
    (folder / "report.html").write_text(text, encoding="utf-8", newline="\n")
    write_json(folder / NAME, _manifest(folder, scenario, leaves))
    faults = faults_in(folder)
    if faults:
        raise VerificationFailed(faults)


def _released(scenario: PayScenario, leaves: Leaves) -> pd.DataFrame | None:
    """Return what became due on deals in the periods that are paid now; None where that is what they earn."""
    if scenario.crediting.release != "cash":
        return None
    (found,) = (table.frame for table in leaves.tables if table.name == "released")
    first = leaves.before.closed if leaves.before else 0
    return found[found["period"].isin(leaves.inputs.calendar.labels[first:])]


def _manifest(folder: Path, scenario: PayScenario, leaves: Leaves) -> dict[str, Any]:
    from engine.store.manifest import LAYOUT, digests
    from engine.store.publish import engine_version, versions

    return {
        "engine": "apportion",
        "kind": "pay",
        "version": engine_version(),
        "layout": LAYOUT,
        "scenario": scenario.source.name,
        "scenario_digest": scenario.source.digest,
        "currency": scenario.currency,
        "periods": list(leaves.inputs.calendar.labels),
        "closed": leaves.closed,
        "people": len(everybody(leaves.ledger, leaves.lines, leaves.inputs)),
        "complete": True,
        "previous_ledger": leaves.before.digest if leaves.before else None,
        "inputs": dict(leaves.inputs.sources),
        "findings": [
            {"table": f.table, "what": f.what, "rows": f.rows, "action": f.action}
            for f in leaves.inputs.findings
        ],
        "versions": versions(),
        "csv": "text cells that a spreadsheet would run begin with an apostrophe; Parquet holds the exact text",
        "files": digests(folder),
    }
