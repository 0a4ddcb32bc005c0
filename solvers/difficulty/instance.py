"""Instance: a tree of nodes with a row of cells (products) at each leaf, and what each cell was credited.

    q_ip = step_i x whole, l_ip <= q_ip <= u_ip                   cells
    A_p <= sum_i q_ip <= B_p                                      company: product
    L_v <= y_v <= U_v                                             own amount of any node v of the tree, leaves too
    y_i = sum_p q_ip,  sum over children of y = y_v x ratio_v     a half rounded up; ratio 1 unless given
    c_ip = number of replications r with x_ipr >= q_ip            so that c / R is the chance of a cell

    first  min  max c - min c    over the cells that are a choice (l < u) and were ever credited a step
    then   min  the same within the first window over those which no limit of their own, or of a node above, holds back:
                the counts that such a limit needs by itself are allowed to all cells below it
    then   min  the same again, without the cells that sums hold at an end of the window, until sums hold all of them

The children of a node may add up to a multiple of its own amount (`ratio`), and that amount may be a multiple of a step
of its own (`whole`). Both count exactly for a single product; with several, limits are taken as those of the totals
below a node, to what roundings can move, so that windows are still bounds. Amounts are whole numbers (minor units).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, floor

import numpy as np

from solvers.quotas.instance import BoolArray, IntArray, depths

MOST_PRODUCTS = 10
"""Each set of products is a cut that is looked at, so their number doubles with every product."""


@dataclass(frozen=True)
class Instance:
    """One problem; amounts in minor units.

    Raises ValueError for a wrong shape, a tree that is none, more than 10 products, or limits that are crossed.
    """

    parent: IntArray
    """Parent of each node, shape (node,); -1 for the one root."""
    leaf: IntArray
    """Node of each row of cells, shape (leaf,)."""
    credit: IntArray
    """What each cell was credited, shape (replication, leaf, product)."""
    step: IntArray
    """What the quotas of each leaf are multiples of, shape (leaf,)."""
    cell_lower: IntArray
    """Least quota of each cell, shape (leaf, product)."""
    cell_upper: IntArray
    """Most quota of each cell, shape (leaf, product)."""
    node_lower: IntArray
    """Least own amount of each node, shape (node,)."""
    node_upper: IntArray
    """Most own amount of each node, shape (node,)."""
    product_lower: IntArray
    """Least total of each product, shape (product,)."""
    product_upper: IntArray
    """Most total of each product, shape (product,)."""
    ratio: IntArray | None = None
    """What the children of each node add up to, relative to its own amount: numerators and denominators, shape
    (node, 2); 1 unless given."""
    whole: IntArray | None = None
    """What the own amount of each node is a multiple of, shape (node,); 1 unless given. For leaves `step` counts."""

    def __post_init__(self) -> None:
        """Hold the arrays to each other."""
        depths(self.parent)
        leaves, products = self.credit.shape[1:]
        needed = {
            "leaf": (leaves,), "step": (leaves,),
            "cell_lower": (leaves, products), "cell_upper": (leaves, products),
            "node_lower": self.parent.shape, "node_upper": self.parent.shape,
            "product_lower": (products,), "product_upper": (products,),
        }  # fmt: skip
        needed |= {"ratio": (*self.parent.shape, 2), "whole": self.parent.shape}
        for name, shape in needed.items():
            if getattr(self, name) is not None and getattr(self, name).shape != shape:
                raise ValueError(f"{name} has shape {getattr(self, name).shape}; {shape} is needed")
        if products > MOST_PRODUCTS:
            raise ValueError(f"{products} products are more than {MOST_PRODUCTS}")
        for name in ("cell", "node", "product"):
            if (getattr(self, f"{name}_lower") > getattr(self, f"{name}_upper")).any():
                raise ValueError(f"{name}: a lower limit is above its upper limit")
        if (self.cell_lower < 0).any() or (self.step < 1).any():
            raise ValueError("a limit of a cell is below 0, or a step below 1")
        if any(given is not None and (given < 1).any() for given in (self.ratio, self.whole)):
            raise ValueError("a ratio or a multiple is below 1")

    @property
    def replications(self) -> int:
        """Number of replications."""
        return int(self.credit.shape[0])

    @cached_property
    def order(self) -> IntArray:
        """Nodes from the root down, shape (node,)."""
        return np.argsort(depths(self.parent), kind="stable").astype(np.int64)

    @cached_property
    def street(self) -> tuple[IntArray, IntArray]:
        """Least and most of the cells below each node together, by its own limits; shape (node,).

        Where ratios are not 1, each rounding on the way down moves the sum by half a unit at most, times what stands
        below it.
        """
        if self.ratio is None or (self.ratio[:, 0] == self.ratio[:, 1]).all():
            return self.node_lower, self.node_upper
        count, one = len(self.parent), Fraction(1)
        least, most, inner = [one] * count, [one] * count, [0] * count
        low, high = self.node_lower.copy(), self.node_upper.copy()
        below: list[list[int]] = [[] for _ in range(count)]
        for node in self.order[::-1].tolist():
            if below[node]:
                own = Fraction(*self.ratio[node].tolist())
                least[node] = own * min(least[child] for child in below[node])
                most[node] = own * max(most[child] for child in below[node])
                inner[node] = 1 + sum(inner[child] for child in below[node])
                exact = least[node] == most[node] == 1 and own == 1
                slack = 0 if exact else ceil(inner[node] * max(most[node], one))
                low[node] = max(floor(int(low[node]) * least[node]) - slack, 0)
                high[node] = ceil(int(high[node]) * most[node]) + slack
            if self.parent[node] >= 0:
                below[self.parent[node]].append(node)
        return low, high

    @cached_property
    def ranked(self) -> IntArray:
        """Credits in whole steps, rounded down, the highest first; shape (replication, leaf x product)."""
        steps = np.repeat(self.step, self.credit.shape[2])
        flat = self.credit.reshape(self.replications, -1) // steps
        flat.sort(axis=0)
        return np.ascontiguousarray(flat[::-1])

    @cached_property
    def measured(self) -> BoolArray:
        """Which cells are a choice and were ever credited a step, shape (leaf, product)."""
        shape = self.cell_lower.shape
        return np.asarray((self.cell_lower < self.cell_upper) & (self.ranked[0].reshape(shape) > 0))

    def counts(self, cells: IntArray) -> IntArray:
        """Return in how many replications each cell's credit reaches its quota; both of shape (leaf, product)."""
        return np.asarray((self.credit >= cells).sum(axis=0), dtype=np.int64)
