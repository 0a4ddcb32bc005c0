"""The best division of a pool of accounts between two seats, compiled: meet in the middle.

All subsets of either half of the pool are listed; those of the first are sorted by what they add to the main row. Each
subset of the other half is completed by those that bring the main row nearest its aim, outwards from it. So 24
accounts, 17 million divisions, take some thousand steps and end nearer to the aim than any chain of single moves.
Horowitz and Sahni, "Computing partitions with applications to the knapsack problem" (1974).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from solvers.balancing.instance import FloatArray, IntArray
from solvers.compiled import compiled

OUTWARDS = 48
"""Completions of one subset that are looked at, to either side of the aim."""


class Table(NamedTuple):
    """An instance for compiled code; see `Instance`."""

    cost: FloatArray
    weight: IntArray
    lower: FloatArray
    upper: FloatArray
    price: FloatArray
    worth: FloatArray
    group: IntArray
    limit: FloatArray
    use: IntArray
    budget: IntArray
    aim_low: FloatArray
    """Range that mending aims at, inside the band, shape (row, seat)."""
    aim_high: FloatArray
    size: FloatArray
    """Size of a row, against which mending measures distances; inf for a row that is no rule; shape (row,)."""
    main: int
    """The row with the narrowest range."""
    steep: float
    """Price of strain while mending, currency units."""


class State(NamedTuple):
    """An assignment and its sums."""

    seat_of: IntArray
    load: IntArray
    """Shape (row, seat)."""
    held: FloatArray
    """What each group comes to, shape (group,)."""
    used: IntArray
    """What is taken of each budget, shape (budget,)."""


@compiled
def apart(load: float, low: float, high: float) -> float:
    """Return the distance of a load from a range."""
    return max(load - high, 0.0) + max(low - load, 0.0)


@compiled
def strain(at: Table, loads: IntArray, seat: int) -> float:
    """Return the squared distances of a seat from what mending aims at; `loads` has shape (row,)."""
    total = 0.0
    for r in range(len(loads)):
        far = apart(loads[r], at.aim_low[r, seat], at.aim_high[r, seat]) / at.size[r]
        total += far * far
    return total


@compiled
def subsets(at: Table, pool: IntArray, a: int, b: int) -> tuple[IntArray, FloatArray, IntArray]:
    """List all subsets of a pool that go to `a`, the others to `b`: sums (row, subset), cost, use (budget, subset)."""
    count = 1 << len(pool)
    sums = np.zeros((at.weight.shape[0], count), np.int64)
    cost, use = np.zeros(count), np.zeros((len(at.budget), count), np.int64)
    for k in range(len(pool)):
        i = pool[k]
        cost[0] += at.cost[i, b]
        for v in range(len(at.budget)):
            use[v, 0] += at.use[v, i, b]
    for k in range(len(pool)):
        i, bit = pool[k], 1 << k
        for rest in range(bit):
            cost[bit + rest] = cost[rest] + at.cost[i, a] - at.cost[i, b]
            for r in range(len(sums)):
                sums[r, bit + rest] = sums[r, rest] + at.weight[r, i]
            for v in range(len(use)):
                use[v, bit + rest] = use[v, rest] + at.use[v, i, a] - at.use[v, i, b]
    return sums, cost, use


@compiled
def merit(
    at: Table, base: State, load: tuple[IntArray, IntArray], seats: tuple[int, int], paid: float, mend: bool
) -> float:
    """Return what a division costs, with the price of strain when mending; inf where it breaks a rule that stands.

    `base` holds groups and budgets: without the two seats' distances, with what the division uses.
    """
    for v in range(len(at.budget)):
        if base.used[v] > at.budget[v]:
            return np.inf
    if mend:
        return paid + at.steep * (strain(at, load[0], seats[0]) + strain(at, load[1], seats[1]))
    for g in range(len(at.limit)):
        total = base.held[g]
        for r in range(len(at.group)):
            if at.group[r] == g:
                for side in range(2):
                    j = seats[side]
                    total += at.worth[r] * apart(load[side][r], at.lower[r, j], at.upper[r, j])
        if total > at.limit[g]:
            return np.inf
    for r in range(len(at.price)):
        for side in range(2):
            j = seats[side]
            if at.price[r] > 0:
                paid += at.price[r] * apart(load[side][r], at.lower[r, j], at.upper[r, j])
    return paid


@compiled
def divided(
    at: Table, state: State, pool: IntArray, seats: tuple[int, int], mend: bool, now: float
) -> IntArray:
    """Return the seats of the pool in its best division with a merit below `now`; empty when there is none.

    The pool's own loads are no longer in `state.load`, nor its use in `state.used`, nor the distances of the two seats
    in `state.held`.
    """
    a, b = seats
    half = len(pool) // 2
    sums, cost, use = subsets(at, pool[:half], a, b)
    more, dearer, further = subsets(at, pool[half:], a, b)
    order = np.argsort(sums[at.main])
    keys, rows = sums[at.main][order], len(at.weight)
    whole = np.zeros(rows, np.int64)
    for i in pool:
        for r in range(rows):
            whole[r] += at.weight[r, i]
    here, there, trial = np.empty(rows, np.int64), np.empty(rows, np.int64), state.used.copy()
    best, first, second = now, -1, -1
    both = state.load[at.main, a] + state.load[at.main, b] + whole[at.main]
    low = max(at.aim_low[at.main, a], both - at.aim_high[at.main, b])
    high = min(at.aim_high[at.main, a], both - at.aim_low[at.main, b])
    g = at.group[at.main]
    reach = np.inf if mend or g < 0 else max(at.limit[g] - state.held[g], 0.0) / at.worth[at.main]
    for q in range(len(dearer)):
        fixed = state.load[at.main, a] + more[at.main, q]
        middle = np.searchsorted(keys, (low + high) / 2 - fixed)
        for way in range(2):
            for step in range(OUTWARDS):
                p = middle + step if way == 0 else middle - 1 - step
                if p < 0 or p >= len(keys) or apart(keys[p] + fixed, low, high) > reach:
                    break
                s = order[p]
                for r in range(rows):
                    here[r] = state.load[r, a] + sums[r, s] + more[r, q]
                    there[r] = state.load[r, b] + whole[r] - sums[r, s] - more[r, q]
                for v in range(len(trial)):
                    trial[v] = state.used[v] + use[v, s] + further[v, q]
                moved = State(state.seat_of, state.load, state.held, trial)
                value = merit(at, moved, (here, there), seats, cost[s] + dearer[q], mend)
                if value < best:
                    best, first, second = value, s, q
    if first < 0:
        return np.empty(0, np.int64)
    chosen = np.empty(len(pool), np.int64)
    for k in range(len(pool)):
        taken = first >> k & 1 if k < half else second >> (k - half) & 1
        chosen[k] = a if taken else b
    return chosen
