"""Pipelines that do not fit their tables, or can hardly be meant: code, field, words, and nothing is simulated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from engine import data, pipeline, quota
from engine.calendar import calendar
from engine.errors import BadInput
from engine.scenario import Scenario

ROOT = Path(__file__).parents[2]
CASES = yaml.safe_load((ROOT / "tests/cases/bad/pipeline/cases.yaml").read_text(encoding="utf-8"))


def written(folder: Path, case: dict[str, Any]) -> Scenario:
    """The scenario of a case, which extends the sample."""
    said: dict[str, Any] = {"extends": str(ROOT / "scenarios/quickstart.yaml")}
    said |= {name: case[name] for name in ("calendar", "as_of", "measures", "pipeline") if name in case}
    tables: dict[str, Any] = dict(case.get("data", {}))
    if "reps" in case:
        (folder / "reps.csv").write_text(case["reps"], encoding="utf-8")
        kinds = {"sells": "text", "share": "real"}
        extra = {name: kind for name, kind in kinds.items() if name in case["reps"]}
        tables["reps"] = {"path": "reps.csv", "extra": extra}
    if "actuals" in case:
        (folder / "actuals.csv").write_text(case["actuals"], encoding="utf-8")
    if "contracts" in case:
        (folder / "contracts.csv").write_text(case["contracts"], encoding="utf-8")
        tables["contracts"] = "contracts.csv"
    said |= {"data": tables} if tables else {}
    (folder / "plan.yaml").write_text(yaml.safe_dump(said, sort_keys=False), encoding="utf-8")
    return Scenario.load(folder / "plan.yaml", roots=[ROOT])


def checked(scenario: Scenario) -> tuple[str, ...]:
    """What `check` says of the pipeline."""
    source, plan = scenario.source, calendar(scenario.calendar, scenario.as_of)
    with source.placing_faults():
        inputs = data.read(scenario.data, plan, scenario.currency, source.base, source.roots)
        return pipeline.check(
            inputs, scenario.pipeline, scenario.measures, quota.goal(inputs, scenario.quotas)
        )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_each_fault_and_warning_stands_at_its_field(case: dict[str, Any], tmp_path: Path) -> None:
    scenario = written(tmp_path, case)
    if case["code"].startswith("W_"):
        (told,) = checked(scenario)
        assert told.startswith(f"{case['code']}: {case['field']}: ")
    else:
        with pytest.raises(BadInput) as caught:
            checked(scenario)
        (fault,) = caught.value.faults
        assert (fault.code, fault.field) == (case["code"], case["field"])
        assert fault.line >= 1
        assert fault.hint
        told = str(fault)
    for words in case["says"]:
        assert words in told


def test_the_sample_itself_is_sound(tmp_path: Path) -> None:
    assert checked(written(tmp_path, {})) == ()
