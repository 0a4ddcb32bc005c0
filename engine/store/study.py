"""The folder of a study beside the runs: tables, their dictionary, the page and the manifest."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.columns import Table
from engine.store import tables as store
from engine.store.manifest import LAYOUT, NAME, digests, write_json
from engine.store.publish import engine_version, versions


def write_study(
    folder: Path, kind: str, tables: Sequence[Table], currency: str, page: str, facts: dict[str, Any]
) -> None:
    """Write the folder.

    Args:
        folder: where.
        kind: what sort of study it is; `verify` checks each in its own way.
        tables: the result.
        currency: of its money.
        page: the report as HTML.
        facts: what the manifest says beside that: scenario, seed, inputs ...

    """
    store.write(folder, tables, currency)
    described = [(table.name, table.columns) for table in tables]
    store.write_dictionary(folder / "dictionary.csv", described, LAYOUT, currency)
    (folder / "report.html").write_text(page, encoding="utf-8", newline="\n")
    manifest = {
        "engine": "apportion",
        "kind": kind,
        "version": engine_version(),
        "layout": LAYOUT,
        **facts,
        "complete": True,
        "versions": versions(),
        "csv": "text cells that a spreadsheet would run begin with an apostrophe; Parquet holds the exact text",
        "files": digests(folder),
    }
    write_json(folder / NAME, manifest)
