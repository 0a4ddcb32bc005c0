"""The folder of a back-test: tables, their dictionary, the page and the manifest."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.columns import Table
from engine.scenario import Scenario


def write_backtest(
    folder: Path,
    scenario: Scenario,
    tables: Sequence[Table],
    sources: tuple[tuple[str, str], ...],
    facts: str,
) -> None:
    """Write the folder.

    Raises:
        VerificationFailed: an input changed while it was read.

    """
    from engine.backtest.page import page
    from engine.reading.resolved import to_yaml
    from engine.store import tables as store
    from engine.store.manifest import LAYOUT, NAME, digests, write_json
    from engine.store.publish import engine_version, unchanged, versions, write_scenario

    unchanged(scenario.source.base, sources)
    store.write(folder, tables, scenario.currency)
    described = [(table.name, table.columns) for table in tables]
    store.write_dictionary(folder / "dictionary.csv", described, LAYOUT, scenario.currency)
    write_scenario(folder, to_yaml(scenario))
    text = page(scenario.source.name, scenario.description, scenario.currency, facts, tables)
    (folder / "report.html").write_text(text, encoding="utf-8", newline="\n")
    manifest = {
        "engine": "apportion",
        "kind": "backtest",
        "version": engine_version(),
        "layout": LAYOUT,
        "scenario": scenario.source.name,
        "scenario_digest": scenario.source.digest,
        "seed": scenario.seed,
        "complete": True,
        "inputs": dict(sources),
        "versions": versions(),
        "csv": "text cells that a spreadsheet would run begin with an apostrophe; Parquet holds the exact text",
        "files": digests(folder),
    }
    write_json(folder / NAME, manifest)
