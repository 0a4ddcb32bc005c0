"""Bands within a hair, and ranks whose best value is near 0: plans where shifts and branch and bound find none."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from engine.progress import Silent
from engine.territory.checks import rank_values, violations
from engine.territory.declaration import Gain, Spread
from engine.territory.measure import Measured
from engine.territory.problem import Named, gather
from engine.territory.solving.integrality import least_distance
from engine.territory.solving.narrow import narrow
from engine.territory.stage import align
from tests.territory.cases import spec
from tests.worlds import world

HAIR = {"kind": "band", "within": "0.01%"}
LEVEL = {"kind": "band", "within": "0%", "rank": 1}


def test_a_band_within_a_hair_has_a_plan_that_keeps_it_exactly() -> None:
    inputs, rules = world(60, 6, seed=3), spec([HAIR], node_limit=20)
    alignment = align(inputs, rules, seed=1, progress=Silent())
    whole = alignment.solves[0]
    assert violations(inputs, rules, alignment.rep_of) == []
    assert 0 < whole.bound <= whole.objective


def test_a_rank_near_zero_is_held_to_a_hair_and_says_what_it_comes_to() -> None:
    inputs, rules = world(60, 6, seed=3), spec([LEVEL], node_limit=20, gap="1%")
    alignment = align(inputs, rules, seed=1, progress=Silent())
    _, rank = alignment.solves
    total = int(inputs.accounts.potential.sum()) / 100
    assert rank.objective <= 1e-4 * total + 1e-6
    assert rank.bound <= rank.objective
    assert rank_values(inputs, rules, alignment.rep_of)[1] == pytest.approx(rank.objective, abs=1e-6)


def test_what_is_gained_is_left_to_the_route_that_bounds_it() -> None:
    problem = gather(world(60, 6, seed=3), spec([HAIR]))
    gain = Gain(np.ones(problem.cost.shape), np.full(6, 1e6), 0.5)
    assert narrow(problem)
    assert not narrow(replace(problem, gains=(Named("response", "territories.objectives[1]", gain),)))


def test_coarse_measures_wide_bands_and_other_rules_go_the_general_way() -> None:
    inputs = world(60, 6, seed=3)
    near = {"kind": "apart", "groups": [["A00", "A01"]]}
    chosen = [
        narrow(gather(inputs, spec(rules)))
        for rules in ([HAIR], [{**HAIR, "within": "5%"}], [{**HAIR, "measure": "workload"}], [HAIR, near])
    ]
    assert chosen == [True, False, False, False]


@pytest.mark.parametrize("seed", range(12))
def test_integers_prove_the_least_distance_of_all_loads_that_add_up(seed: int) -> None:
    rng = np.random.default_rng(seed)
    unit = int(rng.integers(1, 4))
    values = unit * rng.integers(1, 5, 6)
    lower = rng.uniform(-3, 12, 3)
    spread = Spread(Measured("m", values, 1, ""), lower, lower + rng.uniform(0, 4, 3), 1.0)
    total = int(values.sum())
    loads = (
        np.array(split)
        for split in product(range(-60 * unit, 61 * unit, int(np.gcd.reduce(values))), repeat=2)
    )
    best = min(float(spread.distance(np.append(pair, total - pair.sum())).sum()) for pair in loads)
    assert least_distance(spread) == pytest.approx(best, abs=1e-9)
    plans = (np.bincount(plan, values, minlength=3) for plan in product(range(3), repeat=6))
    assert least_distance(spread) <= min(float(spread.distance(load).sum()) for load in plans) + 1e-9


def test_nothing_is_claimed_of_weights_below_zero() -> None:
    spread = Spread(Measured("m", np.array([-1, 3]), 1, ""), np.full(2, 5.0), np.full(2, 5.0), 1.0)
    assert least_distance(spread) == 0
    assert least_distance(replace(spread, measure=Measured("m", np.array([1, 3]), 1, ""))) == 6
