"""The Lagrangian bound with the assignment rows relaxed: one exact knapsack per agent.

    L(u) = sum_j u_j + sum_i min { sum_j (c_ij - u_j) x_ij : sum_j a_ij x_ij <= b_i, x binary }

is a lower bound for every u. Multipliers are whole numbers of 1/SCALE of the cost's unit, so L(u) is computed
without rounding (all values here are scaled), and an integer optimum is at least ceil(L_scaled / SCALE).

The ascent takes deflected subgradient steps of Polyak's length (Camerini, Fratta, Maffioli, Math. Prog. Study 3,
1975) and averages the knapsacks' answers along the way, as the volume algorithm does (Barahona, Anbil, Math. Prog.
87, 2000): the average is near a solution of the relaxation and guides branching and diving.
"""

from __future__ import annotations

import numpy as np

from solvers.assignment.instance import Data, FloatArray, IntArray, State
from solvers.assignment.knapsack import best
from solvers.compiled import compiled

SCALE = 1000
"""Multipliers are counted in thousandths of a unit of cost."""
FARTHEST = 2.0**48
"""No multiplier is larger: an infeasible rest has no best multipliers, its bound grows without end."""
STREAK = 12
"""Rounds without a rise after which the step is shortened."""
SHORTER, SHORTEST = 0.6, 1e-3
MEMORY = 0.1
"""Weight of the newest answer in the average."""


@compiled
def lagrangian(data: Data, state: State, u: IntArray, chosen: State) -> int:
    """Return the scaled L(u) on what `state` leaves (`data.room`: what the jobs fixed in leave); set `chosen`."""
    cost, weight, room = data
    agents, jobs = cost.shape
    table = np.empty((jobs + 1, max(room.max(), 0) + 1), np.int64)
    price = np.empty(jobs, np.int64)
    total = u.sum()
    chosen[:] = 0
    for i in range(agents):
        for j in range(jobs):
            price[j] = SCALE * cost[i, j] - u[j]
            if state[i, j] == 1:
                total += price[j]
                chosen[i, j] = 1
        total += best(price, weight[i], state[i], room[i], table, chosen[i])
    return int(total)


@compiled
def slack(chosen: State) -> FloatArray:
    """Return 1 - the number of agents that take each job: a subgradient of L, (job,)."""
    out = np.ones(chosen.shape[1])
    for i in range(chosen.shape[0]):
        for j in range(chosen.shape[1]):
            out[j] -= chosen[i, j]
    return out


@compiled
def deflected(g: FloatArray, direction: FloatArray) -> FloatArray:
    """Return g turned away from the last direction where the two are at odds."""
    along = (g * direction).sum()
    before = (direction * direction).sum()
    if along >= 0 or before == 0:
        return g
    turned = g - (along / before) * direction
    return turned if (turned * turned).sum() > 1e-6 * (g * g).sum() else g


@compiled
def ascend(
    data: Data, state: State, u: IntArray, share: FloatArray, target: int, effort: tuple[int, float]
) -> int:
    """Raise L from u within effort = (rounds, step); return the best value, leaving its multipliers in u.

    Stops at `target`, towards which Polyak's steps aim. `share` (agent, job) becomes the average of the answers.
    """
    rounds, step = effort
    chosen = np.zeros(state.shape, np.int8)
    at, whole = u.astype(np.float64), u.copy()
    direction = np.zeros(u.size)
    top, streak = -(2**62), 0
    for _ in range(rounds):
        value = lagrangian(data, state, whole, chosen)
        for i in range(share.shape[0]):
            for j in range(share.shape[1]):
                share[i, j] += MEMORY * (chosen[i, j] - share[i, j])
        streak = 0 if value > top + (target - top) // 1000 else streak + 1
        if value > top:
            top = value
            u[:] = whole
        g = slack(chosen)
        if top >= target or not g.any():
            break
        if streak >= STREAK:
            streak, step = 0, step * SHORTER
            at[:] = u
            direction[:] = 0.0
        if step < SHORTEST:
            break
        direction = deflected(g, direction)
        at += step * (target - value) / (direction * direction).sum() * direction
        for j in range(u.size):
            at[j] = min(max(at[j], -FARTHEST), FARTHEST)
            whole[j] = int(np.rint(at[j]))
    return top
