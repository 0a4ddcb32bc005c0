"""`apportion trace`: a replication of a run folder again, held to what the folder says of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from engine import Scenario, run, starter
from engine.cli import trace_command
from engine.verification import verify

SETS = ("pipeline.replications=30", "pipeline.market.sd=10%")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter scenario up to its pipeline."""
    place = tmp_path_factory.mktemp("trace")
    starter.write(place / "start")
    scenario = next(iter(sorted((place / "start").glob("*.yaml"))))
    return run(Scenario.load(scenario, *SETS), place / "out", until="pipeline").folder


def test_a_replication_is_traced_beside_the_run(folder: Path) -> None:
    said = CliRunner().invoke(trace_command, [str(folder), "--replication", "17"])
    assert said.exit_code == 0, said.output
    log = folder.with_name("out.trace-17.csv")
    frames = {
        name: pd.read_csv(log.with_name(f"out.trace-17{name}.csv")) for name in ("", ".deals", ".bookings")
    }
    assert "to the cent" in said.output
    row = pd.read_parquet(folder / "tables" / "replications.parquet").iloc[17]
    for frame in (frames[""], frames[".bookings"]):
        assert round(frame["amount"].sum() * 100) == row["booked: bookings"] > 0
    assert (frames[".deals"]["outcome"] == "won").sum() == row["won"]
    assert list(frames[""].columns[:4]) == [
        "case:concept:name", "concept:name", "time:timestamp", "org:resource",
    ]  # fmt: skip
    assert verify(folder)


def test_the_file_may_be_named(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "log.csv"
    said = CliRunner().invoke(trace_command, [str(folder), "--replication", "0", "--out", str(out)])
    assert said.exit_code == 0, said.output
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "log.bookings.csv",
        "log.csv",
        "log.deals.csv",
    ]
    nowhere = CliRunner().invoke(
        trace_command, [str(folder), "--replication", "0", "--out", str(tmp_path / "none" / "log.csv")]
    )
    assert nowhere.exit_code == 8


@pytest.mark.parametrize("number", ["30", "1234"])
def test_a_replication_that_is_not_there_is_refused(folder: Path, number: str) -> None:
    said = CliRunner().invoke(trace_command, [str(folder), "--replication", number])
    assert said.exit_code == 2
    assert f"no replication {number}" in said.output
    assert "from 0 to 29" in said.output


def test_a_folder_without_a_pipeline_is_refused(tmp_path: Path) -> None:
    said = CliRunner().invoke(trace_command, [str(tmp_path), "--replication", "1"])
    assert said.exit_code == 2
    assert "no run with pipeline" in said.output.replace("\n", " ")


def test_a_run_that_says_something_else_is_contradicted(folder: Path, tmp_path: Path) -> None:
    other = shutil.copytree(folder, tmp_path / "other")
    table = pd.read_parquet(other / "tables" / "replications.parquet")
    table.loc[3, "booked: bookings"] += 1
    table.to_parquet(other / "tables" / "replications.parquet", index=False)
    said = CliRunner().invoke(trace_command, [str(other), "--replication", "3"])
    assert said.exit_code == 6
    assert "replication 3, booked: bookings" in said.output.replace("\n", " ")
    assert not list(tmp_path.glob("*.csv"))
