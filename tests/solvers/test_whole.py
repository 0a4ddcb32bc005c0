"""A model in whole numbers: exactly the same points, or said not to be."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import inf

import numpy as np
import pytest

from solvers import whole
from solvers.model import Model
from tests.solvers import models


def one_row(values, lower=-inf, upper=inf, most=3):
    model = Model()
    x = model.add_columns("x", len(values), upper=most)
    model.add_rows("r", np.zeros(len(values)), x, values, count=1, lower=lower, upper=upper)
    return model.arrays()


@pytest.mark.parametrize(
    ("values", "lower", "upper", "data", "sides"),
    [
        ([2, 4], 3, 9, [1, 2], (2, 4)),
        ([0.1, 0.25], 0.3, 1.0, [2, 5], (6, 20)),
        ([1.5, -0.75], -1, 1, [2, -1], (-1, 1)),
        ([3 / 1024, 1], 0.5, inf, [3, 1024], (512, None)),
        ([1, 1], 0.1, 1.9, [1, 1], (1, 1)),
    ],
)
def test_a_row_is_multiplied_by_its_unit_and_its_sides_are_rounded_inwards(values, lower, upper, data, sides):
    rows = whole.rows(one_row(values, lower, upper))
    assert rows.exact.all()
    assert rows.data.tolist() == data
    assert rows.lower[0] == sides[0]
    assert sides[1] is None or rows.upper[0] == sides[1]


@pytest.mark.parametrize("values", [[1 / 3, 1], [np.pi], [1e-12, 1], [2.0**54]])
def test_what_has_no_common_unit_is_said_so(values):
    assert not whole.rows(one_row(values)).exact.any()


def test_terms_that_would_leave_64_bits_are_said_so():
    arrays = one_row([2.0**40, 1.0], most=2**30)
    assert not whole.rows(arrays).exact.any()


@pytest.mark.parametrize("seed", range(8))
def test_whole_rows_hold_for_the_same_points_as_the_decimals_they_were_written_in(seed):
    rng = np.random.default_rng(seed)
    digits = 10 ** int(rng.integers(0, 4))
    cents = rng.integers(-30, 31, 3)
    low, high = sorted(rng.integers(-40, 41, 2).tolist())
    rows = whole.rows(one_row(cents / digits, low / digits, high / digits))
    for point in product(range(4), repeat=3):
        exact = sum(Fraction(int(c), digits) * x for c, x in zip(cents, point, strict=True))
        held = Fraction(low, digits) <= exact <= Fraction(high, digits)
        assert (rows.lower[0] <= int(rows.data @ np.array(point)) <= rows.upper[0]) == held


def test_costs_with_a_common_unit_are_exact():
    arrays = replace(models.change().arrays(), cost=np.array([0.1, -2.25, 3.0]))
    data, scale, hidden = whole.costs(arrays)
    assert (data / scale).tolist() == [0.1, -2.25, 3.0]
    assert hidden == 0.0


@pytest.mark.parametrize("seed", range(5))
def test_what_rounded_costs_can_hide_is_never_more_than_said(seed):
    rng = np.random.default_rng(seed)
    arrays = replace(models.change().arrays(), cost=rng.normal(size=3) * np.pi)
    data, scale, hidden = whole.costs(arrays)
    assert -1e-9 < hidden <= 0
    for point in product(range(6), repeat=3):
        exact = sum(Fraction(c) * x for c, x in zip(arrays.cost.tolist(), point, strict=True))
        rounded = sum(Fraction(int(k)) * x for k, x in zip(data, point, strict=True)) / Fraction(scale)
        assert rounded + Fraction(hidden) <= exact
