"""Specs and inputs that the tests of the pipeline share."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from engine.inputs import Inputs, Opportunities
from engine.pipeline.spec import PipelineSpec
from engine.territory.alignment import Alignment

START = np.datetime64("2027-01-01", "D")
EXPONENTIAL = {"kind": "exponential", "mean": 20}
TWO_STAGES: list[dict[str, Any]] = [
    {"name": "Qualify", "advance": "60%", "duration": {"kind": "exponential", "mean": 14}},
    {
        "name": "Close",
        "advance": "50%",
        "duration": {"kind": "gamma", "mean": 20, "shape": 2},
        "duration_lost": {"kind": "lognormal", "mean": 9, "cv": 1},
    },
]


def spec(**changes: Any) -> PipelineSpec:
    """A year of 400 leads through two stages, ten slots a seat, lognormal amounts."""
    block: dict[str, Any] = {
        "replications": 60,
        "slots": 10,
        "arrivals": {"leads": 400},
        "stages": TWO_STAGES,
        "sizes": {"law": {"kind": "lognormal", "mean": 50_000, "cv": 1}},
    }
    return PipelineSpec.model_validate(block | changes)


def aligned(inputs: Inputs) -> Alignment:
    """Every account with its owner."""
    return Alignment(inputs.accounts.owner, (), ())


def opportunities(rows: list[dict[str, Any]]) -> Opportunities:
    """Deals from dictionaries; days count from the start of the plan, None is unknown."""

    def day(value: float | None) -> np.datetime64:
        return np.datetime64("NaT", "D") if value is None else START + np.timedelta64(int(value), "D")

    def column(name: str, default: int) -> np.ndarray[Any, Any]:
        return np.array([row.get(name, default) for row in rows], dtype=np.int64)

    def dates(name: str) -> np.ndarray[Any, Any]:
        return np.array([day(row.get(name)) for row in rows], dtype="datetime64[D]")

    return Opportunities(
        id=tuple(row.get("id", f"O{place:04d}") for place, row in enumerate(rows)),
        account=column("account", 0),
        rep=column("rep", -1),
        product=column("product", 0),
        stage=tuple(row.get("stage", "Qualify") for row in rows),
        outcome=column("outcome", -1).astype(np.int8),
        created=dates("created"),
        entered=np.array(
            [day(row.get("entered", row.get("created"))) for row in rows], dtype="datetime64[D]"
        ),
        closed=dates("closed"),
        amount=column("amount", -1),
    )


def with_open(inputs: Inputs, rows: list[dict[str, Any]]) -> Inputs:
    """The same world with an open pipeline."""
    return replace(inputs, pipeline=opportunities(rows))


def with_spells(inputs: Inputs, spells: list[tuple[int, float, float | None]]) -> Inputs:
    """The same world with spells (seat, first day, day after the last), days from the start of the plan."""
    spells = sorted(spells, key=lambda spell: spell[:2])
    count, never = len(spells), np.datetime64("NaT", "D")
    whole = np.zeros(count, dtype=np.int64)
    people = replace(
        inputs.spells,
        id=tuple(f"P{place}" for place in range(count)),
        person=tuple(f"P{place}" for place in range(count)),
        rep=np.array([seat for seat, _, _ in spells], dtype=np.int64),
        start=np.array(
            [START + np.timedelta64(int(first), "D") for _, first, _ in spells], dtype="datetime64[D]"
        ),
        end=np.array(
            [never if last is None else START + np.timedelta64(int(last), "D") for _, _, last in spells],
            dtype="datetime64[D]",
        ),
        plan=("AE",) * count,
        salary=whole,
        target_incentive=whole,
    )
    return replace(inputs, spells=people)
