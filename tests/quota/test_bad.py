"""Quotas that do not fit, refused by the command: code, field and words, and nothing is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from engine.cli import main

ROOT = Path(__file__).parents[2]
CASES = yaml.safe_load((ROOT / "tests/cases/bad/quotas/cases.yaml").read_text(encoding="utf-8"))


def written(folder: Path, case: dict[str, Any]) -> Path:
    """The scenario of a case, which extends the sample."""
    said: dict[str, Any] = {"extends": str(ROOT / "scenarios/quickstart.yaml")}
    said |= {name: case[name] for name in ("quotas", "pipeline") if name in case}
    tables: dict[str, Any] = dict(case.get("data", {}))
    for name in ("reps", "products"):
        if name in case:
            (folder / f"{name}.csv").write_text(case[name], encoding="utf-8")
            tables[name] = {"path": f"{name}.csv"}
    if "district" in case.get("reps", ""):
        tables["reps"]["levels"] = ["region", "district"]
    said |= {"data": tables} if tables else {}
    if "goals" in case:
        (folder / "goals.csv").write_text(case["goals"], encoding="utf-8")
        said["data"] = {**said.get("data", {}), "goals": "goals.csv"}
        said["quotas"] = {"goal": None, **said.get("quotas", {})}
    if "adjustments" in case:
        (folder / "set.csv").write_text(case["adjustments"], encoding="utf-8")
        said["quotas"] = {"adjustments": "set.csv"}
    place = folder / "plan.yaml"
    place.write_text(yaml.safe_dump(said, sort_keys=False), encoding="utf-8")
    return place


def command(word: str, place: Path, *options: str) -> Result:
    return CliRunner().invoke(
        main, [word, str(place), "--allow-root", str(ROOT), "--errors", "json", *options]
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_each_fault_is_told_at_its_field(case: dict[str, Any], tmp_path: Path) -> None:
    said = command("check", written(tmp_path, case))
    assert said.exit_code == 2, said.output
    told = [json.loads(line) for line in said.stderr.splitlines()]
    (fault,) = [one for one in told if one["code"] == case["code"]]
    assert fault["field"] == case["field"]
    assert fault["line"] >= 1
    assert fault["hint"]
    for words in case["says"]:
        assert str(words) in f"{fault['message']} {fault['hint']}"


def test_a_run_refuses_before_it_simulates_and_writes_nothing(tmp_path: Path) -> None:
    quotas = {"locks": {"W9": "1M"}, "teams": {"a": {"members": {"rep": ["W8"]}, "share": "10%"}}}
    said = command("run", written(tmp_path, {"quotas": quotas}), "--out", str(tmp_path / "out"))
    assert said.exit_code == 2
    assert "quotas.teams.a.members.rep" in said.stderr
    assert not (tmp_path / "out").exists()


def test_the_sample_itself_is_sound(tmp_path: Path) -> None:
    assert command("check", written(tmp_path, {})).exit_code == 0
