"""The best exchange between two seats, by dynamic programming over the loads that can be reached.

Two seats a and b hold together what they hold; their contested units (both seats are candidates) are dealt out anew.
Units are taken from the heaviest to the lightest. A state is the load of a; states that cannot reach the loads that
pay any more are dropped, the rest are sorted into a grid over the loads still possible, and in each cell the state of
least regret survives. The grid gets finer by itself as the units left get lighter, so small units fill a band to the
last unit. In one dimension with an exact grid this is the classic knapsack recursion (Bellman 1957); with a finite
grid it is a heuristic whose result is exact in itself: the loads are carried along, not rounded.
"""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np

from solvers.alignment.loss import losses
from solvers.compiled import compiled

BY_WEIGHT = 0.5
"""Chance that the units of an exchange are chosen by their regret per weight."""


@compiled
def draw(chance: Any) -> float:
    """Return the next uniform number in [0, 1) of a SplitMix64 stream (Steele, Lea, Flood 2014)."""
    chance[0] += np.uint64(0x9E3779B97F4A7C15)
    bits = chance[0]
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return float((bits ^ (bits >> np.uint64(31))) >> np.uint64(11)) * 2.0**-53


@compiled
def pick(units: Any, slots: Any, state: Any, pair: Any, effort: Any, chance: Any) -> Any:
    """Return the places of the contested units of a pair, at most `most`: those of least regret.

    Half of the time it is regret by weight that counts, so that heavy units are dealt out as well as light ones.
    """
    _, most, jitter, _ = effort
    regret, seat = state.regret, state.seat
    by_weight = draw(chance) < BY_WEIGHT
    found = np.empty(units.shape[0], dtype=np.int64)
    key = np.empty(units.shape[0])
    count = 0
    for q in range(units.shape[0]):
        u = units[q]
        if seat[u] == pair[0] or seat[u] == pair[1]:
            found[count] = q
            far = regret[u, slots[q, 0]] - regret[u, slots[q, 1]]
            key[count] = abs(far) * (1.0 + jitter * draw(chance))
            if by_weight:
                key[count] /= state.scaled[u].max() + 1e-12
            count += 1
    if count > most:
        return found[np.argsort(key[:count])[: int(most)]]
    return found[:count]


@compiled
def aim(rows: Any, pair: Any, load: Any, total: Any, spread: float) -> Any:
    """Return the loads of the first seat that may pay, shape (2, row kind).

    Around the binding sides of both seats by `spread`, or all loads that both allow where none binds; and always what
    it carries now.
    """
    a, b = pair[0], pair[1]
    window = np.empty((2, load.shape[1]))
    for k in range(load.shape[1]):
        low, high = inf, -inf
        if rows.mu[a, k] != 0.0:
            target = rows.upper[a, k] if rows.mu[a, k] > 0.0 else rows.lower[a, k]
            low, high = min(low, target - spread), max(high, target + spread)
        if rows.mu[b, k] != 0.0:
            target = total[k] - (rows.upper[b, k] if rows.mu[b, k] > 0.0 else rows.lower[b, k])
            low, high = min(low, target - spread), max(high, target + spread)
        if low > high:
            low = max(rows.lower[a, k], total[k] - rows.upper[b, k])
            high = min(rows.upper[a, k], total[k] - rows.lower[b, k])
        window[0, k] = min(low, high, load[a, k]) - 1e-9
        window[1, k] = max(low, high, load[a, k]) + 1e-9
    return window


@compiled
def cell(load: Any, window: Any, left: Any, side: int, shift: float) -> int:
    """Return the cell of a load in the grid over what can still be reached, -1 when it can reach nothing that pays."""
    at = 0
    for k in range(load.shape[0]):
        low, high = window[0, k] - left[k], window[1, k]
        if load[k] < low or load[k] > high:
            return -1
        step = int((load[k] - low) / (high - low) * (side - 1) + shift)
        at = at * side + min(step, side - 1)
    return at


@compiled
def exchange(state: Any, rows: Any, p: int, effort: Any, chance: Any) -> float:
    """Deal out the contested units of pair `p` anew; return by how much the sum of regrets and losses fell.

    `state` holds the pairs and the alignment, which is changed in place; `effort` is (cells, units at most, jitter,
    spread).
    """
    cells, _, _, spread = effort
    first, last = state.first[p], state.first[p + 1]
    pair = state.pair[p]
    units, slots = state.unit[first:last], state.slot[first:last]
    chosen = pick(units, slots, state, pair, effort, chance)
    if chosen.shape[0] < 1:
        return 0.0
    weight = np.empty(chosen.shape[0])
    for t in range(chosen.shape[0]):
        weight[t] = -state.scaled[units[chosen[t]]].max()
    chosen = chosen[np.argsort(weight)]
    return deal(state, rows, pair, units[chosen], slots[chosen], (int(cells), spread, draw(chance)))


@compiled
def deal(state: Any, rows: Any, pair: Any, units: Any, slots: Any, effort: Any) -> float:
    """Find and apply the best deal of these units, heaviest first; return the gain."""
    cells, spread, shift = effort
    a, b, count, kinds = pair[0], pair[1], units.shape[0], state.scaled.shape[1]
    load, total = state.load[a].copy(), state.load[a] + state.load[b]
    now = losses(rows, a, state.load[a]) + losses(rows, b, state.load[b])
    left, base = np.zeros(kinds), state.load[a].copy()
    for t in range(count):
        u = units[t]
        now += state.regret[u, slots[t, 0 if state.seat[u] == a else 1]]
        for k in range(kinds):
            left[k] += state.scaled[u, k]
            if state.seat[u] == a:
                base[k] -= state.scaled[u, k]
    window = aim(rows, pair, state.load, total, spread)
    side = max(int(cells ** (1.0 / kinds)), 2)
    size = side**kinds
    value, next_value = np.full(size, inf), np.empty(size)
    held, next_held = np.empty((size, kinds)), np.empty((size, kinds))
    live, next_live = np.empty(size, dtype=np.int32), np.empty(size, dtype=np.int32)
    came = np.empty((count, size), dtype=np.int32)
    value[0], held[0], live[0], alive = 0.0, base, 0, 1
    for t in range(count):
        u = units[t]
        for k in range(kinds):
            left[k] -= state.scaled[u, k]
        next_value[:] = inf
        reached = 0
        for s in range(alive):
            at = live[s]
            for choice in range(2):
                for k in range(kinds):
                    load[k] = held[at, k] + (state.scaled[u, k] if choice == 0 else 0.0)
                to = cell(load, window, left, side, shift)
                if to < 0:
                    continue
                worth = value[at] + state.regret[u, slots[t, choice]]
                if worth < next_value[to]:
                    if next_value[to] == inf:
                        next_live[reached] = to
                        reached += 1
                    next_value[to] = worth
                    next_held[to] = load
                    came[t, to] = 2 * at + choice
        value, next_value = next_value, value
        held, next_held = next_held, held
        live, next_live = next_live, live
        alive = reached
    best, end = inf, -1
    for s in range(alive):
        at = live[s]
        worth = value[at] + losses(rows, a, held[at]) + losses(rows, b, total - held[at])
        if worth < best:
            best, end = worth, at
    if end < 0 or best >= now - 1e-13 * abs(now):
        return 0.0
    for t in range(count - 1, -1, -1):
        step = came[t, end]
        give(state, units[t], a if step % 2 == 0 else b)
        end = step // 2
    return now - best


@compiled
def give(state: Any, unit: int, to: int) -> None:
    """Give a unit to a seat."""
    old = state.seat[unit]
    if old == to:
        return
    for k in range(state.scaled.shape[1]):
        state.load[old, k] -= state.scaled[unit, k]
        state.load[to, k] += state.scaled[unit, k]
    state.seat[unit] = to


@compiled
def exchange_all(state: Any, rows: Any, order: Any, effort: Any, seed: int) -> float:
    """Exchange between the pairs of `order`, one after the other; return the gain."""
    chance = np.array([seed], dtype=np.uint64)
    gain = 0.0
    for p in order:
        gain += exchange(state, rows, p, effort, chance)
    return gain
