"""The command: a scenario of tables alone in, a folder with the block out, which extends and verifies."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from engine.calibration.run import calibrate
from engine.calibration.scenario import CalibrationScenario
from engine.cli import main
from engine.errors import VerificationFailed
from engine.pipeline.spec import PipelineSpec
from engine.verification import verify

SCENARIO = """\
description: Two years of deals
calendar: {year: 2027}
data:
  accounts: accounts.csv
  reps: reps.csv
  products: products.csv
  opportunities: deals.csv
  stage_history: stages.csv
  hr: hr.csv
calibration:
  stages: [Qualify, Propose]
  laws: [exponential, weibull]
"""


def write(folder: Path, deals: int = 300, seed: int = 1, text: str = SCENARIO) -> Path:
    """Tables of a company, with deals through two stages."""
    rng = np.random.default_rng(seed)
    (folder / "accounts.csv").write_text("id,segment,owner\nA1,SMB,R1\nA2,ENT,R2\n")
    (folder / "reps.csv").write_text("id\nR1\nR2\n")
    (folder / "products.csv").write_text("id,price\nP1,100\n")
    start = np.datetime64("2027-01-01")

    def day(number: float) -> str:
        return str(start + np.timedelta64(int(np.floor(number)), "D"))

    rows, entries = [], []
    for place in range(deals):
        begin = float(rng.uniform(-700, 0))
        moved = begin + float(rng.exponential(10))
        on, won = rng.random(2) < (0.7, 0.5)
        end = moved + float(rng.exponential(30)) if on else moved
        stage = "Propose" if on and moved < 0 else "Qualify"
        entries.append((f"D{place}", "Qualify", day(begin)))
        if on and moved < 0:
            entries.append((f"D{place}", "Propose", day(moved)))
        shut = end < 0
        name = ("Won" if on and won else "Lost") if shut else stage
        amount = str(round(float(rng.lognormal(7, 0.5)), 2)) if name == "Won" else ""
        seat = place % 2 + 1
        rows.append(
            (f"D{place}", f"A{seat}", f"R{seat}", "P1", name, day(begin), day(end) if shut else "", amount)
        )
        if shut:
            entries.append((f"D{place}", name, day(end)))
    staff = [(f"P{i}", day(-900 + i), day(-20 * i - 1) if i % 3 else "") for i in range(30)]
    heads: dict[str, tuple[list[str], list[Any]]] = {
        "deals": (["id", "account", "rep", "product", "stage", "created", "closed", "amount"], rows),
        "stages": (["opportunity", "stage", "entered"], entries),
        "hr": (["person", "start", "end"], staff),
    }
    for name, (head, body) in heads.items():
        pd.DataFrame(body, columns=head).to_csv(folder / f"{name}.csv", index=False)
    path = folder / "export.yaml"
    path.write_text(text)
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("calibration")
    scenario = CalibrationScenario.load(write(place))
    return calibrate(scenario, place / "out").folder


def test_the_folder_holds_block_tables_page_and_verifies(folder: Path) -> None:
    assert "the block reads back as a pipeline" in " ".join(verify(folder))
    parameters = pd.read_csv(folder / "tables/parameters.csv")
    assert {"Qualify", "Propose", "arrivals", "sizes", "reps", "attrition"} <= set(parameters["part"])
    inside = parameters.dropna(subset=["low", "high"])
    assert (inside["low"] <= inside["estimate"] + 1e-9).all()
    assert (inside["estimate"] <= inside["high"] + 1e-9).all()
    laws = pd.read_csv(folder / "tables/laws.csv")
    assert (laws.groupby("stage")["chosen"].sum() == 1).all()
    best = laws.loc[laws.groupby("stage")["bic"].idxmin()]
    assert best["chosen"].all()
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Qualify: how deals leave it by age" in page
    assert "<script src" not in page


def test_the_block_is_extended_by_a_scenario(folder: Path, tmp_path: Path) -> None:
    write(tmp_path)
    block = (folder / "pipeline.yaml").read_text(encoding="utf-8")
    (tmp_path / "pipeline.yaml").write_text(block, encoding="utf-8")
    (tmp_path / "child.yaml").write_text("extends: ./pipeline.yaml\n" + SCENARIO)
    read = CalibrationScenario.load(tmp_path / "child.yaml").pipeline
    assert isinstance(read, PipelineSpec)
    assert [stage.name for stage in read.stages] == ["Qualify", "Propose"]
    assert {process.kind for process in read.processes} >= {"attrition", "uncertainty"}


def test_equal_exports_give_equal_bytes(folder: Path, tmp_path: Path) -> None:
    again = calibrate(CalibrationScenario.load(write(tmp_path)), tmp_path / "out").folder
    names = ("pipeline.yaml", "report.html", "tables/parameters.csv")
    for name in names:
        assert (again / name).read_bytes() == (folder / name).read_bytes()


def test_a_changed_block_is_found_out(folder: Path, tmp_path: Path) -> None:
    from shutil import copytree

    from engine.store.manifest import digest

    place = tmp_path / "copy"
    copytree(folder, place)
    block = place / "pipeline.yaml"
    block.write_text(block.read_text(encoding="utf-8").replace("advance:", "advanced:", 1), encoding="utf-8")
    with pytest.raises(VerificationFailed):
        verify(place)
    manifest = json.loads((place / "manifest.json").read_text())
    manifest["files"]["pipeline.yaml"] = digest(block)
    (place / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(VerificationFailed, match="no pipeline"):
        verify(place)


def test_the_command_tells_warnings_and_where_the_folder_is(tmp_path: Path) -> None:
    path = write(tmp_path, deals=120)
    result = CliRunner().invoke(main, ["calibrate", str(path), "--out", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    assert "Qualify: advance" in result.stdout
    assert "intervals are wide" in result.stderr


def test_faults_name_the_field_and_what_to_do(tmp_path: Path) -> None:
    path = write(tmp_path, deals=10)
    result = CliRunner().invoke(
        main, ["calibrate", str(path), "--out", str(tmp_path / "out"), "--errors", "json"]
    )
    assert result.exit_code == 2
    record = json.loads(result.stderr.splitlines()[0])
    assert record["code"] == "E_THIN"
    assert "too few to estimate from" in record["message"]
    assert not (tmp_path / "out").exists()
    unordered = write(tmp_path, text=SCENARIO.replace("  stages: [Qualify, Propose]\n", ""))
    result = CliRunner().invoke(main, ["calibrate", str(unordered), "--errors", "json"])
    record = json.loads(result.stderr.splitlines()[0])
    assert (record["code"], record["field"]) == ("E_REQUIRED", "calibration.stages")
