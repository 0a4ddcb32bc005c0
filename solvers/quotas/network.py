"""Network: the part of an instance that is a flow, solved as one (OR-Tools' cost scaling), so that cells come out whole.

    ground -> root -> ... -> leaf -> (leaf, product) -> (product, period) -> ground

A leaf may go by its periods instead: leaf -> (leaf, period) -> (product, period). Either way the other family of rows
of that leaf crosses the network; it is left out, or priced. Goldberg (1997), "An efficient implementation of a scaling
minimum-cost flow algorithm", Journal of Algorithms 22(1).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from solvers.quotas.held import Held
from solvers.quotas.instance import BoolArray, FloatArray, Instance, IntArray

FINE = 2e9
"""Whole units of the largest cost: what rounding costs to them can lose is part of the bound."""


@dataclass(frozen=True)
class Arcs:
    """Arcs with least and most flow, shape (arc,)."""

    tail: IntArray
    head: IntArray
    least: IntArray
    most: IntArray

    @staticmethod
    def of(tail: IntArray, head: IntArray, least: IntArray, most: IntArray) -> Arcs:
        """Return arcs made of arrays of any shapes that fit each other."""
        parts = np.broadcast_arrays(tail, head, least, most)
        return Arcs(*(np.ascontiguousarray(part, dtype=np.int64).reshape(-1) for part in parts))


@dataclass(frozen=True)
class Flowed:
    """The cheapest flow, and what no flow can be cheaper than."""

    cells: IntArray
    """Shape (leaf, product, period)."""
    lost: float
    """What rounding the costs can have lost: the cost of `cells` is the least up to this."""


@dataclass(frozen=True)
class Network:
    """An instance with held cells as a network."""

    instance: Instance
    held: Held
    by_period: BoolArray
    """Leaves that go by their periods, shape (leaf,)."""

    @cached_property
    def middle(self) -> IntArray:
        """Vertex between leaf and company of each cell, shape (leaf, product, period)."""
        leaves, products, periods = self.instance.target.shape
        first = len(self.instance.parent) + np.cumsum(np.where(self.by_period, periods, products))
        first -= np.where(self.by_period, periods, products)
        by_product = np.broadcast_to(np.arange(products)[:, None], (products, periods))
        by_period = np.broadcast_to(np.arange(periods), (products, periods))
        return np.asarray(
            first[:, None, None] + np.where(self.by_period[:, None, None], by_period, by_product)
        )

    @cached_property
    def company(self) -> IntArray:
        """Vertex of each product and period, shape (product, period); the ground is the vertex after them."""
        shape = self.instance.target.shape[1:]
        return int(self.middle.max()) + 1 + np.arange(shape[0] * shape[1]).reshape(shape)

    @property
    def ground(self) -> int:
        """The vertex that all flow comes from and goes back to."""
        return int(self.company.max()) + 1

    @cached_property
    def frame(self) -> list[Arcs]:
        """All arcs but those of the cells."""
        instance, limits, period = self.instance, self.instance.limits, self.by_period
        parent = np.where(instance.parent < 0, self.ground, instance.parent)
        nodes = np.arange(len(parent))
        leaves, mine = instance.leaf[:, None], self.middle
        return [
            Arcs.of(parent, nodes, limits.node_lower, limits.node_upper),
            Arcs.of(self.company, np.int64(self.ground), limits.company_lower, limits.company_upper),
            Arcs.of(
                leaves[~period], mine[~period, :, 0], limits.product_lower[~period], limits.product_upper[~period]
            ),
            Arcs.of(leaves[period], mine[period, 0, :], limits.period_lower[period], limits.period_upper[period]),
        ]  # fmt: skip

    def carries(self) -> bool:
        """Return whether any cells keep all limits but those that cross the network."""
        from ortools.graph.python import max_flow

        if self.held.empty:
            return False
        arcs = _joined([*self.frame, Arcs.of(self.middle, self.company[None], self.held.lower, self.held.upper)])
        if (arcs.least > arcs.most).any():
            return False
        supply = self._supply(arcs)
        source, sink = self.ground + 1, self.ground + 2
        give, take = np.flatnonzero(supply > 0), np.flatnonzero(supply < 0)
        flow = max_flow.SimpleMaxFlow()
        flow.add_arcs_with_capacity(
            np.concatenate([arcs.tail, np.full(len(give), source), take]),
            np.concatenate([arcs.head, give, np.full(len(take), sink)]),
            np.concatenate([self._room(arcs), supply[give], -supply[take]]),
        )
        if flow.solve(source, sink) != flow.OPTIMAL:
            raise ArithmeticError("the flow of a network could not be computed")
        return bool(flow.optimal_flow() == supply[give].sum())

    def cheapest(self, price: FloatArray) -> Flowed | None:
        """Return the cells with the least deviation - price * cell; None when no cells keep the network's limits.

        `price` has shape (leaf, product, period). Each cell is three arcs of constant cost a step: up to the whole
        number below its target, to the one above it, and further.
        """
        from ortools.graph.python import min_cost_flow

        held = self.held
        if held.empty:
            return None
        below, above = held.kinks
        rate = _rate(held, below, above)
        sides = ((held.lower, below, -1 / held.scale), (0, above - below, rate), (0, held.upper - above, 1 / held.scale))
        pieces = [Arcs.of(self.middle, self.company[None], least, most) for least, most, _ in sides]  # type: ignore[arg-type]
        arcs = _joined([*self.frame, *pieces])
        if (arcs.least > arcs.most).any():
            return None
        costs = np.concatenate([(slope - price).reshape(-1) for _, _, slope in sides])
        fine = FINE / max(float(np.abs(costs).max(initial=0.0)), 1e-300)
        whole = np.rint(costs * fine).astype(np.int64)
        framed = len(arcs.tail) - len(whole)
        unit = np.concatenate([np.zeros(framed, dtype=np.int64), whole])
        used = np.flatnonzero(arcs.least < arcs.most)
        flow = min_cost_flow.SimpleMinCostFlow()
        flow.add_arcs_with_capacity_and_unit_cost(
            arcs.tail[used], arcs.head[used], self._room(arcs)[used], unit[used]
        )
        flow.set_nodes_supplies(np.arange(self.ground + 1), self._supply(arcs))
        status = flow.solve()
        if status == flow.INFEASIBLE:
            return None
        if status != flow.OPTIMAL:
            raise ArithmeticError(f"the cheapest flow could not be computed: {status}")
        found = arcs.least.copy()
        found[used] += flow.flows(np.arange(len(used)))
        cells = found[framed:].reshape(3, *held.target.shape).sum(axis=0)
        room = (arcs.most - arcs.least)[framed:]
        return Flowed(cells, float(np.abs(whole / fine - costs) @ room))

    def _supply(self, arcs: Arcs) -> IntArray:
        """Return what flows into each vertex when every arc carries its least."""
        supply = np.zeros(self.ground + 1, dtype=np.int64)
        np.add.at(supply, arcs.head, arcs.least)
        np.subtract.at(supply, arcs.tail, arcs.least)
        return supply

    def _room(self, arcs: Arcs) -> IntArray:
        """Return how much more than its least each arc may carry; nothing carries more than all cells together."""
        most = int(np.minimum(self.held.upper, 2**40).sum(dtype=np.float64)) + 1
        return np.minimum(arcs.most - arcs.least, min(most, 2**50))


def _rate(held: Held, below: IntArray, above: IntArray) -> FloatArray:
    """Return the cost of the step from the whole number below each target to the one above it."""
    rise = held.deviation(above) - held.deviation(below)
    return np.asarray(np.where(above > below, rise, 0.0))


def _joined(parts: list[Arcs]) -> Arcs:
    return Arcs(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in ("tail", "head", "least", "most"))
    )
