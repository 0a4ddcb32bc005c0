"""`apportion new` writes a folder that can be planned with as it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine import starter
from engine.errors import BadInput
from engine.scenario import Scenario


def test_the_starter_is_a_scenario_with_its_tables_and_schema(tmp_path: Path) -> None:
    path = starter.write(tmp_path / "deep" / "plan")
    scenario = Scenario.load(path)
    assert scenario.source.name == "plan"
    assert (path.parent / scenario.data.accounts.path).is_file()
    assert (
        json.loads((path.parent / "schema.json").read_text(encoding="utf-8"))["title"] == "apportion scenario"
    )


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    assert starter.write(tmp_path) == tmp_path / "plan.yaml"


def test_a_folder_that_holds_something_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput, match="not an empty folder"):
        starter.write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_file_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plan").write_text("", encoding="utf-8")
    with pytest.raises(BadInput, match="not an empty folder"):
        starter.write(tmp_path / "plan")
