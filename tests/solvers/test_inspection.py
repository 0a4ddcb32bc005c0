"""What needs no solver: malformed models, crossed limits, no columns."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np
import pytest

from solvers import Status, solve
from solvers.model import Model
from tests.solvers import models


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"cost": np.array([1.0, np.nan, 0])}, "a cost is not finite"),
        ({"lower": np.array([0.0, np.nan, 0])}, "not a number"),
        ({"upper": np.zeros(2)}, "upper has shape"),
        ({"row_upper": np.zeros(2)}, "row_upper has shape"),
        ({"matrix": models.mix().arrays().matrix}, "the matrix has shape"),
        ({"matrix": models.change().arrays().matrix * 1e-12}, "lies outside"),
        ({"offset": inf}, "offset is not finite"),
    ],
)
def test_a_malformed_model_is_refused_in_words(change, says):
    with pytest.raises(ValueError, match=says):
        solve(replace(models.change().arrays(), **change))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"lower": np.array([0.0, 6, 0])}, "column 1 must lie between 6 and 5"),
        (
            {"lower": np.array([0.2, 0, 0]), "upper": np.array([0.8, 5, 5])},
            "column 0 must lie between 0.2 and 0.8",
        ),
        ({"row_lower": np.array([12.0])}, "row 0 must lie between 12 and 11"),
        (
            {"matrix": models.change().arrays().matrix * 0, "row_lower": np.array([2.0])},
            "row 0 has no columns",
        ),
    ],
)
def test_limits_that_cross_are_infeasible_at_a_glance(change, says):
    answer = solve(replace(models.change().arrays(), **change))
    assert (answer.status, answer.backend) == (Status.INFEASIBLE, "inspection")
    assert says in answer.message


def test_a_model_without_columns_costs_its_offset():
    model = Model()
    model.offset = 4.0
    answer = solve(model)
    assert (answer.status, answer.objective, answer.x.size) == (Status.OPTIMAL, 4.0, 0)
