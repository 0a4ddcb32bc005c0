"""Whether quotas exist whose counts lie in a window, and the narrowest window for which they do.

Given a range for every cell, sums that the tree allows are a generalised polymatroid over the products, so totals in a
box exist exactly when, for every set of products, the most of them reaches the sum of the lower ends and the least of
them stays within the sum of the upper ends (Frank and Tardos 1988, Mathematical Programming 42, 489-563). The most of a
set at a node whose total is y is min(a, y - b), the least is max(c, y - d): one pass up the tree for each set.
"""

from __future__ import annotations

import numpy as np

from solvers.compiled import compiled
from solvers.quotas.instance import BoolArray, IntArray


@compiled
def ends(
    ranked: IntArray, cell: int, own: tuple[IntArray, IntArray], measured: BoolArray, low: int, high: int
) -> tuple[int, int]:
    """Return least and most of a cell, in steps, whose count lies from `low` to `high`; `ranked` as in the instance."""
    least, most = own[0][cell], own[1][cell]
    if measured[cell]:
        if high < ranked.shape[0]:
            least = max(least, ranked[high, cell] + 1)
        if low > 0:
            most = min(most, ranked[low - 1, cell])
    return least, most


@compiled
def fill(
    ranked: IntArray, own: tuple[IntArray, IntArray], measured: BoolArray, window: tuple[int, int],
    reach: tuple[IntArray, IntArray], lower: IntArray, upper: IntArray,
) -> bool:  # fmt: skip
    """Set the range of each cell, in steps, that a window leaves, widened to its `reach`; False when one is empty."""
    for cell in range(len(lower)):
        low, high = min(window[0], reach[0][cell]), max(window[1], reach[1][cell])
        lower[cell], upper[cell] = ends(ranked, cell, own, measured, low, high)
        if lower[cell] > upper[cell]:
            return False
    return True


@compiled
def needed(
    ranked: IntArray, own: tuple[IntArray, IntArray], measured: BoolArray, cells: IntArray,
    limits: tuple[int, int], steps: IntArray, reach: tuple[IntArray, IntArray],
) -> None:  # fmt: skip
    """Widen the reach of cells until their own sum can keep limits: counts up for the most, down for the least."""
    last = ranked.shape[0]
    for side in range(2):
        first, beyond = 0, last
        while first < beyond:
            count, total = (first + beyond) // 2, 0
            for cell in cells:
                if side == 0:
                    least, _ = ends(ranked, cell, own, measured, 0, max(count, reach[1][cell]))
                    total += least * steps[cell]
                else:
                    _, most = ends(ranked, cell, own, measured, min(last - count, reach[0][cell]), last)
                    total += most * steps[cell]
            if total <= limits[1] if side == 0 else total >= limits[0]:
                beyond = count
            else:
                first = count + 1
        for cell in cells:
            if measured[cell] and side == 0:
                reach[1][cell] = max(reach[1][cell], first)
            elif measured[cell]:
                reach[0][cell] = min(reach[0][cell], last - first)


@compiled
def exists(
    lower: IntArray, upper: IntArray, order: IntArray, parent: IntArray, row: IntArray,
    limits: tuple[IntArray, IntArray], totals: tuple[IntArray, IntArray], work: IntArray,
) -> bool:  # fmt: skip
    """Return whether amounts in the ranges of all cells keep the limits of all nodes and products.

    Args:
        lower: least of each cell, minor units, shape (leaf, product).
        upper: most of each cell.
        order: nodes from the root down.
        parent: parent of each node.
        row: row of cells of each node, -1 for none.
        limits: of the total of each node.
        totals: of each product.
        work: room, shape (6, node).

    """
    products = lower.shape[1]
    for chosen in range(1, 1 << products):
        work[:] = 0
        for place in range(len(order) - 1, -1, -1):
            node = order[place]
            least, most, at_most, above, at_least, below = work[:, node]
            if row[node] >= 0:
                least = most = 0
                inside, outside = np.zeros(2, np.int64), np.zeros(2, np.int64)
                for product in range(products):
                    low, high = lower[row[node], product], upper[row[node], product]
                    if chosen >> product & 1:
                        inside[0] += low
                        inside[1] += high
                    else:
                        outside[0] += low
                        outside[1] += high
                least, most = inside[0] + outside[0], inside[1] + outside[1]
                at_most, above, at_least, below = inside[1], outside[0], inside[0], outside[1]
            else:
                # what was gathered from below: values at the least total, and how far each goes on
                at_most, above = at_most + above, least - at_most
                at_least, below = at_least, least + below - at_least
            least, most = max(least, limits[0][node]), min(most, limits[1][node])
            if least > most:
                return False
            over = parent[node]
            if over < 0:
                wanted = given = 0
                for product in range(products):
                    if chosen >> product & 1:
                        wanted += totals[0][product]
                        given += totals[1][product]
                if min(at_most, most - above) < wanted or max(at_least, least - below) > given:
                    return False
                continue
            work[0, over] += least
            work[1, over] += most
            work[2, over] += min(at_most, least - above)
            work[3, over] += min(max(at_most + above, least), most) - least
            work[4, over] += max(at_least, least - below)
            work[5, over] += min(max(at_least + below, least), most) - least
    return True


@compiled
def narrowest(
    ranked: IntArray, own: tuple[IntArray, IntArray], measured: BoolArray, within: tuple[int, int],
    reach: tuple[IntArray, IntArray], step: IntArray, order: IntArray, parent: IntArray, row: IntArray,
    limits: tuple[IntArray, IntArray], totals: tuple[IntArray, IntArray],
) -> tuple[int, int]:  # fmt: skip
    """Return the narrowest window of counts inside `within`, the middle one of equals; (-1, -1) when there is none.

    The least upper end that a lower end allows never falls as that rises, so both move in one direction only.
    """
    leaves, products = len(step), len(totals[0])
    lower, upper = np.empty(leaves * products, np.int64), np.empty(leaves * products, np.int64)
    work, steps = np.empty((6, len(order)), np.int64), np.repeat(step, products)
    found, count = np.empty((2, within[1] - within[0] + 1), np.int64), 0
    high, best = within[0], within[1] - within[0] + 1
    for low in range(within[0], within[1] + 1):
        high = max(high, low)
        while high <= within[1]:
            if fill(ranked, own, measured, (low, high), reach, lower, upper):
                least, most = (
                    (lower * steps).reshape(leaves, products),
                    (upper * steps).reshape(leaves, products),
                )
                if exists(least, most, order, parent, row, limits, totals, work):
                    break
            high += 1
        if high > within[1]:
            break
        if high - low < best:
            best, count = high - low, 0
        if high - low == best:
            found[0, count], found[1, count] = low, high
            count += 1
    if count == 0:
        return -1, -1
    return found[0, count // 2], found[1, count // 2]
