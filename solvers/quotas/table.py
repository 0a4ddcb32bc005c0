"""Table: whether the cells of one leaf can keep the limits of its cells, products, periods and year at once.

That is a circulation, year -> product -> period -> year, which exists when the flow that pushes what the least amounts
leave over reaches everything (Hoffman 1960). Shortest augmenting paths on a handful of vertices.
"""

from __future__ import annotations

import numpy as np

from solvers.compiled import compiled
from solvers.quotas.instance import BoolArray, IntArray


@compiled
def pushed(room: IntArray, source: int, sink: int) -> int:
    """Return the most that flows from source to sink; `room` (vertex, vertex) is changed to what is left."""
    size = len(room)
    total = 0
    before = np.empty(size, dtype=np.int64)
    queue = np.empty(size, dtype=np.int64)
    while True:
        before[:] = -1
        before[source] = source
        queue[0], first, last = source, 0, 1
        while first < last and before[sink] < 0:
            at = queue[first]
            first += 1
            for to in range(size):
                if before[to] < 0 and room[at, to] > 0:
                    before[to] = at
                    queue[last] = to
                    last += 1
        if before[sink] < 0:
            return total
        most, at = room[before[sink], sink], sink
        while at != source:
            most = min(most, room[before[at], at])
            at = before[at]
        at = sink
        while at != source:
            room[before[at], at] -= most
            room[at, before[at]] += most
            at = before[at]
        total += most


@compiled
def holds(
    lower: IntArray,
    upper: IntArray,
    product: IntArray,
    period: IntArray,
    year: IntArray,
) -> bool:
    """Return whether a table exists; cells (product, period), sides (2, product), (2, period) and (2,)."""
    products, periods = lower.shape
    size = products + periods + 4
    out, back, source, sink = products + periods, products + periods + 1, size - 2, size - 1
    room = np.zeros((size, size), dtype=np.int64)
    extra = np.zeros(size, dtype=np.int64)
    room[back, out] = year[1] - year[0]
    extra[out] += year[0]
    extra[back] -= year[0]
    for p in range(products):
        room[out, p] = product[1, p] - product[0, p]
        extra[p] += product[0, p]
        extra[out] -= product[0, p]
        for t in range(periods):
            room[p, products + t] = upper[p, t] - lower[p, t]
            extra[products + t] += lower[p, t]
            extra[p] -= lower[p, t]
    for t in range(periods):
        room[products + t, back] = period[1, t] - period[0, t]
        extra[back] += period[0, t]
        extra[products + t] -= period[0, t]
    if room.min() < 0:
        return False
    needed = 0
    for vertex in range(size - 2):
        if extra[vertex] > 0:
            room[source, vertex] = extra[vertex]
            needed += extra[vertex]
        else:
            room[vertex, sink] = -extra[vertex]
    return pushed(room, source, sink) == needed


@compiled
def all_hold(
    lower: IntArray, upper: IntArray, product: IntArray, period: IntArray, year: IntArray, found: BoolArray
) -> None:
    """Write for each leaf whether a table exists; first axis of all arrays: leaf."""
    for leaf in range(len(lower)):
        found[leaf] = holds(lower[leaf], upper[leaf], product[leaf], period[leaf], year[leaf])
