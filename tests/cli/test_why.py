"""`apportion why`: a run folder alone says why, in words of at most 80 columns; a page and a workbook show the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from engine import Scenario, run, starter
from engine.cli import why_command
from engine.cli.why import planned
from engine.errors import BadInput
from engine.territory.why.words import explain
from engine.verification import verify


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter scenario with everything asked, up to its territories."""
    place = tmp_path_factory.mktemp("why")
    starter.write(place / "start")
    scenario = next(iter(sorted((place / "start").glob("*.yaml"))))
    sets = [
        "territories.frontier.widths=[30%, 0.0001%]",
        "territories.frontier.of=cost",
        "territories.alternatives.count=1",
        "territories.alternatives.within=10%",
        "territories.solver.gap=5%",
    ]
    return run(Scenario.load(scenario, *sets), place / "out", until="territories").folder


def test_a_named_account_is_explained_in_words(folder: Path) -> None:
    import pandas as pd

    alignment = pd.read_parquet(folder / "tables" / "alignment.parquet")
    account, rep = alignment["account"][0], alignment["rep"][0]
    said = CliRunner().invoke(why_command, [str(folder), account, "--next", "1"])
    assert said.exit_code == 0, said.output
    lines = said.output.splitlines()
    assert all(len(line) <= 80 for line in lines)
    assert lines[0].startswith("The plan costs ")
    assert any(line.startswith(f"{account} (") and f"sits with {rep}" in line for line in lines)
    assert sum(line.startswith("  1. ") for line in lines) == 1
    assert not any(line.startswith("  2. ") for line in lines)


def test_without_names_the_moved_accounts_are_explained(folder: Path) -> None:
    import pandas as pd

    moves = pd.read_parquet(folder / "tables" / "moves.parquet")
    told = [line.split(" (")[0] for line in explain(planned(folder)) if " sits with " in line]
    assert len(told) == min(5, len(moves))
    assert set(told) <= set(moves["account"])


def test_unknown_accounts_and_folders_are_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no account has the id 'nobody'"):
        list(explain(planned(folder), ["nobody"]))
    with pytest.raises(BadInput, match="no run with territories"):
        planned(tmp_path)


def test_page_workbook_and_tables_hold_what_was_asked(folder: Path) -> None:
    from openpyxl import load_workbook

    names = {"frontier", "frontier_accounts", "alternatives", "alternative_accounts", "why", "shadow_prices"}
    assert names <= {path.stem for path in (folder / "tables").glob("*.parquet")}
    assert names <= set(load_workbook(folder / "workbook.xlsx", read_only=True).sheetnames)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert 'id="tradeoffs"' in page
    assert 'id="chart-frontier"' in page
    assert "No plan at all lies in the red strip" in page
    assert "INFEASIBLE" in page
    assert "Plans at about the same cost" in page
    assert verify(folder)
