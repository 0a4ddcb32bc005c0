"""`apportion backtest` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.backtest.company import SCENARIO, deals, write
from tests.cli.conftest import Command

FEW = ("--set", "pipeline.replications=40", "--set", "backtest.origins.first=2026-10-31")


def test_it_leaves_a_folder_that_verifies(apportion: Command, tmp_path: Path) -> None:
    scenario, out = write(tmp_path, deals(5)), tmp_path / "out"
    done = apportion("backtest", scenario, "--out", out, "--workers", 1, *FEW)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "past: back-test"
    assert lines[-1] == f"Back-test folder: {out}"
    assert any(line.startswith("  total, month") for line in lines)
    assert any("Mean CRPS of" in line for line in lines)
    tables = {path.stem for path in (out / "tables").glob("*.csv")}
    assert tables == {"forecasts", "scores", "slices", "candidates", "estimates"}
    checked = apportion("verify", out)
    assert checked.returncode == 0, checked.stderr
    assert "the scores follow from the forecasts" in checked.stdout


def test_without_its_block_it_says_what_to_add(apportion: Command, tmp_path: Path) -> None:
    scenario = write(tmp_path, deals(5), SCENARIO.partition("backtest:")[0])
    done = apportion("backtest", scenario, "--out", tmp_path / "out", "--errors", "json")
    assert done.returncode == 2
    fault = json.loads(done.stderr.splitlines()[0])
    assert (fault["code"], fault["field"]) == ("E_REQUIRED", "backtest")
    assert "origins" in fault["hint"]
    assert not (tmp_path / "out").exists()


def test_an_origin_with_too_little_past_is_refused(apportion: Command, tmp_path: Path) -> None:
    scenario = write(tmp_path, deals(5))
    early = ("--set", "backtest.origins={first: 2024-12-31, last: 2025-02-28}")
    done = apportion("backtest", scenario, "--out", tmp_path / "out", *early, "--errors", "json")
    assert done.returncode == 2, done.stderr
    fault = json.loads(done.stderr.splitlines()[0])
    assert fault["code"] == "E_ESTIMATE"
    assert fault["message"].startswith("as known on 2024-12-31, candidate 'estimate': ")
