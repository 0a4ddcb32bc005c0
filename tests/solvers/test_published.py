"""Models on which a released solver is known to have answered wrongly, as published, with the right answer."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

from solvers import Refused, SolveOptions, Status, names, solve
from solvers.backend import Feature
from solvers.backends import found
from solvers.model import Model
from tests.solvers import models


def integer_beside_singleton(cost, lower, upper, need, integer):
    """min cost x  s.t.  x_0 + x_1 >= need, one of the two integer."""
    model = Model()
    for j in range(2):
        model.add_columns(f"x{j}", 1, cost=cost[j], lower=lower[j], upper=upper[j], integer=integer[j])
    model.add_rows("need", [0, 0], [0, 1], count=1, lower=need)
    return model


def highs_2957():
    return integer_beside_singleton((1, 2), (0, 8), (20, 20), 20.1, (True, False))


def highs_3043():
    return integer_beside_singleton((2, 3), (0, 0), (10, 10), 4.5, (False, True))


def highs_3050():
    model = Model()
    model.add_columns("x", 1, cost=-100, lower=1, upper=3)
    model.add_columns("t", 1, cost=0.01, lower=1, upper=3, integer=False)
    model.add_rows("tie", [0, 0], [0, 1], [1, -1], count=1, upper=0)
    return model


def highs_3073():
    model = Model()
    model.add_columns("gap", 1, cost=100, upper=inf, integer=False)
    model.add_columns("t", 1, cost=0.01, lower=-inf, upper=inf, integer=False)
    model.add_columns("x", 1, upper=inf)
    rows, columns = [0, 0, 1, 1, 2, 2, 3, 4], [0, 2, 2, 1, 2, 1, 2, 2]
    values = [1, 1, 1, -1, -1, -1, 1, -1]
    lower, upper = [3, -inf, -inf, -inf, -inf], [3, 0, 0, 3, -0.45]
    model.add_rows("r", rows, columns, values, count=5, lower=lower, upper=upper)
    return model


def highs_3094():
    model = Model()
    z = model.add_columns("z", 2, upper=1000, integer=False)
    d = model.add_columns("d", 2, cost=[10, 8], upper=1000, integer=False)
    x = model.add_columns("x", 2)
    model.add_rows("link", [0, 1, 0, 1], [*z, *x], [1, 1, -1000, -1000], count=2, upper=0)
    model.add_rows("balance", [0, 1, 0, 1], [*z, *d], count=2, lower=1000, upper=1000)
    model.add_rows("one", [0, 0], x, count=1, upper=1)
    return model


def highs_jl_104():
    """y = 1; y <= 1e6 x; x binary: presolve once ended with x = 0."""
    model = Model()
    model.add_columns("y", 1, lower=1, upper=1, integer=False)
    model.add_columns("x", 1)
    model.add_rows("link", [0, 0], [0, 1], [1, -1e6], count=1, upper=0)
    return model


MIXED = {Feature.INTEGER, Feature.CONTINUOUS}
PUBLISHED = {
    "highs 2957": (highs_2957, 28.2),
    "highs 3043": (highs_3043, 9.0),
    "highs 3050": (highs_3050, -299.97),
    "highs 3073": (highs_3073, 0.03),
    "highs 3094": (highs_3094, 8000.0),
    "highs.jl 104": (highs_jl_104, 0.0),
    "cbc 632": (models.false_infeasible, 0.0),
}


def refused(model: Model, backend: str) -> bool:
    """Whether the backend declares that it lacks a kind of column, and refuses the model for it."""
    integer = model.arrays().integer
    asked = {Feature.INTEGER: integer.any(), Feature.CONTINUOUS: not integer.all()}
    if all(feature in found()[backend].features for feature, wanted in asked.items() if wanted):
        return False
    with pytest.raises(Refused):
        solve(model, backend=backend)
    return True


@pytest.mark.parametrize("backend", names())
@pytest.mark.parametrize("case", PUBLISHED)
def test_published_wrong_answers_are_right(case, backend):
    build, best = PUBLISHED[case]
    if refused(build(), backend):
        return
    answer = solve(build(), SolveOptions(gap=1e-6), backend)
    assert answer.status is Status.OPTIMAL
    assert answer.objective == pytest.approx(best)


def test_a_big_m_is_not_hidden_by_a_tolerance():
    assert solve(highs_jl_104()).x.tolist() == [1.0, 1.0]


@pytest.mark.parametrize("backend", [name for name in names() if set(found()[name].features) >= MIXED])
def test_continuous_singletons_beside_integers_agree_with_enumeration(backend):
    rng = np.random.default_rng(5)
    for _ in range(40):
        cost, need = rng.integers(1, 9, 2), rng.integers(1, 200) / 10
        low = rng.integers(0, 9)
        model = integer_beside_singleton(cost, (0, low), (20, 20), need, (True, False))
        best = min(cost[0] * x + cost[1] * max(low, need - x) for x in range(21) if need - x <= 20)
        assert solve(model, backend=backend).objective == pytest.approx(best)
