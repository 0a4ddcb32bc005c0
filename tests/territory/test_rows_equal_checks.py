"""The rows of the solver and the plain check say the same, proved on every alignment of tiny worlds."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from engine.blocks import subclasses
from engine.inputs import Inputs
from engine.territory import constraints, objectives
from engine.territory.checks import cost_of, rank_values, violations
from engine.territory.constraint import Constraint
from engine.territory.geography.connectedness import connects
from engine.territory.objective import Objective
from engine.territory.problem import gather
from engine.territory.solving.formulation import formulate
from engine.territory.solving.relaxation import pairs_of
from engine.territory.spec import TerritorySpec
from tests.territory.cases import CONSTRAINTS, OBJECTIVES, PRICED, every_alignment, spec, tiny

RULES = [(kind, case) for kind, cases in CONSTRAINTS.items() for case in cases]
NO_COST = [{"kind": "disruption", "share": 0}]
COSTS = [(kind, case) for kind, cases in OBJECTIVES.items() for case in cases]


def kept_by_rows(inputs: Inputs, rules: TerritorySpec, alignments: np.ndarray) -> np.ndarray:
    """Whether each alignment is a point of the model over units, with tolerance zero; shape (alignment,).

    Connected seats have no rows; they are looked at in the problem itself.
    """
    units = gather(inputs, rules).contract()
    first = np.unique(units.unit_of, return_index=True)[1]
    of_units = alignments[:, first]
    whole = (of_units[:, units.unit_of] == alignments).all(axis=1)
    formulation = formulate(units.problem, *pairs_of(units.problem.eligible))
    arrays = formulation.model.arrays()
    points = (of_units[:, formulation.account] == formulation.rep).astype(float)
    activity = np.asarray(arrays.matrix @ points.T)
    kept = (activity >= arrays.row_lower[:, None]) & (activity <= arrays.row_upper[:, None])
    linked = [all(connects(c.what, seats) for c in units.problem.connected) for seats in of_units]
    return np.asarray(kept.all(axis=0) & whole & np.array(linked))


@pytest.mark.parametrize(("kind", "case"), RULES, ids=str)
def test_rows_and_plain_check_agree_on_every_alignment(kind: str, case: dict[str, Any]) -> None:
    inputs, alignments = tiny(), every_alignment(tiny())
    rules = spec([{"kind": kind, **case}])
    by_rows = kept_by_rows(inputs, rules, alignments)
    by_check = np.array([not violations(inputs, rules, rep_of) for rep_of in alignments])
    problem = gather(inputs, rules)
    by_problem = np.array([problem.keeps(rep_of) for rep_of in alignments])
    assert len(alignments) == 729
    assert np.array_equal(by_rows, by_check)
    assert np.array_equal(by_problem, by_check)


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
    allowed = problem.eligible[np.arange(len(inputs.accounts)), alignments].all(axis=1)
    forbidden = [cost_of(inputs, rules, rep_of) for rep_of in alignments[~allowed][:9]]
    assert all(np.isinf(forbidden))
    declared = [problem.price(rep_of) for rep_of in alignments[allowed]]
    recomputed = [cost_of(inputs, rules, rep_of) for rep_of in alignments[allowed]]
    np.testing.assert_allclose(declared, recomputed, rtol=1e-9, atol=1e-9)
    assert len(set(np.round(declared, 6))) > 1


@pytest.mark.parametrize("case", PRICED, ids=str)
def test_a_priced_band_costs_what_its_columns_cost(case: dict[str, Any]) -> None:
    inputs = tiny()
    rules = spec([case], NO_COST)
    problem, alignments = gather(inputs, rules), every_alignment(inputs)[::7]
    assert all(violations(inputs, rules, rep_of) == [] for rep_of in alignments)
    (spread,) = problem.spreads
    declared = [problem.spread_price(spread.what, rep_of) for rep_of in alignments]
    rank = case.get("rank", 0)
    recomputed = [
        rank_values(inputs, rules, rep_of)[rank] if rank else cost_of(inputs, rules, rep_of)
        for rep_of in alignments
    ]
    np.testing.assert_allclose(declared, recomputed, rtol=1e-9, atol=1e-9)
    assert len(set(np.round(declared, 6))) > 1


@pytest.mark.parametrize(("kind", "case"), COSTS, ids=str)
def test_the_columns_of_a_model_cost_what_the_alignment_costs(kind: str, case: dict[str, Any]) -> None:
    inputs = tiny()
    problem = (
        gather(inputs, spec([{"kind": "unit", "column": "area"}], [{"kind": kind, **case}]))
        .contract()
        .problem
    )
    formulation = formulate(problem, *pairs_of(problem.eligible))
    arrays = formulation.model.arrays()
    for rep_of in np.array(list(product(range(3), repeat=3))):
        point = formulation.start(problem, rep_of)
        if point is None:
            continue
        activity = np.asarray(arrays.matrix @ point)
        assert arrays.cost @ point == pytest.approx(problem.price(rep_of), rel=1e-9, abs=1e-9)
        assert (activity >= arrays.row_lower - 1e-6).all()
        assert (activity <= arrays.row_upper + 1e-6).all()


def test_an_alignment_without_a_seat_for_each_account_is_refused() -> None:
    inputs, rules = tiny(), spec([])
    assert violations(inputs, rules, np.array([0, 1, 2])) != []
    assert violations(inputs, rules, np.array([0, 1, 2, 3, 0, -1])) == [
        "account A3 has no seat.",
        "account A5 has no seat.",
    ]
