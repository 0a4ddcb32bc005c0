"""The rows of the solver and the plain check say the same, proved on every alignment of tiny worlds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.blocks import subclasses
from engine.inputs import Inputs
from engine.territory import constraints, objectives
from engine.territory.checks import cost_of, violations
from engine.territory.constraint import Constraint
from engine.territory.formulation import formulate
from engine.territory.objective import Objective
from engine.territory.problem import gather
from engine.territory.relaxation import pairs_of
from engine.territory.spec import TerritorySpec
from tests.territory.cases import CONSTRAINTS, OBJECTIVES, every_alignment, spec, tiny

RULES = [(kind, case) for kind, cases in CONSTRAINTS.items() for case in cases]
COSTS = [(kind, case) for kind, cases in OBJECTIVES.items() for case in cases]


def kept_by_rows(inputs: Inputs, rules: TerritorySpec, alignments: np.ndarray) -> np.ndarray:
    """Whether each alignment is a point of the model, with tolerance zero; shape (alignment,)."""
    formulation = formulate(gather(inputs, rules), *pairs_of(gather(inputs, rules).eligible))
    arrays = formulation.model.arrays()
    points = (alignments[:, formulation.account] == formulation.rep).astype(float)
    activity = np.asarray(arrays.matrix @ points.T)
    kept = (activity >= arrays.row_lower[:, None]) & (activity <= arrays.row_upper[:, None])
    return kept.all(axis=0)


@pytest.mark.parametrize(("kind", "case"), RULES, ids=str)
def test_rows_and_plain_check_agree_on_every_alignment(kind: str, case: dict[str, Any]) -> None:
    inputs, alignments = tiny(), every_alignment(tiny())
    rules = spec([{"kind": kind, **case}])
    by_rows = kept_by_rows(inputs, rules, alignments)
    by_check = np.array([not violations(inputs, rules, rep_of) for rep_of in alignments])
    assert len(alignments) == 729
    assert np.array_equal(by_rows, by_check)


@pytest.mark.parametrize(
    "kind", [str(c.model_fields["kind"].default) for c in subclasses(constraints, Constraint)]
)
def test_every_kind_of_constraint_has_cases_that_allow_some_alignments_and_forbid_others(kind: str) -> None:
    inputs, alignments = tiny(), every_alignment(tiny())
    shares = [
        kept_by_rows(inputs, spec([{"kind": kind, **case}]), alignments).mean() for case in CONSTRAINTS[kind]
    ]
    assert any(0 < share < 1 for share in shares)


@pytest.mark.parametrize(
    "kind", [str(c.model_fields["kind"].default) for c in subclasses(objectives, Objective)]
)
def test_every_kind_of_objective_has_cases(kind: str) -> None:
    assert OBJECTIVES[kind]


@pytest.mark.parametrize(("kind", "case"), COSTS, ids=str)
def test_declared_cost_is_the_recomputed_cost_of_every_alignment(kind: str, case: dict[str, Any]) -> None:
    inputs = tiny()
    rules = spec([], [{"kind": kind, **case}])
    problem = gather(inputs, rules)
    alignments = every_alignment(inputs)
    declared = [problem.price(rep_of) for rep_of in alignments]
    recomputed = [cost_of(inputs, rules, rep_of) for rep_of in alignments]
    np.testing.assert_allclose(declared, recomputed, rtol=1e-9, atol=1e-9)
    assert len(set(np.round(declared, 6))) > 1


def test_an_alignment_without_a_seat_for_each_account_is_refused() -> None:
    inputs, rules = tiny(), spec([])
    assert violations(inputs, rules, np.array([0, 1, 2])) != []
    assert violations(inputs, rules, np.array([0, 1, 2, 3, 0, -1])) == [
        "account A3 has no seat.",
        "account A5 has no seat.",
    ]
