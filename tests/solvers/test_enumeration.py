"""Tiny MIPs against every point there is."""

from __future__ import annotations

from itertools import product
from math import inf

import numpy as np
import pytest

from solvers import Status, check, names, solve
from solvers.backend import Feature
from solvers.backends import found
from solvers.model import Model


def tiny(seed: int) -> Model:
    """Two to four integer columns of 0 to 3, three rows of small whole numbers, some without an answer."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 5))
    model = Model()
    x = model.add_columns("x", n, cost=rng.integers(-9, 9, n), upper=rng.integers(1, 4, n))
    low = rng.integers(-8, 3, 3)
    values = rng.integers(-5, 6, (3, n)).ravel()
    high = low + rng.integers(0, 5, 3)
    model.add_rows("r", np.repeat(np.arange(3), n), np.tile(x, 3), values, count=3, lower=low, upper=high)
    return model


def best_of_all(model: Model) -> float:
    arrays = model.arrays()
    points = np.array(list(product(*(range(int(u) + 1) for u in arrays.upper))), dtype=np.float64)
    activity = points @ arrays.matrix.toarray().T
    good = ((activity >= arrays.row_lower) & (activity <= arrays.row_upper)).all(axis=1)
    assert [check.feasible(arrays, point) for point in points[:40]] == good[:40].tolist()
    return float((points[good] @ arrays.cost).min()) if good.any() else inf


@pytest.mark.parametrize("backend", [name for name in names() if Feature.INTEGER in found()[name].features])
def test_every_backend_finds_what_enumeration_finds(backend):
    bests = []
    for seed in range(40):
        model = tiny(seed)
        answer, best = solve(model, backend=backend), best_of_all(model)
        assert answer.objective == best, seed
        assert answer.status is (Status.OPTIMAL if best < inf else Status.INFEASIBLE), seed
        bests.append(best)
    assert 5 <= bests.count(inf) <= 35
