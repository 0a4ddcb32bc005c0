"""Response: the best division of hours, what it means for territories, and its tables."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from engine import territory
from engine.inputs import Inputs
from engine.progress import Silent
from engine.territory import design
from engine.territory.geography.distance import kilometres
from engine.territory.objectives.response import Response
from engine.territory.spec import TerritorySpec
from tests.territory.cases import OBJECTIVES, spec, tiny
from tests.worlds import world

CASES = OBJECTIVES["response"]
RESPONSE = {"kind": "response", **CASES[1]}
TRAVEL = {"kind": "travel"}
CURVE = {"kind": "response", "hours": 9, "elasticity": "0.4", "share": 1}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_no_other_division_of_the_hours_brings_in_more(case: dict[str, Any]) -> None:
    inputs, objective = tiny(), Response.model_validate({"kind": "response", **case})
    rep_of = np.array([0, 1, 1, 0, 1, 1])
    steep, b = np.array(objective.responses(inputs, rep_of)), objective.elasticity
    for seat, mine in ((0, [0, 3]), (1, [1, 2, 4, 5])):
        whole, a = float(objective.seat_hours(inputs)[seat]), steep[mine]

        def brought(logits: np.ndarray, a: np.ndarray = a, whole: float = whole) -> float:
            share = np.exp(logits - logits.max())
            return -float((a * (whole * share / share.sum()) ** b).sum()) / float(a.max())

        best = -minimize(brought, np.zeros(len(mine)), tol=1e-12).fun * float(a.max())
        divided = objective.divided(inputs, rep_of)
        assert sum(divided[i][0] for i in mine) == pytest.approx(whole, rel=1e-12)
        assert sum(divided[i][1] for i in mine) == pytest.approx(best, rel=1e-6)
        gain = objective.declare(inputs)
        assert gain.of(gain.loads(rep_of))[seat] == pytest.approx(best, rel=1e-6)


def alike(accounts: int) -> Inputs:
    """Accounts of one potential and workload, two seats of one home."""
    inputs = world(accounts, 2)
    same = np.full(accounts, 40.0)
    return replace(
        inputs,
        accounts=replace(
            inputs.accounts,
            latitude=same,
            longitude=-2.5 * same,
            potential=np.full(accounts, 10_000_000),
            workload=np.full(accounts, 500),
        ),
        reps=replace(inputs.reps, latitude=np.full(2, 40.0), longitude=np.full(2, -100.0)),
    )


def test_two_equal_seats_share_without_any_band() -> None:
    rep_of = design(alike(8), spec([], [CURVE]), seed=1, progress=Silent()).rep_of
    assert np.bincount(rep_of).tolist() == [4, 4]


def test_a_seat_of_more_hours_owns_more_and_hours_buy_ever_less() -> None:
    inputs = alike(9)
    inputs = replace(inputs, reps=replace(inputs.reps, extra={"time": np.array([10.0, 20.0])}))
    curve = {"kind": "response", "hours_column": "time", "elasticity": "0.5"}
    assert np.bincount(design(inputs, spec([], [curve]), seed=1, progress=Silent()).rep_of).tolist() == [3, 6]
    once, twice = (
        Response.model_validate({**CURVE, "hours": hours}).cost_of(alike(8), np.array([0, 1] * 4))
        for hours in (10, 20)
    )
    assert twice / once == pytest.approx(2**0.4)


def test_an_account_that_gets_its_workload_brings_its_share() -> None:
    inputs = alike(4)
    objective = Response.model_validate({"kind": "response", "hours": 10, "share": "20%"})
    assert objective.cost_of(inputs, np.array([0, 0, 1, 1])) == pytest.approx(-4 * 20_000)


def test_the_way_takes_its_part_of_the_hours() -> None:
    inputs = alike(2)
    far = replace(inputs, reps=replace(inputs.reps, longitude=np.array([-100.0, -99.0])))
    curve = {**CURVE, "hours_per_visit": 2, "speed_kmh": 85}
    near, away = (Response.model_validate(curve).divided(far, np.full(2, seat))[0][1] for seat in (0, 1))
    way = 2 * kilometres((40.0, -100.0), (40.0, -99.0)) / 85
    assert away / near == pytest.approx((2 / (2 + way)) ** 0.4)


def test_the_tables_tell_hours_and_contributions_and_hold() -> None:
    inputs, rules = tiny(), spec([], [RESPONSE, TRAVEL])
    rep_of, tables = told(inputs, rules)
    assert territory.table_violations(inputs, rules, rep_of, tables) == []
    brought = tables["response"].groupby("rep")["contribution"].sum()
    seats = tables["territories"].set_index("rep")["contribution"]
    for seat, amount in brought.items():
        assert seats[seat] == round(amount * 100)
    plain = told(inputs, spec([], [TRAVEL]))[1]
    assert "response" not in plain
    assert "contribution" not in plain["territories"]


def told(inputs: Inputs, rules: TerritorySpec) -> tuple[np.ndarray, dict[str, pd.DataFrame]]:
    found = design(inputs, rules, seed=1, progress=Silent())
    return found.rep_of, {table.name: table.frame.copy() for table in found.tables}


def more_hours(tables: dict[str, pd.DataFrame]) -> None:
    tables["response"].loc[0, "hours"] *= 1.5


def other_division(tables: dict[str, pd.DataFrame]) -> None:
    """Take an hour from one account for another of its seat, and let both respond."""
    frame = tables["response"]
    seat = frame["rep"].mode()[0]
    here, there = frame.index[frame["rep"] == seat][:2]
    for row, by in ((here, 0.5), (there, -0.5)):
        before = frame.loc[row, "hours"]
        frame.loc[row, "hours"] = before + by
        frame.loc[row, "contribution"] *= ((before + by) / before) ** 0.5


def more_money(tables: dict[str, pd.DataFrame]) -> None:
    tables["territories"]["contribution"] += 500


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (more_hours, "brings in"),
        (more_hours, "divides"),
        (other_division, "at another account"),
        (more_money, "add up to"),
        (lambda tables: tables.pop("response"), "no table"),
    ],
)
def test_verify_finds_a_figure_that_was_changed(edit: Any, words: str) -> None:
    inputs, rules = tiny(), spec([], [RESPONSE])
    rep_of, tables = told(inputs, rules)
    edit(tables)
    assert any(words in text for text in territory.table_violations(inputs, rules, rep_of, tables))


@pytest.mark.parametrize(
    "block",
    [{}, {"hours": 5, "hours_column": "time"}, {"hours": 0}, {"hours": 5, "elasticity": 1}],
    ids=["no hours", "twice", "none", "not concave"],
)
def test_a_block_that_does_not_say_what_it_needs_is_refused(block: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"hours|elasticity"):
        spec([], [{"kind": "response", **block}])


def without_workload() -> Inputs:
    inputs = tiny()
    return replace(inputs, accounts=replace(inputs.accounts, workload=np.zeros(6, dtype=np.int64)))


def without_places() -> Inputs:
    inputs = tiny()
    return replace(inputs, accounts=replace(inputs.accounts, latitude=np.full(6, np.nan)))


@pytest.mark.parametrize(
    ("inputs", "block", "words"),
    [
        (without_workload(), {"hours": 5}, "no workload"),
        (without_places(), {"hours": 5, "hours_per_visit": 1}, "no coordinates"),
        (tiny(), {"hours_column": "tiem"}, "no column 'tiem'"),
        (tiny(), {"hours_column": "languages"}, "does not hold numbers"),
    ],
)
def test_tables_that_do_not_fit_are_refused_in_words(
    inputs: Inputs, block: dict[str, Any], words: str
) -> None:
    rules = spec([], [{"kind": "response", **block}])
    assert any(words in fault.message for fault in territory.faults(inputs, rules))
    assert territory.faults(without_places(), spec([], [{"kind": "response", "hours": 5}])) == []


def test_what_is_left_of_a_year_is_not_planned_with_the_hours_of_a_whole_one() -> None:
    rules = TerritorySpec.model_validate({"objectives": [CURVE], "recarve": {}})
    calendar = replace(tiny().calendar, as_of=np.datetime64("2027-07-01"))
    inputs = replace(tiny(), calendar=calendar)
    assert any("whole year" in fault.message for fault in territory.faults(inputs, rules))
