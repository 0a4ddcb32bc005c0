"""Goals that cannot be met: what contradicts what, where and by how much, in sentences of a planner."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.adjusted import Adjusted
from engine.errors import Infeasible
from engine.inputs import Inputs
from tests.quota.setting import quotas, seats, spec
from tests.quota.test_carry import spells
from tests.quota.test_goals import free, with_goals

SPLIT: dict[str, Any] = {"products": {"S0": "60%", "S1": "40%"}}


def six() -> Inputs:
    return seats(
        [100, 300, 200, 200, 100, 100],
        periods=12,
        region=["E", "E", "E", "W", "W", "W"],
        district=["E1", "E1", "E2", "W1", "W1", "W2"],
        history=[120, 250, 210, 150, 0, 130],
    )


def told(inputs: Inputs, wanted: Any) -> list[str]:
    with pytest.raises(Infeasible) as refused:
        quotas(inputs, wanted)
    assert all(fault.field and fault.hint for fault in refused.value.faults)
    return [fault.message for fault in refused.value.faults]


def set_by_hand(**by_seat: int) -> Inputs:
    """Quotas of some seats in S0, in currency units."""
    names, count = tuple(by_seat), len(by_seat)
    amounts = np.array(list(by_seat.values()), dtype=np.int64) * 100
    blank = ("",) * count
    return replace(six(), adjusted=Adjusted(blank, names, ("S0",) * count, blank, amounts, blank, blank))


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        (
            {"target": {"min": "95%"}, "nodes": {"E": {"max": "500"}}},
            ["region E: below it the bounds allow at least 570.00 USD", "70.00 USD too much",
             "bounds.target.min: to give alone and alike at every seat, it would have to fall by at least 12.3%"],
        ),
        (
            {"nodes": {"E": {"min": "700"}, "E1": {"max": "300"}, "E2": {"max": "300"}}},
            ["region E: below it the bounds allow at most 600.00 USD; from above come 700.00", "fall by 100.00 USD"],
        ),
        (
            {"potential": {"max": "90%"}},
            ["company: below it the bounds allow at most 900.00 USD", "bounds.potential.max", "at least 11.2%"],
        ),
        (
            {"history": {"min": "110%"}, "potential": {"max": "1"}},
            ["rep R5: bounds.history.min asks for at least 143.00 USD, bounds.potential.max allows at most 100.00"],
        ),
    ],
)  # fmt: skip
def test_bounds_of_a_tree_that_contradict_the_goal(bounds: dict[str, Any], words: list[str]) -> None:
    said = " ".join(told(six(), spec("1000", bounds=bounds)))
    assert [word for word in words if word not in said] == []


def test_a_rule_that_cannot_be_enough_alone_has_no_such_sentence() -> None:
    bounds = {"target": {"max": "110%"}, "nodes": {"E": {"max": "100"}, "W": {"max": "100"}}}
    assert not any("alike at every seat" in message for message in told(six(), spec("1000", bounds=bounds)))


def test_a_step_without_a_multiple_within_the_bounds() -> None:
    said = told(six(), spec("1000", step="100", bounds={"absolute": {"min": "120", "max": "180"}}))
    assert said[0] == (
        "rep R0 and 5 more: no multiple of the step, 100.00 USD, lies between 120.00 USD and 180.00 USD"
    )


@pytest.mark.parametrize(
    ("product", "bounds", "words"),
    [
        ("S0", {"target": {"max": "90%"}}, "S0: at most 540.00 USD by the bounds of all seats and what is set for "
         "them; its goal hands down 600.00 USD: 60.00 USD too little"),
        ("S1", {"absolute": {"min": "100"}}, "S1: at least 600.00 USD by the bounds of all seats and what is set for "
         "them; its goal hands down 400.00 USD: 200.00 USD too much"),
    ],
)  # fmt: skip
def test_bounds_of_products_that_contradict_the_products_goal(
    product: str, bounds: dict[str, Any], words: str
) -> None:
    assert words in told(six(), spec("1000", **SPLIT, bounds={"products": {product: bounds}}))


def test_quotas_set_by_hand_above_a_products_goal() -> None:
    said = told(set_by_hand(R0=400, R1=400), spec("1000", **SPLIT, adjustments="set.csv"))
    assert said[0].startswith("S0: at least 800.00 USD by the bounds of all seats and what is set for them")
    assert said[0].endswith("its goal hands down 600.00 USD: 200.00 USD too much")
    assert "S0: set to 400.00 USD, would have to fall by 200.00 USD" in said[1]


def test_quotas_set_by_hand_that_leave_nobody_for_a_product() -> None:
    few = {f"R{k}": 10 for k in range(6)}
    said = told(set_by_hand(**few), spec("1000", **SPLIT, adjustments="set.csv"))
    assert said[0].startswith("S0: at most 60.00 USD by the bounds of all seats and what is set for them")
    assert said[0].endswith("its goal hands down 600.00 USD: 540.00 USD too little")


def test_goals_of_months_in_which_too_few_are_there() -> None:
    late = replace(six(), spells=spells(*((k, "2027-04-01" if k else "2020-01-01", "NaT") for k in range(6))))
    goal = {"Q1": "500", "Q2": "200", "Q3": "200", "Q4": "100"}
    said = told(late, spec(goal, bounds={"target": {"max": "130%"}}))
    assert said == ["rep R0: at most 236.36 USD would have to rise by 263.64 USD"]  # alone there in Q1


def test_goals_of_regions_that_seats_may_not_carry() -> None:
    inputs = with_goals(six(), ("", "", "", 1000), ("E", "", "", 800), ("W", "", "", 200))
    said = told(inputs, free(bounds={"target": {"max": "110%"}}))
    assert said[0].startswith(
        "region E: below it the bounds allow at most 660.00 USD; from above come 800.00 USD"
    )
    assert "bounds.target.max: to give alone and alike at every seat" in said[1]
