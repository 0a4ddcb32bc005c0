"""Plans to begin with: recombination of spanning trees for a contiguous start, annealing for a good one.

A random spanning tree of the whole is cut k - 1 times where a branch comes nearest to the mean population (the ReCom
step: DeFord, Duchin, Solomon, "Recombination: a family of Markov chains for redistricting", 2021), which gives
k connected districts near the band; `annealing` takes them from there. Work is counted in starts and moves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solvers.contiguity.graph import IntArray
from solvers.districting.instance import Instance
from solvers.districting.plan import inertia_of

PRICES = (60.0, 300.0, 1000.0)
"""What a mean population outside the bands costs at the end, in hundredths of a mean district; by turns."""


@dataclass(frozen=True)
class Effort:
    """How long to search: independent starts, and moves of each."""

    starts: int = 30
    moves: int = 500_000


def spanning_parts(instance: Instance, rng: np.random.Generator) -> IntArray:
    """Return k connected districts cut from a random spanning tree, shape (unit,)."""
    label = np.zeros(instance.units, dtype=np.int64)
    mean = instance.population.sum() / instance.districts
    for d in range(instance.districts - 1):
        units = np.flatnonzero(label == d)
        parent, order = _tree(instance, label, units, rng)
        weight = np.where(label == d, instance.population, 0).astype(np.float64)
        size = np.where(label == d, 1, 0)
        for unit in order[:0:-1]:
            weight[parent[unit]] += weight[unit]
            size[parent[unit]] += size[unit]
        rest = len(units) - size[order[1:]]
        miss = np.abs(weight[order[0]] - weight[order[1:]] - mean)
        miss[(rest < 1) | (size[order[1:]] < instance.districts - 1 - d)] = np.inf
        head = order[1:][int(np.argmin(miss))]
        below = np.zeros(instance.units, dtype=np.bool_)
        below[head] = True
        for unit in order[1:]:
            below[unit] |= below[parent[unit]]
        label[below] = d + 1
    return label


def _tree(
    instance: Instance, label: IntArray, units: IntArray, rng: np.random.Generator
) -> tuple[IntArray, IntArray]:
    """Return parent (unit,) and the units in search order of a random spanning tree of one district."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree

    u, v = instance.graph.edges[(label[instance.graph.edges] == label[units[0]]).all(axis=1)].T
    shape = (instance.units, instance.units)
    tree = minimum_spanning_tree(coo_array((1 + rng.random(len(u)), (u, v)), shape=shape).tocsr())
    ends = np.bincount(np.concatenate(tree.nonzero()), minlength=instance.units)
    leaves = units[ends[units] <= 1]  # rooted at a leaf, some branch always leaves enough units to both sides
    root = leaves[int(rng.integers(len(leaves)))]
    order, parent = breadth_first_order(tree, root, directed=False)
    return parent.astype(np.int64), order.astype(np.int64)


def good_plan(
    instance: Instance, seed: int, effort: Effort = Effort(), *, cut_edges: bool = False
) -> tuple[IntArray | None, float]:
    """Return the best plan met over all starts and its objective; (None, inf) when none kept the band.

    A graph of several islands gets no plan here.
    """
    if len(instance.graph.islands()) > 1:
        return None, np.inf
    from solvers.districting.annealing import anneal

    rng = np.random.Generator(np.random.Philox(seed))
    best: IntArray | None = None
    record = np.inf
    mean, cost = instance.population.sum() / instance.districts, np.ascontiguousarray(instance.cost)
    band, graph = (instance.lower, instance.upper), instance.graph
    for turn in range(effort.starts):
        start = spanning_parts(instance, rng)
        scale = 1.0 if cut_edges else inertia_of(instance, start) / instance.districts / 100
        schedule = (cut_edges, 8 * scale, 0.15 * scale, PRICES[turn % len(PRICES)] * scale / mean)
        draws = rng.random((effort.moves, 3))
        label, value = anneal(
            graph.offsets, graph.ends, instance.population, cost, start, band, schedule, draws
        )
        if value < record:
            best, record = label, float(value)
    return best, record
