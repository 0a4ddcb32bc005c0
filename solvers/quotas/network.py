"""Network: the part of an instance that is a flow, so that its cells come out whole.

    ground -> root -> ... -> leaf -> (leaf, product) -> (product, period) -> ground

A leaf may go by its periods instead: leaf -> (leaf, period) -> (product, period). Either way the other family of rows
of that leaf crosses the network; it is left out, or priced. The table of a single leaf is a network with both.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from solvers.quotas.flow import Arcs, cheapest, possible
from solvers.quotas.held import Held
from solvers.quotas.instance import BoolArray, FloatArray, Instance, IntArray


@dataclass(frozen=True)
class Flowed:
    """The cheapest cells, and what no cells can be cheaper than."""

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
        _, products, periods = self.instance.target.shape
        counts = np.where(self.by_period, periods, products)
        first = len(self.instance.parent) + np.cumsum(counts) - counts
        shape = (products, periods)
        by_product = np.broadcast_to(np.arange(products)[:, None], shape)
        by_period = np.broadcast_to(np.arange(periods), shape)
        offset = np.where(self.by_period[:, None, None], by_period, by_product)
        return np.asarray(first[:, None, None] + offset)

    @cached_property
    def company(self) -> IntArray:
        """Vertex of each product and period, shape (product, period); the ground is the vertex after them."""
        shape = self.instance.target.shape[1:]
        return np.asarray(int(self.middle.max()) + 1 + np.arange(shape[0] * shape[1]).reshape(shape))

    @cached_property
    def frame(self) -> list[Arcs]:
        """All arcs but those of the cells."""
        instance, limits, period = self.instance, self.instance.limits, self.by_period
        ground, mine = int(self.company.max()) + 1, self.middle
        parent = np.where(instance.parent < 0, ground, instance.parent)
        by_product, by_period = instance.leaf[~period, None], instance.leaf[period, None]
        product = limits.product_lower[~period], limits.product_upper[~period]
        each = limits.period_lower[period], limits.period_upper[period]
        return [
            Arcs.of(parent, np.arange(len(parent)), limits.node_lower, limits.node_upper),
            Arcs.of(self.company, ground, limits.company_lower, limits.company_upper),
            Arcs.of(by_product, mine[~period, :, 0], *product),
            Arcs.of(by_period, mine[period, 0, :], *each),
        ]

    @property
    def vertices(self) -> int:
        """Number of vertices."""
        return int(self.company.max()) + 2

    def carries(self) -> bool:
        """Return whether any cells keep all limits but those that cross the network."""
        if self.held.empty:
            return False
        cells = Arcs.of(self.middle, self.company[None], self.held.lower, self.held.upper)
        return possible(Arcs.joined([*self.frame, cells]), self.vertices, _most(self.held))

    def cheapest(self, price: FloatArray) -> Flowed | None:
        """Return the cells with the least deviation - price * cell; None when no cells keep the network's limits.

        `price` has shape (leaf, product, period).
        """
        return _cheapest(self.held, price, (self.middle, self.company[None]), self.frame, self.vertices)


def tables(instance: Instance, held: Held, leaves: IntArray, price: FloatArray) -> IntArray | None:
    """Return the cheapest cells of some leaves alone, both families of rows kept; None when one has none.

    `held` and `price` are those of the leaves, shape (len(leaves), product, period), as is the answer.
    """
    count, products, periods = held.target.shape
    limits, size = instance.limits, products + periods + 1
    year = 1 + size * np.arange(count)
    product, period = (
        year[:, None] + 1 + np.arange(products),
        year[:, None] + 1 + products + np.arange(periods),
    )
    nodes = instance.leaf[leaves]
    frame = [
        Arcs.of(0, year, limits.node_lower[nodes], limits.node_upper[nodes]),
        Arcs.of(year[:, None], product, limits.product_lower[leaves], limits.product_upper[leaves]),
        Arcs.of(period, 0, limits.period_lower[leaves], limits.period_upper[leaves]),
    ]
    ends = (product[:, :, None], period[:, None, :])
    found = _cheapest(held, price, ends, frame, 1 + size * count)
    return None if found is None else found.cells


def _cheapest(
    held: Held, price: FloatArray, ends: tuple[IntArray, IntArray], frame: list[Arcs], vertices: int
) -> Flowed | None:
    """Each cell is three arcs of constant cost a step: to the whole number below its target, above it, and further."""
    if held.empty:
        return None
    below, above = held.kinks
    rate = np.where(above > below, held.deviation(above) - held.deviation(below), 0.0)
    pieces = [
        Arcs.of(*ends, held.lower, below),
        Arcs.of(*ends, 0, above - below),
        Arcs.of(*ends, 0, held.upper - above),
    ]
    arcs = Arcs.joined([*frame, *pieces])
    cost = np.concatenate([(slope - price).reshape(-1) for slope in (-1 / held.scale, rate, 1 / held.scale)])
    framed = len(arcs.tail) - len(cost)
    found = cheapest(arcs, np.concatenate([np.zeros(framed), cost]), vertices, _most(held))
    if found is None:
        return None
    flow, lost = found
    return Flowed(flow[framed:].reshape(3, *held.target.shape).sum(axis=0), lost)


def _most(held: Held) -> int:
    """Return more than all cells together can be."""
    return min(int(held.upper.sum(dtype=np.float64)) + 1, 2**50)
