"""Instances whose optimum is known."""

from __future__ import annotations

import numpy as np
import pytest

from solvers.quotas import Instance, Options, apportion
from solvers.quotas.instance import OPEN
from solvers.solution import Status
from tests.solvers.quotas.worlds import tree

EXACT = Options(gap=0.0)


def test_a_proportional_split_that_is_whole_is_the_answer():
    parent, leaf = tree(4, 2)
    target = 3.0 * np.arange(1, 25).reshape(4, 2, 3)
    company = target.sum(axis=0).astype(np.int64)
    answer = apportion(Instance(parent, leaf, target, company, company), EXACT)
    assert (answer.cells == target).all()
    assert (answer.status, answer.worst, answer.total) == (Status.OPTIMAL, 0.0, 0.0)


@pytest.mark.parametrize("total", [17, 18, 19, 20])
def test_absolute_deviations_of_one_total_are_those_of_the_largest_remainder(total):
    """Largest remainder (Hamilton) is the nearest whole split in the sum of absolute deviations, and in the worst."""
    share = np.array([0.05, 0.11, 0.17, 0.29, 0.38])
    target = (share * total)[:, None, None]
    floor = np.floor(target)
    order = np.argsort(-(target - floor).ravel(), kind="stable")
    floor.ravel()[order[: round(total - floor.sum())]] += 1
    parent, leaf = tree(5, 1)
    company = np.array([[total]])
    answer = apportion(Instance(parent, leaf, target, company, company, scale=np.ones_like(target)), EXACT)
    assert answer.total == pytest.approx(np.abs(floor - target).sum())
    assert answer.worst == pytest.approx(np.abs(floor - target).max())


def test_water_filling_over_two_levels():
    """A leaf with a cap below the common growth takes its cap; the others of its district share the rest evenly.

    District 1: leaves of 1,000, 2,000 and 3,000 must carry 7,200 together, the first at most 1,100:
    (7,200 - 1,100) / 5,000 - 1 = 0.22. District 2: 4,000 and 6,000 must carry 9,500, each 0.05 less.
    """
    parent = np.array([-1, 0, 0, 1, 1, 1, 2, 2])
    leaf = np.arange(3, 8)
    target = np.array([1_000.0, 2_000.0, 3_000.0, 4_000.0, 6_000.0])[:, None, None]
    lower, upper = np.zeros(8, dtype=np.int64), np.full(8, OPEN)
    lower[1:3] = upper[1:3] = (7_200, 9_500)
    upper[3] = 1_100
    answer = apportion(Instance(parent, leaf, target, node_lower=lower, node_upper=upper), EXACT)
    assert answer.cells is not None
    assert answer.worst == answer.worst_bound == pytest.approx(0.22)
    assert answer.cells.ravel()[:3].tolist() == [1_100, 2_440, 3_660]
    assert answer.cells.ravel()[3:].sum() == 9_500
    # What is left of district 2 costs least where the scale is largest: 500 / 6,000.
    assert answer.total == pytest.approx(0.1 + 0.22 + 0.22 + 500 / 6_000)


def test_a_lock_costs_nothing_and_the_rest_moves_around_it():
    parent, leaf = tree(3, 1)
    target = np.array([10.0, 20.0, 30.0])[:, None, None]
    low, high = np.zeros(target.shape, dtype=np.int64), np.full(target.shape, OPEN)
    low[0] = high[0] = 16
    company = np.array([[60]])
    answer = apportion(
        Instance(parent, leaf, target, company, company, cell_lower=low, cell_upper=high), EXACT
    )
    assert answer.cells is not None
    assert answer.cells.ravel()[0] == 16
    assert answer.worst == pytest.approx(min(max(a / 20, (6 - a) / 30) for a in range(7)))


def test_a_target_of_0_stays_0_and_an_empty_tree_above_nobody_is_fine():
    parent = np.array([-1, 0, 0, 0])
    target = np.array([[[4.0, 0.0]], [[2.0, 5.0]]])
    company = np.array([[8, 5]])
    answer = apportion(Instance(parent, np.array([1, 2]), target, company, company), EXACT)
    assert answer.cells is not None
    assert answer.cells[0, 0, 1] == 0
    assert answer.worst == pytest.approx(0.5)
    assert answer.cells.ravel().tolist() in ([6, 0, 2, 5], [5, 0, 3, 5])


def test_a_target_outside_its_limits_is_counted_from_the_target():
    parent, leaf = tree(1, 1)
    target, low, high = np.array([[[10.0]]]), np.array([[[3]]]), np.array([[[7]]])
    answer = apportion(Instance(parent, leaf, target, cell_lower=low, cell_upper=high), EXACT)
    assert answer.cells is not None
    assert (int(answer.cells[0, 0, 0]), answer.worst, answer.total) == (
        7,
        pytest.approx(0.3),
        pytest.approx(0.3),
    )
