"""No alignment keeps the rules: said only with proof, in the planner's words and units."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.errors import Fault, Infeasible
from engine.inputs import Inputs
from engine.progress import Silent
from engine.territory.checks import violations
from engine.territory.infeasible import second_route
from engine.territory.problem import gather
from engine.territory.search import Search
from engine.territory.stage import align
from tests.territory.cases import every_alignment, spec, tiny
from tests.worlds import world


def refused(inputs: Inputs, *constraints: dict[str, Any], many_pairs: int = 10_000) -> tuple[Fault, ...]:
    """The faults of rules that no alignment keeps."""
    with pytest.raises(Infeasible) as caught:
        align(inputs, spec(list(constraints)), seed=1, progress=Silent(), many_pairs=many_pairs)
    assert all(
        fault.code == "M_INFEASIBLE" and fault.field.startswith("territories.")
        for fault in caught.value.faults
    )
    return caught.value.faults


def test_seven_accounts_do_not_fit_two_seats_of_three() -> None:
    rule = {"kind": "band", "name": "max_accounts_per_rep", "measure": "count", "upper": 3}
    (fault,) = refused(world(7, 2), rule)
    assert fault.field == "territories.constraints[0]"
    for word in ("max_accounts_per_rep", "6 accounts", "3 accounts each", "7 accounts"):
        assert word in fault.message
    assert "1 accounts" in fault.hint


def test_seats_that_need_more_than_there_is_are_named() -> None:
    (fault,) = refused(world(7, 2), {"kind": "band", "measure": "workload", "lower": "1000"})
    assert "must carry 2,000" in fault.message
    assert "only" in fault.message


def test_an_account_that_no_seat_may_own_names_both_rules() -> None:
    rules = ({"kind": "eligible"}, {"kind": "lock", "accounts": ["A1"], "rep": "R0"})
    (fault,) = refused(tiny(), *rules)
    assert "A1" in fault.message
    assert "territories.constraints[0]" in fault.message
    assert "territories.constraints[1]" in fault.message


def test_a_band_without_a_whole_number_in_it_is_refused() -> None:
    faults = refused(world(7, 2), {"kind": "band", "measure": "count", "within": "1%"})
    assert "R0 must carry 4 accounts or more, and 3 accounts or less" in faults[0].message


def test_locked_accounts_beyond_the_band_say_by_how_much() -> None:
    inputs = world(6, 3)
    (fault,) = refused(
        inputs,
        {"kind": "lock", "accounts": ["A0", "A1", "A2"], "rep": "R0"},
        {"kind": "band", "measure": "count", "upper": 2},
    )
    assert "3 accounts that no other seat may own, 1 accounts above" in fault.message


def test_an_account_larger_than_every_band_is_named() -> None:
    inputs = world(6, 3)
    potential = inputs.accounts.potential.copy()
    potential[4] = 10**9
    faults = refused(
        replace(inputs, accounts=replace(inputs.accounts, potential=potential)),
        {"kind": "band", "within": "10%"},
    )
    assert (
        "account A4 alone has 10,000,000.00 USD" in faults[0].message
        or "account A4 alone has 10,000,000 USD" in faults[0].message
    )


def test_moves_that_eligibility_forces_exceed_the_budget() -> None:
    inputs = tiny()
    (fault,) = refused(inputs, {"kind": "eligible", "level": "district"}, {"kind": "max_moves", "limit": 0})
    assert "must leave an incumbent" in fault.message


@pytest.mark.parametrize("many_pairs", [10_000, 0], ids=["full", "priced"])
def test_bands_that_conflict_are_named_with_what_each_would_have_to_give(many_pairs: int) -> None:
    inputs = world(6, 2)
    accounts = replace(
        inputs.accounts,
        potential=np.array([100, 100, 100, 100, 100, 100], dtype=np.int64) * 10_000,
        workload=np.array([900, 900, 100, 100, 100, 100], dtype=np.int64),
    )
    inputs = replace(inputs, accounts=replace(accounts, extra={"employees": np.array([1, 1, 1, 5, 5, 5])}))
    bands = (
        {"kind": "band", "within": "0%"},
        {"kind": "band", "measure": "workload", "within": "5%"},
        {"kind": "band", "measure": "employees", "within": "5%"},
    )
    alignments = every_alignment(inputs)
    assert all(violations(inputs, spec(list(bands)), rep_of) for rep_of in alignments)
    head, *rest = refused(inputs, *bands, many_pairs=many_pairs)
    assert "proved twice" in head.message
    assert rest
    assert all(fault.message.split(":")[0].endswith("_band") for fault in rest)
    assert any("its upper bound of" in fault.message for fault in rest)


def test_a_second_route_that_finds_an_alignment_contradicts_the_first() -> None:
    inputs = tiny()
    rules = spec([{"kind": "band", "within": "40%"}])
    search = Search("highs", 0.0, None, float("inf"), 1, Silent())
    assert violations(inputs, rules, second_route(gather(inputs, rules), search)) == []
