"""The best choice of k disjoint districts that take every unit, among listed ones, compiled.

The unit with the fewest listed districts is taken by one of them, cheapest first, then the next unit not yet taken, and
so on. A branch ends when its reduced cost and that of the k' cheapest districts for what is left exceed the best.
Sets of units are words of 64 bits.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from solvers.compiled import compiled
from solvers.contiguity.graph import IntArray, Mask
from solvers.districting.instance import FloatArray

Words = NDArray[np.uint64]


@compiled
def cover(
    words: Words, cost: FloatArray, first: IntArray, member: IntArray, least: FloatArray, ceiling: float
) -> tuple[IntArray, float, int]:
    """Return the chosen columns, their cost (inf: none within the ceiling) and the columns tried.

    `words` (column, word) are the units by rank; `member[first[u]:first[u + 1]]` are the columns that hold the unit of
    rank u, cheapest first; `least[m]` bounds the cost of m columns from below, shape (k + 1,).
    """
    k, width, ranks = len(least) - 1, words.shape[1], len(first) - 1
    taken = np.zeros((k + 1, width), dtype=np.uint64)
    place, until = np.zeros(k, dtype=np.int64), np.zeros(k, dtype=np.int64)
    chosen, best = np.full(k, -1, dtype=np.int64), np.full(k, -1, dtype=np.int64)
    total, depth, tried = np.zeros(k + 1), 0, 0
    place[0], until[0] = first[0], first[1]
    while depth >= 0:
        if place[depth] == until[depth]:
            depth -= 1
            continue
        column = member[place[depth]]
        place[depth] += 1
        tried += 1
        sum_now = total[depth] + cost[column]
        if sum_now + least[k - depth - 1] > ceiling:
            depth -= 1
            continue
        free = True
        for w in range(width):
            if taken[depth, w] & words[column, w]:
                free = False
                break
        if not free:
            continue
        chosen[depth], total[depth + 1] = column, sum_now
        for w in range(width):
            taken[depth + 1, w] = taken[depth, w] | words[column, w]
        rank = 0
        while rank < ranks and taken[depth + 1, rank // 64] >> np.uint64(rank % 64) & np.uint64(1):
            rank += 1
        if rank == ranks:
            if depth == k - 1:
                ceiling = sum_now - 1e-9 * (1 + abs(sum_now))
                best[:] = chosen
            continue
        if depth < k - 1:
            depth += 1
            place[depth], until[depth] = first[rank], first[rank + 1]
    return best, ceiling, tried


def chosen(
    members: Mask, cost: FloatArray, districts: int, least: FloatArray, ceiling: float
) -> IntArray | None:
    """Return which of the listed districts make the cheapest plan of cost <= ceiling; None when there is none.

    `members` (column, unit), `cost` (column,), `least` (k + 1,) as in `cover`.
    """
    held = members.sum(axis=0)
    if not len(members) or (held == 0).any():
        return None
    rank = np.argsort(held, kind="stable")
    order = np.argsort(cost, kind="stable")
    table = members[np.ix_(order, rank)]
    wide = np.zeros((len(table), -(-table.shape[1] // 64) * 64), dtype=np.bool_)
    wide[:, : table.shape[1]] = table
    words = np.packbits(wide, axis=1, bitorder="little").view("<u8")
    unit, column = np.nonzero(table.T)
    first = np.searchsorted(unit, np.arange(table.shape[1] + 1))
    found, _, _ = cover(words.astype(np.uint64), cost[order], first, column, least, ceiling)
    return order[found] if found[0] >= 0 else None
