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

from dataclasses import dataclass, fields
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
