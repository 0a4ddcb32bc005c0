"""Flow: whole flows on arcs with least and most flow: whether there is one, and the cheapest (OR-Tools).

Goldberg (1997), "An efficient implementation of a scaling minimum-cost flow algorithm", Journal of Algorithms 22(1).
Costs are rounded to whole units for it, and what that can lose is told.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from solvers.quotas.instance import FloatArray, IntArray

FINE = 2e9
"""Whole units of the largest cost."""


@dataclass(frozen=True)
class Arcs:
    """Arcs with least and most flow, shape (arc,)."""

    tail: IntArray
    head: IntArray
    least: IntArray
    most: IntArray

    @staticmethod
    def of(tail: ArrayLike, head: ArrayLike, least: ArrayLike, most: ArrayLike) -> Arcs:
        """Return arcs made of arrays of any shapes that fit each other."""
        parts = np.broadcast_arrays(tail, head, least, most)
        return Arcs(*(np.ascontiguousarray(part, dtype=np.int64).reshape(-1) for part in parts))

    @staticmethod
    def joined(parts: list[Arcs]) -> Arcs:
        """Return all arcs one after the other."""
        names = ("tail", "head", "least", "most")
        return Arcs(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))

    @property
    def crossed(self) -> bool:
        """Whether an arc must carry more than it can."""
        return bool((self.least > self.most).any())

    def supply(self, vertices: int) -> IntArray:
        """Return what flows into each vertex when every arc carries its least, shape (vertex,)."""
        supply = np.zeros(vertices, dtype=np.int64)
        np.add.at(supply, self.head, self.least)
        np.subtract.at(supply, self.tail, self.least)
        return supply

    def room(self, most: int) -> IntArray:
        """Return how much more than its least each arc may carry, up to what all may together."""
        return np.asarray(np.minimum(self.most - self.least, most))


def possible(arcs: Arcs, vertices: int, most: int) -> bool:
    """Return whether any flow keeps the limits of all arcs and goes in circles, at most `most` on an arc."""
    from ortools.graph.python import max_flow

    if arcs.crossed:
        return False
    supply = arcs.supply(vertices)
    give, take = np.flatnonzero(supply > 0), np.flatnonzero(supply < 0)
    flow = max_flow.SimpleMaxFlow()
    flow.add_arcs_with_capacity(
        np.concatenate([arcs.tail, np.full(len(give), vertices), take]),
        np.concatenate([arcs.head, give, np.full(len(take), vertices + 1)]),
        np.concatenate([arcs.room(most), supply[give], -supply[take]]),
    )
    if not len(give):
        return True
    if flow.solve(vertices, vertices + 1) != flow.OPTIMAL:
        raise ArithmeticError("the flow of a network could not be computed")
    return bool(flow.optimal_flow() == supply[give].sum())


def cheapest(arcs: Arcs, cost: FloatArray, vertices: int, most: int) -> tuple[IntArray, float] | None:
    """Return the cheapest circulation, shape (arc,), and what rounding the costs can have lost; None without one."""
    from ortools.graph.python import min_cost_flow

    if arcs.crossed:
        return None
    largest = float(np.abs(cost).max(initial=0.0))
    fine = FINE / largest if largest > 0 else 1.0
    unit = np.rint(cost * fine).astype(np.int64)
    room = arcs.room(most)
    used = np.flatnonzero(room > 0)
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(arcs.tail[used], arcs.head[used], room[used], unit[used])
    flow.set_nodes_supplies(np.arange(vertices), arcs.supply(vertices))
    status = flow.solve()
    if status == flow.INFEASIBLE:
        return None
    if status != flow.OPTIMAL:
        raise ArithmeticError(f"the cheapest flow could not be computed: {status}")
    found = arcs.least.copy()
    found[used] += flow.flows(np.arange(len(used)))
    return found, float(np.abs(unit / fine - cost) @ room)
