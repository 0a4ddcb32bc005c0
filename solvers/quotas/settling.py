"""Settling: from prices and real cells to whole cells that keep every limit.

Leaves whose prices say that one family of their rows binds go by that family in the network. Leaves where both do get
their cheapest table first, at the prices of everything above them, and are held there; so do leaves that break a rule
in the network's answer, and then the network is asked again. It is asked for little first: cells that the prices leave
undecided, near where they stand; for all cells when that is not enough.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from solvers.quotas.answer import Prices
from solvers.quotas.ascent import Ascended
from solvers.quotas.bound import cell_prices
from solvers.quotas.held import Held
from solvers.quotas.instance import BoolArray, FloatArray, Instance, IntArray
from solvers.quotas.network import Network, tables

ROUNDS = 6
"""Times that the network is asked for all cells."""
UNDECIDED = 0.05
"""A cell may move when a step of it changes the Lagrangian by at most this share of what it changes the deviation."""
NEAR = 8
"""Steps that an undecided cell may move."""


@dataclass
class Settling:
    """The state of one search for whole cells."""

    instance: Instance
    held: Held
    ascended: Ascended

    def __post_init__(self) -> None:
        """Start with no leaf held."""
        prices = self.ascended.prices
        product, period = (prices.product != 0).any(axis=1), (prices.period != 0).any(axis=1)
        self.by_period: BoolArray = period & ~product
        self.fixed: BoolArray = np.zeros(len(product), dtype=np.bool_)
        self.table: IntArray = self.held.lower.copy()
        self.pending: BoolArray = period & product
        crossing = np.where(
            self.by_period[:, None, None], prices.product[:, :, None], prices.period[:, None, :]
        )
        self.price: FloatArray = np.broadcast_to(crossing, self.held.target.shape)

    def whole(self) -> IntArray | None:
        """Return whole cells that keep every limit; None when this way finds none."""
        x: FloatArray | IntArray = self.ascended.x
        for _ in range(ROUNDS):
            if not self._hold():
                return None
            cells = self._asked(x)
            if cells is None:
                return None
            broken = crossed(self.instance, cells) & ~self.fixed
            if not broken.any():
                return cells
            self.pending, x = broken, cells
        return None

    def _hold(self) -> bool:
        """Give the pending leaves their tables; say whether they have any."""
        leaves = np.flatnonzero(self.pending)
        if not len(leaves):
            return True
        few = replace_cells(self.held, self.held.lower[leaves], self.held.upper[leaves], leaves)
        above = _above(self.instance, self.ascended.prices)[leaves]
        found = tables(self.instance, few, leaves, above)
        if found is None:
            return False
        self.table[leaves] = found
        self.fixed |= self.pending
        return True

    def _asked(self, x: FloatArray | IntArray) -> IntArray | None:
        """Ask the network for the cells near x that are undecided, then for all."""
        fixed = self.fixed[:, None, None]
        lower, upper = np.where(fixed, self.table, self.held.lower), np.where(fixed, self.table, self.held.upper)
        free = self._undecided(x) & ~fixed
        at = np.clip(np.rint(x).astype(np.int64), lower, upper)
        near = np.where(free, np.maximum(lower, at - NEAR), at), np.where(free, np.minimum(upper, at + NEAR), at)
        for sides in (near, (lower, upper)):
            found = Network(self.instance, replace_cells(self.held, *sides), self.by_period).cheapest(self.price)
            if found is not None:
                return found.cells
        return None

    def _undecided(self, x: FloatArray | IntArray) -> BoolArray:
        held, price = self.held, cell_prices(self.instance, self.ascended.prices)
        at = np.rint(x)
        here = held.deviation(at)  # type: ignore[arg-type]
        moves = [
            np.abs(held.deviation(at + way) - here - way * price) * held.scale  # type: ignore[arg-type]
            for way in (-1, 1)
        ]
        off = np.abs(x.sum(axis=(1, 2)) - np.clip(x.sum(axis=(1, 2)), *_year(self.instance))) > 0.5
        undecided = (np.minimum(*moves) <= UNDECIDED) | (np.abs(x - at) > 1e-6) | off[:, None, None]
        return np.asarray(undecided)


def replace_cells(held: Held, lower: IntArray, upper: IntArray, leaves: IntArray | None = None) -> Held:
    """Return the same cells (of some leaves) with other limits."""
    if leaves is None:
        return replace(held, lower=lower, upper=upper)
    return Held(held.target[leaves], held.scale[leaves], lower, upper)


def crossed(instance: Instance, cells: IntArray) -> BoolArray:
    """Return the leaves of which a product or period is outside its limits, shape (leaf,)."""
    limits = instance.limits
    product, period = cells.sum(axis=2), cells.sum(axis=1)
    found = ((product < limits.product_lower) | (product > limits.product_upper)).any(axis=1)
    found |= ((period < limits.period_lower) | (period > limits.period_upper)).any(axis=1)
    return np.asarray(found)


def _year(instance: Instance) -> tuple[IntArray, IntArray]:
    return instance.limits.node_lower[instance.leaf], instance.limits.node_upper[instance.leaf]


def _above(instance: Instance, prices: Prices) -> FloatArray:
    """Return the prices of the cells without those of the leaves' own rows, shape (leaf, product, period)."""
    nodes = (instance.handed_down(prices.node) - prices.node)[instance.leaf]
    return np.asarray(prices.company[None] + nodes[:, None, None])
