"""Gains: a concave objective in every route, and bounds that no alignment undercuts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import solvers
from engine.progress import Silent
from engine.territory import design
from engine.territory.checks import cost_of, violations
from engine.territory.hierarchy.aggregate import aggregate, nodes_of
from engine.territory.interrupted import DesignInterrupted
from engine.territory.problem import gather
from engine.territory.solving.descent import _State
from engine.territory.solving.formulation import formulate
from engine.territory.solving.multipliers import price_out
from engine.territory.solving.relaxation import pairs_of
from engine.territory.spec import TerritorySpec
from engine.territory.stage import align
from engine.territory.why.moves import changes
from tests.territory.cases import OBJECTIVES, every_alignment, spec, tiny
from tests.worlds import world

CASES = OBJECTIVES["response"]
RESPONSE = {"kind": "response", **CASES[1]}
TRAVEL = {"kind": "travel"}
CURVE = {"kind": "response", "hours": 9, "elasticity": "0.4", "share": 1}
RULES: dict[str, list[dict[str, Any]]] = {
    "free": [],
    "a band": [{"kind": "band", "within": "40%"}],
    "a budget": [{"kind": "max_moves", "limit": 2}],
    "groups": [{"kind": "together", "column": "parent"}],
    "parts": [{"kind": "eligible", "level": "district"}],
    "one piece": [{"kind": "contiguous", "neighbours": "points", "islands": "join_nearest"}],
    "a rank before it": [{"kind": "band", "measure": "count", "within": "0%", "rank": 1}],
    "a priced band": [{"kind": "band", "measure": "workload", "within": "10%", "price": 90}],
}


@pytest.mark.parametrize("many_pairs", [10_000, 0], ids=["full", "priced"])
@pytest.mark.parametrize(
    "costs", [[RESPONSE], [CURVE, TRAVEL, {"kind": "disruption"}]], ids=["alone", "costs"]
)
@pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
def test_the_answer_is_the_optimum_of_all_alignments(
    rules: list[dict[str, Any]], costs: list[dict[str, Any]], many_pairs: int
) -> None:
    inputs, asked = tiny(), spec(rules, costs)
    whole = align(inputs, asked, seed=1, progress=Silent(), many_pairs=many_pairs)
    kept = [rep_of for rep_of in every_alignment(inputs) if not violations(inputs, asked, rep_of)]
    if any("rank" in rule for rule in rules):
        counts = [np.abs(np.bincount(rep_of, minlength=3) - 2).sum() for rep_of in kept]
        kept = [rep_of for rep_of, count in zip(kept, counts, strict=True) if count == min(counts)]
    best = min(cost_of(inputs, asked, rep_of) for rep_of in kept)
    assert whole.solves[0].objective == pytest.approx(best, rel=1e-9)
    assert whole.solves[0].bound == pytest.approx(best, rel=1e-6)
    assert whole.solves[0].bound <= whole.solves[0].objective


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_model_is_no_dearer_than_any_alignment_and_exact_where_it_is_touched(
    case: dict[str, Any],
) -> None:
    problem = gather(tiny(), spec([], [{"kind": "response", **case}, TRAVEL]))
    touched = np.array([0, 1, 2, 0, 1, 1])
    formulation = formulate(problem, *pairs_of(problem.eligible), touching=[touched])
    arrays = formulation.model.arrays()
    for rep_of in every_alignment(tiny()):
        point = formulation.start(problem, rep_of)
        assert point is not None
        activity = arrays.matrix @ point
        assert (activity >= arrays.row_lower - 1e-12).all()
        assert (activity <= arrays.row_upper + 1e-12).all()
        assert (point <= arrays.upper + 1e-12).all()
        assert float(arrays.cost @ point) == pytest.approx(problem.price(rep_of), rel=1e-12)
    columns = formulation.auxiliary[0].columns[3:]
    point = formulation.start(problem, touched)
    assert point is not None
    higher = point.copy()
    higher[columns] += 1e-9
    over = arrays.matrix @ higher > arrays.row_upper
    assert over.any()


def test_the_bound_of_any_multipliers_holds_for_every_alignment() -> None:
    problem = gather(tiny(), spec([{"kind": "band", "within": "70%"}], [RESPONSE, TRAVEL]))
    formulation = formulate(problem, *pairs_of(problem.eligible))
    kept = [rep_of for rep_of in every_alignment(tiny()) if problem.keeps(rep_of)]
    price = np.array([problem.price(rep_of) for rep_of in kept])
    rng = np.random.default_rng(3)
    for size in (0.0, 1.0, 300.0, 3e4, 3e6):
        for _ in range(20):
            priced = price_out(problem, formulation, size * rng.normal(size=formulation.model.rows))
            used = priced.extra[np.arange(6), np.array(kept)]
            assert (priced.bound + used.max(axis=1) <= price + 1e-6 * np.abs(price)).all()


def test_shifts_and_swaps_are_priced_as_what_they_change() -> None:
    problem = gather(tiny(), spec([], [CURVE, RESPONSE, TRAVEL]))
    rng = np.random.default_rng(4)
    for _ in range(10):
        rep_of = rng.integers(0, 3, 6)
        delta, change = _State(problem, rep_of.copy()).deltas(), changes(problem, rep_of, np.arange(6))
        for i in range(6):
            for j in range(3):
                moved = rep_of.copy()
                moved[i] = j
                true = problem.price(moved) - problem.price(rep_of)
                assert change[i, j] == pytest.approx(true, abs=1e-6)
                assert delta[i, j] == pytest.approx(true, abs=1e-6)
        before = _State(problem, rep_of.copy())
        if before.swap():
            assert problem.price(before.rep_of) < problem.price(rep_of)


def test_a_level_read_as_one_seat_brings_in_no_less() -> None:
    problem = gather(tiny(), spec([], [RESPONSE]))
    nodes = nodes_of(("north", "south", "north"))
    above = aggregate(problem, nodes, [])
    for rep_of in every_alignment(tiny()):
        assert above.price(nodes.of_seat[rep_of]) <= problem.price(rep_of) * (1 - 1e-12) + 1e-9


@pytest.mark.parametrize("many_pairs", [10_000, 0], ids=["full", "priced"])
def test_three_hundred_accounts_are_proved_within_the_demanded_gap(many_pairs: int) -> None:
    inputs = world(300, 10, seed=3)
    curve = {"kind": "response", "hours": 150, "share": "30%", "hours_per_visit": 1}
    rules = spec([{"kind": "band", "within": "15%"}], [curve, TRAVEL], gap="1%")
    found = align(inputs, rules, seed=1, progress=Silent(), many_pairs=many_pairs)
    whole = found.solves[0]
    assert whole.gap <= 0.01
    assert whole.bound <= whole.objective < 0
    assert violations(inputs, rules, found.rep_of) == []


def test_the_routes_prove_bounds_that_allow_each_others_answers() -> None:
    rules = spec([{"kind": "band", "within": "10%"}], [CURVE, TRAVEL], gap="0.1%")
    whole, priced = (
        align(world(80, 5, seed=5), rules, seed=1, progress=Silent(), many_pairs=many).solves[0]
        for many in (10_000, 0)
    )
    assert priced.bound <= whole.objective + 1e-9 * abs(whole.objective)
    assert whole.bound <= priced.objective + 1e-9 * abs(whole.objective)


def test_ctrl_c_leaves_a_bound_that_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*given: object, **more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(solvers, "solve", interrupted)
    rules = spec([], [RESPONSE, TRAVEL])
    with pytest.raises(DesignInterrupted) as caught:
        align(tiny(), rules, seed=1, progress=Silent())
    saved = caught.value.alignment
    assert saved is not None
    best = min(cost_of(tiny(), rules, rep_of) for rep_of in every_alignment(tiny()))
    assert saved.solves[0].bound <= best


def test_alternatives_stay_within_the_cost_when_it_is_below_zero() -> None:
    rules = TerritorySpec.model_validate(
        {
            "objectives": [RESPONSE, TRAVEL],
            "solver": {"gap": 0},
            "alternatives": {"count": 1, "within": "10%"},
        }
    )
    found = design(tiny(), rules, seed=1, progress=Silent())
    best = found.solves[0].objective
    assert best < 0
    frame = {table.name: table.frame for table in found.tables}["alternatives"]
    assert len(frame) > 0
    assert (frame["cost"] <= best + 0.1 * abs(best) + 1e-6).all()
    assert (frame["over_best"] >= 0).all()
    assert frame["over_best"].max() > 0


def test_a_problem_keeps_its_gains_over_units_and_parts() -> None:
    problem = gather(tiny(), spec([{"kind": "together", "column": "parent"}], [RESPONSE]))
    units = problem.contract()
    first = np.unique(units.unit_of, return_index=True)[1]
    for rep_of in every_alignment(tiny())[::7]:
        if (rep_of[first][units.unit_of] == rep_of).all():
            assert units.problem.price(rep_of[first]) == pytest.approx(problem.price(rep_of), rel=1e-12)
    part = problem.restrict(np.array([1, 2, 4]), np.array([1, 2]))
    for rep_of in every_alignment(tiny(3, 2)):
        whole = np.full(6, 0)
        whole[[1, 2, 4]] = rep_of + 1
        inside = problem.price(whole) - float(
            -problem.gains[0].what.of(problem.gains[0].what.loads(whole))[0]
        )
        assert part.price(rep_of) == pytest.approx(inside, rel=1e-9)
