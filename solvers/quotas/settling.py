"""Settling: from prices and real cells to whole cells that keep every limit.

Leaves whose prices say that one family of their rows binds go by that family in the network. Leaves where both do get
their cheapest table first, at the prices of everything above them, and are held there; so do leaves that break a rule
in the network's answer, and then the network is asked again. It is asked for little first: cells that the prices leave
undecided, near where they stand; for all cells when that is not enough.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf

import numpy as np

from solvers.quotas.answer import Prices
from solvers.quotas.ascent import Ascended
from solvers.quotas.bound import cell_prices
from solvers.quotas.held import Held
from solvers.quotas.instance import BoolArray, FloatArray, Instance, IntArray
from solvers.quotas.network import Network, tables

ROUNDS = 6
"""Times that the network is asked for all cells."""
MANY = 50_000
"""Cells from which the network is first asked for those alone that the prices leave undecided."""
STAGES = ((0.05, 0.1), (0.3, 0.5))
"""What may move before all may: a cell of which a step changes the Lagrangian by at most the first share of what it
changes the deviation, by up to the second share of its scale."""
FEW = 8
"""Steps by which such a cell may move at least."""
WHOLE = 1e-6
"""Distance from a whole number up to which a cell is one."""
OFF = 0.5
"""Steps by which a year may be off."""


@dataclass
class Settling:
    """The state of one search for whole cells."""

    instance: Instance
    held: Held
    ascended: Ascended
    wide: bool = False
    """Whether all cells may move at first, which is dear where there are many; if these are few, they always may."""

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
        x = self.ascended.x
        for turn in range(ROUNDS):
            if not self._hold():
                return None
            cells = self._asked(x, self.instance.cells <= MANY or (self.wide and turn == 0))
            if cells is None:
                return None
            broken = crossed(self.instance, cells) & ~self.fixed
            if not broken.any():
                return cells
            self.pending, x = broken, cells.astype(np.float64)
        return None

    def _hold(self) -> bool:
        """Give the pending leaves their tables; say whether they have any."""
        leaves = np.flatnonzero(self.pending)
        if not len(leaves):
            return True
        few = self.held.of(leaves)
        above = _above(self.instance, self.ascended.prices)[leaves]
        found = tables(self.instance, few, leaves, above)
        if found is None:
            return False
        self.table[leaves] = found
        self.fixed |= self.pending
        return True

    def near(self, x: FloatArray, undecided: float, share: float) -> Held:
        """Return the cells that may move: those that the prices leave undecided, near where they stand."""
        cells = self._all()
        at = np.clip(np.rint(x).astype(np.int64), cells.lower, cells.upper)
        far = np.where(self._decided(x) <= undecided, FEW + (share * self.held.scale).astype(np.int64), 0)
        return replace(
            cells, lower=np.maximum(cells.lower, at - far), upper=np.minimum(cells.upper, at + far)
        )

    def loosened(self) -> Held:
        """Return the undecided cells of all leaves, none of them held, for a program to try."""
        self.fixed[:] = False
        return self.near(self.ascended.x, *STAGES[0])

    def _asked(self, x: FloatArray, wide: bool) -> IntArray | None:
        """Ask the network for the cells near x that are undecided, then for more, then for all."""
        for undecided, share in (*(() if wide else STAGES), (inf, inf)):
            cells = self.near(x, undecided, share) if share < inf else self._all()
            found = Network(self.instance, cells, self.by_period).cheapest(self.price)
            if found is not None:
                return found.cells
        return None

    def _all(self) -> Held:
        fixed = self.fixed[:, None, None]
        lower, upper = (
            np.where(fixed, self.table, self.held.lower),
            np.where(fixed, self.table, self.held.upper),
        )
        return replace(self.held, lower=lower, upper=upper)

    def _decided(self, x: FloatArray) -> FloatArray:
        """Return what a step of each cell changes the Lagrangian, as a share of what it changes the deviation.

        0 for cells that are not whole, and for those of leaves whose year is off.
        """
        held, price = self.held, cell_prices(self.instance, self.ascended.prices)
        at, year = np.rint(x), x.sum(axis=(1, 2))
        here = held.deviation(at)
        down, up = (np.abs(held.deviation(at + way) - here - way * price) * held.scale for way in (-1, 1))
        off = np.abs(year - np.clip(year, *_year(self.instance))) > OFF
        return np.where((np.abs(x - at) > WHOLE) | off[:, None, None], 0.0, np.minimum(down, up))


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
