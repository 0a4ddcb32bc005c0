"""Descent: shifts of one account and swaps of two that lower the total violation, until none does.

    phi(x) = sum_r w_r / size_r  distance(sum_ij a_r,ij x_ij, [lower_r, upper_r])

Accounts are looked at in order and the first improvement is taken, so the same start ends in the same place. Only an
account that stands in a broken row can begin a swap: any other swap improves nothing that two shifts do not.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from solvers.compiled import compiled
from solvers.conflict.rules import FloatArray, IntArray, Rules

TINY = 1e-12
ROUNDS = 200


class Table(NamedTuple):
    """The rules by columns, for compiled code."""

    seats: int
    head: IntArray
    """First entry of each pair and the end, shape (pair + 1,)."""
    row: IntArray
    value: FloatArray
    lower: FloatArray
    upper: FloatArray
    price: FloatArray
    """Price of each unit, shape (row,)."""


class State(NamedTuple):
    """An assignment on its way down."""

    seat_of: IntArray
    activity: FloatArray
    change: FloatArray
    """What the move looked at does to each row; zero between moves."""
    touched: IntArray
    """The rows it touches."""
    marked: IntArray
    """1 for each of those rows."""


def descend(rules: Rules, prices: FloatArray, seat_of: IntArray) -> IntArray:
    """Return an assignment that no shift and no swap from a broken row improves, shape (account,)."""
    columns = rules.matrix.tocsc()
    table = Table(
        rules.seats,
        columns.indptr.astype(np.int64),
        columns.indices.astype(np.int64),
        columns.data.astype(np.float64),
        rules.lower,
        rules.upper,
        prices[rules.group] / rules.scale,
    )
    rows = len(rules.lower)
    plan = np.array(seat_of, dtype=np.int64)
    none = np.zeros(rows, dtype=np.int64)
    state = State(plan, rules.activity(plan), np.zeros(rows), none, none.copy())
    for _ in range(ROUNDS):
        if not _shift(table, state) and not _swap(table, state):
            break
    return plan


@compiled
def _note(at: Table, s: State, pair: int, sign: float, count: int) -> int:
    """Add a pair to, or take it from, the change; return the number of rows touched so far."""
    for e in range(at.head[pair], at.head[pair + 1]):
        r = at.row[e]
        if not s.marked[r]:
            s.marked[r] = 1
            s.touched[count] = r
            count += 1
        s.change[r] += sign * at.value[e]
    return count


@compiled
def _taken(at: Table, s: State, count: int) -> bool:
    """Take the change when it lowers the violation; forget it either way."""
    worth = 0.0
    for k in range(count):
        r = s.touched[k]
        before, after = s.activity[r], s.activity[r] + s.change[r]
        worth += at.price[r] * (max(after - at.upper[r], 0.0) + max(at.lower[r] - after, 0.0))
        worth -= at.price[r] * (max(before - at.upper[r], 0.0) + max(at.lower[r] - before, 0.0))
    take = worth < -TINY
    for k in range(count):
        r = s.touched[k]
        if take:
            s.activity[r] += s.change[r]
        s.change[r], s.marked[r] = 0.0, 0
    return take


@compiled
def _shift(at: Table, s: State) -> bool:
    moved = False
    for i in range(len(s.seat_of)):
        first = i * at.seats
        for j in range(at.seats):
            if j != s.seat_of[i]:
                count = _note(at, s, first + s.seat_of[i], -1.0, 0)
                count = _note(at, s, first + j, 1.0, count)
                if _taken(at, s, count):
                    s.seat_of[i] = j
                    moved = True
    return moved


@compiled
def _broken(at: Table, s: State, pair: int) -> bool:
    for e in range(at.head[pair], at.head[pair + 1]):
        r = at.row[e]
        if at.price[r] > 0 and (s.activity[r] > at.upper[r] or s.activity[r] < at.lower[r]):
            return True
    return False


@compiled
def _swap(at: Table, s: State) -> bool:
    moved = False
    for i in range(len(s.seat_of)):
        if not _broken(at, s, i * at.seats + s.seat_of[i]):
            continue
        for k in range(len(s.seat_of)):
            a, b = s.seat_of[i], s.seat_of[k]
            if a != b:
                count = _note(at, s, i * at.seats + a, -1.0, 0)
                count = _note(at, s, i * at.seats + b, 1.0, count)
                count = _note(at, s, k * at.seats + b, -1.0, count)
                count = _note(at, s, k * at.seats + a, 1.0, count)
                if _taken(at, s, count):
                    s.seat_of[i], s.seat_of[k] = b, a
                    moved = True
    return moved
