"""The shipped scenarios are read, explained, and carry the header that editors read."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.pay.spec import PayScenario
from engine.scenario import Scenario

FOLDER = Path(__file__).resolve().parents[2] / "scenarios"
PAY = "pay"
FILES = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_is_read_and_its_first_line_names_the_schema(path: Path) -> None:
    model, schema = (PayScenario, "pay_schema") if path.stem == PAY else (Scenario, "schema")
    assert model.load(path).source.name == path.stem
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema=./{schema}.json"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_its_lines_fit_120_columns_and_hold_no_tabs(path: Path) -> None:
    wide = [line for line in path.read_text(encoding="utf-8").splitlines() if len(line) > 120 or "\t" in line]
    assert wide == []


def test_every_line_of_the_quickstart_is_explained() -> None:
    lines = (FOLDER / "quickstart.yaml").read_text(encoding="utf-8").splitlines()
    silent = [
        line for line in lines if line.strip() and not line.lstrip().startswith("#") and " # " not in line
    ]
    assert silent == []


def test_an_extending_scenario_changes_what_it_says_and_nothing_else() -> None:
    base, more = (Scenario.load(FOLDER / f"{name}.yaml") for name in ("quickstart", "hire_two"))
    assert more.data.reps.path == "data/hire_two/reps.csv"
    assert more.data.reps.levels == ("region",)
    assert more.description != base.description
    changed = {name for name in type(base).model_fields if getattr(more, name) != getattr(base, name)}
    assert changed == {"description", "data"}


def test_the_445_year_has_quarters_of_thirteen_weeks() -> None:
    from engine.calendar import calendar

    plan = calendar(Scenario.load(FOLDER / "fiscal_445.yaml").calendar)
    weeks = (plan.edges[1:] - plan.edges[:-1]).astype(int) // 7
    assert weeks.tolist() == [4, 4, 5] * 4
    assert (str(plan.edges[0]), str(plan.edges[-1])) == ("2027-01-03", "2028-01-02")
