"""Bad input: each is refused in words, or solved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.errors import BadInput, Fault, Infeasible
from engine.geography import Ways
from engine.inputs import Inputs
from engine.progress import Silent
from engine.territory.alignment import Alignment
from engine.territory.checks import violations
from engine.territory.stage import align
from tests.territory.cases import spec, tiny
from tests.worlds import world


def aligned(inputs: Inputs, *rules: dict[str, Any], many_pairs: int = 10_000, **more: Any) -> Alignment:
    """The alignment under some rules, checked."""
    wanted = spec(list(rules), **more)
    alignment = align(inputs, wanted, seed=1, progress=Silent(), many_pairs=many_pairs)
    assert violations(inputs, wanted, alignment.rep_of) == []
    assert alignment.solves[0].bound <= alignment.solves[0].objective
    return alignment


def infeasible(inputs: Inputs, *rules: dict[str, Any], many_pairs: int = 10_000) -> tuple[Fault, ...]:
    """The faults of rules that no alignment keeps."""
    with pytest.raises(Infeasible) as caught:
        align(inputs, spec(list(rules)), seed=1, progress=Silent(), many_pairs=many_pairs)
    return caught.value.faults


def refused(inputs: Inputs, *rules: dict[str, Any], **more: Any) -> tuple[Fault, ...]:
    """The faults of rules that do not fit the tables."""
    with pytest.raises(BadInput) as caught:
        align(inputs, spec(list(rules), **more), seed=1, progress=Silent())
    return caught.value.faults


def said(fault: Fault) -> str:
    """All the words of a fault."""
    return f"{fault.field} {fault.message} {fault.hint}"


@pytest.mark.parametrize("many_pairs", [10_000, 0], ids=["full", "priced"])
def test_a_band_that_no_combination_meets_is_proved_so(many_pairs: int) -> None:
    inputs = world(4, 2)
    values = np.array([3, 3, 3, 100]) * 100
    inputs = replace(inputs, accounts=replace(inputs.accounts, workload=values))
    rule = {"kind": "band", "measure": "workload", "lower": "50", "upper": "60"}
    faults = infeasible(inputs, rule, many_pairs=many_pairs)
    assert "A3 alone has 100" in faults[0].message
    values = np.array([10, 10, 10, 10]) * 100
    inputs = replace(inputs, accounts=replace(inputs.accounts, workload=values))
    faults = infeasible(
        inputs, {"kind": "band", "measure": "workload", "lower": "15", "upper": "25", "seats": ["R0"]},
        {"kind": "band", "measure": "workload", "upper": "15", "seats": ["R1"]}, many_pairs=many_pairs
    )  # fmt: skip
    assert "proved twice" in faults[0].message


def test_a_band_between_whose_bounds_lies_nothing_is_told_once_for_all_its_seats() -> None:
    """A mean of 10/3 hours lies between two hundredths of an hour; every seat has the same band."""
    inputs = world(4, 3)
    inputs = replace(inputs, accounts=replace(inputs.accounts, workload=np.array([1, 2, 3, 4]) * 100))
    (fault,) = infeasible(inputs, {"kind": "band", "measure": "workload", "within": 0})
    assert "each of the 3 seats R0, R1, R2 must carry 3.34" in fault.message
    assert "loads are multiples of 0.01" in fault.hint
    (fault,) = infeasible(inputs, {"kind": "band", "measure": "count", "within": "0%"})
    assert "2 accounts or more, and 1 account or less" in fault.message
    assert "whole number" in fault.hint


def test_one_zero_among_the_potentials_is_solved() -> None:
    inputs = world(9, 3)
    values = inputs.accounts.potential.copy()
    values[0] = 0
    inputs = replace(inputs, accounts=replace(inputs.accounts, potential=values))
    for many_pairs in (10_000, 0):
        alignment = aligned(inputs, {"kind": "band", "within": "30%"}, many_pairs=many_pairs)
        assert alignment.solves[0].gap < 1e-6


def test_a_group_larger_than_any_band_is_named_with_its_size() -> None:
    inputs = tiny()
    rules = (
        {"kind": "together", "groups": [["A0", "A1", "A2", "A3"]]},
        {"kind": "band", "measure": "count", "upper": 3},
    )
    (fault,) = infeasible(inputs, *rules)
    assert "A0 with 3 more kept together alone has 4 accounts" in fault.message
    assert "3 accounts at most" in fault.message


def test_a_group_without_a_common_seat_names_both_rules() -> None:
    rules = (
        {"kind": "together", "groups": [["A0", "A1"]]},
        {"kind": "lock", "accounts": ["A0"], "rep": "R0"},
        {"kind": "lock", "accounts": ["A1"], "rep": "R1"},
    )
    (fault,) = infeasible(tiny(), *rules)
    for word in ("A0, A1", "together (territories.constraints[0])", "lock (territories.constraints[1])"):
        assert word in fault.message


def test_accounts_that_are_both_apart_and_together_are_refused() -> None:
    (fault,) = infeasible(
        tiny(), {"kind": "together", "groups": [["A0", "A1"]]}, {"kind": "apart", "groups": [["A1", "A0"]]}
    )
    assert "A0 and A1 cannot be apart" in fault.message
    assert fault.field == "territories.constraints[1]"


def test_more_accounts_apart_than_seats_that_may_own_them_are_counted() -> None:
    apart = {"kind": "apart", "groups": [["A0", "A1", "A2"]]}
    two = {"kind": "exclude", "accounts": ["A0", "A1", "A2"], "reps": ["R1"]}
    (fault,) = infeasible(tiny(), apart, two)
    assert "A0, A1, A2 must all be apart, but only 2 seats" in fault.message
    (fault,) = refused(tiny(), {"kind": "apart", "groups": [["A0", "A1", "A2", "A3"]]})
    assert "4 accounts must all be apart, but there are 3 seats" in fault.message


def test_an_account_out_of_reach_is_named_with_the_rule() -> None:
    (fault,) = infeasible(tiny(), {"kind": "max_travel", "km": 1})
    assert "no seat may own" in fault.message
    assert "max_travel (territories.constraints[0])" in fault.message


@pytest.mark.parametrize("many_pairs", [10_000, 0], ids=["full", "priced"])
def test_rows_that_contradict_each_other_are_proved_so_and_named(many_pairs: int) -> None:
    leaving = {"kind": "max_moves", "name": "calm", "each": "leaving", "limit": 0}
    fewer = {"kind": "band", "measure": "count", "upper": 1, "seats": ["R0"]}
    faults = infeasible(tiny(), leaving, fewer, many_pairs=many_pairs)
    assert "proved twice" in faults[0].message
    assert any("calm" in fault.message or "count_band" in fault.message for fault in faults[1:])


def test_identical_coordinates_are_solved() -> None:
    inputs = world(9, 3)
    here = np.full(9, 40.0), np.full(9, -100.0)
    same = replace(inputs.accounts, latitude=here[0], longitude=here[1])
    seats = replace(inputs.reps, latitude=here[0][:3], longitude=here[1][:3])
    alignment = aligned(
        replace(inputs, accounts=same, reps=seats), {"kind": "band", "measure": "count", "within": 0}
    )
    assert alignment.solves[0].objective == 0
    assert alignment.solves[0].gap == 0


@pytest.mark.parametrize("many_pairs", [10_000, 0], ids=["full", "priced"])
@pytest.mark.parametrize(("accounts", "reps"), [(1, 1), (1, 3), (5, 1)])
def test_one_account_and_one_rep_are_solved(accounts: int, reps: int, many_pairs: int) -> None:
    alignment = aligned(world(accounts, reps), {"kind": "band", "within": "300%"}, many_pairs=many_pairs)
    assert alignment.solves[0].gap == 0


@pytest.mark.parametrize("many_pairs", [10_000, 0], ids=["full", "priced"])
def test_zero_potential_everywhere_is_solved(many_pairs: int) -> None:
    inputs = world(9, 3)
    inputs = replace(inputs, accounts=replace(inputs.accounts, potential=np.zeros(9, dtype=np.int64)))
    alignment = aligned(inputs, {"kind": "band", "within": "10%"}, many_pairs=many_pairs)
    assert alignment.solves[0].gap < 1e-9
    aligned(inputs, {"kind": "band", "within": "10%", "rank": 1}, many_pairs=many_pairs)


@pytest.mark.parametrize("many_pairs", [10_000, 0], ids=["full", "priced"])
def test_a_billion_next_to_one_is_solved_to_the_unit(many_pairs: int) -> None:
    inputs = world(8, 2)
    values = np.array([10**9, 1, 1, 1, 10**9, 1, 1, 3]) * 100
    inputs = replace(inputs, accounts=replace(inputs.accounts, potential=values))
    total = 10**9 + 4
    exact = {"kind": "band", "lower": total, "upper": total}
    alignment = aligned(inputs, exact, many_pairs=many_pairs)
    load = np.bincount(alignment.rep_of, values // 100)
    assert load.tolist() == [total, total]
    (fault, *_) = infeasible(inputs, {"kind": "band", "lower": total + 1}, many_pairs=many_pairs)
    assert "1,000,000,005" in fault.message


def test_a_missing_distance_is_refused_or_forbidden() -> None:
    inputs = tiny()
    travel = [{"kind": "travel", "by": "table"}]
    (fault,) = refused(inputs, objectives=travel)
    assert fault.field == "territories.objectives[0].missing"
    assert "no distance in the table for 1 pair: A4 to R2" in fault.message
    (fault,) = refused(replace(inputs, ways=None), objectives=travel)
    assert fault.field == "territories.objectives[0].by"
    only = Ways(np.array([0]), np.array([0]), np.array([1.0]), np.array([np.nan]))
    with pytest.raises(Infeasible, match="no seat may own 5 accounts"):
        aligned(replace(inputs, ways=only), objectives=[{**travel[0], "missing": "forbid"}])


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"kind": "exclude", "accounts": ["A9"], "reps": ["R0"]}, ["constraints[0].accounts", "A9"]),
        ({"kind": "exclude", "accounts": ["A1"], "reps": ["R9"]}, ["constraints[0].reps", "R9"]),
        ({"kind": "together", "column": "parents"}, ["constraints[0].column", "'parent'"]),
        ({"kind": "together", "groups": [["A1", "A2"], ["A2", "A3"]]}, ["groups", "two groups: A2"]),
        ({"kind": "unit", "column": "market"}, ["no unit in column 'market' for 3 accounts", "blank_alone"]),
        ({"kind": "apart", "column": "markt"}, ["column", "'market'"]),
        ({"kind": "skills", "column": "language", "of": "langs"}, ["of", "seats have no column 'langs'"]),
        ({"kind": "named_accounts", "column": "tier", "node": {"zone": "X"}}, ["node", "no level 'zone'"]),
        ({"kind": "named_accounts", "column": "tier", "node": {"district": "X"}}, ["node", "district 'X'"]),
        ({"kind": "max_moves", "limit": 1, "each": "leaving", "seats": ["R7"]}, ["seats", "R7"]),
        ({"kind": "band", "within": "5%", "weights_column": "pace"}, ["weights_column", "pace"]),
        ({"kind": "band", "within": "5%", "weights_column": "languages"}, ["weights_column", "above 0"]),
        ({"kind": "band", "upper": 5, "calls": {"visits_column": "score"}}, ["visits_column", "0 or more"]),
        ({"kind": "max_travel", "km": 5, "by": "table"}, ["missing", "A4 to R2"]),
    ],
    ids=str,
)
def test_a_rule_that_does_not_fit_the_tables_says_where_and_what(
    rule: dict[str, Any], words: list[str]
) -> None:
    (fault,) = refused(tiny(), rule)
    assert fault.field.startswith("territories.constraints[0]")
    for word in words:
        assert word in said(fault)


@pytest.mark.parametrize(
    ("rule", "word"),
    [
        ({"kind": "together"}, "no group"),
        ({"kind": "apart", "groups": [["A1", "A1"]]}, "fewer than two"),
        ({"kind": "max_travel"}, "no limit"),
        ({"kind": "named_accounts", "column": "tier"}, "no seat"),
        ({"kind": "named_accounts", "accounts": ["A1"], "values": ["x"], "reps": ["R1"]}, "values need"),
        ({"kind": "max_moves", "limit": 1, "seats": ["R1"]}, "seats need each"),
        ({"kind": "band", "within": "5%", "calls": {}}, "calls need"),
        ({"kind": "exclude", "accounts": [], "reps": ["R1"]}, "at least 1"),
    ],
    ids=str,
)
def test_a_rule_that_says_too_little_or_too_much_is_refused(rule: dict[str, Any], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        spec([rule])
