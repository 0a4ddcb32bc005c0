"""A company of three accounts, two seats, two products and six deals, written as files and read again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.calendar import CalendarSpec, calendar
from engine.data import read
from engine.data.spec import DataSpec
from engine.errors import BadInput, Fault
from engine.inputs import Finding, Inputs

ACCOUNTS = """\
id,name,segment,latitude,longitude,owner,potential,workload
A1,Acme,SMB,40.5,-100.25,R1,100000,1.5
A2,Bolt,ENT,41,-101,R2,"250,000.50",2
A3,Core,,,,,0,
"""
REPS = """\
id,name,region,serves,slots,start,plan,salary,target_incentive
R1,North,West,SMB;ENT,5,2024-01-01,AE,80000,80000
R2,South,West,,,2025-06-01,AE,90000,60000
"""
PRODUCTS = "id,name,price\nP1,Core,1000\nP2,Plus,200.50\n"
OPPORTUNITIES = """\
id,account,rep,product,stage,created,entered,closed,amount
O1,A1,R1,P1,Won,2026-01-05,2026-02-01,2026-03-01,1000
O2,A2,R2,P2,Lost,2026-02-05,,2026-04-01,
O3,A2,R2,P1,Won,2025-01-05,,2025-11-01,5000.25
O4,A1,R1,P1,Propose,2026-11-05,2026-12-01,2027-02-01,900
O5,,,,Qualify,2026-12-20,,,
O6,A3,R1,P2,Won,2026-06-01,,2026-12-31,700
"""
FILES = {"accounts": ACCOUNTS, "reps": REPS, "products": PRODUCTS, "opportunities": OPPORTUNITIES}
SPEC: dict[str, dict[str, Any]] = {
    "accounts": {"path": "accounts.csv"},
    "reps": {"path": "reps.csv", "levels": ["region"]},
    "products": {"path": "products.csv"},
    "opportunities": {"path": "opportunities.csv"},
}


def spec(changes: Mapping[str, Mapping[str, Any] | None] | None = None) -> DataSpec:
    """The `data:` block of the company; a change adds keys to a table's block, None takes the table away."""
    blocks: dict[str, Any] = {name: dict(block) for name, block in SPEC.items()}
    for name, change in (changes or {}).items():
        if change is None:
            del blocks[name]
        elif name == "rates":
            blocks[name] = change
        else:
            blocks[name] = blocks.get(name, {"path": f"{name}.csv"}) | dict(change)
    return DataSpec(**blocks)


def write(folder: Path, files: Mapping[str, str | bytes] | None = None) -> None:
    """Write the company's tables; `files` replaces or adds some, by table or by file name."""
    for name, content in {**FILES, **(files or {})}.items():
        path = folder / (name if "." in name else f"{name}.csv")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def company(
    folder: Path,
    files: Mapping[str, str | bytes] | None = None,
    changes: Mapping[str, Mapping[str, Any] | None] | None = None,
    roots: Sequence[Path] = (),
    currency: str = "USD",
    as_of: dt.date | None = None,
) -> Inputs:
    """The company as inputs of a plan for 2027."""
    write(folder, files)
    return read(spec(changes), calendar(CalendarSpec(year=2027), as_of), currency, folder, roots)


def faults(
    folder: Path,
    files: Mapping[str, str | bytes] | None = None,
    changes: Mapping[str, Mapping[str, Any] | None] | None = None,
    as_of: dt.date | None = None,
) -> tuple[Fault, ...]:
    """The faults of a company that must be refused."""
    try:
        company(folder, files, changes, as_of=as_of)
    except BadInput as error:
        return error.faults
    raise AssertionError("the tables were read without a fault")


def found(inputs: Inputs, words: str) -> Finding:
    """The one finding that holds these words."""
    matching = [finding for finding in inputs.findings if words in finding.what]
    assert len(matching) == 1, [finding.what for finding in inputs.findings]
    return matching[0]
