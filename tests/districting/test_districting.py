"""Districting on tiny grids, against every partition of the units."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from solvers import SolveOptions
from solvers.contiguity import Graph
from solvers.districting import (
    Effort,
    Instance,
    Search,
    allowed,
    band,
    centres,
    cut_edges_of,
    fewest_cut_edges,
    inertia,
    inertia_of,
    least_inertia,
)
from solvers.districting import peeling as peeling_module
from solvers.districting.fixing import surviving
from solvers.districting.hess_model import solved
from solvers.districting.multipliers import Pool, relaxed, search
from solvers.districting.peeling import Exhausted, Peeling
from solvers.districting.starts import good_plan, spanning_parts

SHORT = Effort(starts=3, moves=2_000)


def world(seed: int, rows: int = 3, columns: int = 3, k: int = 2, slack: str = "1/5") -> Instance:
    rng = np.random.Generator(np.random.Philox(seed))
    at = np.arange(rows * columns).reshape(rows, columns)
    across = np.column_stack((at[:, :-1].ravel(), at[:, 1:].ravel()))
    down = np.column_stack((at[:-1].ravel(), at[1:].ravel()))
    edges = np.concatenate((across, down))
    edges = edges[rng.random(len(edges)) < 0.9]
    population = rng.integers(0, 60, rows * columns)
    east, north = at.ravel() % columns + rng.random(at.size), at.ravel() // columns + rng.random(at.size)
    cost = inertia(population, east, north)
    return Instance(Graph.of(at.size, edges), population, cost, k, *band(population, k, Fraction(slack)))


def plans(it: Instance) -> list[np.ndarray]:
    every = np.array([(0, *rest) for rest in product(range(it.districts), repeat=it.units - 1)])
    people = np.stack([(every == d) @ it.population for d in range(it.districts)], axis=1)
    within = ((people >= it.lower) & (people <= it.upper)).all(axis=1)
    return [label for label in every[within] if allowed(it, label)]


WORLDS = [(seed, 3, 3, k) for seed in range(4) for k in (2, 3)] + [(9, 2, 4, 4), (10, 2, 4, 1)]


@pytest.mark.parametrize("shape", WORLDS)
def test_least_inertia_is_the_least_of_all_plans(shape):
    it = world(*shape)
    answer = least_inertia(it, 1, Search(SHORT))
    every = [inertia_of(it, label) for label in plans(it)]
    assert answer.proven
    assert answer.route == "columns"
    assert answer.objective == pytest.approx(min(every, default=np.inf))
    assert answer.bound == pytest.approx(min(every, default=np.inf))
    if answer.label is not None:
        assert allowed(it, answer.label)


@pytest.mark.parametrize("shape", WORLDS)
def test_fewest_cut_edges_is_the_fewest_of_all_plans(shape):
    it = world(*shape)
    answer = fewest_cut_edges(it, 1, SHORT)
    every = [cut_edges_of(it, label) for label in plans(it)]
    assert answer.proven
    assert answer.objective == answer.bound == min(every, default=np.inf)
    if every:
        blind = Peeling(it, 10_000).plan(len(it.graph.edges))
        assert allowed(it, blind)
        assert Peeling(it, 10_000).plan(min(every) - 1) is None


@pytest.mark.parametrize("seed", [1, 5])
def test_the_model_agrees_with_the_list_of_districts(seed):
    it = world(seed, 3, 3, 3, "2/5")
    every = [inertia_of(it, label) for label in plans(it)]
    label, bound = solved(it, np.ones((9, 9), dtype=bool), plans(it)[seed], SolveOptions(gap=1e-9))
    assert label is not None
    assert inertia_of(it, label) == pytest.approx(min(every)) == pytest.approx(bound)
    assert least_inertia(it, 0, Search(SHORT, listing_nodes=0)).objective == pytest.approx(min(every))


def test_the_search_lists_every_connected_district_once():
    it = world(4)
    connected_sets = {
        tuple(np.flatnonzero(members))
        for members in product((False, True), repeat=9)
        if members[4]
        and it.lower <= it.population[list(members)].sum() <= it.upper
        and len([1 for part in _parts(it, np.flatnonzero(members))]) == 1
    }
    found, costs, complete = search(it, 4, np.zeros(9), np.inf, best_only=False, whole=False)
    assert complete
    assert sorted(map(tuple, map(np.flatnonzero, found))) == sorted(connected_sets)
    assert costs == pytest.approx(np.array([it.cost[member, 4].sum() for member in found]))
    with_unit, _, _ = search(it, 4, np.zeros(9), np.inf, must=0, best_only=False, whole=False)
    assert len(with_unit) == sum(0 in units for units in connected_sets)
    dear = np.median(costs)
    cheap, _, _ = search(it, 4, np.zeros(9), dear, best_only=False, whole=False)
    assert len(cheap) == (costs <= dear).sum()


def _parts(it: Instance, units: np.ndarray) -> list[np.ndarray]:
    from solvers.contiguity import components

    return components(it.graph, units)


def test_bounds_hold_and_no_pair_of_the_best_plan_is_ruled_out():
    for seed in range(5):
        it = world(seed, 3, 3, 3, "2/5")
        every = plans(it)
        bound = relaxed(it, None, Pool(), np.inf)
        best = min(every, key=lambda label: inertia_of(it, label), default=None)
        if best is None:
            continue
        assert bound.bound <= inertia_of(it, best) * (1 + 1e-9)
        kept = surviving(it, bound, inertia_of(it, best))
        assert kept[np.arange(9), centres(it, best)[best]].all()


def test_starts_are_connected_and_repeat():
    it = world(2, 4, 5, 4, "1/2")
    if len(it.graph.islands()) == 1:
        label = spanning_parts(it, np.random.Generator(np.random.Philox(1)))
        assert np.unique(label).tolist() == [0, 1, 2, 3]
        assert all(len(_parts(it, np.flatnonzero(label == d))) == 1 for d in range(4))
    first, second = (good_plan(it, 5, SHORT, cut_edges=True) for _ in range(2))
    assert first[1] == second[1]
    assert first[0].tolist() == second[0].tolist()
    assert allowed(it, first[0])
    assert cut_edges_of(it, first[0]) == first[1]


def test_islands_need_a_district_each():
    population = np.array([5, 5, 5, 5])
    apart = Instance(
        Graph.of(4, [(0, 1), (2, 3)]), population, inertia(population, [0, 1, 2, 3], [0] * 4), 2, 10, 10
    )
    assert least_inertia(apart).label.tolist() in ([0, 0, 1, 1], [1, 1, 0, 0])
    assert fewest_cut_edges(apart).objective == 0
    alone = Instance(Graph.of(4, []), population, apart.cost, 2, 10, 10)
    assert least_inertia(alone).label is None
    assert least_inertia(alone).bound == fewest_cut_edges(alone).bound == np.inf


def test_an_ended_search_leaves_a_bound_that_holds():
    it = world(1, 4, 4, 3, "1/4")
    answer = fewest_cut_edges(it, 0, SHORT, nodes=200)
    exact = fewest_cut_edges(it, 0, SHORT)
    assert answer.bound <= exact.objective <= answer.objective
    assert not answer.proven
    with pytest.raises(Exhausted):
        Peeling(it, 3).plan(10)
    assert peeling_module.Peeling(it, 10_000_000).plan(int(exact.objective) - 1) is None


def test_bands_round_inwards_and_odd_instances_are_refused():
    assert band([50, 51], 2, Fraction(1, 100)) == (50, 51)
    assert inertia([2], [0.0], [0.0]).tolist() == [[0.0]]
    assert inertia([1, 1], [0, 1], [0, 0])[0, 1] == pytest.approx((np.pi * 6371.0088 / 180) ** 2 / 1e6)
    it = world(0)
    for change in ({"districts": 10}, {"lower": 0}, {"upper": 1}):
        with pytest.raises(ValueError, match=r"districts of|band"):
            Instance(**{**vars(it), **change})
    with pytest.raises(ValueError, match="negative"):
        Instance(**{**vars(it), "population": it.population - 60})
    with pytest.raises(ValueError, match="units"):
        Instance(**{**vars(it), "cost": np.zeros((2, 2))})
