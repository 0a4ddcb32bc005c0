"""Ranges of the cells that a window of counts leaves, the narrowest window that leaves any, and who holds it open."""

from __future__ import annotations

import numpy as np

from solvers.compiled import compiled
from solvers.difficulty.sums import Tree, excess, lessened, refused
from solvers.quotas.instance import BoolArray, IntArray

Pair = tuple[IntArray, IntArray]
"""Lower and upper ends."""


@compiled
def ends(ranked: IntArray, cell: int, own: Pair, measured: BoolArray, low: int, high: int) -> tuple[int, int]:
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
    ranked: IntArray, own: Pair, measured: BoolArray, window: tuple[int, int], reach: Pair, steps: IntArray,
    lower: IntArray, upper: IntArray,
) -> int:  # fmt: skip
    """Set the range of each cell, minor units, that a window leaves, widened to its `reach`.

    Return the first cell whose range is empty, -1 for none; `lower` and `upper` have shape (leaf, product).
    """
    products = lower.shape[1]
    for cell in range(len(steps)):
        low, high = min(window[0], reach[0][cell]), max(window[1], reach[1][cell])
        least, most = ends(ranked, cell, own, measured, low, high)
        if least > most:
            return cell
        at = cell // products, cell % products
        lower[at], upper[at] = least * steps[cell], most * steps[cell]
    return -1


@compiled
def needed(
    ranked: IntArray, own: Pair, measured: BoolArray, cells: IntArray,
    limits: tuple[int, int], steps: IntArray, reach: Pair,
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
def fits(
    ranked: IntArray, own: Pair, measured: BoolArray, window: tuple[int, int], reach: Pair, steps: IntArray,
    tree: Tree, room: tuple[IntArray, IntArray, IntArray],
) -> bool:  # fmt: skip
    """Return whether amounts exist in a window; `room` are ranges, shape (leaf, product), and work, shape (6, node)."""
    lower, upper, work = room
    if fill(ranked, own, measured, window, reach, steps, lower, upper) >= 0:
        return False
    chosen, _ = refused(lower, upper, tree, work)
    return chosen == 0


@compiled
def narrowest(
    ranked: IntArray, own: Pair, measured: BoolArray, within: tuple[int, int], reach: Pair, steps: IntArray,
    tree: Tree, room: tuple[IntArray, IntArray, IntArray],
) -> tuple[int, int]:  # fmt: skip
    """Return the narrowest window of counts inside `within`, the middle one of equals; (-1, -1) when there is none.

    The least upper end that a lower end allows never falls as that rises, so both move in one direction only.
    """
    found, count = np.empty((2, within[1] - within[0] + 1), np.int64), 0
    high, best = within[0], within[1] - within[0] + 1
    for low in range(within[0], within[1] + 1):
        high = max(high, low)
        while high <= within[1] and not fits(ranked, own, measured, (low, high), reach, steps, tree, room):
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


@compiled
def holding(
    ranked: IntArray, own: Pair, measured: BoolArray, windows: tuple[tuple[int, int], tuple[int, int]], reach: Pair,
    steps: IntArray, tree: Tree, room: tuple[IntArray, IntArray, IntArray], members: BoolArray,
) -> int:  # fmt: skip
    """Mark the cells that hold a window open: one that is narrower is refused by a sum in which they count.

    Args:
        ranked: as in the instance.
        own: range of each cell by its own limits, in steps.
        measured: cells that are looked at.
        windows: the narrower one, and the one that holds.
        reach: of the cells that left.
        steps: of each cell.
        tree: what is to be kept.
        room: as for `fits`.
        members: is set, shape (leaf x product,): cells not beyond the narrower window which, let back into the other
            one, make less of what the sum lacks.

    Returns:
        How many do not count in that sum though they are within the narrower window; -1 where it is not refused.

    """
    lower, upper, work = room
    narrow, wide = windows
    members[:] = False
    empty = fill(ranked, own, measured, narrow, reach, steps, lower, upper)
    chosen, node = (0, -1) if empty >= 0 else refused(lower, upper, tree, work)
    if empty < 0 and chosen == 0:
        return -1
    if empty < 0:
        excess(lower, upper, tree, work, chosen, node)
    others, products = 0, lower.shape[1]
    was, now = np.empty((2, 1, products), np.int64), np.empty((2, 1, products), np.int64)
    for leaf in range(len(tree.row)):
        for product in range(products if tree.row[leaf] >= 0 else 0):
            cell = tree.row[leaf] * products + product
            inside = reach[0][cell] >= narrow[0] and reach[1][cell] <= narrow[1]
            if not measured[cell] or not inside:
                continue
            if empty >= 0:
                members[cell] = cell == empty
            else:
                was[0, 0], was[1, 0] = lower[tree.row[leaf]], upper[tree.row[leaf]]
                now[:] = was
                least, most = ends(ranked, cell, own, measured, wide[0], wide[1])
                now[0, 0, product], now[1, 0, product] = least * steps[cell], most * steps[cell]
                less = lessened((was[0], was[1]), (now[0], now[1]), leaf, tree, work, chosen, node)
                members[cell] = less > 0
            others += not members[cell]
    return others
