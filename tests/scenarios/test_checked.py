"""Every shipped scenario passes `apportion check`, whose word is what `run` then holds to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from engine.check import check
from engine.cli import main
from engine.inputs import Inputs
from engine.pipeline.checking import standing
from engine.scenario import Scenario
from tests.worlds import world

FOLDER = Path(__file__).parents[2] / "scenarios"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml") if path.stem != "pay")


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_scenario_has_no_faults(name: str) -> None:
    assert list(check(Scenario.load(FOLDER / f"{name}.yaml")))[-1] == "No faults."


@pytest.mark.parametrize(("name", "width"), [("reforecast", 80), ("pay", 50)])
def test_no_line_of_a_check_is_wider_than_a_terminal(name: str, width: int) -> None:
    said = (
        CliRunner().invoke(main, ["check", str(FOLDER / f"{name}.yaml")], env={"COLUMNS": str(width)}).stdout
    )
    assert said.endswith("No faults.\n")
    assert max(map(len, said.splitlines())) <= width


def test_accounts_stand_with_whoever_serves_them() -> None:
    inputs = split(world(6, 3, seed=1))
    served = [inputs.reps.serves[seat] for seat in standing(inputs)]
    assert all(segment in names for segment, names in zip(inputs.accounts.segment, served, strict=True))
    kept = [
        seat for seat, owner in zip(standing(inputs), inputs.accounts.owner, strict=True) if seat == owner
    ]
    assert kept == [1]


def split(inputs: Inputs) -> Inputs:
    """Seats that serve B, A and nothing of either; accounts of segment A with each of them, or with nobody."""
    accounts = replace(
        inputs.accounts,
        segment=("A",) * 5 + ("B",),
        owner=np.array([0, 1, 2, -1, 0, 2]),
    )
    serves = (frozenset("B"), frozenset("A"), frozenset("C"))
    return replace(inputs, accounts=accounts, reps=replace(inputs.reps, serves=serves))
