"""The rows of each constraint, and the columns of each objective, as they go to a solver."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.blocks import subclasses
from engine.territory import constraints, objectives
from engine.territory.constraint import Constraint
from engine.territory.objective import Objective
from engine.territory.problem import gather
from engine.territory.solving.formulation import formulate
from engine.territory.solving.relaxation import pairs_of
from solvers.lp import written
from tests.territory.cases import spec, tiny

GOLDEN = Path(__file__).parents[1] / "golden"
PRICED = [{"kind": "disruption", "share": 0, "per_move": 1}]
CASES: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {
    "band": ([{"kind": "band", "measure": "workload", "within": "25%"}], PRICED),
    "eligible": ([{"kind": "eligible", "level": "district"}], PRICED),
    "lock": ([{"kind": "lock", "accounts": ["A3"], "rep": "R1"}], PRICED),
    "exclude": ([{"kind": "exclude", "accounts": ["A1"], "reps": ["R0"]}], PRICED),
    "together": ([{"kind": "together", "column": "parent"}], PRICED),
    "unit": ([{"kind": "unit", "column": "area"}], PRICED),
    "apart": ([{"kind": "apart", "groups": [["A0", "A1"], ["A1", "A2"]]}], PRICED),
    "max_travel": ([{"kind": "max_travel", "km": 60, "by": "table", "missing": "forbid"}], PRICED),
    "skills": ([{"kind": "skills", "column": "language", "of": "languages"}], PRICED),
    "named_accounts": ([{"kind": "named_accounts", "column": "tier", "reps": ["R1"]}], PRICED),
    "contiguous": ([{"kind": "contiguous", "neighbours": "points", "islands": "join_nearest"}], PRICED),
    "max_moves": ([{"kind": "max_moves", "measure": "workload", "share": "40%"}], PRICED),
    "travel": ([], [{"kind": "travel", "price_per_km": 1, "visits": 1}]),
    "disruption": ([], [{"kind": "disruption", "share": "10%", "per_move": 100}]),
    "fit": ([], [{"kind": "fit", "column": "language", "of": "languages"}]),
    "compactness": ([], [{"kind": "compactness", "price": 1}]),
    "cut_edges": ([], [{"kind": "cut_edges", "neighbours": "points", "islands": "join_nearest"}]),
    "response": ([], [{"kind": "response", "hours": 10, "elasticity": "0.5"}]),
    "deviation": ([], [{"kind": "deviation", "measure": "count", "price": 10}]),
}


MORE: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {
    "max_moves_each": ([{"kind": "max_moves", "measure": "workload", "each": "leaving", "limit": 5}], PRICED),
    "band_priced": ([{"kind": "band", "measure": "workload", "within": "25%", "price": 2}], PRICED),
    "band_calls": ([{"kind": "band", "upper": "90", "calls": {"by": "table", "missing": "forbid"}}], PRICED),
}
"""Further forms of kinds that have several."""


@pytest.mark.parametrize("kind", [*CASES, *MORE])
def test_the_model_is_the_golden_one(kind: str) -> None:
    rules, costs = (CASES | MORE)[kind]
    problem = gather(tiny(4, 2), spec(rules, costs)).contract().problem
    text = written(formulate(problem, *pairs_of(problem.eligible)).model)
    assert text == (GOLDEN / f"territory_{kind}.lp").read_text(encoding="utf-8")


def test_every_kind_has_a_golden_model() -> None:
    kinds = [*subclasses(constraints, Constraint), *subclasses(objectives, Objective)]
    assert {str(cls.model_fields["kind"].default) for cls in kinds} == set(CASES)
