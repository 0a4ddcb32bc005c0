"""Whether amounts in given ranges of all cells keep the limits of a tree and of the products.

Sums that the tree allows are a generalised polymatroid over the products, so totals in a box exist exactly when, for
every set of products, the most of them reaches the sum of the lower ends and the least of them stays within the sum of
the upper ends (Frank and Tardos 1988, Mathematical Programming 42, 489-563). The most of a set at a node whose total is
y is min(a, y - b), the least is max(c, y - d): one pass up the tree for each set.

A single product is also followed in the nodes' own amounts: what children add up to is a ratio of their parent's,
rounded, and the parent's a multiple of its step.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from solvers.compiled import compiled
from solvers.quotas.instance import IntArray


class Tree(NamedTuple):
    """A tree as the kernels read it."""

    order: IntArray
    """Nodes from the root down."""
    parent: IntArray
    row: IntArray
    """Row of cells of each node, -1 for none."""
    lower: IntArray
    """Least of the cells below each node together."""
    upper: IntArray
    own_lower: IntArray
    """Least own amount of each node."""
    own_upper: IntArray
    over: IntArray
    """Numerator of what the children of each node add up to, relative to its own amount."""
    under: IntArray
    """Denominator."""
    whole: IntArray
    """What each node's own amount is a multiple of."""
    product_lower: IntArray
    """Least of each product."""
    product_upper: IntArray


Six = tuple[int, int, int, int, int, int]
"""Of a node: least and most total; the most of a set, and what it lacks to the total; the least of it, likewise."""


@compiled
def of_leaf(lower: IntArray, upper: IntArray, row: int, chosen: int) -> Six:
    """Return what the cells of a leaf make."""
    inside, outside = np.zeros(2, np.int64), np.zeros(2, np.int64)
    for product in range(lower.shape[1]):
        if chosen >> product & 1:
            inside[0] += lower[row, product]
            inside[1] += upper[row, product]
        else:
            outside[0] += lower[row, product]
            outside[1] += upper[row, product]
    least, most = inside[0] + outside[0], inside[1] + outside[1]
    return least, most, inside[1], outside[0], inside[0], outside[1]


@compiled
def of_node(tree: Tree, node: int, values: Six) -> Six:
    """Return what is left of it by the node's own limits."""
    least, most, at_most, above, at_least, below = values
    return max(least, tree.lower[node]), min(most, tree.upper[node]), at_most, above, at_least, below


@compiled
def gathered(sums: IntArray) -> Six:
    """Return what the children of a node make together: values at the least total, and how far each goes on."""
    least, most, at_most, above, at_least, below = sums
    return least, most, at_most + above, least - at_most, at_least, least + below - at_least


@compiled
def passed_on(values: Six) -> Six:
    """Return what a node adds to the sums of its parent."""
    least, most, at_most, above, at_least, below = values
    return (
        least, most, min(at_most, least - above), min(max(at_most + above, least), most) - least,
        max(at_least, least - below), min(max(at_least + below, least), most) - least,
    )  # fmt: skip


@compiled
def lack(tree: Tree, node: int, values: Six, chosen: int) -> int:
    """Return by how much a node's limits, or at the root those of the products, are broken; 0 or less for not."""
    least, most, at_most, above, at_least, below = values
    if tree.parent[node] >= 0:
        return least - most
    wanted = given = 0
    for product in range(len(tree.product_lower)):
        if chosen >> product & 1:
            wanted += tree.product_lower[product]
            given += tree.product_upper[product]
    return max(least - most, wanted - min(at_most, most - above), max(at_least, least - below) - given)


@compiled
def excess(
    lower: IntArray, upper: IntArray, tree: Tree, work: IntArray, chosen: int, at: int
) -> tuple[int, int]:
    """Return by how much ranges break a limit, and the node of it; 0 and -1 where a set of products breaks none.

    Args:
        lower: least of each cell, minor units, shape (leaf, product).
        upper: most of each cell.
        tree: what is to be kept.
        work: room, shape (6, node); afterwards the sums that each node gathered.
        chosen: the set of products, a bit each.
        at: the node that is looked at, broken or not; -1 for the first that is broken.

    """
    work[:] = 0
    for place in range(len(tree.order) - 1, -1, -1):
        node = tree.order[place]
        row, parent = tree.row[node], tree.parent[node]
        values = of_leaf(lower, upper, row, chosen) if row >= 0 else gathered(work[:, node])
        values = of_node(tree, node, values)
        broken = lack(tree, node, values, chosen)
        if node == at or (at < 0 and broken > 0):
            return broken, node
        if parent >= 0:
            more = passed_on(values)
            for side in range(6):
                work[side, parent] += more[side]
    return 0, -1


@compiled
def lessened(
    was: tuple[IntArray, IntArray], now: tuple[IntArray, IntArray], leaf: int, tree: Tree, work: IntArray,
    chosen: int, at: int,
) -> int:  # fmt: skip
    """Return by how much less a limit at a node is broken when the range of a leaf's cells changes.

    Args:
        was: least and most of each cell of the leaf, shape (1, product).
        now: what they become.
        leaf: its node.
        tree: what is to be kept.
        work: the sums that nodes gathered, as `excess` left them for this set and node.
        chosen: the set of products.
        at: the node.

    """
    node = leaf
    before = of_node(tree, node, of_leaf(was[0], was[1], 0, chosen))
    after = of_node(tree, node, of_leaf(now[0], now[1], 0, chosen))
    sums = np.empty(6, np.int64)
    while node != at:
        old, new, node = passed_on(before), passed_on(after), tree.parent[node]
        if node < 0:
            return 0
        sums[:] = work[:, node]
        before = of_node(tree, node, gathered(sums))
        for side in range(6):
            sums[side] += new[side] - old[side]
        after = of_node(tree, node, gathered(sums))
    return lack(tree, at, before, chosen) - lack(tree, at, after, chosen)


@compiled
def handed(amount: int, over: int, under: int) -> int:
    """Return amount x over / under, a half rounded up."""
    whole, rest = amount // under, amount % under
    return whole * over + (2 * rest * over + under) // (2 * under)


@compiled
def own_ends(least: int, most: int, over: int, under: int, step: int) -> tuple[int, int]:
    """Return the least and the most multiple of a step that is handed down as a sum from `least` to `most`."""
    share = under / over / step
    low, high = max(int((least - 0.5) * share) - 1, 0), int((most + 0.5) * share) + 1
    while handed(low * step, over, under) < least:
        low += 1
    while high >= 0 and handed(high * step, over, under) > most:
        high -= 1
    return low * step, high * step


@compiled
def odd(lower: IntArray, upper: IntArray, tree: Tree, work: IntArray) -> int:
    """Return the first node, from below, that no own amount of suits; -1 for none. One product."""
    work[:2] = 0
    for place in range(len(tree.order) - 1, -1, -1):
        node: int = tree.order[place]
        least, most = work[0, node], work[1, node]
        if tree.row[node] >= 0:
            least, most = lower[tree.row[node], 0], upper[tree.row[node], 0]
        elif tree.over[node] != tree.under[node] or tree.whole[node] > 1:
            least, most = own_ends(least, most, tree.over[node], tree.under[node], tree.whole[node])
        least, most = max(least, tree.own_lower[node]), min(most, tree.own_upper[node])
        if least > most:
            return node
        if tree.parent[node] >= 0:
            work[0, tree.parent[node]] += least
            work[1, tree.parent[node]] += most
    return -1


@compiled
def refused(lower: IntArray, upper: IntArray, tree: Tree, work: IntArray) -> tuple[int, int]:
    """Return a set of products and a node whose limit refuses the ranges; 0 and -1 where amounts exist."""
    products = lower.shape[1]
    for chosen in range(1, 1 << products):
        broken, node = excess(lower, upper, tree, work, chosen, -1)
        if broken > 0:
            return chosen, node
    if products == 1:
        node = odd(lower, upper, tree, work)
        if node >= 0:
            return 1, node
    return 0, -1
