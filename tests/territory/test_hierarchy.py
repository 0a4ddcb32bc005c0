"""Levels above the seats: bands on nodes, one problem or top down, and what each proves."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest

from engine.errors import BadInput, Infeasible
from engine.inputs import Inputs
from engine.progress import Silent
from engine.territory import design
from engine.territory.checks import cost_of, violations
from engine.territory.hierarchy.aggregate import aggregate, nodes_of
from engine.territory.interrupted import DesignInterrupted
from engine.territory.planning.rules import seen
from engine.territory.problem import gather
from engine.territory.spec import TerritorySpec
from tests.territory.test_rows_equal_checks import kept_by_rows
from tests.worlds import world

BAND = {"kind": "band", "within": "45%"}


def nested(accounts: int = 7, reps: int = 4, seed: int = 5) -> Inputs:
    """Four seats on a line in two regions of one and two districts: N (N1: R0, R1), S (S1: R2; S2: R3)."""
    inputs = world(accounts, reps, seed=seed)
    region = tuple("N" if j < 2 else "S" for j in range(reps))
    district = tuple("N1" if j < 2 else f"S{1 + j % 2}" for j in range(reps))
    return replace(inputs, reps=replace(inputs.reps, levels={"region": region, "district": district}))


def rules(
    bands: list[dict[str, Any]],
    constraints: list[dict[str, Any]] | None = None,
    solve: str = "top_down",
    levels: tuple[str, ...] = ("region", "district"),
    objectives: list[dict[str, Any]] | None = None,
) -> TerritorySpec:
    return TerritorySpec.model_validate(
        {
            "constraints": constraints or [],
            "objectives": objectives or [{"kind": "travel"}, {"kind": "disruption"}],
            "hierarchy": {"levels": levels, "solve": solve, "bands": bands},
            "solver": {"gap": 0},
            "explain": {"accounts": "none"},
        }
    )


def every(inputs: Inputs) -> np.ndarray:
    return np.array(list(product(range(len(inputs.reps)), repeat=len(inputs.accounts))), dtype=np.int64)


def cheapest_by_enumeration(inputs: Inputs, spec: TerritorySpec) -> float:
    held = seen(inputs, spec)
    alignments = every(inputs)
    kept = alignments[kept_by_rows(*held, alignments)]
    return min(cost_of(*held, rep_of) for rep_of in kept)


@pytest.mark.parametrize(
    "band",
    [
        {"level": "region", "within": "10%"},
        {"level": "district", "measure": "count", "lower": 1, "upper": 3},
        {"level": "district", "measure": "workload", "within": "50%", "weights": {"R3": "30%"}},
        {"level": "region", "measure": "potential", "upper": "450k"},
    ],
    ids=str,
)
def test_rows_and_plain_check_of_a_node_agree_on_every_alignment(band: dict[str, Any]) -> None:
    inputs = nested(5)
    held = seen(inputs, rules([band], solve="in_one"))
    alignments = every(inputs)
    by_rows = kept_by_rows(*held, alignments)
    by_check = np.array([not violations(*held, rep_of) for rep_of in alignments])
    assert np.array_equal(by_rows, by_check)
    assert 0 < by_rows.sum() < len(alignments)


def test_in_one_finds_the_optimum_of_all_levels() -> None:
    inputs = nested(6)
    spec = rules([{"level": "region", "within": "8%"}], [BAND], solve="in_one")
    alignment = design(inputs, spec, seed=1, progress=Silent())
    assert alignment.solves[0].objective == pytest.approx(cheapest_by_enumeration(inputs, spec), rel=1e-9)
    assert alignment.solves[0].gap == 0


def test_top_down_keeps_every_level_and_its_bound_is_one_on_the_whole() -> None:
    inputs = nested(6)
    bands = [{"level": "region", "within": "8%"}, {"level": "district", "measure": "count", "lower": 1}]
    spec = rules(bands, [{"kind": "max_moves", "limit": 5}])
    alignment = design(inputs, spec, seed=1, progress=Silent())
    assert violations(*seen(inputs, spec), alignment.rep_of) == []
    best = cheapest_by_enumeration(inputs, spec)
    whole = alignment.solves[0]
    assert whole.bound <= best * (1 + 1e-9)
    assert whole.objective >= best * (1 - 1e-9)
    assert [solve.name for solve in alignment.solves] == [
        "cost",
        "cost of the regions",
        "cost of the districts of N",
        "cost of the seats of N1",
        "cost of the districts of S",
        "cost of the seats of S1",
        "cost of the seats of S2",
    ]
    # With the borders given, the seats of the nodes together are the whole.
    seats = [solve.objective for solve in alignment.solves if "seats" in solve.name]
    assert sum(seats) == pytest.approx(whole.objective, rel=1e-9)


def test_a_level_relaxes_the_seats_below_it_for_every_alignment() -> None:
    inputs = nested(6)
    objectives: list[dict[str, Any]] = [
        {"kind": "travel"}, {"kind": "disruption"}, {"kind": "deviation", "measure": "workload", "price": 50},
    ]  # fmt: skip
    wide = {"kind": "band", "within": "90%"}
    spec = rules([], [wide, {"kind": "max_moves", "limit": 4}, {"kind": "eligible"}], objectives=objectives)
    held = seen(inputs, spec)
    problem = gather(*held)
    nodes = nodes_of(inputs.reps.levels["region"])
    above = aggregate(problem, nodes, [])
    alignments = every(inputs)
    kept = [rep_of for rep_of in alignments[::3] if not violations(*held, rep_of)]
    assert len(kept) > 50
    for rep_of in kept:
        by_node = nodes.of_seat[rep_of]
        assert above.keeps(by_node)
        assert above.price(by_node) <= problem.price(rep_of) + 1e-6


def test_without_bands_top_down_is_the_optimum_itself() -> None:
    inputs = nested(12)
    free = design(inputs, rules([], solve="in_one"), seed=1, progress=Silent())
    carved = design(inputs, rules([]), seed=1, progress=Silent())
    assert carved.solves[0].objective == pytest.approx(free.solves[0].objective, rel=1e-9)
    assert carved.solves[0].gap == pytest.approx(0, abs=1e-9)


def test_many_pairs_are_carved_without_the_problem_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = nested(9)
    spec = rules([{"level": "region", "within": "6%"}], [BAND])
    whole = design(inputs, spec, seed=1, progress=Silent())
    monkeypatch.setattr("engine.territory.hierarchy.carved.IN_ONE_PAIRS", 10)
    alone = design(inputs, spec, seed=1, progress=Silent())
    assert alone.solves[0].objective == pytest.approx(whole.solves[0].objective, rel=1e-9)
    assert alone.solves[0].bound == pytest.approx(alone.solves[1].bound, rel=1e-9)
    assert whole.solves[0].bound >= alone.solves[0].bound * (1 - 1e-9)
    assert "regions alone" in alone.solves[0].proof


@pytest.mark.parametrize("solve", ["top_down", "in_one"])
@pytest.mark.parametrize(("accounts", "reps"), [(1, 1), (1, 4), (4, 1)])
def test_the_smallest_hierarchies_are_carved(accounts: int, reps: int, solve: str) -> None:
    inputs = nested(accounts, reps)
    nothing = replace(inputs, accounts=replace(inputs.accounts, potential=np.zeros(accounts, dtype=np.int64)))
    spec = rules([{"level": "region", "within": "0%"}], solve=solve)
    alignment = design(nothing, spec, seed=1, progress=Silent())
    assert alignment.solves[0].gap == pytest.approx(0, abs=1e-9)


def test_groups_and_budgets_hold_on_the_way_down() -> None:
    inputs = nested(14, seed=9)
    together = [{"kind": "lock", "accounts": ["A00", "A05"], "rep": "R3"}, {"kind": "max_moves", "limit": 6}]
    spec = rules([{"level": "region", "measure": "count", "within": "15%"}], together)
    alignment = design(inputs, spec, seed=1, progress=Silent())
    assert alignment.rep_of[[0, 5]].tolist() == [3, 3]
    assert violations(*seen(inputs, spec), alignment.rep_of) == []


def test_a_node_that_cannot_share_out_what_it_got_says_so() -> None:
    inputs = nested(9)
    potential = np.array([200] * 3 + [100] * 6, dtype=np.int64) * 100
    longitude = np.array([-100.0] * 3 + [-95.0] * 6)
    where = replace(inputs.accounts, potential=potential, longitude=longitude)
    inputs = replace(inputs, accounts=where)
    # The three of 200 lie in region N and make its 600, but its two seats hold 350 each: one of 200, not two.
    bands = [{"level": "region", "within": "0%"}]
    spec = rules(bands, [{"kind": "band", "upper": 350}], objectives=[{"kind": "travel"}])
    with pytest.raises(Infeasible) as caught:
        design(inputs, spec, seed=1, progress=Silent())
    assert caught.value.faults[0].field == "territories.hierarchy"
    assert "seats of N1 cannot share out what the level above gave them" in caught.value.faults[0].message
    in_one = rules(bands, [{"kind": "band", "upper": 350}], "in_one", objectives=[{"kind": "travel"}])
    assert violations(*seen(inputs, in_one), design(inputs, in_one, seed=1, progress=Silent()).rep_of) == []


def test_a_node_with_nothing_to_share_out_is_held_to_its_bands_all_the_same() -> None:
    inputs = nested(2)
    spec = rules(
        [{"level": "region", "measure": "count", "upper": 2}],
        [{"kind": "band", "measure": "count", "lower": 0}],
    )
    carved = design(inputs, spec, seed=1, progress=Silent())
    assert violations(*seen(inputs, spec), carved.rep_of) == []


def test_rules_that_tie_nodes_need_one_problem() -> None:
    spec = rules([], [{"kind": "band", "within": "10%", "rank": 1}])
    with pytest.raises(BadInput, match="from the top down"):
        design(nested(6), spec, seed=1, progress=Silent())


def test_ctrl_c_on_the_way_down_leaves_no_half_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    import solvers

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(solvers, "solve", interrupted)
    with pytest.raises(DesignInterrupted) as caught:
        design(nested(9), rules([{"level": "region", "within": "5%"}]), seed=1, progress=Silent())
    assert caught.value.alignment is None


@pytest.mark.parametrize(
    ("hierarchy", "field", "word"),
    [
        ({"levels": ["zone"]}, "levels", "no level 'zone'"),
        ({"levels": ["district", "region"]}, "levels", "S lies in more than one"),
        (
            {"levels": ["region"], "bands": [{"level": "district", "within": "5%"}]},
            "bands[0].level",
            "not among",
        ),
        (
            {"levels": ["region"], "bands": [{"level": "region", "within": "5%", "measure": "x"}]},
            "bands[0].measure",
            "no measure",
        ),
    ],
)
def test_a_hierarchy_that_does_not_fit_is_refused(hierarchy: dict[str, Any], field: str, word: str) -> None:
    spec = TerritorySpec.model_validate({"objectives": [{"kind": "travel"}], "hierarchy": hierarchy})
    with pytest.raises(BadInput) as caught:
        design(nested(), spec, seed=1, progress=Silent())
    assert caught.value.faults[0].field == f"territories.hierarchy.{field}"
    assert word in caught.value.faults[0].message


@pytest.mark.parametrize(
    ("hierarchy", "word"),
    [
        ({"levels": []}, "no level"),
        ({"levels": ["region", "region"]}, "twice"),
        ({"levels": ["region"], "bands": [{"level": "region"}]}, "either within"),
        (
            {"levels": ["region"], "bands": [{"level": "region", "within": "5%", "weights": {"R0": -1}}]},
            "below 0",
        ),
    ],
)
def test_a_hierarchy_that_says_nothing_is_refused(hierarchy: dict[str, Any], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        TerritorySpec.model_validate({"objectives": [{"kind": "travel"}], "hierarchy": hierarchy})
