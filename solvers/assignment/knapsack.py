"""Exact 0-1 knapsacks by dynamic programming, and what forcing one item in or out of them costs.

For one agent with prices p_j (negative: worth taking), weights a_j and capacity b,

    v = min { sum_j p_j x_j : sum_j a_j x_j <= b, x in {0, 1} }.

F[k, w] is the best of the first k items within capacity w, B[k, w] that of the items from k on. So

    v(x_k = 1) = p_k + min_w F[k, w] + B[k+1, b - a_k - w]     and     v(x_k = 0) = min_w F[k, w] + B[k+1, b - w],

for every item from two tables: O(items x capacity). Source: Posta, Ferland, Michelon, "An exact method with
variable fixing for solving the generalized assignment problem", Comput. Optim. Appl. 52 (2012).
An item of non-negative price is never taken freely: v(x_k = 1) = p_k + F[last, b - a_k], and it needs no row.
"""

from __future__ import annotations

import numpy as np

from solvers.assignment.instance import IntArray, State
from solvers.compiled import compiled

HUGE = 2**61
"""A value that stands for impossible."""


@compiled
def forward(price: IntArray, weight: IntArray, item: IntArray, table: IntArray, capacity: int) -> None:
    """Fill table[k, w], k = 0..items, with the best of the first k items within w."""
    table[0, : capacity + 1] = 0
    for k in range(item.size):
        p, a = price[item[k]], weight[item[k]]
        before, after = table[k], table[k + 1]
        for w in range(min(a, capacity + 1)):
            after[w] = before[w]
        for w in range(a, capacity + 1):
            after[w] = min(before[w], before[w - a] + p)


@compiled
def backward(price: IntArray, weight: IntArray, item: IntArray, table: IntArray, capacity: int) -> None:
    """Fill table[k, w], k = items..0, with the best of the items from k on within w."""
    table[item.size, : capacity + 1] = 0
    for k in range(item.size - 1, -1, -1):
        p, a = price[item[k]], weight[item[k]]
        before, after = table[k + 1], table[k]
        for w in range(min(a, capacity + 1)):
            after[w] = before[w]
        for w in range(a, capacity + 1):
            after[w] = min(before[w], before[w - a] + p)


@compiled
def worthwhile(price: IntArray, weight: IntArray, state: State, capacity: int, item: IntArray) -> int:
    """Write into `item` the free items (state 0) of negative price that fit; return how many."""
    count = 0
    for j in range(price.size):
        if state[j] == 0 and price[j] < 0 and weight[j] <= capacity:
            item[count] = j
            count += 1
    return count


@compiled
def best(
    price: IntArray, weight: IntArray, state: State, capacity: int, table: IntArray, chosen: State
) -> int:
    """Return v over the free items and set `chosen` (job,) to 1 for each item taken."""
    item = np.empty(price.size, np.int64)
    item = item[: worthwhile(price, weight, state, capacity, item)]
    forward(price, weight, item, table, capacity)
    w = capacity
    for k in range(item.size, 0, -1):
        if table[k, w] != table[k - 1, w]:
            chosen[item[k - 1]] = 1
            w -= weight[item[k - 1]]
    return int(table[item.size, capacity])


@compiled
def forced(
    price: IntArray,
    weight: IntArray,
    state: State,
    capacity: int,
    tables: tuple[IntArray, IntArray],
    rise: tuple[IntArray, IntArray],
) -> int:
    """Return v; write v(x_j = 1) - v and v(x_j = 0) - v of the free items into rise (in, out), each (job,)."""
    ahead, behind = tables
    inside, outside = rise
    item = np.empty(price.size, np.int64)
    item = item[: worthwhile(price, weight, state, capacity, item)]
    forward(price, weight, item, ahead, capacity)
    backward(price, weight, item, behind, capacity)
    v = ahead[item.size, capacity]
    for j in range(price.size):
        inside[j], outside[j] = HUGE, 0
        if state[j] == 0 and weight[j] <= capacity:
            inside[j] = price[j] + ahead[item.size, capacity - weight[j]] - v
    for k in range(item.size):
        p, a = price[item[k]], weight[item[k]]
        taking, leaving = HUGE, HUGE
        for w in range(capacity + 1):
            leaving = min(leaving, ahead[k, w] + behind[k + 1, capacity - w])
        for w in range(capacity - a + 1):
            taking = min(taking, ahead[k, w] + behind[k + 1, capacity - a - w])
        inside[item[k]], outside[item[k]] = p + taking - v, leaving - v
    return int(v)
