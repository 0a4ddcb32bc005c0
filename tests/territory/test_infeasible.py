"""No alignment keeps the rules: said only with proof, in the planner's words and units."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.errors import Fault, Infeasible
from engine.inputs import Inputs
from engine.progress import Silent
from engine.territory.checks import violations
from engine.territory.conflict.infeasible import second_route
from engine.territory.problem import gather
from engine.territory.solving.search import Search
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
    assert "1 account" in fault.hint


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
    assert "the 2 seats R0, R1 must carry 4 accounts or more, and 3 accounts or less" in faults[0].message


def test_locked_accounts_beyond_the_band_say_by_how_much() -> None:
    inputs = world(6, 3)
    (fault,) = refused(
        inputs,
        {"kind": "lock", "accounts": ["A0", "A1", "A2"], "rep": "R0"},
        {"kind": "band", "measure": "count", "upper": 2},
    )
    assert "3 accounts that no other seat may own, 1 account above" in fault.message


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


def crowded() -> Inputs:
    """Twelve accounts of three seats, eight of them R0's today; each has one hour of work and 10,000 USD."""
    inputs = world(12, 3)
    owner = np.array([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 2], dtype=np.int64)
    even = np.full(12, 1_000_000, dtype=np.int64)
    work = np.full(12, 100, dtype=np.int64)
    return replace(inputs, accounts=replace(inputs.accounts, owner=owner, potential=even, workload=work))


@pytest.mark.parametrize("many_pairs", [10_000, 0], ids=["full", "priced"])
def test_bands_that_conflict_with_a_budget_of_moves_name_both_and_the_smallest_relaxation(
    many_pairs: int,
) -> None:
    rules = (
        {"kind": "band", "name": "wide", "measure": "workload", "within": "400%"},
        {"kind": "band", "name": "even", "measure": "count", "within": "0%"},
        {"kind": "max_moves", "name": "calm", "limit": 3},
    )
    head, *rest = refused(crowded(), *rules, many_pairs=many_pairs)
    assert "even (territories.constraints[1]) and calm (territories.constraints[2]) together" in head.message
    assert "comes to 0.333 of the rules' sizes in all; no relaxation below 0.333 is enough" in head.message
    assert [fault.field[-2] for fault in rest[:2]] == ["1", "2"]
    assert "calm: 4 accounts would have to move, 1 account above the limit." in [f.message for f in rest]
    assert not any(fault.message.startswith("wide") for fault in rest)


def test_the_least_relaxation_is_that_of_the_bounds_as_declared() -> None:
    each = int(crowded().accounts.potential[0]) // 100
    rules = (
        {"kind": "band", "name": "enough", "lower": str(3.25 * each)},
        {"kind": "max_moves", "name": "calm", "limit": 3},
    )
    head, *rest = refused(crowded(), *rules)
    assert f"{each / 4:,.0f} USD below its lower bound" in " ".join(fault.message for fault in rest)
    found, least = (
        float(re.search(pattern, head.message)[1]) for pattern in (r"comes to ([\d.]+)", r"below ([\d.]+) is")
    )
    assert 0 < least <= found == pytest.approx(0.25 / 12, rel=0.01)


def test_three_rules_that_conflict_only_together_are_all_named() -> None:
    inputs = crowded()
    fixed = {
        "kind": "lock",
        "name": "strategic",
        "accounts": [f"A{i:02d}" for i in range(8, 12)],
        "rep": "R1",
    }
    even = {"kind": "band", "name": "even", "measure": "count", "lower": 2, "upper": 6}
    calm = {"kind": "max_moves", "name": "calm", "limit": 3}
    for two in ((fixed, even), (fixed, calm), (even, calm)):
        align(inputs, spec(list(two)), seed=1, progress=Silent())
    head, *rest = refused(inputs, fixed, even, calm)
    for name in ("strategic", "even", "calm"):
        assert f"{name} (territories.constraints[" in head.message
        assert any(fault.message.startswith(f"{name}: conflicts with") for fault in rest)
    (instead,) = (fault for fault in rest if "instead" in fault.message)
    assert instead.message.startswith("strategic: instead, ")
    assert instead.field == "territories.constraints[0]"


def test_what_fractions_keep_and_whole_accounts_do_not_is_proved_in_exact_integers() -> None:
    inputs = world(6, 2)
    odd = np.array([30, 30, 30, 30, 30, 46], dtype=np.int64) * 100_000
    inputs = replace(inputs, accounts=replace(inputs.accounts, potential=odd))
    head, *rest = refused(inputs, {"kind": "band", "within": "5%"})
    assert "potential_band (territories.constraints[0])" in head.message
    assert all("potential_band: seat" in fault.message for fault in rest)


def test_a_second_route_that_finds_an_alignment_contradicts_the_first() -> None:
    inputs = tiny()
    rules = spec([{"kind": "band", "within": "40%"}])
    search = Search("highs", 0.0, None, float("inf"), 1, Silent())
    assert violations(inputs, rules, second_route(gather(inputs, rules), search)) == []
