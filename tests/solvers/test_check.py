"""The independent check of a finished answer."""

from __future__ import annotations

import numpy as np
import pytest

from solvers import check
from solvers.model import Model
from tests.solvers import models


def cents(limit: int) -> Model:
    model = Model()
    x = model.add_columns("x", 2, upper=10)
    model.add_rows("money", [0, 0], x, [10**16, 1], count=1, upper=limit)
    return model


def test_whole_numbers_are_checked_without_tolerance_even_where_doubles_round():
    arrays = cents(10**16).arrays()
    assert check.feasible(arrays, np.array([1.0, 0.0]))
    assert check.violations(arrays, np.array([1.0, 1.0])) == [
        "row 0 is 10000000000000001; allowed -inf to 10000000000000000"
    ]


def test_a_row_of_whole_numbers_over_a_real_column_has_a_tolerance():
    model = models.mix()
    assert not check.whole_rows(model.arrays()).any()
    assert check.feasible(model.arrays(), np.array([1.2, 1.6 - 1e-7]))
    assert not check.feasible(model.arrays(), np.array([1.2, 1.6 - 1e-5]))


@pytest.mark.parametrize(
    ("x", "says"),
    [
        ([0.0, 1.0, 2.5], "column 2 is 2.5, not a whole number"),
        ([0.0, 1.0, 6.0], "column 2 is 6, above 5"),
        ([-1.0, 0.0, 0.0], "column 0 is -1, below 0"),
        ([0.0, 0.0, 3.0], "row 0 is 12; allowed -inf to 11"),
        ([0.0, 0.0, np.nan], "column 2 is not finite"),
        ([0.0], "the point has shape (1,); the model has 3 columns"),
    ],
)
def test_each_fault_is_said_in_a_sentence(x, says):
    assert says in check.violations(models.change().arrays(), np.array(x))


def test_snapping_rounds_noise_and_leaves_real_faults_for_the_check():
    arrays = models.change().arrays()
    assert check.snapped(arrays, np.array([-1e-9, 1 + 1e-7, 2.0])).tolist() == [0, 1, 2]
    assert check.snapped(arrays, np.array([0.0, 1.4, 2.0])).tolist() == [0, 1.4, 2]
    lp = models.mix().arrays()
    assert check.snapped(lp, np.array([-1e-10, 3.0])).tolist() == [0, 3]


def test_the_objective_of_whole_numbers_is_exact():
    model = Model()
    model.add_columns("x", 3, cost=[2**53, 1, 1], upper=1)
    assert check.objective(model.arrays(), np.ones(3)) == float(2**53 + 2)


def test_planted_faults_are_all_found():
    arrays = models.seats((5, 4, 3), most=8).arrays()
    good = np.array([1.0, 0, 0, 1, 1, 0])
    assert check.feasible(arrays, good)
    for j in range(6):
        moved = good.copy()
        moved[j] = 1 - moved[j]
        assert check.violations(arrays, moved)
