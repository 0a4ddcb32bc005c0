"""Certified bounds: written with the plan by every route, proved again by other code, refused when tampered with."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.inputs import Inputs
from engine.progress import Silent
from engine.territory import design, violations
from engine.territory.checks import cost_of, rank_values
from engine.territory.interrupted import DesignInterrupted
from engine.territory.problem import Problem
from engine.territory.solving import certifying
from engine.territory.solving.search import Answer, Search
from engine.territory.spec import TerritorySpec
from engine.territory.stage import align
from engine.verification.certificates import certificate_faults
from tests.territory.cases import every_alignment, spec, tiny
from tests.territory.test_stage import APART, BAND, two_regions
from tests.worlds import world

MOVES = {"kind": "max_moves", "measure": "potential", "share": "40%"}
WIDE = {"kind": "band", "within": "45%"}
BORDERS = {"neighbours": "points", "islands": "join_nearest"}
RULES: dict[str, list[dict[str, Any]]] = {
    "bands": [WIDE, {"kind": "band", "measure": "count", "lower": 1, "upper": 3}],
    "budget": [WIDE, {"kind": "max_moves", "limit": 3}],
    "priced": [WIDE, {"kind": "band", "measure": "workload", "within": "10%", "price": 40}],
    "each": [WIDE, {"kind": "max_moves", "each": "leaving", "limit": 1}],
    "calls": [{"kind": "band", "upper": "90", "calls": {"visits": 4}}],
    "ranked": [
        {"kind": "band", "within": "5%", "rank": 1},
        {"kind": "band", "measure": "count", "within": "0%", "rank": 2},
    ],
    "together": [WIDE, {"kind": "together", "groups": [["A0", "A4"]]}],
    "apart": [WIDE, {"kind": "apart", "groups": [["A0", "A1"], ["A1", "A2"]]}],
    "contiguous": [WIDE, {"kind": "contiguous", **BORDERS}],
    "none": [],
}  # fmt: skip
COSTS: list[dict[str, Any]] = [
    {"kind": "travel"},
    {"kind": "disruption"},
    {"kind": "cut_edges", "price": 300, **BORDERS},
]
Frames = dict[str, pd.DataFrame]


def written(inputs: Inputs, rules: TerritorySpec, many_pairs: int) -> tuple[Frames, Any]:
    alignment = align(inputs, rules, seed=1, progress=Silent(), many_pairs=many_pairs)
    return {table.name: table.frame for table in alignment.tables}, alignment


@pytest.mark.parametrize("many_pairs", [10_000, 0], ids=["full", "priced"])
@pytest.mark.parametrize(
    ("name", "costs"), [*((name, 2) for name in RULES), ("bands", 3), ("ranked", 3), ("together", 3)]
)
def test_every_route_writes_a_certificate_that_bounds_every_alignment(
    name: str, costs: int, many_pairs: int
) -> None:
    inputs, rules = tiny(), spec(RULES[name], COSTS[:costs])
    tables, alignment = written(inputs, rules, many_pairs)
    assert certificate_faults(inputs, rules, tables, alignment.rep_of) == []
    ranks = rank_values(inputs, rules, alignment.rep_of)
    kept = [k for k in every_alignment(inputs) if not violations(inputs, rules, k)]
    kept = [
        k for k in kept if all(v <= ranks[rank] + 1e-6 for rank, v in rank_values(inputs, rules, k).items())
    ]
    part, whole = tables["certificates"].iloc[0], alignment.solves[0]
    assert 0 < part["certified"] <= min(cost_of(inputs, rules, k) for k in kept) + 1e-6
    assert part["certified"] <= part["bound"] + 1e-6
    assert part["left_out"] == (name if name in ("apart", "contiguous") else "")
    assert whole.certified == part["certified"]
    assert whole.certified_gap == pytest.approx(part["certified_gap"], abs=1e-9)


@pytest.mark.parametrize("many_pairs", [10_000, 0], ids=["full", "priced"])
@pytest.mark.parametrize("share", [1, 100], ids=["little", "more than all costs"])
def test_what_loads_bring_in_is_part_of_a_certificate(share: int, many_pairs: int) -> None:
    curve = {"kind": "response", "hours": 9, "elasticity": "0.4", "share": share}
    inputs, rules = tiny(), spec(RULES["bands"], [*COSTS[:2], curve])
    tables, alignment = written(inputs, rules, many_pairs)
    part, prices = tables["certificates"].iloc[0], tables["multipliers"]
    kept = [k for k in every_alignment(inputs) if not violations(inputs, rules, k)]
    least = min(cost_of(inputs, rules, k) for k in kept)
    assert least - 0.2 * abs(least) - 1 < part["certified"] <= least + 1e-6
    assert certificate_faults(inputs, rules, tables, alignment.rep_of) == []
    own = prices["field"] == "territories.objectives[2]"
    assert own.sum() == len(inputs.reps)
    lower = {**tables, "multipliers": prices.assign(multiplier=prices["multiplier"].where(~own, 0.0))}
    assert "its multipliers prove" in " ".join(certificate_faults(inputs, rules, lower, alignment.rep_of))
    higher = tables["certificates"].assign(certified=part["certified"] + 0.001 * abs(part["certified"]))
    told = certificate_faults(inputs, rules, {**tables, "certificates": higher}, alignment.rep_of)
    assert "its multipliers prove" in " ".join(told)


@pytest.mark.parametrize("many_pairs", [10_000, 0], ids=["full", "priced"])
@pytest.mark.parametrize(
    ("rules", "regions"),
    [
        ([{"kind": "band", "within": "25%"}, MOVES], False),
        ([APART, BAND], True),
    ],
    ids=["budget", "parts"],
)
def test_a_certificate_holds_and_a_tampered_one_does_not(
    rules: list[dict[str, Any]], regions: bool, many_pairs: int
) -> None:
    inputs, said = two_regions() if regions else world(40, 6), spec(rules)
    tables, alignment = written(inputs, said, many_pairs)
    parts, prices, seats = (tables[name] for name in ("certificates", "multipliers", "certificate_seats"))
    assert len(parts) == (2 if regions else 1)

    def faults(**changed: pd.DataFrame) -> list[str]:
        return certificate_faults(inputs, said, {**tables, **changed}, alignment.rep_of)

    assert faults() == []
    higher = parts.assign(certified=parts["certified"] * 1.001 + 1)
    assert "its multipliers prove" in " ".join(faults(certificates=higher))
    used = prices["multiplier"].abs().to_numpy() > 0
    assert used.any()
    assert faults(multipliers=prices.assign(multiplier=np.where(used, prices["multiplier"] * 1.5, 0.0)))
    assert "is given as" in faults(certificates=parts.assign(objective=parts["objective"] * 0.999))[0]
    assert "above the cost" in faults(certificates=parts.assign(bound=parts["objective"] * 1.01))[1]
    assert "gap is given as" in faults(certificates=parts.assign(gap=parts["gap"] + 0.001))[0]
    assert "above the cost" in faults(certificates=parts.assign(confirmed=parts["objective"] * 1.01))[0]
    assert "belong to no rule" in faults(multipliers=prices.assign(rule="another"))[0]
    if regions:
        swapped = seats.assign(part=np.where(seats.index == 0, 3 - seats["part"], seats["part"]))
        counted = parts.assign(seats=np.bincount(swapped["part"])[1:])
        assert "seats of several parts" in faults(certificate_seats=swapped, certificates=counted)[0]


@pytest.mark.parametrize(
    ("rule", "value", "says"),
    [
        ("max_moves", 5.0, "above 0"),
        ("deviation", 1e6, "exceeds its price"),
        ("cut_edges", -1e6, "outside its price"),
        ("potential_band", np.nan, "no number"),
    ],
)
def test_a_multiplier_that_may_not_be_used_is_refused(rule: str, value: float, says: str) -> None:
    inputs = tiny()
    rules = spec(
        [WIDE, {"kind": "max_moves", "limit": 3}],
        [*COSTS, {"kind": "deviation", "measure": "workload", "price": 150}],
    )
    tables, alignment = written(inputs, rules, 10_000)
    prices = tables["multipliers"]
    mine = prices.index[prices["rule"] == rule]
    assert len(mine)
    prices.loc[mine[0], "multiplier"] = value
    found = certificate_faults(inputs, rules, tables, alignment.rep_of)
    assert found
    assert says in found[0]


def test_a_part_without_accounts_and_a_part_without_rules_have_certificates_too() -> None:
    inputs = world(6, 3)
    serves = (frozenset({"NONE"}), frozenset[str](), frozenset[str]())
    inputs = replace(inputs, reps=replace(inputs.reps, serves=serves))
    rules = spec([{"kind": "eligible"}], [{"kind": "deviation", "measure": "count", "price": 1}])
    alignment = design(inputs, rules, seed=1, progress=Silent())
    tables = {table.name: table.frame for table in alignment.tables}
    assert tables["certificates"]["certified"].tolist() == pytest.approx([2.0, 2.0])
    assert certificate_faults(inputs, rules, tables, alignment.rep_of) == []


def test_levels_in_one_and_top_down_are_certified_over_all_seats() -> None:
    inputs = world(24, 4)
    bands = [{"level": "district", "within": "20%"}]
    for solve in ("in_one", "top_down"):
        rules = TerritorySpec.model_validate(
            {
                "constraints": [{"kind": "band", "within": "40%"}],
                "objectives": COSTS[:2],
                "hierarchy": {"levels": ["district"], "solve": solve, "bands": bands},
                "explain": {"accounts": "none"},
            }
        )
        alignment = design(inputs, rules, seed=1, progress=Silent())
        tables = {table.name: table.frame for table in alignment.tables}
        assert certificate_faults(inputs, rules, tables, alignment.rep_of) == []
        assert alignment.solves[0].certified > 0.9 * alignment.solves[0].objective


def test_parts_that_the_user_interrupts_suppress_no_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs, rules = two_regions(), spec([APART, {**BAND, "within": "90%"}])
    honest, solved = certifying.certified, []

    def interrupted(problem: Problem, found: Answer, search: Search) -> Answer:
        if solved:
            raise KeyboardInterrupt
        solved.append(problem)
        return honest(problem, found, search)

    monkeypatch.setattr("engine.territory.stage.certified", interrupted)
    with pytest.raises(DesignInterrupted) as caught:
        design(inputs, rules, seed=1, progress=Silent())
    saved = caught.value.alignment
    assert saved is not None
    tables = {table.name: table.frame for table in saved.tables}
    assert np.isnan(tables["certificates"]["certified"]).tolist() == [False, True]
    assert np.isnan(saved.solves[0].certified)
    assert certificate_faults(inputs, rules, tables, saved.rep_of) == []
