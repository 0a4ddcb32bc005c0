"""A month in which nothing was ever won gets no quota by history: the planner is told, where the season decides."""

from __future__ import annotations

from typing import Any

import pytest

from engine.inputs import Inputs
from engine.quota import doubts
from tests.quota.setting import quotas, seats, spec
from tests.quota.test_shape import won

MONTHS = [f"2026-{month:02d}-10" for month in range(1, 13)]


def history(*without: int) -> Inputs:
    """Deals of S0 in every month of 2026 but some, counted from 1, and of S1 in January alone."""
    deals = [(day, 0, 5) for month, day in enumerate(MONTHS, 1) if month not in without]
    return won(seats([100, 200], periods=12), *deals, ("2026-01-12", 1, 3))


def test_a_month_without_a_deal_is_named_and_carries_nothing() -> None:
    inputs, wanted = history(3, 8), spec("12000", seasonality="history")
    (said,) = doubts(inputs, wanted)
    assert said.startswith(
        "W_SEASON_EMPTY: quotas.seasonality: no past deal was won in what is 2027-03, 2027-08 of"
    )
    assert not quotas(inputs, wanted).cells[:, :, [2, 7]].any()
    assert doubts(history(), wanted) == ()


def test_each_product_has_its_own_months() -> None:
    inputs = history(3)
    by: dict[str, Any] = {"seasonality": {"by": "product", "from": "history"}}
    first, second = doubts(inputs, spec("12000", products={"S0": "60%", "S1": "40%"}, **by))
    assert "quotas.seasonality.S0: no past deal of S0 was won in what is 2027-03 of" in first
    assert second.count("2027-") == 11
    (only,) = doubts(inputs, spec("12000", products={"S0": "1"}, **by))
    assert only == first
    assert (
        doubts(inputs, spec("12000", products={"S0": "1"}, seasonality={"S0": "even", "S1": "history"})) == ()
    )


@pytest.mark.parametrize(
    ("goal", "named"),
    [
        ({"Q1": "3", "Q2": "3", "Q3": "3", "Q4": "3"}, ["2027-03", "2027-08"]),
        ({"Q1": "0", "Q2": "3", "Q3": "3", "Q4": "3"}, ["2027-08"]),
        ({f"2027-{month:02d}": "1" for month in range(1, 13)}, []),
        ({"S0": "12"}, ["2027-03", "2027-08"]),
        ({"S0": {"Q1": "3", "Q2": "3", "Q3": "0", "Q4": "3"}, "S1": None}, ["2027-03"]),
    ],
)
def test_goals_of_months_leave_nothing_to_a_season(goal: Any, named: list[str]) -> None:
    said = doubts(history(3, 8), spec(goal, seasonality="history"))
    assert [
        month for month in (f"2027-{m:02d}" for m in range(1, 13)) if any(month in one for one in said)
    ] == named


def test_a_quarter_without_any_deal_is_spread_evenly_and_not_told() -> None:
    goal = {"Q1": "3", "Q2": "3", "Q3": "3", "Q4": "3"}
    assert doubts(history(1, 2, 3), spec(goal, seasonality="history", products={"S0": "1"})) != ()
    inputs = won(seats([100], periods=12), *[(day, 0, 5) for day in MONTHS[3:]])
    assert doubts(inputs, spec(goal, seasonality="history")) == ()
