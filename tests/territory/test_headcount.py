"""Headcount: the claims of the sweep against every choice of seats and every alignment of a tiny world."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from math import inf
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.errors import BadInput
from engine.inputs import Inputs
from engine.progress import Silent
from engine.territory import design
from engine.territory.checks import cost_of, violations
from engine.territory.headcount.fitting import plain
from engine.territory.headcount.homes import homes, spread_places
from engine.territory.headcount.lines import lined, lined_at
from engine.territory.headcount.seats import with_seats
from engine.territory.headcount.sweep import Sweep, sweep
from engine.territory.spec import TerritorySpec
from tests.territory.cases import every_alignment
from tests.worlds import world

PLACES = [
    {"id": "Elm", "latitude": 40.4, "longitude": -99, "levels": {"region": "West", "district": "North"}},
    {"id": "Oak", "latitude": 39.5, "longitude": -98.5, "levels": {"region": "West", "district": "South"}},
]
HEADCOUNT = {"min": 2, "max": 4, "opening_cost": 900, "candidates": PLACES}
BAND = {"kind": "band", "within": "60%"}
BY_DISTRICT = {**HEADCOUNT, "max": 3}
RULES: dict[str, dict[str, Any]] = {
    "one band": {"constraints": [BAND]},
    "no rule at all": {},
    "two bands": {"constraints": [BAND, {"kind": "band", "measure": "count", "lower": 1, "upper": 3}]},
    "a share for one seat": {"constraints": [{**BAND, "weights": {"R0": "50%"}}]},
    "a profit for each": {"constraints": [BAND], "headcount": {**HEADCOUNT, "contribution": 5900}},
    "places of unlike cost": {
        "constraints": [BAND],
        "headcount": {
            **HEADCOUNT,
            "candidates": [{**PLACES[0], "opening_cost": 100}, {**PLACES[1], "contribution": "3k"}],
        },
    },
    "seats that may close": {"constraints": [BAND], "headcount": {**HEADCOUNT, "keep": ["R1"], "min": 1}},
    "segments and a lock": {
        "constraints": [{"kind": "eligible"}, {"kind": "lock", "accounts": ["A0"], "rep": "R1"}]
    },
    "a budget that the bound leaves out": {"constraints": [BAND, {"kind": "max_moves", "limit": 2}]},
    "a priced deviation, left out": {
        "objectives": [{"kind": "travel"}, {"kind": "deviation", "price": "0.02"}]
    },
    "what accounts bring in": {
        "objectives": [
            {"kind": "travel"},
            {"kind": "response", "hours": 9, "hours_per_visit": 1, "share": 1},
        ],
        "headcount": {**HEADCOUNT, "keep": ["R1"], "min": 1},
    },
    "what accounts bring in, and a band": {
        "constraints": [BAND],
        "objectives": [{"kind": "response", "hours": 5, "elasticity": "0.6"}, {"kind": "disruption"}],
    },
    "a band by district": {
        "constraints": [{**BAND, "within": "90%", "level": "district"}],
        "headcount": BY_DISTRICT,
    },
}


def company() -> Inputs:
    inputs = world(5, 2, seed=3)
    district = np.array((["North", "South"] * 3)[:5], dtype=object)
    extra = {**inputs.accounts.extra, "district": district, "region": np.array(["West"] * 5, dtype=object)}
    return replace(inputs, accounts=replace(inputs.accounts, extra=extra))


def asked(**changes: Any) -> TerritorySpec:
    base = {
        "objectives": [{"kind": "travel"}, {"kind": "disruption"}],
        "solver": {"gap": 0},
        "headcount": HEADCOUNT,
    }
    return TerritorySpec.model_validate({**base, **changes})


def swept(inputs: Inputs, spec: TerritorySpec) -> Sweep:
    assert spec.headcount is not None
    return sweep(inputs, spec, spec.headcount, seed=1, progress=Silent())


def cheapest(found: Sweep, spec: TerritorySpec, count: int) -> float:
    """The least cost of any choice of this many seats and any alignment to them that keeps the rules."""
    given, rules, best = found.sites, plain(spec), inf
    for chosen in combinations(range(len(given.opening)), count):
        if not all(j in chosen for j in np.flatnonzero(given.keep)):
            continue
        tables = given.tables_of(chosen)
        for rep_of in every_alignment(tables):
            cost = cost_of(tables, rules, rep_of) + float(given.opening[list(chosen)].sum())
            if cost < best and not violations(tables, rules, rep_of):
                best = cost
    return best


@pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
def test_every_bound_and_every_plan_against_enumeration(rules, request):
    inputs, spec = company(), asked(**rules)
    found = swept(inputs, spec)
    for point in found.points:
        best = cheapest(found, spec, point.count)
        assert point.lower <= best + 1e-6
        assert point.upper >= best - 1e-6
        if not found.sites.left_out:
            assert point.upper == pytest.approx(best)
            assert point.lower == pytest.approx(best) or "by district" in request.node.name
        if point.alignment is not None:
            assert point.inputs is not None
            assert violations(point.inputs, plain(spec), point.alignment.rep_of) == []
            assert len(point.inputs.reps) == point.count
    costs = [point.upper for point in found.points]
    assert found.chosen is None or found.chosen.upper == min(costs)


def test_the_tables_say_what_the_sweep_found():
    alignment = design(company(), asked(constraints=[BAND]), seed=1, progress=Silent())
    tables = {table.name: table.frame for table in alignment.tables}
    counts, places = tables["headcount"], tables["headcount_homes"]
    assert counts["territories"].tolist() == [2, 3, 4]
    assert counts["chosen"].sum() == 1
    assert (counts["lower_bound"] <= counts["upper_bound"]).all()
    assert (counts["opening_cost"] == 90_000 * counts["new"]).all()
    assert ((counts["opening_cost"] + counts["alignment_cost"] - counts["upper_bound"]).abs() <= 1).all()
    best = counts["upper_bound"].min()
    assert (counts["ruled_out"] == (counts["lower_bound"] > best)).all()
    assert places.groupby("territories")["accounts"].sum().tolist() == [5, 5, 5]
    new = places[places["rep"].str.startswith("new-")]
    assert new["place"].isin(["Elm", "Oak"]).all()
    assert len(new) == counts["new"].sum()
    kept = places[~places["rep"].str.startswith("new-")]
    assert pd.isna(kept["place"]).all()


def test_a_number_that_cannot_carry_everything_is_ruled_out():
    spec = asked(constraints=[{"kind": "band", "measure": "count", "lower": 1, "upper": 2}])
    alone = swept(company(), spec)
    few = alone.points[0]
    assert few.lower == few.upper == inf
    assert "together" in few.proof
    assert alone.chosen is not None
    assert alone.chosen.count > 2


def test_new_seats_are_vacant_and_the_others_keep_what_they_have():
    inputs = company()
    places, faults = homes(inputs, asked().headcount or pytest.fail("asked"))
    assert faults == []
    tables = with_seats(inputs, [1], places, [1, 0])
    assert tables.reps.id == ("R1", "new-1", "new-2")
    assert tables.reps.levels["district"] == ("South", "South", "North")
    assert tables.spells.person == ("P1",)
    assert tables.spells.rep.tolist() == [0]
    assert tables.accounts.owner.tolist() == [-1, 0, -1, 0, -1]
    assert tables.reps.history.tolist() == [inputs.reps.history[1], 0, 0]
    ids = with_seats(replace(inputs, reps=replace(inputs.reps, id=("a", "z"))), [0, 1], places, [0])
    assert ids.reps.id == ("a", "new-1", "z")
    assert ids.accounts.owner.tolist() == [0, 2, 0, 2, 0]
    assert ids.reps.latitude[1] == 40.4


def test_places_of_accounts_spread_and_repeat():
    latitude = np.array([40.0, 40.0, 40.01, 45.0, np.nan, 40.0])
    longitude = np.array([-100.0, -100.0, -100.0, -90.0, -100.0, -110.0])
    weight = np.array([5, 1, 1, 1, 99, 1])
    assert spread_places(latitude, longitude, weight, 3).tolist() == [0, 3, 5]
    assert spread_places(latitude, longitude, weight, 9).tolist() == [0, 2, 3, 5]
    assert spread_places(latitude[4:5], longitude[4:5], weight[4:5], 2).tolist() == []


def test_places_of_accounts_serve_as_candidates():
    found = swept(company(), asked(constraints=[BAND], headcount={"min": 2, "max": 3, "places": 4}))
    assert len(found.sites.places) == 4
    best = cheapest(found, asked(constraints=[BAND]), 3)
    assert found.points[1].lower <= best + 1e-6
    assert found.points[1].upper == pytest.approx(best)


@pytest.mark.parametrize(
    ("headcount", "words"),
    [
        ({"min": 1, "max": 3, "candidates": PLACES}, "2 seats stay"),
        ({"min": 2, "max": 9, "candidates": PLACES}, "only 4 seats and places"),
        ({"min": 2, "max": 3, "candidates": PLACES, "keep": ["R7"]}, "no seat is called 'R7'"),
        (
            {"min": 2, "max": 3, "candidates": [{"id": "x", "latitude": 1, "longitude": 1}]},
            "names no district",
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_words(headcount, words):
    with pytest.raises(BadInput, match=words):
        swept(company(), asked(headcount=headcount))


def test_candidates_at_accounts_need_their_levels_and_coordinates():
    inputs = company()
    bare = replace(inputs.accounts, extra={})
    with pytest.raises(BadInput, match="no column 'district'"):
        swept(replace(inputs, accounts=bare), asked(headcount={"min": 2, "max": 3}))
    nowhere = replace(inputs.accounts, latitude=np.full(5, np.nan))
    with pytest.raises(BadInput, match="no account has coordinates"):
        swept(replace(inputs, accounts=nowhere), asked(headcount={"min": 2, "max": 3}))


@pytest.mark.parametrize(
    "headcount",
    [
        {"min": 3, "max": 2},
        {"min": 1, "max": 2, "candidates": [PLACES[0], PLACES[0]]},
        {"min": 1, "max": 2, "candidates": []},
        {"min": 0, "max": 2},
        {"min": 1, "max": 2, "adopt": 3},
        {"min": 1, "max": 2, "adopt": "dearest"},
        {"min": 1, "max": 2, "opening_cost": -1},
    ],
)
def test_a_block_that_contradicts_itself_is_refused(headcount):
    with pytest.raises(ValueError, match="headcount"):
        asked(headcount=headcount)


def test_lines_above_gains_never_cost_more_than_any_plan():
    spec = asked(**RULES["what accounts bring in"])
    found, rng = swept(company(), spec), np.random.default_rng(5)
    given, rules = found.sites, plain(spec)
    everywhere = [lined(given, 2), lined(given, 4)]
    everywhere += [lined_at(given, rng.integers(0, len(given.opening), 5)) for _ in range(4)]
    for chosen in combinations(range(len(given.opening)), 2):
        tables = given.tables_of(chosen)
        spot = given.spots(chosen, tables)
        site = np.array(sorted(spot, key=lambda j: spot[j]))
        for rep_of in every_alignment(tables)[::3]:
            cost = cost_of(tables, rules, rep_of) + float(given.opening[list(chosen)].sum())
            for line in everywhere:
                below = line.cost[site[rep_of], np.arange(5)].sum() + line.fixed[list(chosen)].sum()
                assert below <= cost + 1e-6
    plan = found.points[1]
    assert plan.alignment is not None
    assert plan.upper - plan.lower <= 1e-6 * abs(plan.upper)
