"""Quotas in force that are kept, from one run folder to the next."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.cli.conftest import Command


@pytest.mark.slow
def test_a_new_forecast_keeps_every_quota_and_the_folder_says_so_by_itself(
    quickstart: Path, apportion: Command, tmp_path: Path
) -> None:
    sets = (
        "--set",
        "pipeline.replications=60",
        "--set",
        f"quotas.previous={quickstart}",
        "--set",
        "quotas.keep={}",
    )
    more = ("--allow-root", quickstart.parent, "--until", "quotas", "--out", tmp_path / "run", "--workers", 1)
    done = apportion("run", "scenarios/quickstart.yaml", *sets, "--set", "as_of=2027-04-01", *more)
    assert done.returncode == 0, done.stderr
    assert "kept          6 of 6 quotas stay" in done.stdout
    before, after = (
        pd.read_parquet(folder / "tables" / "quotas.parquet") for folder in (quickstart, tmp_path / "run")
    )
    assert before.equals(after)
    assert apportion("verify", tmp_path / "run").returncode == 0
