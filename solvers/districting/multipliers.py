"""The Lagrangian bound over contiguous districts, and multipliers that lift it.

Each unit's "in one district" is relaxed with multiplier a_i; what is left falls apart by centre:

    bound(a) = sum_i a_i + sum of the k smallest v_j(a),   v_j(a) = min { sum_{i in D} c_ij - a_i : D about j }

over contiguous, completable districts D within the band that hold j, listed exactly by the search of `districts`. It
holds for every a. The a are those of a linear program over the districts found so far, kept within a box around
the best known ones (Marsten, Hogan, Blankenship, "The BOXSTEP method", 1975): the box narrows when a step fails.
At the end it equals the linear bound of the set partitioning model over all districts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from solvers.contiguity.graph import IntArray, Mask
from solvers.districting.hess_model import linear_multipliers
from solvers.districting.instance import FloatArray, Instance

NODES = 300_000
"""Most nodes of one search while multipliers are looked for."""
ROUNDS = 120
PATIENCE = 8
"""Searches in a row that may end at their limit."""
TAKEN = 4
"""The last districts of each search that join the linear program."""


@dataclass(frozen=True, eq=False)
class Relaxed:
    """Multipliers with what they prove."""

    multiplier: FloatArray
    """a_i, shape (unit,)."""
    value: FloatArray
    """A lower bound on v_j, shape (unit,); inf: no district about j at all."""
    bound: float
    """No plan costs less; inf: no plan exists."""

    def threshold(self, districts: int, ceiling: float) -> FloatArray:
        """Return the most that v_j may be in a plan of cost <= ceiling, shape (unit,). Wants a finite bound."""
        last = np.sort(self.value)[districts - 1]
        return np.asarray(ceiling - self.bound + np.minimum(self.value, last))


@dataclass(eq=False)
class Pool:
    """Districts found so far, each once."""

    members: list[Mask] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    seen: dict[bytes, int] = field(default_factory=dict)

    def add(self, instance: Instance, member: Mask) -> bool:
        """Add a district with the cost about its best centre; return whether it is new."""
        if member.tobytes() in self.seen:
            return False
        self.seen[member.tobytes()] = len(self.members)
        self.members.append(member.copy())
        units = np.flatnonzero(member)
        self.costs.append(float(instance.cost[np.ix_(units, units)].sum(axis=0).min()))
        return True


def search(
    instance: Instance,
    centre: int,
    multiplier: FloatArray,
    threshold: float,
    *,
    must: int = -1,
    best_only: bool = True,
    whole: bool = True,
    nodes: int = NODES,
) -> tuple[Mask, FloatArray, bool]:
    """Run `districts.grow` about one centre; see there."""
    from solvers.districting.districts import grow

    reduced = instance.cost[:, centre] - multiplier
    order = np.argsort(reduced / np.maximum(instance.population, 1e-9), kind="stable")
    band, graph = (instance.lower, instance.upper), instance.graph
    how = (best_only, whole, nodes)
    return grow(
        graph.offsets, graph.ends, instance.population, band, centre, must, reduced, order, threshold, how
    )


def evaluated(
    instance: Instance, multiplier: FloatArray, previous: FloatArray, pool: Pool, whole: bool = True
) -> tuple[Relaxed, int]:
    """Return the bound of these multipliers and how many new districts joined the pool.

    Centres are taken in the order of `previous` values, so that later ones need only be shown to be no better than the
    k-th best. A search that ends at its limit leaves the bound at -inf.
    """
    value, new, k = np.full(instance.units, np.inf), 0, instance.districts
    for centre in np.argsort(previous, kind="stable").tolist():
        last = np.sort(value)[k - 1]
        threshold = last + 1e-3 * abs(last) if np.isfinite(last) else np.inf
        found, costs, complete = search(instance, centre, multiplier, threshold, whole=whole)
        new += sum(pool.add(instance, member) for member in found[-TAKEN:])
        if not complete:
            return Relaxed(multiplier, np.full(instance.units, -np.inf), -np.inf), new
        value[centre] = costs[-1] if len(costs) else threshold
    bound = float(multiplier.sum() + np.sort(value)[:k].sum())
    return Relaxed(multiplier, value, bound), new


def lifted(instance: Instance, start: Relaxed, pool: Pool, ceiling: float, whole: bool = True) -> Relaxed:
    """Return the best multipliers found by the box step method from `start`."""
    best, master = start, Master(instance)
    width = 0.3 * float(np.abs(start.multiplier).mean()) + 1e-9
    failed = 0
    for _ in range(ROUNDS):
        multiplier, value, idle = master.solved(pool, best.multiplier, width)
        now, new = evaluated(instance, multiplier, best.value, pool, whole)
        failed = failed + 1 if now.bound == -np.inf else 0
        if failed == PATIENCE:
            break
        rise, left = now.bound - best.bound, value - best.bound
        best = now if rise > 0 else best
        if best.bound >= min(value, ceiling) - 1e-4 * abs(value) and (idle or best.bound >= ceiling):
            break
        if not new and value - best.bound <= 1e-4 * abs(value):
            width *= 2
        elif rise < 0.1 * left:
            width *= 0.7
        if width < 1e-7 * (1 + float(np.abs(best.multiplier).max())):
            break
    return best


class Master:
    """The linear program over the pool: each unit once, k districts, multipliers within a box."""

    def __init__(self, instance: Instance) -> None:
        import highspy

        self.solver: Any = highspy.Highs()
        self.solver.setOptionValue("output_flag", False)
        self.units, self.taken = instance.units, 0
        steep = 1e3 * float(instance.cost.max()) + 1.0
        for row in range(self.units + 1):
            count = instance.districts if row == self.units else 1
            self.solver.addRow(count, count, 0, np.empty(0, np.int32), np.empty(0))
        for row in range(self.units + 1):
            for sign in (1.0, -1.0):
                self.solver.addCol(steep, 0.0, np.inf, 1, np.array([row], np.int32), np.array([sign]))

    def solved(self, pool: Pool, middle: FloatArray, width: float) -> tuple[FloatArray, float, bool]:
        """Return the multipliers, the value, and whether no side of the box is leaned on."""
        for member, cost in zip(pool.members[self.taken :], pool.costs[self.taken :], strict=True):
            rows = np.append(np.flatnonzero(member), self.units).astype(np.int32)
            self.solver.addCol(cost, 0.0, np.inf, len(rows), rows, np.ones(len(rows)))
        self.taken = len(pool.members)
        sides = np.column_stack((middle + width, width - middle)).ravel()
        self.solver.changeColsCost(2 * self.units, np.arange(2 * self.units, dtype=np.int32), sides)
        self.solver.run()
        answer = self.solver.getSolution()
        slack = float(np.sum(answer.col_value[: 2 * self.units]))
        value = self.solver.getInfo().objective_function_value
        return np.array(answer.row_dual[: self.units]), value, slack <= 1e-7


def relaxed(instance: Instance, start: IntArray | None, pool: Pool, ceiling: float) -> Relaxed:
    """Return the best multipliers over completable districts, from those over contiguous ones.

    `start` (unit,): labels of a plan, whose districts join the pool; `ceiling`: a bound that is high enough. A bound
    of inf says that no plan exists, one of -inf that the first search took too long.
    """
    loose_pool = Pool()
    for d in range(instance.districts if start is not None else 0):
        loose_pool.add(instance, np.asarray(start == d))
    begin = linear_multipliers(instance)
    first, _ = evaluated(instance, begin, np.zeros(instance.units), loose_pool, whole=False)
    if not np.isfinite(first.bound):
        return first
    loose = lifted(instance, first, loose_pool, ceiling, whole=False)
    for member in loose_pool.members:
        if _completable(instance, member):
            pool.add(instance, member)
    tight, _ = evaluated(instance, loose.multiplier, loose.value, pool)
    return lifted(instance, tight if tight.bound > loose.bound else loose, pool, ceiling)


def _completable(instance: Instance, member: Mask) -> bool:
    from solvers.districting.districts import completable

    graph, state = instance.graph, member.astype(np.int64)
    return bool(
        completable(graph.offsets, graph.ends, state, instance.population, instance.lower, instance.upper)
    )
