"""Rounds of re-division, compiled: two seats that can exchange accounts, a pool of theirs, its best division.

Mending starts at the seat under most strain and makes the squares of all distances less, so that an imbalance spreads
out over all seats and vanishes; polishing lowers the cost and breaks no rule. Accounts that lose little between the
two seats are more likely to be in the pool.
"""

from __future__ import annotations

import numpy as np

from solvers.balancing.division import State, Table, apart, divided, merit, strain
from solvers.balancing.instance import FloatArray, IntArray
from solvers.compiled import compiled

LESS = 1e-12
"""Share by which a merit must fall."""


@compiled
def pooled(at: Table, state: State, seats: tuple[int, int], draws: FloatArray, most: int) -> IntArray:
    """Return up to `most` accounts of the two seats that both may own, the likelier the less is lost between them."""
    a, b = seats
    n = len(state.seat_of)
    key, who, count, mean = np.empty(n), np.empty(n, np.int64), 0, 0.0
    for i in range(n):
        own = state.seat_of[i] == a or state.seat_of[i] == b
        if own and np.isfinite(at.cost[i, a]) and np.isfinite(at.cost[i, b]):
            key[count], who[count] = abs(at.cost[i, a] - at.cost[i, b]), i
            mean += key[count]
            count += 1
    for k in range(count):
        key[k] = -np.log(draws[who[k]] + 1e-300) * (key[k] + 0.2 * mean / count + 1e-9)
    return who[:count][np.argsort(key[:count])[:most]]


@compiled
def partner(at: Table, state: State, i: int, draw: float, among: int) -> int:
    """Return one of the `among` cheapest other seats of an account; -1 when it has none."""
    own, cost = state.seat_of[i], at.cost[i].copy()
    cost[own] = np.inf
    order = np.argsort(cost)
    there = 0
    while there < min(among, len(order)) and np.isfinite(cost[order[there]]):
        there += 1
    return order[int(draw * there)] if there else -1


@compiled
def lift(at: Table, state: State, pool: IntArray, seats: tuple[int, int], sign: int) -> None:
    """Take a pool and its seats' distances out of the sums (sign -1), or put them back (1)."""
    for side in range(2):
        if sign > 0:
            break
        _hold(at, state, seats[side], -1.0)
    for i in pool:
        j = state.seat_of[i]
        for r in range(len(at.weight)):
            state.load[r, j] += sign * at.weight[r, i]
        for v in range(len(at.budget)):
            state.used[v] += sign * at.use[v, i, j]
    for side in range(2):
        if sign > 0:
            _hold(at, state, seats[side], 1.0)


@compiled
def _hold(at: Table, state: State, seat: int, sign: float) -> None:
    for r in range(len(at.group)):
        if at.group[r] >= 0:
            far = apart(state.load[r, seat], at.lower[r, seat], at.upper[r, seat])
            state.held[at.group[r]] += sign * at.worth[r] * far


@compiled
def redivide(
    at: Table, state: State, seats: tuple[int, int], draws: FloatArray, most: int, mend: bool
) -> bool:
    """Divide a pool of two seats anew; return whether that made it better."""
    pool = pooled(at, state, seats, draws, most)
    if len(pool) < 2:
        return False
    a, b = seats
    held, here, there, paid = state.held.copy(), state.load[:, a].copy(), state.load[:, b].copy(), 0.0
    for i in pool:
        paid += at.cost[i, state.seat_of[i]]
    used = state.used.copy()
    lift(at, state, pool, seats, -1)
    now = merit(at, State(state.seat_of, state.load, state.held, used), (here, there), seats, paid, mend)
    chosen = divided(at, state, pool, seats, mend, now - LESS * abs(now) if np.isfinite(now) else now)
    for k in range(len(chosen)):
        state.seat_of[pool[k]] = chosen[k]
    lift(at, state, pool, seats, 1)
    if len(chosen) == 0:
        state.held[:] = held
    return len(chosen) > 0


@compiled
def strained(at: Table, state: State, i: int) -> int:
    """Return the first account from `i` on that belongs to the seat under most strain; `i` when it owns none."""
    worst, most, n = 0, -1.0, len(state.seat_of)
    for j in range(state.load.shape[1]):
        there = strain(at, state.load[:, j], j)
        if there > most:
            worst, most = j, there
    for k in range(n):
        if state.seat_of[(i + k) % n] == worst:
            return (i + k) % n
    return i


@compiled
def rounds(at: Table, state: State, draws: FloatArray, most: int, among: int, mend: bool) -> int:
    """Make one round for each row of `draws`, shape (round, 2 + account); return how many made it better."""
    better, n = 0, len(state.seat_of)
    for turn in range(len(draws)):
        i = int(draws[turn, 0] * n)
        if mend and turn % 2 == 0:
            i = strained(at, state, i)
        b = partner(at, state, i, draws[turn, 1], among)
        if b >= 0:
            better += redivide(at, state, (state.seat_of[i], b), draws[turn, 2:], most, mend)
    return better
