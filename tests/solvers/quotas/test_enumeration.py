"""Both objectives, and what must give, against every whole point of tiny trees."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from solvers.quotas import Instance, Options, apportion
from solvers.quotas.bound import evaluate
from solvers.quotas.held import hold
from solvers.solution import Status
from tests.solvers.quotas.worlds import best, drawn, points

EXACT = Options(gap=0.0)


@pytest.mark.parametrize("seed", range(12))
def test_worst_and_total_are_those_of_all_points(seed):
    instance = drawn(seed, crossing=seed % 2 == 0)
    worst, total = best(instance, points(instance))
    answer = apportion(instance, EXACT)
    assert answer.status is Status.OPTIMAL
    assert (answer.worst, answer.total) == pytest.approx((worst, total), abs=1e-9)
    assert answer.worst_bound == answer.worst
    assert answer.total_bound == pytest.approx(total, abs=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12, 60))
def test_worst_and_total_of_more_trees(seed):
    test_worst_and_total_are_those_of_all_points(seed)


@pytest.mark.parametrize("shape", [(4, 1, 2), (2, 3, 1), (2, 1, 4)])
def test_other_shapes(shape):
    instance = drawn(7, shape)
    worst, total = best(instance, points(instance))
    answer = apportion(instance, EXACT)
    assert (answer.worst, answer.total) == pytest.approx((worst, total), abs=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_any_prices_are_a_bound(seed):
    instance = drawn(seed)
    worst, total = best(instance, points(instance))
    answer = apportion(instance, EXACT)
    held, stream = hold(instance, answer.worst), np.random.Generator(np.random.Philox(seed))
    assert worst == pytest.approx(answer.worst)
    assert answer.prices is not None
    assert evaluate(instance, held, answer.prices) == pytest.approx(answer.lagrangian)
    for _ in range(50):
        tables = {name: getattr(answer.prices, name) for name in ("company", "node", "product", "period")}
        other = {name: table + stream.normal(0, 0.3, table.shape) for name, table in tables.items()}
        assert evaluate(instance, held, replace(answer.prices, **other)) <= total + 1e-9


def least_relaxation(instance: Instance, most: int) -> int:
    """Return the least sum of steps by which whole cells from 0 to `most` break limits."""
    found = []
    for flat in product(range(most + 1), repeat=instance.cells):
        cells = np.array(flat).reshape(instance.target.shape)
        sums = (
            cells.sum(axis=0),
            instance.rolled_up(cells.sum(axis=(1, 2))),
            cells.sum(axis=2),
            cells.sum(axis=1),
            cells,
        )
        pairs = instance.limits.pairs().values()
        found.append(
            sum(
                int((np.maximum(low - s, 0) + np.maximum(s - high, 0)).sum())
                for s, (low, high) in zip(sums, pairs, strict=True)
            )
        )
    return min(found)


@pytest.mark.parametrize("exact_cells", [10_000, 0], ids=["as a whole", "by parts"])
@pytest.mark.parametrize("seed", range(3))
def test_what_must_give_adds_up_to_the_least(seed, exact_cells):
    instance = drawn(seed, (2, 1, 2), crossing=False, off=2)
    answer = apportion(instance, Options(exact_cells=exact_cells))
    assert answer.status is Status.INFEASIBLE
    assert answer.cells is None
    assert sum(conflict.amount for conflict in answer.conflicts) == least_relaxation(instance, 7)
    relaxed = {name: pair for name, pair in instance.limits.pairs().items()}
    for conflict in answer.conflicts:
        name, side = conflict.rule.rsplit("_", 1)
        table = relaxed[name][side == "upper"]
        table[conflict.index] += conflict.amount if side == "upper" else -conflict.amount
    given = {
        f"{name}_{side}": table
        for name, pair in relaxed.items()
        for side, table in zip(("lower", "upper"), pair, strict=True)
    }
    assert apportion(replace(instance, **given)).cells is not None


def test_a_table_of_one_leaf_that_contradicts_itself_is_named():
    instance = drawn(0, (3, 2, 2))
    upper = instance.limits.period_upper.copy()
    upper[1] = 0
    lower = np.minimum(instance.limits.period_lower, upper)
    one = replace(instance, period_lower=lower, period_upper=upper)
    for exact_cells in (10_000, 0):
        answer = apportion(one, Options(exact_cells=exact_cells))
        assert answer.status is Status.INFEASIBLE
        assert any(
            conflict.index[0] == 1 for conflict in answer.conflicts if not conflict.rule.startswith("node")
        )
