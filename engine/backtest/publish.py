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
    from engine.store.publish import unchanged, write_scenario
    from engine.store.study import write_study

    source = scenario.source
    unchanged(source.base, sources)
    write_scenario(folder, to_yaml(scenario))
    text = page(source.name, scenario.description, scenario.currency, facts, tables)
    said = {
        "scenario": source.name,
        "scenario_digest": source.digest,
        "seed": scenario.seed,
        "inputs": dict(sources),
    }
    write_study(folder, "backtest", tables, scenario.currency, text, said)
