from __future__ import annotations

from itertools import product
from math import inf

import numpy as np
import pytest
from scipy.optimize import linprog

from solvers.location.knapsack import evaluate, fill, split
from solvers.location.whole_knapsack import Whole, fill_whole, least


def items(seed):
    random = np.random.Generator(np.random.Philox(seed))
    count = int(random.integers(1, 9))
    reduced = np.round(random.normal(0, 3, count), 1)
    weight = random.integers(0, 6, count)
    if seed % 4 == 0:
        reduced[0] = inf
    upper = int(random.integers(0, 15))
    return reduced, weight, int(random.integers(0, upper + 1)), upper


@pytest.mark.parametrize("seed", range(60))
def test_fractional_knapsack_is_the_lp(seed):
    reduced, weight, lower, upper = items(seed)
    some = np.isfinite(reduced)
    row = np.array([weight[some], -weight[some]], dtype=float)
    lp = linprog(reduced[some], A_ub=row, b_ub=[upper, -lower], bounds=(0, 1))
    value, price = evaluate(
        reduced, weight.astype(float), float(lower), float(upper), np.empty((2, len(weight)))
    )
    if not lp.success:
        assert value == inf
        return
    assert value == pytest.approx(lp.fun, abs=1e-9)
    side = upper if price < 0 else lower
    by_price = price * side + np.minimum(reduced[some] - price * weight[some], 0).sum()
    assert by_price == pytest.approx(value, abs=1e-9)
    share = np.zeros(len(weight))
    load = fill(reduced, weight.astype(float), (float(lower), float(upper)), price, share)
    assert lower - 1e-9 <= load <= upper + 1e-9
    assert share[some] @ reduced[some] == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize("seed", range(40))
def test_whole_knapsack_is_the_best_of_all_choices(seed):
    reduced, weight, lower, upper = items(seed)
    best = inf
    for choice in product((0, 1), repeat=len(weight)):
        taken = np.array(choice, dtype=bool)
        if lower <= weight[taken].sum() <= upper:
            best = min(best, float(reduced[taken].sum()))
    assert least(reduced, weight, lower, upper, np.empty(upper + 1)) == pytest.approx(best, abs=1e-9)
    if best < inf:
        share = np.zeros(len(weight))
        knapsack = Whole(reduced[None, :], weight, np.array([lower]), np.array([upper]))
        fill_whole(knapsack, np.zeros(len(weight)), np.array([0]), share)
        assert reduced[share > 0].sum() == pytest.approx(best, abs=1e-9)


def test_equal_ratios_fill_exactly():
    ratio, weight = np.full(5, -2.0), np.full(5, 3.0)
    assert split(ratio, weight, 5, 7.5) == (-15.0, -2.0)
