"""The plain check finds what is wrong, whoever made the quotas."""

from __future__ import annotations

import numpy as np
import pytest

from engine.inputs import IntArray
from engine.quota import violations
from tests.quota.setting import quotas, seats, spec
from tests.worlds import with_spells

INPUTS = with_spells(
    seats([100, 300, 600, 200], periods=2, district=["N", "N", "S", "S"]),
    start=np.array(["2024-01-01", "2024-01-01", "2024-01-01", "2027-02-01"], dtype="datetime64[D]"),
)
WANTED = spec(
    "100k", step="100", over_assignment={"rep": "10%"}, products={"S0": "1", "S1": "1"},
    bounds={"absolute": {"max": "70k"}, "nodes": {"N": {"min": "30k"}}, "history": {"max": "1000"}}, locks={"R0": "9k"},
)  # fmt: skip


@pytest.fixture
def cells() -> IntArray:
    return quotas(INPUTS, WANTED).cells.copy()


def found(cells: IntArray) -> str:
    return "\n".join(violations(INPUTS, WANTED, cells))


def test_a_cent_more_is_seen(cells: IntArray) -> None:
    cells[2, 0, 0] += 1
    assert "is no 11/10 of any amount" in found(cells) or "hands down" in found(cells)


def test_money_moved_between_seats_breaks_lock_and_step(cells: IntArray) -> None:
    cells[0, 0, 0] -= 50
    cells[1, 0, 0] += 50
    assert "R0: 8,999.50 USD is not the lock of 9000" in found(cells)


def test_a_loop_of_odd_cells_is_seen(cells: IntArray) -> None:
    cells[1:3, 0, 0] += [7, -7]
    cells[1:3, 0, 1] += [-7, 7]
    assert "no sum forces this quota off the step" in found(cells)


def test_two_odd_children_are_seen(cells: IntArray) -> None:
    cells[2, 0, 1] += 50
    cells[3, 0, 1] -= 50
    assert "more than one quota is no multiple of the step" in found(cells)


def test_negative_cells_and_quotas_before_the_hire_date_are_seen(cells: IntArray) -> None:
    cells[3, 0, 0] += 10_000_000
    cells[3, 0, 1] -= 10_000_000
    assert "R3, S0, 2027-02: the quota is negative" in found(cells)
    assert "R3 carries a quota in 2027-01, when it is not filled" in found(cells)


def test_bounds_of_seats_and_nodes_are_held(cells: IntArray) -> None:
    cells[1, :, :] = 0
    cells[2, 0, 0] += 10_000_000
    assert "N: 8,181.82 USD is below its minimum of 30000" in found(cells) or "N: 8,181.81" in found(cells)
    assert "is above its maximum of 70000" in found(cells)


def test_a_product_far_from_its_share_is_seen(cells: IntArray) -> None:
    cells[2, 0, 0] -= 1_000_000
    cells[2, 1, 0] += 1_000_000
    assert "for a share of" in found(cells)


def test_a_goal_of_a_period_missed_by_a_cent_is_seen() -> None:
    inputs = seats([1, 1], periods=2)
    wanted = spec({"2027-01": "10", "2027-02": "30"})
    cells = quotas(inputs, wanted).cells.copy()
    cells[0, 0] += [1, -1]
    assert [line.split(":")[0] for line in violations(inputs, wanted, cells)] == ["2027-01", "2027-02"]


def test_a_wrong_shape_or_real_numbers_are_refused(cells: IntArray) -> None:
    assert "shape" in found(cells[:3])
    assert "products" in found(cells[:, :1])
    assert "not whole minor units" in found(cells.astype(np.float64))
