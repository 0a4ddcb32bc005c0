"""Re-division of two seats: the best division of a pool by enumeration, narrow bands that are met, sums kept right."""

from __future__ import annotations

from itertools import product
from math import inf

import numpy as np
import pytest

from solvers.balancing import Effort, Instance, balanced
from solvers.balancing.instance import IntArray


def instance(accounts: int, seats: int, width: float, *, seed: int = 1, limit: float = 0.0) -> Instance:
    """One fine measure within `width` of its mean, one coarse one without bounds that is priced, a budget of moves."""
    rng = np.random.default_rng(seed)
    fine, coarse = rng.integers(10**6, 10**8, accounts), rng.integers(1, 9, accounts)
    mean = fine.sum() / seats
    home = np.arange(accounts) % seats
    moved = (home[:, None] != np.arange(seats)).astype(np.int64)
    return Instance(
        rng.uniform(0, 100, (accounts, seats)),
        np.stack((fine, coarse)),
        np.stack((np.full(seats, mean * (1 - width)), np.full(seats, coarse.sum() / seats))),
        np.stack((np.full(seats, mean * (1 + width)), np.full(seats, coarse.sum() / seats))),
        np.array([0.0, 3.0]),
        np.array([1.0, 0.0]),
        np.array([0, -1]),
        np.array([limit]),
        moved[None, :, :],
        np.array([accounts]),
    )


def every(it: Instance) -> list[IntArray]:
    """All assignments."""
    return [np.array(plan) for plan in product(range(it.seats), repeat=it.accounts)]


def test_the_division_of_a_pool_between_two_seats_is_the_best_of_all() -> None:
    it = instance(9, 2, 0.2)
    best = min((it.value(plan) for plan in every(it) if it.excess(plan) == 0), default=inf)
    found = balanced(it, np.arange(9) % 2, seed=4)
    assert it.excess(found) == 0
    assert it.value(found) == pytest.approx(best, rel=1e-12)


@pytest.mark.parametrize("width", [1e-4, 1e-5])
def test_a_band_within_a_hair_is_met_and_exactly(width: float) -> None:
    it = instance(48, 4, width)
    start = np.arange(48) % 4
    assert it.excess(start) > 0
    found = balanced(it, start, seed=2)
    loads = [sum(int(it.weight[0, i]) for i in np.flatnonzero(found == j)) for j in range(4)]
    mean = sum(int(w) for w in it.weight[0]) / 4
    assert all(abs(load - mean) <= width * mean for load in loads)


def test_a_total_of_distances_is_held_to_its_limit() -> None:
    it = instance(40, 4, 0.0, limit=2e4)
    found = balanced(it, np.arange(40) % 4, seed=2)
    assert 0 < it.distances(found)[0].sum() <= 2e4


def test_polishing_lowers_the_cost_and_keeps_the_band_and_the_budget() -> None:
    it = instance(48, 4, 1e-3)
    one = balanced(it, np.arange(48) % 4, seed=2, effort=Effort(polish=0))
    two = balanced(it, one, seed=3)
    assert it.excess(one) == it.excess(two) == 0
    assert it.value(two) < it.value(one)


def test_pairs_that_are_not_allowed_are_never_used() -> None:
    it = instance(40, 4, 1e-3)
    it.cost[:20, 3] = np.inf
    found = balanced(it, np.arange(40) % 3, seed=2)
    assert (found[:20] != 3).all()
    assert it.excess(found) == 0


def test_equal_seeds_end_in_the_same_place() -> None:
    it = instance(15, 3, 1e-2)
    one, two = (balanced(it, np.arange(15) % 3, seed=5) for _ in range(2))
    assert one.tolist() == two.tolist()


def test_a_budget_is_no_price() -> None:
    it = instance(30, 3, 1e-3)
    it.budget[0] = 8
    found = balanced(it, np.arange(30) % 3, seed=5)
    assert int((found != np.arange(30) % 3).sum()) <= 8
