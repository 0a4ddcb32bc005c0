"""Fixing by Lagrangian reduced cost, job by job.

At multipliers u with value L, giving job j to agent i costs at least

    L_ij = L + v_i(x_ij = 1) - v_i + sum_{k != i} ( v_k(x_kj = 0) - v_k ),

which is L(u) of the problem with x_ij = 1, exactly, from the two-sided tables of every agent (`knapsack.forced`).
Where L_ij reaches `limit`, the scaled value from which nothing is of interest, x_ij = 0; a job left with one agent
goes there; what no longer fits an agent's room leaves. Source: Posta, Ferland, Michelon (2012), who use the two
terms apart; their sum is stronger and costs nothing more.
"""

from __future__ import annotations

import numpy as np

from solvers.assignment.instance import Data, IntArray, State
from solvers.assignment.knapsack import HUGE, forced
from solvers.assignment.relaxation import SCALE
from solvers.compiled import compiled


@compiled
def reached(data: Data, state: State, u: IntArray, bound: IntArray) -> int:
    """Return L(u); write L_ij into `bound` (agent, job), HUGE for pairs fixed out or that do not fit."""
    cost, weight, room = data
    agents, jobs = cost.shape
    wide = max(room.max(), 0) + 1
    tables = (np.empty((jobs + 1, wide), np.int64), np.empty((jobs + 1, wide), np.int64))
    outside = np.zeros(jobs, np.int64)
    without = np.zeros((agents, jobs), np.int64)
    price = np.empty(jobs, np.int64)
    total = u.sum()
    for i in range(agents):
        for j in range(jobs):
            price[j] = SCALE * cost[i, j] - u[j]
            if state[i, j] == 1:
                total += price[j]
        total += forced(price, weight[i], state[i], room[i], tables, (bound[i], without[i]))
        outside += without[i]
    for i in range(agents):
        for j in range(jobs):
            if bound[i, j] < HUGE:
                bound[i, j] += total + outside[j] - without[i, j]
            elif state[i, j] == 1:
                bound[i, j] = total
    return int(total)


@compiled
def fix(data: Data, state: State, bound: IntArray, limit: int) -> int:
    """Fix what `bound` allows, in `state` and `data.room`; return how many pairs were decided, -1 if none is left."""
    _, weight, room = data
    agents, jobs = bound.shape
    decided = 0
    for j in range(jobs):
        left, last = 0, -1
        for i in range(agents):
            if state[i, j] == 1:
                left = -1
                break
            if state[i, j] == 0:
                if bound[i, j] >= limit or weight[i, j] > room[i]:
                    state[i, j] = -1
                    decided += 1
                else:
                    left += 1
                    last = i
        if left == 0:
            return -1
        if left == 1:
            state[last, j] = 1
            room[last] -= weight[last, j]
            decided += 1
    return decided
