"""Instance: a tree of nodes, and a table of cells (product x period) at each leaf.

    x_ipt whole steps, l_ipt <= x_ipt <= u_ipt                     cells
    A_pt <= sum_i x_ipt <= B_pt                                    company: product x period
    L_v  <= sum_{i below v} sum_pt x_ipt <= U_v                    any node v of the tree, leaves too: the year
    L_ip <= sum_t x_ipt <= U_ip                                    leaf: product
    L_it <= sum_p x_ipt <= U_it                                    leaf: period

    first  min  max |x_ipt - target_ipt| / scale_ipt               over cells that are a choice: l < u
    then   min  sum |x_ipt - target_ipt| / scale_ipt               over the same, with the worst held

An exact total has equal limits, and so has a lock. All but the last row are a network: source -> nodes -> leaf ->
(leaf, product) -> (product, period), so whole numbers come free; the rows of leaf and period cross it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

OPEN = 2**52
"""An upper limit that limits nothing; sums of cells must stay below it so that floats hold them exactly."""


@dataclass(frozen=True)
class Instance:
    """One problem. All amounts are in steps; fields that are None limit nothing (and cells are 0 or more).

    Raises ValueError for a wrong shape, a cycle or two roots, a leaf that is a parent or stands twice, limits that
    are crossed, amounts below 0, targets that are no numbers, and cells of scale 0 that are a choice.
    """

    parent: IntArray
    """Parent of each node, shape (node,); -1 for the one root."""
    leaf: IntArray
    """Node of each row of cells, shape (leaf,). Nodes without children that are no leaf carry nothing."""
    target: FloatArray
    """What each cell aims at, need not be whole, shape (leaf, product, period)."""
    company_lower: IntArray | None = None
    """Least total of the company, shape (product, period)."""
    company_upper: IntArray | None = None
    """Most total of the company, shape (product, period)."""
    node_lower: IntArray | None = None
    """Least total below each node, all products and periods, shape (node,)."""
    node_upper: IntArray | None = None
    """Most total below each node, shape (node,)."""
    product_lower: IntArray | None = None
    """Least total of a product at a leaf, shape (leaf, product)."""
    product_upper: IntArray | None = None
    """Most total of a product at a leaf, shape (leaf, product)."""
    period_lower: IntArray | None = None
    """Least total of a period at a leaf, shape (leaf, period)."""
    period_upper: IntArray | None = None
    """Most total of a period at a leaf, shape (leaf, period)."""
    cell_lower: IntArray | None = None
    """Least of each cell, shape (leaf, product, period)."""
    cell_upper: IntArray | None = None
    """Most of each cell. None: 0 where the target is 0, else open."""
    scale: FloatArray | None = None
    """What deviations are divided by, shape (leaf, product, period); None for the target itself."""

    def __post_init__(self) -> None:
        """Hold the arrays to each other."""
        if self.target.ndim != 3:
            raise ValueError(f"target has {self.target.ndim} axes; leaf, product and period are needed")
        for name, needed in self._shapes().items():
            given = getattr(self, name)
            if given is not None and given.shape != needed:
                raise ValueError(f"{name} has shape {given.shape}; {needed} is needed")
        _check_tree(self.parent, self.leaf)
        scale = self.target if self.scale is None else self.scale
        if not (np.isfinite(self.target).all() and np.isfinite(scale).all()):
            raise ValueError("a target or scale is not a number")
        if (self.target < 0).any() or (scale < 0).any():
            raise ValueError("a target or scale is below 0")
        limits = self.limits
        for name, (lower, upper) in limits.pairs().items():
            crossed = np.argwhere(lower > upper)
            if len(crossed):
                where = tuple(int(k) for k in crossed[0])
                raise ValueError(f"{name}{where}: the lower limit {lower[where]} is above {upper[where]}")
            if (lower < 0).any() or (upper > OPEN).any():
                raise ValueError(f"{name}: a limit is below 0 or above 2**52")
        if ((scale <= 0) & (limits.cell_lower < limits.cell_upper)).any():
            raise ValueError("a cell of scale 0 is a choice; give it equal limits or a scale")

    def _shapes(self) -> dict[str, tuple[int, ...]]:
        leaves, products, periods = self.target.shape
        shapes: dict[str, tuple[int, ...]] = {"scale": self.target.shape, "leaf": (leaves,)}
        for side in ("lower", "upper"):
            shapes[f"company_{side}"] = (products, periods)
            shapes[f"node_{side}"] = self.parent.shape
            shapes[f"product_{side}"] = (leaves, products)
            shapes[f"period_{side}"] = (leaves, periods)
            shapes[f"cell_{side}"] = self.target.shape
        return shapes

    @property
    def cells(self) -> int:
        """Number of cells."""
        return int(self.target.size)

    @cached_property
    def scales(self) -> FloatArray:
        """What deviations are divided by, shape (leaf, product, period); 1 where nothing is a choice."""
        scale = self.target if self.scale is None else self.scale
        return np.where(scale > 0, scale, 1.0)

    @cached_property
    def limits(self) -> Limits:
        """All limits, none of them None."""
        shapes = self._shapes()

        def least(name: str) -> IntArray:
            given: IntArray | None = getattr(self, f"{name}_lower")
            return np.zeros(shapes[f"{name}_lower"], dtype=np.int64) if given is None else given

        def most(name: str) -> IntArray:
            given: IntArray | None = getattr(self, f"{name}_upper")
            return np.full(shapes[f"{name}_upper"], OPEN, dtype=np.int64) if given is None else given

        cell_upper = most("cell")
        if self.cell_upper is None:
            cell_upper = np.where(self.target > 0, OPEN, least("cell"))
        return Limits(
            least("company"), most("company"), least("node"), most("node"), least("product"), most("product"),
            least("period"), most("period"), least("cell"), cell_upper,
        )  # fmt: skip

    @cached_property
    def order(self) -> IntArray:
        """Nodes from the root down, level by level, shape (node,)."""
        return np.argsort(self.depth, kind="stable").astype(np.int64)

    @cached_property
    def depth(self) -> IntArray:
        """Steps up to the root, shape (node,)."""
        return depths(self.parent)

    def rolled_up(self, leaves: IntArray) -> IntArray:
        """Return the sum below each node of an amount per leaf, shape (node,)."""
        found = np.zeros(len(self.parent), dtype=np.int64)
        found[self.leaf] = leaves
        for depth in range(int(self.depth.max()), 0, -1):
            nodes = np.flatnonzero(self.depth == depth)
            np.add.at(found, self.parent[nodes], found[nodes])
        return found

    def handed_down(self, nodes: FloatArray) -> FloatArray:
        """Return the sum of a figure over each node and all above it, shape (node,)."""
        found = nodes.astype(np.float64)
        for node in self.order[1:]:
            found[node] += found[self.parent[node]]
        return found


@dataclass(frozen=True)
class Limits:
    """All limits of an instance, in steps; shapes as there."""

    company_lower: IntArray
    company_upper: IntArray
    node_lower: IntArray
    node_upper: IntArray
    product_lower: IntArray
    product_upper: IntArray
    period_lower: IntArray
    period_upper: IntArray
    cell_lower: IntArray
    cell_upper: IntArray

    def pairs(self) -> dict[str, tuple[IntArray, IntArray]]:
        """Return lower and upper limits by the name of what they limit."""
        return {
            "company": (self.company_lower, self.company_upper),
            "node": (self.node_lower, self.node_upper),
            "product": (self.product_lower, self.product_upper),
            "period": (self.period_lower, self.period_upper),
            "cell": (self.cell_lower, self.cell_upper),
        }


def depths(parent: IntArray) -> IntArray:
    """Return how many steps each node is below the root, shape (node,).

    Raises ValueError for a cycle and unless there is one root.
    """
    roots = np.flatnonzero(parent < 0)
    if len(roots) != 1:
        raise ValueError(f"the tree has {len(roots)} roots; one is needed")
    if (parent >= len(parent)).any():
        raise ValueError("a parent is no node")
    depth = np.full(len(parent), -1, dtype=np.int64)
    depth[roots] = 0
    for level in range(1, len(parent)):
        found = (depth < 0) & (depth[parent] == level - 1) & (parent >= 0)
        if not found.any():
            break
        depth[found] = level
    if (depth < 0).any():
        raise ValueError(f"node {int(np.flatnonzero(depth < 0)[0])} is in a cycle")
    return depth


def _check_tree(parent: IntArray, leaf: IntArray) -> None:
    depths(parent)
    if (leaf < 0).any() or (leaf >= len(parent)).any():
        raise ValueError("a leaf is no node")
    if len(np.unique(leaf)) != len(leaf):
        raise ValueError("a node has two rows of cells")
    if np.isin(leaf, parent).any():
        raise ValueError(f"leaf {int(leaf[np.isin(leaf, parent)][0])} has children")
