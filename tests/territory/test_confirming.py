"""A second backend confirms what branch and bound proves; bounds that cross end the run."""

from __future__ import annotations

import re
from typing import Any

import pytest

import solvers
from engine.errors import BadInput, VerificationFailed
from engine.progress import Silent
from engine.territory.spec import TerritorySpec
from engine.territory.stage import align
from solvers.model import Arrays, Model
from solvers.solution import Solution, SolveOptions, Status
from tests.territory.cases import spec, tiny
from tests.territory.test_stage import APART, BAND, two_regions

RULES = [{"kind": "band", "within": "40%"}]
BORDERS = {"kind": "contiguous", "neighbours": "points", "islands": "join_nearest"}
EDGES = {"kind": "cut_edges", "price": 300, "neighbours": "points", "islands": "join_nearest"}
CURVE = {"kind": "response", "hours": 9, "elasticity": "0.4", "share": 5}


@pytest.mark.parametrize("many_pairs", [10_000, 0], ids=["full", "priced"])
@pytest.mark.parametrize("rules", [RULES, [*RULES, BORDERS]], ids=["plain", "contiguous"])
def test_both_bounds_are_told(rules: list[dict[str, Any]], many_pairs: int) -> None:
    alignment = align(tiny(), spec(rules, confirm="scip"), seed=1, progress=Silent(), many_pairs=many_pairs)
    whole = alignment.solves[0]
    part = next(table.frame for table in alignment.tables if table.name == "certificates").iloc[0]
    assert whole.confirmed_by == part["confirmed_by"] == "scip"
    assert whole.confirmed == part["confirmed"] == pytest.approx(whole.bound, rel=1e-6)
    assert whole.certified < whole.bound
    assert re.fullmatch(r"addition to a gap of [\d.]+ %, then highs and scip", whole.rests_on)


@pytest.mark.parametrize("many_pairs", [10_000, 0], ids=["full", "priced"])
@pytest.mark.parametrize("cost", [EDGES, CURVE], ids=["borders", "response"])
def test_rows_that_come_with_the_search_are_made_again(cost: dict[str, Any], many_pairs: int) -> None:
    rules = spec(RULES, [{"kind": "travel"}, cost], confirm="scip", gap="0.01%")
    whole = align(tiny(), rules, seed=1, progress=Silent(), many_pairs=many_pairs).solves[0]
    assert whole.confirmed_by == "scip"
    assert whole.confirmed == pytest.approx(whole.bound, rel=1e-3)
    assert whole.confirmed <= whole.objective + 1e-6 * abs(whole.objective)


def test_the_bounds_of_parts_add_up() -> None:
    whole, *parts = align(
        two_regions(), spec([APART, BAND], confirm="scip"), seed=1, progress=Silent()
    ).solves
    assert whole.confirmed == pytest.approx(sum(part.confirmed for part in parts), rel=1e-12)
    assert whole.confirmed == pytest.approx(whole.bound, rel=1e-6)


def test_what_rests_on_addition_needs_no_second_backend() -> None:
    whole = align(tiny(), spec([], confirm="scip", gap="1%"), seed=1, progress=Silent(), many_pairs=0).solves[
        0
    ]
    assert whole.confirmed_by == ""
    assert whole.rests_on == "addition alone"


@pytest.mark.parametrize("liar", ["highs", "scip"])
def test_bounds_that_cross_are_refused(monkeypatch: pytest.MonkeyPatch, liar: str) -> None:
    honest = solvers.solve

    def lying(model: Model | Arrays, options: SolveOptions, backend: str) -> Solution:
        found = honest(model, options, backend)
        arrays = model.arrays() if isinstance(model, Model) else model
        if backend != liar or not arrays.integer.any():
            return found
        worse = found.objective * 1.01
        return Solution(Status.OPTIMAL, worse, worse, found.x, found.seconds, backend, ended_by="proof")

    monkeypatch.setattr(solvers, "solve", lying)
    with pytest.raises(VerificationFailed, match=f"{liar} proves a bound of .* found") as caught:
        align(tiny(), spec(RULES, confirm="scip"), seed=1, progress=Silent())
    assert caught.value.exit_status == 6


def test_a_second_backend_that_calls_a_solved_model_infeasible_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    honest = solvers.solve

    def lying(model: Model | Arrays, options: SolveOptions, backend: str) -> Solution:
        if backend == "scip":
            return Solution(Status.INFEASIBLE, float("inf"), float("-inf"), None, 0.0, backend)
        return honest(model, options, backend)

    monkeypatch.setattr(solvers, "solve", lying)
    with pytest.raises(VerificationFailed, match="scip calls a model infeasible that highs solved"):
        align(tiny(), spec(RULES, confirm="scip"), seed=1, progress=Silent())


@pytest.mark.parametrize(("name", "says"), [("scop", "no solver is called"), ("cpsat", "cannot take")])
def test_a_second_backend_that_cannot_serve_is_refused_at_its_place(name: str, says: str) -> None:
    costs = [{"kind": "travel"}, {"kind": "deviation", "price": "0.05"}]
    with pytest.raises(BadInput, match=says) as caught:
        align(tiny(), spec(RULES, costs, confirm=name, node_limit=None), seed=1, progress=Silent())
    assert [fault.field for fault in caught.value.faults] == ["territories.solver.confirm"]


def test_a_backend_cannot_confirm_itself() -> None:
    with pytest.raises(ValueError, match="cannot confirm itself"):
        TerritorySpec.model_validate({"objectives": [{"kind": "travel"}], "solver": {"confirm": "highs"}})
