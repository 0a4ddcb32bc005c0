"""Good plans: contiguous growth from far-apart seeds, then annealing, again from other seeds.

Everything is counted in moves, none in seconds: a seed gives the same plan everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np

from solvers.contiguity import pieces
from solvers.territory_design.figures import Score, broken, score
from solvers.territory_design.instance import FloatArray, Instance, IntArray

HOT, COLD = 0.3, 0.01
"""First and last temperature, in median distances between units."""
BAND_PRICES = (0.1, 2.0)
"""First and last price of leaving the band by one mean unit, in median distances."""
DEARER = 2.0
"""Factor on the last price of the band for each run that ended outside it."""
LOSS_PRICES = (0.5, 2.0, 8.0)
"""Prices of one step of affinity in turn, in median distances."""


@dataclass(frozen=True)
class Effort:
    """How long is searched."""

    runs: int = 8
    moves: int = 5_000_000
    """Moves tried in one run; most are refused at once."""


@dataclass(frozen=True)
class Design:
    """A plan and its figures."""

    label: IntArray
    """Territory of each unit, shape (unit,)."""
    score: Score


def design(instance: Instance, seed: int = 0, effort: Effort | None = None) -> Design:
    """Return the best contiguous plan found, compared lexicographically.

    Raises ValueError where no contiguous plan can be: more pieces of the graph than territories, or more
    territories than units.
    """
    if len(instance.graph.islands()) > instance.territories or instance.territories > instance.units:
        raise ValueError(f"{instance.name}: no plan of {instance.territories} contiguous territories")
    effort = effort or Effort()
    distance = np.ascontiguousarray(instance.distances)
    best, outside = None, 0
    for run in range(effort.runs):
        rng = np.random.Generator(np.random.Philox(key=(seed, run)))
        start = _start(instance, distance, best, run, rng)
        found = _scored(instance, _annealed(instance, start, (run, outside), rng, effort.moves))
        outside += found.score.violation > 0
        if not broken(instance, found.label) and (best is None or found.score < best.score):
            best = found
    if best is None:
        raise ValueError(f"{instance.name}: no contiguous plan found")
    return best


def _scored(instance: Instance, label: IntArray) -> Design:
    return Design(label, score(instance, label))


def _start(
    instance: Instance, distance: FloatArray, best: Design | None, run: int, rng: np.random.Generator
) -> IntArray:
    """Return fresh territories, or where affinities tell them apart, those of the affinities or the best so far."""
    if instance.indifferent:
        return _grown(instance, distance, rng)
    if run % 3 == 1 and best is not None:
        return best.label.copy()
    if run % 3 == 2:
        return matched(instance, _grown(instance, distance, rng))
    inherited = _inherited(instance, distance)
    return (
        inherited if not broken(instance, inherited) else matched(instance, _grown(instance, distance, rng))
    )


def matched(instance: Instance, label: IntArray) -> IntArray:
    """Give the parts of a plan to the territories to which they lose least affinity, a part each."""
    from scipy.optimize import linear_sum_assignment

    extra = instance.affinity - 1
    loss = np.stack([extra[:, label == part].sum(axis=1) for part in range(instance.territories)])
    _, territory = linear_sum_assignment(loss)
    given: IntArray = territory.astype(np.int64)[label]
    return given


def _inherited(instance: Instance, distance: FloatArray) -> IntArray:
    """Return the territories that their units like best, each cut down to its largest piece.

    The rest joins what it touches, least loss first, then nearest. A territory that nobody likes best stays empty.
    """
    liked = np.argmin(instance.affinity, axis=0).astype(np.int64)
    label = np.full(instance.units, -1, dtype=np.int64)
    for own, parts in enumerate(pieces(instance.graph, liked)):
        if parts:
            label[parts[0]] = own
    while (label < 0).any():
        u, v = np.concatenate((instance.graph.edges, instance.graph.edges[:, ::-1])).T
        open_edges = np.flatnonzero((label[u] >= 0) & (label[v] < 0))
        if not len(open_edges):
            return label
        u, v = u[open_edges], v[open_edges]
        k = np.lexsort((v, distance[u, v], instance.affinity[label[u], v]))[0]
        label[v[k]] = label[u[k]]
    return label


def _grown(instance: Instance, distance: FloatArray, rng: np.random.Generator) -> IntArray:
    """Grow territories from far-apart seeds, the lightest first, each by its nearest free neighbour."""
    islands = instance.graph.islands()
    seeds = [int(rng.choice(island)) for island in islands]
    while len(seeds) < instance.territories:
        gap = distance[:, seeds].min(axis=1) * rng.uniform(0.7, 1.0, instance.units)
        gap[seeds] = -1.0
        seeds.append(int(np.argmax(gap)))
    label = np.full(instance.units, -1, dtype=np.int64)
    weight = instance.weights.sum(axis=1)
    load = weight[seeds].astype(np.float64)
    fringe: list[list[tuple[float, int]]] = [[] for _ in seeds]

    def take(unit: int, own: int) -> None:
        label[unit] = own
        for other in instance.graph.neighbours(unit).tolist():
            if label[other] < 0:
                heappush(fringe[own], (float(distance[seeds[own], other]), other))

    for own, unit in enumerate(seeds):
        take(unit, own)
    while (label < 0).any():
        own = min((j for j in range(len(seeds)) if fringe[j]), key=lambda j: load[j])
        _, unit = heappop(fringe[own])
        if label[unit] < 0:
            take(unit, own)
            load[own] += weight[unit]
    return label


def _annealed(
    instance: Instance, label: IntArray, turn: tuple[int, int], rng: np.random.Generator, moves: int
) -> IntArray:
    from solvers.territory_design.annealing import anneal
    from solvers.territory_design.ground import Schedule, ground_of, plan_of

    if not len(instance.graph.edges):
        return label
    unit = float(np.median(instance.distances)) or 1.0
    price = unit / np.maximum(instance.weights.mean(axis=0), 1.0)
    run, outside = turn
    soft, hard = BAND_PRICES[0] * price, BAND_PRICES[1] * DEARER**outside * price
    ground = ground_of(instance, unit * LOSS_PRICES[run % len(LOSS_PRICES)])
    plan = plan_of(ground, label)
    key = rng.integers(0, 2**63, 1, dtype=np.uint64)
    best, energy = anneal(ground, plan, Schedule(moves, HOT * unit, COLD * unit, soft, hard), key)
    return best if np.isfinite(energy) else plan.label
