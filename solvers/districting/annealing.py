"""Good plans by simulated annealing over single moves that keep every district in one piece, compiled.

A unit at a border goes to a touching district if what it leaves stays connected. Cost = objective + price * people
outside the bands; the temperature falls geometrically while the price grows. The objective is inertia about the best
centre of each district (sums over all centres are kept, so a move costs O(units)) or the number of cut edges.
"""

from __future__ import annotations

import numpy as np

from solvers.compiled import compiled
from solvers.contiguity.graph import IntArray
from solvers.districting.instance import FloatArray


@compiled
def leaves_whole(offsets: IntArray, ends: IntArray, label: IntArray, unit: int) -> bool:
    """Return whether the district of `unit` is not empty and stays one piece without it."""
    own, n = label[unit], len(label)
    seen, queue = np.zeros(n, dtype=np.bool_), np.empty(n, dtype=np.int64)
    head, tail, wanted = 0, 0, 0
    for e in range(offsets[unit], offsets[unit + 1]):
        wanted += label[ends[e]] == own
    if wanted == 0:
        return False
    seen[unit], met = True, 0
    for e in range(offsets[unit], offsets[unit + 1]):
        if label[ends[e]] == own:
            queue[0], tail, met = ends[e], 1, 1
            seen[ends[e]] = True
            break
    while head < tail and met < wanted:
        here = queue[head]
        head += 1
        for e in range(offsets[here], offsets[here + 1]):
            other = ends[e]
            if label[other] == own and not seen[other]:
                seen[other], queue[tail] = True, other
                tail += 1
                for f in range(offsets[unit], offsets[unit + 1]):
                    met += ends[f] == other
    return met == wanted


@compiled
def least(sums: FloatArray, row: FloatArray, label: IntArray, district: int, unit: int, sign: int) -> float:
    """Return the least sum over centres of a district with (sign 1) or without (sign -1) one unit."""
    best = np.inf
    for j in range(len(label)):
        member = label[j] == district if j != unit else sign > 0
        if member:
            best = min(best, sums[j] + sign * row[j])
    return best


@compiled
def anneal(
    offsets: IntArray,
    ends: IntArray,
    population: IntArray,
    cost: FloatArray,
    start: IntArray,
    band: tuple[int, int],
    schedule: tuple[bool, float, float, float],
    draws: FloatArray,
) -> tuple[IntArray, float]:
    """Return the best plan within the band that was met and its objective (inf: none).

    `schedule` = (cut edges instead of inertia, first temperature, last temperature, price of one person outside at the
    last temperature); `draws` (move, 3) are uniform on [0, 1).
    """
    n, k = len(start), start.max() + 1
    edges_only, hot, cold, price = schedule
    lower, upper = band
    label, best, record = start.copy(), start.copy(), np.inf
    sums, people = np.zeros((k, n)), np.zeros(k, dtype=np.int64)
    for i in range(n):
        people[label[i]] += population[i]
        sums[label[i]] += cost[i]
    value, total, outside = np.zeros(k), 0.0, 0
    for d in range(k):
        value[d] = least(sums[d], sums[d], label, d, -1, 0)
        outside += max(lower - people[d], people[d] - upper, 0)
        total += 0.0 if edges_only else value[d]
    for i in range(n):
        for e in range(offsets[i], offsets[i + 1]):
            total += 0.5 * (edges_only and label[ends[e]] != label[i])
    for step in range(len(draws)):
        done = step / len(draws)
        heat = hot * (cold / hot) ** done
        if outside == 0 and total < record - 1e-9:
            record = total
            best[:] = label
        unit = int(draws[step, 0] * n)
        degree = offsets[unit + 1] - offsets[unit]
        if degree == 0:
            continue
        own, new = label[unit], label[ends[offsets[unit] + int(draws[step, 1] * degree)]]
        if own == new:
            continue
        far = 0
        for d in (own, new):
            after = people[d] + (population[unit] if d == new else -population[unit])
            far += max(lower - after, after - upper, 0) - max(lower - people[d], people[d] - upper, 0)
        less, more, change = 0.0, 0.0, 0.0
        if edges_only:
            for e in range(offsets[unit], offsets[unit + 1]):
                change += (label[ends[e]] == own) - 1.0 * (label[ends[e]] == new)
        else:
            less = least(sums[own], cost[unit], label, own, unit, -1)
            more = least(sums[new], cost[unit], label, new, unit, 1)
            change = less + more - value[own] - value[new]
        worse = change + price * (0.05 + done) * far
        if worse > 0 and draws[step, 2] >= np.exp(-worse / heat):
            continue
        if not leaves_whole(offsets, ends, label, unit):
            continue
        label[unit] = new
        people[own] -= population[unit]
        people[new] += population[unit]
        sums[own] -= cost[unit]
        sums[new] += cost[unit]
        value[own], value[new] = less, more
        total, outside = total + change, outside + far
    return best, record
