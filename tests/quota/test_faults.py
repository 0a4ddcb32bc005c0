from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from engine.errors import BadInput, Fault, Infeasible
from engine.inputs import Inputs
from tests.quota.setting import quotas, seats, spec
from tests.worlds import with_spells


def told(inputs: Inputs, **fields: Any) -> dict[str, Fault]:
    with pytest.raises(BadInput) as refused:
        quotas(inputs, spec(**fields))
    return {fault.field: fault for fault in refused.value.faults}


def test_all_faults_come_at_once_with_their_fields() -> None:
    faults = told(
        seats([1, 2], periods=2, history=[0, 0], district=["N", "S"]),
        levels=["distrikt"],
        over_assignment={"region": "5%"},
        measure="margin",
        products={"S9": "1"},
        seasonality=["1", "2", "3"],
        methods=[{"kind": "history", "growth": {"West": "5%"}}],
        bounds={"nodes": {"Q": {"min": "1"}}},
        locks={"R9": "5"},
        step="0.001",
        solver={"backend": "abacus"},
    )
    assert sorted(faults) == [
        "quotas.bounds.nodes.Q",
        "quotas.levels[0]",
        "quotas.locks.R9",
        "quotas.measure",
        "quotas.methods[0]",
        "quotas.methods[0].growth.West",
        "quotas.over_assignment.region",
        "quotas.products.S9",
        "quotas.seasonality",
        "quotas.solver.backend",
        "quotas.step",
    ]
    assert "Did you mean 'district'?" in faults["quotas.levels[0]"].hint
    assert faults["quotas.methods[0]"].code == "E_MISSING"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"goal": "-5"}, "negative"),
        ({"goal": {"2027-01": "-5"}}, "2027-01"),
        ({"goal": "0"}, "goal is 0"),
        ({"seasonality": ["0", "0"]}, "sum to 0"),
        ({"products": {"S0": "0%"}}, "sum to 0"),
        ({"products": "potential"}, "no choice"),
        ({"methods": [{"kind": "even", "weight": "0"}]}, "sum to 0"),
        ({"ramp": ["150%"]}, "month 1"),
        ({"bounds": {"history": {"min": "2", "max": "1"}}}, "above max"),
        ({"over_assignment": {"rep": "-100%"}}, "over-assignment of rep"),
        ({"locks": {"R0": "-1"}}, "lock of R0"),
    ],
)
def test_what_the_scenario_alone_shows_to_be_wrong_is_refused(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        spec(**fields)


def test_floors_above_the_goal_are_refused_with_both_sums() -> None:
    fault = told(seats([1, 2]), bounds={"nodes": {"R0": {"min": "800"}}}, locks={"R1": "300"})[
        "quotas.bounds.nodes"
    ]
    assert fault.code == "E_BOUNDS"
    assert "1,100.00" in fault.message
    assert "1,000.00" in fault.message


def test_a_goal_needs_every_period_once() -> None:
    inputs = seats([1, 2], periods=4)
    assert "2027-04" in told(inputs, goal={"Q1": "5"})["quotas.goal"].message
    assert "twice" in told(inputs, goal={"Q1": "5", "2027-02": "5", "Q2": "1"})["quotas.goal"].message
    assert "quotas.products" in told(inputs, goal={"S0": "5"}, products={"S0": "1"})


def test_a_period_in_which_nobody_sits_cannot_carry_a_goal() -> None:
    late = with_spells(seats([1, 1], periods=2), start=np.array(["2027-02-01"] * 2, dtype="datetime64[D]"))
    assert "2027-01" in told(late)["quotas.seasonality"].message
    never = with_spells(seats([1, 1]), start=np.array(["2028-02-01"] * 2, dtype="datetime64[D]"))
    assert "nobody" in told(never)["quotas.seasonality"].message


def test_history_that_is_missing_is_named() -> None:
    inputs = seats([1, 2])
    assert "no closed deal" in told(inputs, seasonality="history")["quotas.seasonality"].message
    assert "no closed deal" in told(inputs, products="history")["quotas.products"].message
    poor = replace(inputs, accounts=replace(inputs.accounts, potential=np.zeros(2, dtype=np.int64)))
    assert "potential" in told(poor)["quotas.methods[0]"].message


def test_a_step_too_coarse_for_exact_goals_is_refused() -> None:
    goal = {"2027-01": "700", "2027-02": "700", "2027-03": "700"}
    assert "coarse" in told(seats([1, 1], periods=3), goal=goal, step="800")["quotas.step"].message


def conflict(inputs: Inputs, **fields: Any) -> list[Fault]:
    with pytest.raises(Infeasible) as refused:
        quotas(inputs, spec(**fields))
    assert refused.value.exit_status == 3
    return list(refused.value.faults)


def test_ceilings_below_the_goal_are_named_with_what_is_missing() -> None:
    faults = conflict(seats([100, 300], history=[400, 500]), bounds={"history": {"max": "1"}})
    assert "at most 900.00 USD" in faults[0].message
    assert "100.00 USD too little" in faults[0].message
    assert faults[1].field == "quotas.bounds.history.max"
    assert "rise by at least 11.2% of itself" in faults[1].message
    assert faults[2].field == "quotas.bounds.history.max"
    assert "rise by 100.00 USD" in faults[2].message


def test_a_district_that_cannot_hold_its_seats_is_named() -> None:
    inputs = seats([100, 300, 600], district=["N", "N", "S"])
    faults = conflict(inputs, bounds={"nodes": {"N": {"max": "350"}}, "target": {"min": "95%"}})
    assert faults[0].message.startswith("district N: below it the bounds allow at least 380.00 USD")
    assert any("by 30.00 USD" in fault.message for fault in faults[1:])


def test_bounds_of_one_seat_that_cross_are_named() -> None:
    crossed = {"history": {"min": "1"}, "absolute": {"max": "600"}}
    faults = conflict(seats([100, 300], history=[900, 500]), bounds=crossed)
    assert "300.00 USD apart" in faults[0].message


def test_a_range_between_two_multiples_is_infeasible_by_whole_steps() -> None:
    faults = conflict(
        seats([100, 300, 600]),
        step="50",
        bounds={"nodes": {"R0": {"min": "110", "max": "120"}, "R1": {"min": "1"}}},
    )
    assert any("R0" in fault.message and "10.00 USD" in fault.message for fault in faults)


def test_a_seat_filled_too_late_for_its_lock_is_named() -> None:
    inputs = seats([100, 300], periods=4)
    inputs = with_spells(inputs, start=np.array(["2024-01-01", "2027-04-01"], dtype="datetime64[D]"))
    goal = {label: "250" for label in inputs.calendar.labels}
    faults = conflict(inputs, goal=goal, locks={"R1": "400"})
    assert [(fault.field, fault.message) for fault in faults] == [
        ("quotas.locks.R1", "rep R1: at least 400.00 USD would have to fall by 150.00 USD")
    ]
