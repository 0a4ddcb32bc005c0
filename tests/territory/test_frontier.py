"""A frontier by enumeration on a tiny world: least of one axis for each limit, ends, dominated points, refusals."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from math import inf
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.errors import BadInput
from engine.inputs import Inputs, IntArray
from engine.progress import Silent
from engine.territory import design, violations
from engine.territory.alignment import Alignment
from engine.territory.checks import cost_of
from engine.territory.frontier import axes as frontier_axes
from engine.territory.frontier import tracing as frontier
from engine.territory.frontier.tracing import Point, undominated
from engine.territory.interrupted import DesignInterrupted
from engine.territory.spec import TerritorySpec
from solvers.solution import Status
from tests.territory.cases import every_alignment, tiny

TRAVEL = {"kind": "travel", "price_per_km": 5}
DISRUPTION = {"kind": "disruption"}


def restless() -> Inputs:
    """The tiny world after its accounts went to the next seat: what is near has another incumbent."""
    inputs = tiny(seed=3)
    owner = (inputs.accounts.owner + 1) % 3
    return replace(inputs, accounts=replace(inputs.accounts, owner=owner))


def asking(block: dict[str, Any], constraints: list[dict[str, Any]], **more: Any) -> TerritorySpec:
    return TerritorySpec.model_validate(
        {
            "constraints": constraints,
            "objectives": [TRAVEL, DISRUPTION],
            "solver": {"gap": 0},
            "explain": {"accounts": "none"},
            "frontier": block,
            **more,
        }
    )


def table(alignment: Alignment, name: str = "frontier") -> pd.DataFrame:
    return next(found.frame for found in alignment.tables if found.name == name)


def axis(inputs: Inputs, spec: TerritorySpec, name: str, rep_of: IntArray) -> float:
    """Compute an axis from the tables, without the engine's axes."""
    accounts, total = inputs.accounts, np.zeros(len(inputs.reps))
    gone = [i for i, j in enumerate(rep_of) if accounts.owner[i] not in (-1, j)]
    if name == "potential":
        return float(accounts.potential[gone].sum()) / 100
    if name == "count":
        return float(len(gone))
    if name == "travel":
        return spec.objectives[0].cost_of(inputs, rep_of)
    if name == "cost":
        return cost_of(inputs, spec, rep_of)
    for i, j in enumerate(rep_of):
        total[j] += accounts.potential[i]
    return float(np.abs(total / total.mean() - 1).max())


CASES = [
    ({"widths": ["60%", "40%", "25%"]}, "potential", "balance"),
    ({"of": "cost", "widths": ["50%", "30%"]}, "cost", "balance"),
    ({"of": "cost", "against": "disruption", "moved": "count", "points": 4}, "cost", "count"),
    ({"of": "travel", "against": "disruption", "points": 4}, "travel", "potential"),
    ({"moved": "count", "against": "travel", "points": 5}, "count", "travel"),
]


@pytest.mark.parametrize(("block", "of", "against"), CASES, ids=lambda case: str(case)[:60])
def test_every_point_is_the_least_of_all_alignments_within_its_limit(
    block: dict[str, Any], of: str, against: str
) -> None:
    inputs = restless()
    spec = asking(block, [{"kind": "eligible"}, {"kind": "band", "measure": "count", "lower": 1, "upper": 4}])
    alignment = design(inputs, spec, seed=1, progress=Silent())
    kept = [rep_of for rep_of in every_alignment(inputs) if not violations(inputs, spec, rep_of)]
    figures = [
        (axis(inputs, spec, of, k), axis(inputs, spec, against, k), cost_of(inputs, spec, k)) for k in kept
    ]
    points = table(alignment)
    points = points[~points["point"].isin(["plan", "none"])]
    assert len(points) >= 2
    for _, row in points.iterrows():
        limit = float("inf") if np.isnan(row["limit"]) else row["limit"] + 1e-9
        least = min(value for value, other, _ in figures if other <= limit)
        assert row["objective"] == pytest.approx(least, rel=1e-9, abs=1e-6)
        assert row["bound"] == pytest.approx(least, rel=1e-6, abs=1e-6)
        cheapest = min(cost for value, other, cost in figures if other <= limit and value <= least + 1e-6)
        assert row["cost_bound"] <= cheapest + 1e-6
        assert row["cost"] >= cheapest - 1e-6
    assert (points["reached"].diff().dropna() < 0).all()
    assert (points["objective"].diff().dropna() > 0).all()
    assert [solve.name for solve in alignment.solves[1:]] == [
        f"frontier: {words}, {limited}"
        for words, limited in zip(points["minimised"], points["limited"], strict=True)
    ]


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "together", "groups": [["A0", "A4"]]},
        {"kind": "apart", "groups": [["A0", "A1"], ["A1", "A2"]]},
        {"kind": "band", "measure": "workload", "within": "10%", "price": 40},
        {"kind": "band", "measure": "workload", "within": "10%", "rank": 1},
        {"kind": "contiguous", "neighbours": "points", "islands": "join_nearest"},
        {"kind": "max_moves", "each": "entering", "limit": 2},
    ],
    ids=str,
)
def test_every_other_rule_holds_at_every_point(rule: dict[str, Any]) -> None:
    inputs = restless()
    spec = asking({"widths": ["60%", "35%"], "moved": "count"}, [rule])
    alignment = design(inputs, spec, seed=1, progress=Silent())
    kept = [rep_of for rep_of in every_alignment(inputs) if not violations(inputs, spec, rep_of)]
    points = table(alignment)
    points = points[~points["point"].isin(["plan", "none"])]
    assert len(points) >= 2
    for _, row in points.iterrows():
        limit = float("inf") if np.isnan(row["limit"]) else row["limit"] + 1e-9
        within = [k for k in kept if axis(inputs, spec, "balance", k) <= limit]
        assert row["objective"] == pytest.approx(
            min(axis(inputs, spec, "count", k) for k in within), abs=1e-6
        )


def test_a_limit_that_nobody_keeps_is_told_with_its_proof_and_ends_the_frontier() -> None:
    inputs = tiny(seed=3)
    spec = asking({"widths": ["60%", "0.1%", "0.01%"]}, [])
    points = table(design(inputs, spec, seed=1, progress=Silent()))
    failed = points[points["point"] == "none"]
    assert list(failed["limit"]) == [0.001]
    assert list(failed["status"]) == ["INFEASIBLE"]
    assert "no alignment keeps the rules" in failed["proof"].iloc[0]
    best = min(axis(inputs, spec, "balance", rep_of) for rep_of in every_alignment(inputs))
    assert best > 0.001


def test_the_band_of_the_scenario_gives_way_and_keeps_its_targets() -> None:
    inputs = tiny(seed=3)
    band = {"kind": "band", "within": "30%", "weights": {"R0": "50%"}}
    spec = asking({"widths": ["45%", "30%"]}, [band])
    alignment = design(inputs, spec, seed=1, progress=Silent())
    points = table(alignment)
    assert points["deviation_potential"].max() > 0.30
    seats = table(alignment, "frontier_accounts")
    index = {seat: j for j, seat in enumerate(inputs.reps.id)}
    rep_of = np.array([index[seat] for seat in seats["point_1"]])
    template = frontier_axes.template(spec, "potential")
    first = points[points["point"] == "1"].iloc[0]
    assert float(frontier_axes.deviation(inputs, template, rep_of)) == first["deviation_potential"]


def point(value: float, reached: str) -> Point:
    rep_of, limit = np.zeros(1, dtype=np.int64), Decimal(reached)
    return Point(limit, rep_of, value, value, limit, 0.0, 0.0, Status.OPTIMAL, "", "", 0.0)


def test_points_beaten_on_both_axes_are_left_out_and_of_equals_one_stays() -> None:
    points = [point(1, "9"), point(2, "7"), point(2, "7"), point(3, "7"), point(3, "5")]
    assert [(p.value, p.reached) for p in undominated(points)] == [
        (1, Decimal(9)),
        (2, Decimal(7)),
        (3, Decimal(5)),
    ]


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ({"of": "travel", "against": "travel"}, "cannot be traded against itself"),
        ({"against": "travel", "widths": ["5%"]}, "widths belong"),
        ({"limits": [3]}, "limits belong"),
        ({"widths": ["-5%"]}, "below 0"),
        ({"points": 1}, "greater than or equal to 2"),
    ],
)
def test_axes_that_cannot_be_are_refused(block: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        asking(block, [])


@pytest.mark.parametrize(
    ("block", "field"),
    [
        ({"measure": "potentail"}, "territories.frontier.measure"),
        ({"moved": "profit"}, "territories.frontier.moved"),
        ({"against": "travel"}, "territories.frontier.against"),
    ],
)
def test_axes_that_the_tables_do_not_know_are_refused_before_anything_is_solved(
    block: dict[str, Any], field: str
) -> None:
    spec = asking(block, [], objectives=[DISRUPTION])
    with pytest.raises(BadInput) as caught:
        design(tiny(), spec, seed=1, progress=Silent())
    assert [fault.field for fault in caught.value.faults] == [field]


def test_an_interrupt_while_the_frontier_is_traced_keeps_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(frontier, "trace", stop)
    with pytest.raises(DesignInterrupted) as caught:
        design(tiny(), asking({}, []), seed=1, progress=Silent())
    assert caught.value.alignment is not None
    assert len(caught.value.alignment.rep_of) == 6


def test_costs_below_zero_have_bounds_below_zero() -> None:
    inputs = restless()
    curve = {"kind": "response", "hours": 9, "elasticity": "0.4", "share": 100}
    block = {"of": "cost", "against": "disruption", "moved": "count", "limits": [4, 2]}
    rules = asking(block, [], objectives=[TRAVEL, DISRUPTION, curve])
    frame = table(design(inputs, rules, seed=1, progress=Silent()))
    points = frame[~frame["point"].isin(["plan", "none"])]
    assert len(points)
    for row in points.itertuples():
        limit = inf if np.isnan(row.limit) else row.limit
        kept = [k for k in every_alignment(inputs) if axis(inputs, rules, "count", k) <= limit]
        least = min(axis(inputs, rules, "cost", k) for k in kept)
        assert least < 0
        assert row.objective == pytest.approx(least, rel=1e-6)
        assert row.bound == pytest.approx(least, rel=1e-4)
        assert row.bound <= row.objective
