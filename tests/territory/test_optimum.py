"""The answer is the optimum, by whatever route, and its bound holds for every alignment."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import Any

import numpy as np
import pytest

from engine.inputs import Inputs
from engine.progress import Silent
from engine.territory.checks import cost_of, violations
from engine.territory.spec import TerritorySpec
from engine.territory.stage import align
from solvers.solution import Status
from tests.territory.cases import every_alignment, spec, tiny
from tests.worlds import world

RULES: list[list[dict[str, Any]]] = [
    [],
    [{"kind": "band", "within": "40%"}, {"kind": "band", "measure": "workload", "within": "50%"}],
    [{"kind": "band", "measure": "count", "within": "0%"}, {"kind": "eligible"}],
    [{"kind": "max_moves", "limit": 2}, {"kind": "band", "measure": "count", "lower": 2}],
    [{"kind": "lock", "keep_incumbents_of": ["R1"]}, {"kind": "band", "within": "60%"}],
]
COSTS: list[list[dict[str, Any]]] = [
    [{"kind": "travel"}, {"kind": "disruption"}],
    [{"kind": "disruption", "share": "3%"}, {"kind": "deviation", "price": "0.1"}],
    [{"kind": "deviation", "measure": "workload", "price": 250}, {"kind": "travel"}],
]
FULL, PRICED = 10_000, 0


def cheapest(inputs: Inputs, rules: TerritorySpec) -> float:
    """The least cost of all alignments that keep the rules, by enumeration."""
    kept = [rep_of for rep_of in every_alignment(inputs) if not violations(inputs, rules, rep_of)]
    return min((cost_of(inputs, rules, rep_of) for rep_of in kept), default=inf)


@pytest.mark.parametrize("many_pairs", [FULL, PRICED], ids=["full", "priced"])
@pytest.mark.parametrize("objectives", COSTS, ids=["travel", "deviation", "both"])
@pytest.mark.parametrize("constraints", RULES, ids=["free", "bands", "eligible", "moves", "lock"])
def test_design_finds_the_optimum_of_all_alignments(
    constraints: list[dict[str, Any]], objectives: list[dict[str, Any]], many_pairs: int
) -> None:
    inputs, rules = tiny(), spec(constraints, objectives)
    best = cheapest(inputs, rules)
    assert best < inf
    alignment = align(inputs, rules, seed=1, progress=Silent(), many_pairs=many_pairs)
    whole = alignment.solves[0]
    assert whole.objective == pytest.approx(best, rel=1e-9)
    assert whole.bound == pytest.approx(best, rel=1e-6)
    assert whole.bound <= whole.objective
    assert violations(inputs, rules, alignment.rep_of) == []


@pytest.mark.parametrize("many_pairs", [FULL, PRICED], ids=["full", "priced"])
def test_three_hundred_accounts_are_aligned_within_the_demanded_gap(many_pairs: int) -> None:
    inputs = world(300, 10, seed=3)
    owner = np.random.default_rng(4).permutation(inputs.accounts.owner)
    inputs = replace(inputs, accounts=replace(inputs.accounts, owner=owner))
    bands = [{"kind": "band", "within": "5%"}, {"kind": "band", "measure": "workload", "within": "8%"}]
    alignment = align(inputs, spec(bands, gap="0.5%"), seed=1, progress=Silent(), many_pairs=many_pairs)
    whole = alignment.solves[0]
    assert whole.status is Status.OPTIMAL
    assert 0 < whole.bound <= whole.objective <= whole.bound * 1.00503
    assert violations(inputs, spec(bands), alignment.rep_of) == []


@pytest.mark.slow
def test_the_two_routes_prove_bounds_that_allow_each_others_answers() -> None:
    inputs = world(120, 6, seed=5)
    bands = [{"kind": "band", "within": "3%"}, {"kind": "band", "measure": "workload", "within": "5%"}]
    whole, priced = (
        align(inputs, spec(bands, gap="0.1%"), seed=1, progress=Silent(), many_pairs=many).solves[0]
        for many in (FULL, PRICED)
    )
    assert priced.bound <= whole.objective * (1 + 1e-9)
    assert whole.bound <= priced.objective * (1 + 1e-9)
    assert priced.objective == pytest.approx(whole.objective, rel=2e-3)


@pytest.mark.parametrize("axis", ["accounts", "reps"])
def test_the_order_of_the_tables_does_not_change_the_cost(axis: str) -> None:
    inputs = world(24, 4, seed=7)
    rules = spec([{"kind": "band", "within": "12%"}])
    before = align(inputs, rules, seed=1, progress=Silent())
    after = align(permuted(inputs, axis), rules, seed=1, progress=Silent())
    assert after.solves[0].objective == pytest.approx(before.solves[0].objective, rel=1e-9)


def permuted(inputs: Inputs, axis: str) -> Inputs:
    """The same world with the rows of one table in another order."""
    table = getattr(inputs, axis)
    order = np.random.default_rng(8).permutation(len(table))
    changes: dict[str, Any] = {}
    for name, value in vars(table).items():
        if isinstance(value, tuple):
            changes[name] = tuple(value[k] for k in order)
        elif isinstance(value, np.ndarray):
            changes[name] = value[order]
        else:
            changes[name] = {
                key: tuple(cells[k] for k in order) if isinstance(cells, tuple) else cells[order]
                for key, cells in value.items()
            }
    moved = replace(inputs, **{axis: replace(table, **changes)})
    if axis == "reps":
        back = np.empty(len(order), dtype=np.int64)
        back[order] = np.arange(len(order))
        moved = replace(moved, accounts=replace(inputs.accounts, owner=back[inputs.accounts.owner]))
    return moved


def test_equal_scenarios_give_equal_alignments() -> None:
    inputs, rules = world(80, 5, seed=9), spec([{"kind": "band", "within": "5%"}], gap="1%")
    first, second = (align(inputs, rules, seed=1, progress=Silent(), many_pairs=0) for _ in range(2))
    assert first.rep_of.tolist() == second.rep_of.tolist()
    assert first.solves[0].record() == second.solves[0].record()
