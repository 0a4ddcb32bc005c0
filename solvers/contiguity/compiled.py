"""Searches in a graph, compiled at first use: reach, weighted distance, articulation.

Import within functions: numba takes its time to load. A graph comes as `offsets` and `ends` (see `Graph`).
"""

from __future__ import annotations

from heapq import heappop, heappush

import numpy as np

from solvers.compiled import compiled
from solvers.contiguity.graph import IntArray, Mask


@compiled
def reach(offsets: IntArray, ends: IntArray, start: int, allowed: Mask) -> Mask:
    """Return which units a path from `start` reaches, over allowed units alone (`start` itself always)."""
    seen = np.zeros(len(offsets) - 1, dtype=np.bool_)
    stack = np.empty(len(offsets) - 1, dtype=np.int64)
    seen[start], stack[0], depth = True, start, 1
    while depth:
        depth -= 1
        unit = stack[depth]
        for k in range(offsets[unit], offsets[unit + 1]):
            other = ends[k]
            if allowed[other] and not seen[other]:
                seen[other], stack[depth] = True, other
                depth += 1
    return seen


@compiled
def distance(offsets: IntArray, ends: IntArray, start: int, weight: IntArray, allowed: Mask) -> IntArray:
    """Return the least total weight of a path from `start` to each unit, both ends counted; -1: no path (Dijkstra)."""
    far = np.full(len(offsets) - 1, -1, dtype=np.int64)
    queue = [(weight[start], np.int64(start))]
    far[start] = weight[start]
    while len(queue):
        total, unit = heappop(queue)
        if total > far[unit]:
            continue
        for k in range(offsets[unit], offsets[unit + 1]):
            other = ends[k]
            longer = total + weight[other]
            if allowed[other] and (far[other] < 0 or longer < far[other]):
                far[other] = longer
                heappush(queue, (longer, np.int64(other)))
    return far


@compiled
def articulation(offsets: IntArray, ends: IntArray, label: IntArray) -> Mask:
    """Return the units whose removal breaks their piece of G[label], by Tarjan's low points without recursion."""
    units = len(offsets) - 1
    order = np.full(units, -1, dtype=np.int64)
    low, parent = np.zeros(units, dtype=np.int64), np.full(units, -1, dtype=np.int64)
    place, stack = offsets[:-1].copy(), np.empty(units, dtype=np.int64)
    found, count = np.zeros(units, dtype=np.bool_), 0
    for root in range(units):
        if label[root] < 0 or order[root] >= 0:
            continue
        stack[0], depth, branches = root, 1, 0
        order[root] = low[root] = count
        count += 1
        while depth:
            unit = stack[depth - 1]
            if place[unit] < offsets[unit + 1]:
                other = ends[place[unit]]
                place[unit] += 1
                if label[other] != label[unit] or other == parent[unit]:
                    continue
                if order[other] >= 0:
                    low[unit] = min(low[unit], order[other])
                    continue
                order[other] = low[other] = count
                count += 1
                parent[other], stack[depth] = unit, other
                depth += 1
                branches += unit == root
                continue
            depth -= 1
            above = parent[unit]
            if above >= 0:
                low[above] = min(low[above], low[unit])
                found[above] |= above != root and low[unit] >= order[above]
        found[root] = branches > 1
    return found
