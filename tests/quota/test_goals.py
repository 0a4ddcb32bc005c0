"""Goals from a table: read as a scenario says them, and of nodes; tied out, or refused with the difference."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import BadInput, Fault, Infeasible
from engine.goals import NONE, Goals
from engine.inputs import Inputs
from engine.quota.spec import QuotaSpec
from tests.quota.setting import by_seat, quotas, seats, spec, table

THREE = seats([100, 300, 600], region=["N", "N", "S"])
YEAR = seats([100, 300, 600], periods=12, region=["N", "N", "S"])


def with_goals(inputs: Inputs, *rows: tuple[str, str, str, float | None]) -> Inputs:
    """Rows of node, product, period and amount in currency units; None for no goal."""
    levels = {
        name: level
        for level, names in {**inputs.reps.levels, "rep": inputs.reps.id}.items()
        for name in names
    }
    node, product, period, amount = zip(*rows, strict=True)
    minor = np.array([NONE if a is None else round(a * 100) for a in amount], dtype=np.int64)
    goals = Goals(
        tuple(levels.get(n, "") for n in node), node, product, period, minor, np.arange(len(rows)) + 2, "goals.csv"
    )  # fmt: skip
    return replace(inputs, goals=goals)


def free(**fields: Any) -> QuotaSpec:
    """A block without a goal of its own."""
    return spec(None, **fields)


def told(inputs: Inputs, wanted: QuotaSpec) -> tuple[Fault, ...]:
    with pytest.raises(BadInput) as refused:
        quotas(inputs, wanted)
    return refused.value.faults


def test_one_row_is_the_goal_of_the_year() -> None:
    assert by_seat(quotas(with_goals(THREE, ("", "", "", 1000)), free())) == [100, 300, 600]


def test_goals_by_product_and_period_are_those_that_a_scenario_writes() -> None:
    rows = [("", "S0", "Q1", 100.01), ("", "S0", "Q2", None), ("", "S0", "Q3", 0), ("", "S0", "2027-10", 50)]
    rows += [("", "S0", "2027-11", 0), ("", "S0", "2027-12", 0), ("", "S1", "", 700)]
    written = {
        "S0": {"Q1": "100.01", "Q2": "none", "Q3": 0, "2027-10": 50, "2027-11": 0, "2027-12": 0},
        "S1": "700",
    }
    found, same = quotas(with_goals(YEAR, *rows), free()), quotas(YEAR, spec(written))
    assert (found.cells == same.cells).all()
    blank = table(found, "quotas").groupby(["product", "period"])["quota"].count()
    assert blank["S0", "2027-04"] == 0  # none
    assert blank["S0", "2027-07"] == 3  # a quota of 0
    assert found.cells[:, 0, 9].sum() == 5_000


def test_a_node_brings_what_finance_gave_it_and_a_blank_one_the_rest() -> None:
    rows = [("", "", "", 1000), ("N", "", "", 700.5), ("S", "", "", None)]
    found = quotas(with_goals(THREE, *rows), free(over_assignment={"rep": "10%"}))
    levels = table(found, "quota_levels").set_index("node")
    assert levels.loc["N", ["assigned", "quota"]].tolist() == [70_050, 77_055]
    assert levels.loc["S", "assigned"] == 29_950
    zero = quotas(with_goals(THREE, ("", "", "", 1000), ("N", "", "", 0)), free())
    assert by_seat(zero) == [0, 0, 1000]


def test_a_goal_under_quotas_goes_with_a_table_of_nodes() -> None:
    found = quotas(with_goals(THREE, ("R0", "", "", 250)), spec({"S0": 400, "S1": 600}))
    assert by_seat(found)[0] == 250
    assert found.cells.sum(axis=(0, 2)).tolist()[:2] == [40_000, 60_000]


def test_goals_of_all_nodes_of_the_highest_level_are_the_companys() -> None:
    found = quotas(with_goals(THREE, ("N", "", "", 700), ("S", "", "", 400)), free())
    assert by_seat(found) == [175, 525, 400]
    (fault,) = told(with_goals(THREE, ("N", "", "", 700)), free())
    assert (fault.code, fault.field) == ("E_REQUIRED", "data.goals")


@pytest.mark.parametrize(
    ("rows", "over", "words"),
    [
        ([("N", 700), ("S", 400)], {}, "the goals of the region level add up to 1,100.00 USD; the company hands down "
         "1,000.00 USD: 100.00 USD too much"),
        ([("N", 500), ("S", 499.99)], {}, "0.01 USD too little"),
        ([("N", 500), ("S", 500)], {"region": "5%"}, "hands down 1,050.00 USD: 50.00 USD too little"),
        ([("N", 1001)], {}, "1.00 USD too much"),
        ([("N", 400), ("R0", 100), ("R1", 290)], {}, "the rep level below N add up to 390.00 USD; N hands down 400.00"),
        ([("R0", 600), ("R1", 500)], {}, "the rep level add up to 1,100.00 USD"),
    ],
)  # fmt: skip
def test_levels_that_do_not_tie_out_are_refused_with_the_difference(
    rows: list[tuple[str, float]], over: dict[str, str], words: str
) -> None:
    given_ = [("", "", "", 1000.0), *((name, "", "", amount) for name, amount in rows)]
    (fault,) = told(with_goals(THREE, *given_), free(over_assignment=over))
    assert words in fault.message
    assert fault.field == "data.goals"


@pytest.mark.parametrize(
    ("rows", "wanted", "code", "line", "words"),
    [
        ([("", "", "", 5), ("", "S0", "", 5)], free(), "E_CONFLICT", 3, "S0, the whole plan beside one of all"),
        ([("", "S0", "", 5), ("", "S0", "Q1", 5)], free(), "E_CONFLICT", 3, "S0, Q1 beside one of S0, the whole plan"),
        ([("", "", "", 5)], spec("5"), "E_CONFLICT", 2, "in the table and under quotas"),
        ([("", "", "", 0)], free(), "E_RANGE", 2, "the goal is 0"),
        ([("", "", "", 9), ("N", "S0", "", 5)], free(), "E_UNSUPPORTED", 3, "region N is that of the whole plan"),
        ([("", "", "", 9), ("N", "", "", 5)], free(levels=[]), "E_CONFLICT", 3, "the region level carries no quotas"),
        ([("", "", "", 9), ("N", "", "", 5)], free(bounds={"nodes": {"N": {"max": 5}}}), "E_CONFLICT", 3, "and bounds"),
        ([("", "", "Q1", 9)], free(), "E_MISSING", 0, "no amount for 2027-04"),
        ([("", "", "Q1", 9), ("", "", "2027-02", 9)], free(), "E_CONFLICT", 0, "2027-02 named twice"),
        ([("", "S0", "", 9)], free(products="history"), "E_CONFLICT", 0, "goals per product"),
    ],
)  # fmt: skip
def test_rows_that_contradict_one_another_are_refused(
    rows: list[Any], wanted: QuotaSpec, code: str, line: int, words: str
) -> None:
    (fault, *_) = told(with_goals(YEAR, *rows), wanted)
    assert (fault.code, fault.line) == (code, line)
    assert words in fault.message


def test_nobody_plans_without_a_goal() -> None:
    (fault,) = told(THREE, free())
    assert (fault.code, fault.field) == ("E_REQUIRED", "quotas.goal")


def test_a_goal_that_bounds_cannot_hold_is_told_at_the_table() -> None:
    inputs = with_goals(THREE, ("", "", "", 1000), ("N", "", "", 700))
    with pytest.raises(Infeasible) as refused:
        quotas(inputs, free(bounds={"target": {"max": 1}}))
    assert any(fault.field == "data.goals" and "region N" in fault.message for fault in refused.value.faults)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.integers(1, 10**7), st.integers(1, 10**7), st.sampled_from(["0", "3", "250"]))
def test_any_goals_that_tie_out_are_met_to_the_cent(north: int, south: int, step: str) -> None:
    rows = [("", "", "", (north + south) / 100), ("N", "", "", north / 100), ("S", "", "", south / 100)]
    found = quotas(with_goals(THREE, *rows), free(step=step))
    assert found.cells[:2].sum() == north
    assert found.cells[2].sum() == south
