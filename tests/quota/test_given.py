"""Goals by product and period together, seasons by product, and quotas that are not there at all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from engine.errors import BadInput
from engine.quota.shape import shape
from tests.quota.setting import by_seat, quotas, seats, spec, table
from tests.quota.test_shape import NONE, won

HALVES = seats([100, 300], periods=6)


def cell(found: Any, product: str, period: str) -> Any:
    frame = table(found, "quotas")
    own = frame[(frame["product"] == product) & (frame["period"] == period)]["quota"]
    return None if own.isna().all() else int(own.sum()) / 100


def test_goals_by_product_and_quarter_bind_together() -> None:
    goal = {"S0": {"Q1": "300", "Q2": "0"}, "S1": {"Q1": "none", "Q2": "900"}}
    found = quotas(HALVES, spec(goal))
    labels = HALVES.calendar.labels
    assert [cell(found, "S0", label) for label in labels] == [100, 100, 100, 0, 0, 0]
    assert [cell(found, "S1", label) for label in labels] == [None, None, None, 300, 300, 300]
    assert by_seat(found) == [300, 900]
    assert table(found, "goals")["goal"].tolist() == [10_000] * 3 + [30_000] * 3


def test_a_goal_of_a_product_alone_is_cut_by_its_season_beside_goals_by_quarter() -> None:
    found = quotas(
        HALVES,
        spec(
            {"S0": "600", "S1": {"Q1": "0", "Q2": "300"}},
            seasonality={"S0": [1, 0, 0, 0, 0, 2], "S1": "even"},
        ),
    )
    assert found.cells.sum(axis=0).tolist() == [
        [20_000, 0, 0, 0, 0, 40_000],
        [0, 0, 0, 10_000, 10_000, 10_000],
    ]


def test_goals_given_together_keep_their_proportions_under_over_assignment() -> None:
    goal = {"S0": {"Q1": "300", "Q2": "100"}, "S1": {"Q1": "100", "Q2": "500"}}
    found = quotas(HALVES, spec(goal, over_assignment={"rep": "10%"}))
    quarters = found.cells.sum(axis=0).reshape(2, 2, 3).sum(axis=2)
    assert abs(quarters[0] - [33_000, 11_000]).max() <= 1  # cents of three months
    assert abs(quarters[1] - [11_000, 55_000]).max() <= 1
    levels = table(found, "quota_levels")
    assert levels[levels["level"] == "product"]["quota"].tolist() == [44_000, 66_000]


def test_a_quarter_is_cut_in_whole_steps_and_its_largest_period_carries_the_rest() -> None:
    form = shape(HALVES, spec({"Q1": "1000.01", "Q2": "500"}, step="100"), NONE)
    assert form.by_period == (40_001, 30_000, 30_000, 20_000, 20_000, 10_000)


def test_each_product_follows_its_own_season() -> None:
    inputs = won(seats([1, 3], periods=12), ("2026-01-15", 0, 1), ("2026-02-20", 0, 3), ("2026-12-10", 1, 6))
    form = shape(
        inputs,
        spec(products={"S0": "40%", "S1": "60%"}, seasonality={"by": "product", "from": "history"}),
        NONE,
    )
    assert [float(share) for share in form.shares[0]] == pytest.approx([0.1, 0.3, *[0] * 10])
    assert [float(share) for share in form.shares[1]] == pytest.approx([*[0] * 11, 0.6])
    assert [float(share) for share in form.seasons] == pytest.approx([0.1, 0.3, *[0] * 9, 0.6])
    found = quotas(
        inputs, spec(products={"S0": "40%", "S1": "60%"}, seasonality={"S0": "history", "S1": {"Q2": 1}})
    )
    assert found.cells.sum(axis=0)[1].tolist() == [0, 0, 0, 20_000, 20_000, 20_000, *[0] * 6]


def test_a_lock_of_none_is_no_quota_and_a_lock_of_0_is_one() -> None:
    none = quotas(seats([100, 100, 200]), spec("900", locks={"R0": "none"}))
    assert by_seat(none) == [0, 300, 600]
    assert table(none, "quotas")["quota"].isna().tolist() == [True, False, False]
    zero = quotas(seats([100, 100, 200]), spec("900", locks={"R0": "0"}))
    assert by_seat(zero) == [0, 300, 600]
    assert table(zero, "quotas")["quota"].tolist() == [0, 30_000, 60_000]


def test_a_ramp_that_begins_with_0_is_a_quota_of_0() -> None:
    import numpy as np

    from tests.worlds import with_spells

    late = with_spells(
        seats([1, 1], periods=3), start=np.array(["2024-01-01", "2027-02-01"], dtype="datetime64[D]")
    )
    frame = table(quotas(late, spec("900", ramp=["0"])), "quotas")
    assert frame[frame["rep"] == "R1"]["quota"].isna().tolist() == [True, False, False]
    assert frame[frame["rep"] == "R1"]["quota"].tolist()[1] == 0


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"goal": {"S0": {"Q1": "5"}, "S1": "5"}}, "quotas.goal.S0", "2027-04"),
        ({"goal": {"S9": {"Q1": "5", "Q2": "1"}}}, "quotas.goal.S9", "no product"),
        ({"goal": {"S0": {"Q1": "5", "Q9": "1"}}}, "quotas.goal.S0.Q9", "no period"),
        ({"goal": {"S0": {"Q1": "5", "Q2": "1"}}, "products": {"S0": "1"}}, "quotas.products", "goals per product"),
        ({"seasonality": {"S0": "even"}}, "quotas.seasonality", "not split by product"),
        ({"products": {"S0": 1, "S1": 1}, "seasonality": {"S0": "even"}}, "quotas.seasonality", "for S1"),
        ({"products": {"S0": 1}, "seasonality": {"S0": "history"}}, "quotas.seasonality.S0", "deal of S0"),
        ({"products": {"S0": 1}, "seasonality": {"S0": [1, 2]}}, "quotas.seasonality.S0", "2 weights for 6"),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_tables_is_refused(fields: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(BadInput) as refused:
        quotas(HALVES, spec(**fields))
    assert {fault.field: words in fault.message for fault in refused.value.faults}[field]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"goal": {"S0": {"Q1": "-5"}}}, r"S0\.Q1: a goal of -5 is negative"),
        ({"goal": {"S0": "none"}}, "goal is 0"),
        ({"seasonality": {"S0": [0, 0], "S1": "even"}}, "S0: the weights sum to 0"),
        ({"seasonality": {"by": "rep", "from": "history"}}, "by: 'rep'"),
        ({"seasonality": {"by": "product", "from": "days"}}, "history alone"),
    ],
)
def test_what_the_scenario_alone_shows_to_be_wrong_is_refused(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        spec(**fields)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    cents=st.lists(st.one_of(st.none(), st.integers(0, 10**8)), min_size=4, max_size=4).filter(
        lambda drawn: sum(value or 0 for value in drawn) > 0
    ),
    potential=st.lists(st.integers(1, 10**6), min_size=1, max_size=4),
    over=st.sampled_from(["-5%", "0%", "3%", "7.25%"]),
)
def test_every_goal_given_by_product_and_quarter_ties_out(**drawn: Any) -> None:
    written = ["none" if value is None else f"{value // 100}.{value % 100:02d}" for value in drawn["cents"]]
    goal = {"S0": {"Q1": written[0], "Q2": written[1]}, "S1": {"Q1": written[2], "Q2": written[3]}}
    inputs = seats(drawn["potential"], periods=6)
    quotas(inputs, spec(goal, over_assignment={"rep": drawn["over"]}))  # held to the plain check there
