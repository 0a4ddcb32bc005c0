"""Alternatives by enumeration: each differs as much as any plan within the cost can, from the best and the earlier."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.inputs import Inputs, IntArray
from engine.progress import Silent
from engine.territory import design, violations
from engine.territory.alignment import Alignment
from engine.territory.alternatives.search import searched
from engine.territory.checks import cost_of, rank_values
from engine.territory.problem import gather
from engine.territory.spec import TerritorySpec
from tests.territory.cases import every_alignment, tiny


def restless(accounts: int = 6, seed: int = 2) -> Inputs:
    """The tiny world after its accounts went to the next seat: moving back saves about what it costs."""
    inputs = tiny(accounts, seed=seed)
    owner = (inputs.accounts.owner + 1) % 3
    return replace(inputs, accounts=replace(inputs.accounts, owner=owner))


def asking(**block: Any) -> TerritorySpec:
    return TerritorySpec.model_validate(
        {
            "constraints": [{"kind": "band", "within": "60%"}],
            "objectives": [{"kind": "travel"}, {"kind": "disruption"}],
            "solver": {"gap": 0},
            "alternatives": block,
        }
    )


def plans(alignment: Alignment, reps: tuple[str, ...], accounts: tuple[str, ...]) -> list[IntArray]:
    """Read the plans back from the table of accounts, the best first."""
    frame = next(t.frame for t in alignment.tables if t.name == "alternative_accounts")
    place, seat = {a: i for i, a in enumerate(accounts)}, {r: j for j, r in enumerate(reps)}
    found = []
    for name in [column for column in frame if column == "best" or column.startswith("plan_")]:
        rep_of = alignment.rep_of.copy()
        rep_of[[place[a] for a in frame["account"]]] = [seat[r] for r in frame[name]]
        found.append(rep_of)
    return found


@pytest.mark.parametrize(("measure", "scale"), [("count", 1), ("potential", 100)])
def test_each_alternative_differs_as_much_as_any_plan_within_the_cost(measure: str, scale: int) -> None:
    inputs = restless(seed=2)
    spec = asking(count=3, within="100%", measure=measure, node_limit=1000, gap=0)
    alignment = design(inputs, spec, seed=1, progress=Silent())
    table = next(t.frame for t in alignment.tables if t.name == "alternatives")
    weight = np.ones(6) if measure == "count" else inputs.accounts.potential / scale
    limit = 2 * alignment.solves[0].objective
    kept = [k for k in every_alignment(inputs) if not violations(inputs, spec, k)]
    within = [k for k in kept if cost_of(inputs, spec, k) <= limit]
    known = plans(alignment, inputs.reps.id, inputs.accounts.id)
    assert len(known) == len(table) == 4
    assert (known[0] == alignment.rep_of).all()
    for turn in range(1, len(known)):

        def least(plan: IntArray, before: list[IntArray] = known[:turn]) -> float:
            return min(float(weight[plan != other].sum()) for other in before)

        most = max(least(plan) for plan in within)
        assert table["difference"][turn] == pytest.approx(most)
        assert table["bound"][turn] == pytest.approx(most)
        assert least(known[turn]) == pytest.approx(most)
        assert table["cost"][turn] <= limit
        assert table["accounts_differ"][turn] == (known[turn] != known[0]).sum()


@pytest.mark.parametrize("nodes", [0, 200])
@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "together", "groups": [["A0", "A4"]]},
        {"kind": "apart", "groups": [["A0", "A1"]]},
        {"kind": "band", "measure": "workload", "within": "10%", "price": 40},
        {"kind": "band", "measure": "workload", "within": "10%", "rank": 1},
        {"kind": "contiguous", "neighbours": "points", "islands": "join_nearest"},
        {"kind": "max_moves", "limit": 4},
    ],
    ids=str,
)
def test_every_rule_holds_and_the_bound_holds_for_every_plan(rule: dict[str, Any], nodes: int) -> None:
    inputs = restless()
    base = asking(count=1, within="100%", node_limit=nodes)
    band = base.constraints[0].model_dump(exclude_unset=True)
    spec = TerritorySpec.model_validate(
        {**base.model_dump(exclude_unset=True), "constraints": [{"kind": "band", **band}, rule]}
    )
    alignment = design(inputs, spec, seed=1, progress=Silent())
    ranked = rank_values(inputs, spec, alignment.rep_of)
    limit = 2 * cost_of(inputs, spec, alignment.rep_of)
    within = [
        k
        for k in every_alignment(inputs)
        if not violations(inputs, spec, k)
        and cost_of(inputs, spec, k) <= limit
        and all(value <= ranked[rank] + 1e-9 for rank, value in rank_values(inputs, spec, k).items())
    ]
    most = max(int((k != alignment.rep_of).sum()) for k in within)
    table = next(t.frame for t in alignment.tables if t.name == "alternatives")
    found = plans(alignment, inputs.reps.id, inputs.accounts.id)
    assert len(found) == len(table) == (2 if most else 1)
    for plan, told in zip(found[1:], table["difference"][1:], strict=True):
        assert any((plan == k).all() for k in within)
        assert told == (plan != alignment.rep_of).sum() <= most <= table["bound"][1]


def test_without_nodes_the_plans_keep_the_rules_and_the_lp_bounds_their_difference() -> None:
    inputs = restless(seed=2)
    alignment = design(inputs, asking(count=2, within="100%"), seed=1, progress=Silent())
    exact = design(inputs, asking(count=1, within="100%", node_limit=1000, gap=0), seed=1, progress=Silent())
    table, truth = (next(t.frame for t in a.tables if t.name == "alternatives") for a in (alignment, exact))
    assert table["difference"][1] <= truth["difference"][1] <= table["bound"][1]
    for plan in plans(alignment, inputs.reps.id, inputs.accounts.id):
        assert not violations(inputs, asking(), plan)


def test_local_search_finds_difference_and_stays_within_rules_and_cost() -> None:
    inputs, spec = restless(accounts=12, seed=4), asking()
    problem = gather(inputs, spec)
    best = design(inputs, spec, seed=1, progress=Silent()).rep_of
    limit = 3 * problem.price(best)
    found = searched(problem, [best], np.ones(12), limit)
    assert problem.keeps(found)
    assert problem.price(found) <= limit
    assert (found != best).sum() >= 2


def test_a_plan_that_nothing_comes_near_has_no_alternative() -> None:
    inputs = restless(seed=2)
    alignment = design(inputs, asking(within="0%", node_limit=100), seed=1, progress=Silent())
    table = next(t for t in alignment.tables if t.name == "alternatives")
    assert list(table.frame["plan"]) == ["best"]
    assert table.meaning.endswith("3 more were sought, none found")
