"""Rules in combination: the optimum by both routes, against enumeration; lexicographic ranks; contraction."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import Any

import numpy as np
import pytest

from engine.inputs import Inputs, IntArray
from engine.progress import Silent
from engine.territory.checks import cost_of, rank_values, violations
from engine.territory.problem import Problem, gather
from engine.territory.spec import TerritorySpec
from engine.territory.stage import align
from solvers.solution import Status
from tests.territory.cases import every_alignment, spec, tiny
from tests.worlds import world

CONSTRAINTS: list[list[dict[str, Any]]] = [
    [{"kind": "together", "column": "parent"}, {"kind": "apart", "column": "market"}],
    [
        {"kind": "unit", "column": "area"},
        {"kind": "max_moves", "limit": 3},
        {"kind": "band", "within": "70%"},
    ],
    [
        {"kind": "max_moves", "each": "leaving", "limit": 1},
        {"kind": "max_moves", "each": "entering", "limit": 2},
    ],
    [{"kind": "band", "upper": "75", "calls": {"visits": 4}}, {"kind": "apart", "column": "market"}],
    [
        {"kind": "band", "within": "10%", "price": "0.01"},
        {"kind": "skills", "column": "language", "of": "languages"},
    ],
    [
        {"kind": "max_travel", "km": 150, "by": "table", "missing": "forbid"},
        {"kind": "named_accounts", "column": "tier", "reps": ["R1", "R2"], "exclusive": "true"},
    ],
]
OBJECTIVES: list[dict[str, Any]] = [
    {"kind": "travel", "by": "table", "missing": "forbid"},
    {"kind": "disruption", "per_move": "300", "strength_column": "strength"},
    {"kind": "fit", "column": "language", "of": "languages"},
]
FULL, PRICED = 10_000, 0


def kept(inputs: Inputs, rules: TerritorySpec) -> list[IntArray]:
    """Every alignment that keeps the rules and may be priced."""
    return [
        rep_of
        for rep_of in every_alignment(inputs)
        if not violations(inputs, rules, rep_of) and cost_of(inputs, rules, rep_of) < inf
    ]


@pytest.mark.parametrize("many_pairs", [FULL, PRICED], ids=["full", "priced"])
@pytest.mark.parametrize("constraints", CONSTRAINTS, ids=str)
def test_both_routes_find_the_optimum_under_every_kind_of_rule(
    constraints: list[dict[str, Any]], many_pairs: int
) -> None:
    inputs, rules = tiny(), spec(constraints, OBJECTIVES)
    best = min(cost_of(inputs, rules, rep_of) for rep_of in kept(inputs, rules))
    alignment = align(inputs, rules, seed=1, progress=Silent(), many_pairs=many_pairs)
    whole = alignment.solves[0]
    assert violations(inputs, rules, alignment.rep_of) == []
    assert whole.objective == pytest.approx(best, rel=1e-9)
    assert best * (1 - 1e-6) <= whole.bound <= whole.objective


@pytest.mark.parametrize("many_pairs", [FULL, PRICED], ids=["full", "priced"])
def test_both_routes_find_the_optimum_with_prices_on_borders(many_pairs: int) -> None:
    edges: dict[str, Any] = {
        "kind": "cut_edges",
        "neighbours": "points",
        "islands": "join_nearest",
        "price": 4000,
    }
    inputs, rules = tiny(), spec([{"kind": "band", "within": "50%"}], [{"kind": "travel"}, edges])
    costs = [cost_of(inputs, rules, rep_of) for rep_of in kept(inputs, rules)]
    without = spec([{"kind": "band", "within": "50%"}], [{"kind": "travel"}])
    apart = min(kept(inputs, without), key=lambda rep_of: cost_of(inputs, without, rep_of))
    assert cost_of(inputs, rules, apart) > min(costs)
    whole = align(inputs, rules, seed=1, progress=Silent(), many_pairs=many_pairs).solves[0]
    assert whole.objective == pytest.approx(min(costs), rel=1e-9)
    assert min(costs) * (1 - 1e-6) <= whole.bound <= whole.objective


@pytest.mark.parametrize("many_pairs", [FULL, PRICED], ids=["full", "priced"])
def test_ranks_come_before_the_cost_and_in_their_order(many_pairs: int) -> None:
    bands: list[dict[str, Any]] = [
        {"kind": "band", "measure": "count", "within": "0%", "rank": 1},
        {"kind": "band", "within": "5%", "rank": 2},
        {"kind": "band", "measure": "workload", "within": "5%", "rank": 2, "price": 50},
        {"kind": "together", "column": "parent"},
    ]
    inputs, rules = tiny(), spec(bands)
    best = min(
        (
            (
                *(round(value, 6) for value in rank_values(inputs, rules, rep_of).values()),
                cost_of(inputs, rules, rep_of),
            )
            for rep_of in kept(inputs, rules)
        ),
    )
    alignment = align(inputs, rules, seed=1, progress=Silent(), many_pairs=many_pairs)
    cost, *ranks = alignment.solves
    assert [solve.name for solve in ranks] == ["rank 1", "rank 2"]
    assert [solve.objective for solve in ranks] == pytest.approx(best[:-1], abs=1e-5)
    assert cost.objective == pytest.approx(best[-1], rel=1e-9)
    assert all(
        solve.status is Status.OPTIMAL and solve.bound <= solve.objective for solve in alignment.solves
    )
    reached = rank_values(inputs, rules, alignment.rep_of)
    assert [reached[1], reached[2]] == pytest.approx([solve.objective for solve in ranks], abs=1e-6)


def problem_of(*rules: dict[str, Any]) -> Problem:
    """A problem over the tiny world with every kind of declaration."""
    more: list[dict[str, Any]] = [
        {"kind": "band", "within": "80%"},
        {"kind": "band", "upper": "90", "calls": {"visits": 4}},
        {"kind": "max_moves", "measure": "potential", "share": "80%"},
        {"kind": "max_moves", "each": "entering", "limit": 2},
        {"kind": "apart", "groups": [["A1", "A2"], ["A2", "A5"]]},
        {"kind": "band", "within": "5%", "measure": "workload", "price": 10},
    ]
    objectives = [{"kind": "travel"}, {"kind": "disruption"}, {"kind": "cut_edges", "neighbours": "points"}]
    return gather(tiny(), spec([*more, *rules], objectives))


@pytest.mark.parametrize("column", ["parent", "area"])
def test_contraction_keeps_costs_rules_and_limits_of_every_alignment_exactly(column: str) -> None:
    problem = problem_of({"kind": "together", "column": column})
    units = problem.contract()
    assert len(units.problem.account_ids) < len(problem.account_ids)
    seats = every_alignment(tiny(len(units.problem.account_ids)))
    states = set()
    for of_units in seats:
        rep_of = units.expand(of_units)
        assert units.problem.price(of_units) == pytest.approx(problem.price(rep_of), rel=1e-12)
        broken, below = list(problem.excess(rep_of)), list(units.problem.excess(of_units))
        assert [excess.tolist() for _, excess in broken] == [excess.tolist() for _, excess in below]
        assert units.problem.keeps(of_units) == problem.keeps(rep_of)
        states.add(problem.keeps(rep_of))
    assert states == {True, False}


def test_groups_that_overlap_become_one_unit() -> None:
    groups = [["A0", "A1"], ["A2", "A3"]]
    rules = [
        {"kind": "together", "groups": groups},
        {"kind": "together", "groups": [["A1", "A2"]]},
        {"kind": "together", "groups": [["A4", "A5"]]},
    ]
    units = gather(tiny(), spec(rules)).contract()
    assert units.unit_of.tolist() == [0, 0, 0, 0, 1, 1]
    assert units.problem.account_ids == ("A0 with 3 more kept together", "A4 with 1 more kept together")


def test_parts_are_joined_by_what_crosses_them() -> None:
    level: dict[str, Any] = {"kind": "eligible", "segments": False, "level": "district"}
    inputs = tiny()
    problem = gather(inputs, spec([level]))
    assert len(parts_of(problem)) == 2
    north = [i for i, node in enumerate(inputs.accounts.extra["district"]) if node == "North"]
    south = [i for i, node in enumerate(inputs.accounts.extra["district"]) if node == "South"]
    across = [[inputs.accounts.id[north[0]], inputs.accounts.id[south[0]]]]
    assert len(parts_of(gather(inputs, spec([level, {"kind": "apart", "groups": across}])))) == 1
    each: dict[str, Any] = {"kind": "max_moves", "each": "leaving", "limit": 1}
    assert len(parts_of(gather(inputs, spec([level, each])))) == 1


def parts_of(problem: Problem) -> list[tuple[IntArray, IntArray]]:
    """The parts that are solved by themselves."""
    from engine.territory.solving.parts import parts

    return parts(problem)


def test_four_hundred_accounts_with_groups_and_pairs_are_priced_out_within_the_gap() -> None:
    inputs = world(400, 10, seed=4)
    parent = np.array([f"P{i // 4}" if i % 7 == 0 else "" for i in range(400)], dtype=object)
    parent[1::7] = parent[0::7][: len(parent[1::7])]
    inputs = replace(inputs, accounts=replace(inputs.accounts, extra={"parent": parent}))
    rules: list[dict[str, Any]] = [
        {"kind": "band", "within": "8%"},
        {"kind": "together", "column": "parent"},
        {"kind": "apart", "groups": [["A003", "A013"], ["A023", "A033"], ["A043", "A053", "A063"]]},
        {"kind": "max_moves", "share": "40%"},
    ]
    alignment = align(inputs, spec(rules, gap="1%"), seed=1, progress=Silent(), many_pairs=0)
    whole = alignment.solves[0]
    assert whole.status is Status.OPTIMAL
    assert 0 < whole.bound <= whole.objective <= whole.bound * 1.0102
    assert violations(inputs, spec(rules), alignment.rep_of) == []
