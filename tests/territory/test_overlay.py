"""Second alignments tied to the first: whole territories or single accounts, checked by themselves."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest

from engine.errors import BadInput, Infeasible
from engine.geography import Ways
from engine.inputs import Inputs
from engine.progress import Silent
from engine.territory import design, table_violations
from engine.territory.alignment import Alignment
from engine.territory.checks import cost_of, violations
from engine.territory.overlay.laying import overlay_violations
from engine.territory.overlay.world import rules_of, world_of
from engine.territory.planning.rules import seen
from engine.territory.spec import TerritorySpec
from tests.territory.test_rows_equal_checks import kept_by_rows
from tests.worlds import world

ROSTER = [
    {"id": "X0", "latitude": 40, "longitude": -100},
    {"id": "X1", "latitude": 40, "longitude": -96, "serves": ["SMB"]},
]
TRAVEL = [{"kind": "travel"}]


def staffed(accounts: int = 8, reps: int = 5) -> Inputs:
    """Three seats that sell and two specialists, told apart by the level team; an overlay's incumbents by column."""
    inputs = world(accounts, reps, seed=3)
    team = tuple("Sales" if j < 3 else "Specialists" for j in range(reps))
    owner = np.arange(accounts, dtype=np.int64) % 3
    held = np.array(["R3" if i % 2 else "" for i in range(accounts)], dtype=object)
    accounts_ = replace(inputs.accounts, owner=owner, extra={**inputs.accounts.extra, "expert": held})
    return replace(inputs, accounts=accounts_, reps=replace(inputs.reps, levels={"team": team}))


def rules(*overlays: dict[str, Any], constraints: list[dict[str, Any]] | None = None) -> TerritorySpec:
    return TerritorySpec.model_validate(
        {
            "constraints": constraints or [{"kind": "band", "within": "40%"}],
            "objectives": [{"kind": "travel"}, {"kind": "disruption"}],
            "overlays": [{"name": "experts", "objectives": TRAVEL, **overlay} for overlay in overlays],
            "solver": {"gap": 0},
            "explain": {"accounts": "none"},
        }
    )


def rows(alignment: Alignment) -> list[tuple[str, str, str, str]]:
    frame = next(table.frame for table in alignment.tables if table.name == "overlay_alignment")
    return [tuple(row) for row in frame.to_numpy().tolist()]  # type: ignore[misc]


def test_a_specialist_serves_whole_territories_at_the_least_cost() -> None:
    inputs = staffed()
    spec = rules(
        {"seats": {"roster": ROSTER}, "constraints": [{"kind": "band", "measure": "count", "lower": 2}]}
    )
    alignment = design(inputs, spec, seed=1, progress=Silent())
    told = rows(alignment)
    assert [row[1] for row in told] == list(inputs.accounts.id)
    assert all(len({row[3] for row in told if row[2] == seat}) <= 1 for seat in inputs.reps.id)
    found = next(solve for solve in alignment.solves if solve.name == "experts: cost")
    world_, held = world_of(inputs, spec.overlays[0]), rules_of(inputs, spec, 0, alignment.rep_of)
    every = np.array(list(product(range(2), repeat=8)), dtype=np.int64)
    kept = [seats for seats in every if not violations(world_, held, seats)]
    assert found.objective == pytest.approx(min(cost_of(world_, held, seats) for seats in kept), rel=1e-9)
    assert found.gap == pytest.approx(0, abs=1e-9)
    assert overlay_violations(inputs, spec, alignment.rep_of, told) == []


def test_the_tie_and_its_check_agree_on_every_alignment() -> None:
    inputs = staffed()
    spec = rules({"seats": {"roster": ROSTER}})
    rep_of = np.array([0, 0, 1, 1, 1, 2, 2, 2])
    world_, held = world_of(inputs, spec.overlays[0]), rules_of(inputs, spec, 0, rep_of)
    every = np.array(list(product(range(2), repeat=8)), dtype=np.int64)
    by_check = np.array([not violations(world_, held, seats) for seats in every])
    apart = [(seats[0] == seats[1]) and len({*seats[2:5]}) == 1 and len({*seats[5:]}) == 1 for seats in every]
    assert by_check.tolist() == apart
    assert int(by_check.sum()) == 8
    free = held.model_copy(update={"constraints": ()})
    assert kept_by_rows(world_, free, every).all()


def test_named_accounts_and_a_segment_have_specialists_of_their_own() -> None:
    inputs = staffed()
    overlay = {
        "seats": {"roster": ROSTER},
        "tied": "accounts",
        "segments": ["SMB"],
        "accounts": ["A1"],
        "constraints": [{"kind": "eligible"}],
    }
    alignment = design(inputs, rules(overlay), seed=1, progress=Silent())
    told = {row[1]: row[3] for row in rows(alignment)}
    assert list(told) == ["A0", "A1", "A2", "A4", "A6"]
    assert told["A1"] == "X0"  # A1 is an ENT account, and X1 serves SMB alone


def test_seats_of_an_overlay_own_nothing_and_count_in_no_mean() -> None:
    inputs = staffed()
    overlay = {"seats": {"level": "team", "nodes": ["Specialists"]}, "incumbents": "expert"}
    spec = rules(
        overlay,
        constraints=[{"kind": "band", "within": "30%"}, {"kind": "band", "measure": "count", "lower": 2}],
    )
    alignment = design(inputs, spec, seed=1, progress=Silent())
    assert set(alignment.rep_of.tolist()) == {0, 1, 2}
    mean = sum(inputs.accounts.potential.tolist()) / 3
    for j in range(3):
        load = sum(
            v for v, rep in zip(inputs.accounts.potential.tolist(), alignment.rep_of, strict=True) if rep == j
        )
        assert abs(load - mean) <= 0.3 * mean
    assert {row[3] for row in rows(alignment)} <= {"R3", "R4"}
    given = np.where(alignment.rep_of == 0, 3, alignment.rep_of)
    assert any("which is closed" in sentence for sentence in violations(*seen(inputs, spec), given))


def test_an_overlay_by_level_brings_the_distances_of_its_seats() -> None:
    inputs = staffed()
    account, rep = (index.ravel() for index in np.meshgrid(np.arange(8), np.arange(5), indexing="ij"))
    km = (100.0 * account + rep).astype(np.float64)
    inputs = replace(inputs, ways=Ways(account, rep, km, np.full(40, np.nan)))
    by_level = {
        "seats": {"level": "team", "nodes": ["Specialists"]},
        "tied": "accounts",
        "accounts": ["A2", "A5"],
    }
    spec = rules(by_level, {"name": "written", "seats": {"roster": ROSTER}})
    mine = world_of(inputs, spec.overlays[0]).ways
    assert mine is not None
    assert mine.account.tolist() == [0, 0, 1, 1]
    assert mine.rep.tolist() == [0, 1, 0, 1]
    assert mine.km.tolist() == [203.0, 204.0, 503.0, 504.0]
    assert world_of(inputs, spec.overlays[1]).ways is None


def test_a_change_of_the_table_is_found() -> None:
    inputs = staffed()
    spec = rules({"seats": {"roster": ROSTER}})
    alignment = design(inputs, spec, seed=1, progress=Silent())
    told = rows(alignment)
    core = [row[2] for row in told]
    shared = next(k for k, seat in enumerate(core) if core.count(seat) > 1)
    other = "X1" if told[shared][3] == "X0" else "X0"
    split = [*told[:shared], (*told[shared][:3], other), *told[shared + 1 :]]
    assert any(
        "of the same territory" in text for text in overlay_violations(inputs, spec, alignment.rep_of, split)
    )
    stranger = [(*told[0][:3], "X9"), *told[1:]]
    assert any("has no seat" in text for text in overlay_violations(inputs, spec, alignment.rep_of, stranger))
    wrong = [("experts", told[0][1], "R4", told[0][3]), *told[1:]]
    assert any(
        "is said to belong" in text for text in overlay_violations(inputs, spec, alignment.rep_of, wrong)
    )
    assert overlay_violations(inputs, spec, alignment.rep_of, told[1:]) != []
    assert overlay_violations(inputs, spec, alignment.rep_of, [*told, ("x", "A0", "R0", "X0")]) != []
    tables = {table.name: table.frame for table in alignment.tables}
    assert table_violations(inputs, spec, alignment.rep_of, tables) == []
    del tables["overlay_alignment"]
    assert table_violations(inputs, spec, alignment.rep_of, tables) != []


def test_an_overlay_that_has_no_answer_names_its_own_rule() -> None:
    overlay = {"seats": {"roster": ROSTER}, "constraints": [{"kind": "band", "measure": "count", "upper": 3}]}
    with pytest.raises(Infeasible) as caught:
        design(staffed(), rules(overlay), seed=1, progress=Silent())
    assert caught.value.faults[0].field.startswith("territories.overlays[0].constraints[0]")


@pytest.mark.parametrize(
    ("overlay", "field", "word"),
    [
        ({"seats": {"level": "crew", "nodes": ["x"]}}, "seats.level", "no level 'crew'"),
        ({"seats": {"level": "team", "nodes": ["Experts"]}}, "seats.nodes", "no team is called"),
        ({"seats": {"level": "team", "nodes": ["Sales", "Specialists"]}}, "seats.nodes", "every seat"),
        ({"seats": {"roster": [{"id": "R1"}]}}, "seats", "seat of the tables"),
        ({"seats": {"roster": ROSTER}, "segments": ["MID"]}, "segments", "MID"),
        ({"seats": {"roster": ROSTER}, "accounts": ["A99"]}, "accounts", "A99"),
        ({"seats": {"roster": ROSTER}, "incumbents": "who"}, "incumbents", "no column 'who'"),
        ({"seats": {"roster": ROSTER}, "incumbents": "expert"}, "incumbents", "names 'R3'"),
        (
            {"seats": {"roster": ROSTER}, "constraints": [{"kind": "lock", "accounts": ["A0"], "rep": "R0"}]},
            "constraints[0].rep",
            "R0",
        ),
    ],
    ids=str,
)
def test_an_overlay_that_does_not_fit_is_refused(overlay: dict[str, Any], field: str, word: str) -> None:
    with pytest.raises(BadInput) as caught:
        design(staffed(), rules(overlay), seed=1, progress=Silent())
    assert caught.value.faults[0].field == f"territories.overlays[0].{field}"
    assert word in caught.value.faults[0].message


@pytest.mark.parametrize(
    ("seats", "word"),
    [
        ({}, "either a level"),
        ({"level": "team"}, "belong together"),
        ({"roster": [{"id": "X0"}, {"id": "X0"}]}, "twice"),
        ({"roster": [{"id": "X0", "latitude": 91}]}, "less than or equal to 90"),
    ],
)
def test_a_team_that_says_too_little_or_too_much_is_refused(seats: dict[str, Any], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        rules({"seats": seats})
