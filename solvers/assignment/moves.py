"""Local search over assignments that may overload an agent at a price: shifts, swaps, ejection chains.

    f(x) = sum_j c_{i(j), j} + sum_i alpha_i max(0, load_i - b_i)

A shift gives one job to another agent; a swap exchanges two jobs; an ejection chain takes a job out, lets jobs of
other agents move one after the other into the hole that the last one left, and puts the first job back where it
costs least. The job that follows is the one of least c_ij + mu_i a_ij in its new place less the same in its old one,
mu_i being what a unit of the agent's capacity is worth. Source: Yagiura, Ibaraki, Glover,
"A path relinking approach with ejection chains for the generalized assignment problem", EJOR 169 (2006).
"""

from __future__ import annotations

import numpy as np

from solvers.assignment.instance import Data, FloatArray, IntArray, Plan
from solvers.compiled import compiled

CHAIN = 6
"""Jobs that an ejection chain moves at most, beside the first."""
LESS = -1e-7
"""A move must lower f by more than this."""


@compiled
def over(load: float, room: float, alpha: float) -> float:
    """Return the price of one agent's overload."""
    return alpha * (load - room) if load > room else 0.0


@compiled
def shift(data: Data, alpha: FloatArray, plan: Plan, j: int) -> bool:
    """Give job j to the agent where f is least; return whether f fell."""
    cost, weight, room = data
    agent_of, load = plan
    home = agent_of[j]
    a = weight[home, j]
    leaving = over(load[home] - a, room[home], alpha[home]) - over(load[home], room[home], alpha[home])
    to, least = -1, LESS
    for i in range(room.size):
        if i != home:
            change = cost[i, j] - cost[home, j] + leaving
            if change < least:
                change += over(load[i] + weight[i, j], room[i], alpha[i]) - over(load[i], room[i], alpha[i])
                if change < least:
                    to, least = i, change
    if to < 0:
        return False
    load[home] -= a
    load[to] += weight[to, j]
    agent_of[j] = to
    return True


@compiled
def swap(data: Data, alpha: FloatArray, plan: Plan, j: int) -> bool:
    """Exchange job j with the job where f falls most; return whether it fell."""
    cost, weight, room = data
    agent_of, load = plan
    home = agent_of[j]
    now = over(load[home], room[home], alpha[home])
    other, least = -1, LESS
    for k in range(agent_of.size):
        away = agent_of[k]
        if away == home:
            continue
        change = cost[away, j] + cost[home, k] - cost[home, j] - cost[away, k]
        gain = over(load[away], room[away], alpha[away]) + now
        if change - gain >= least:
            continue
        here = load[home] - weight[home, j] + weight[home, k]
        there = load[away] - weight[away, k] + weight[away, j]
        change += over(here, room[home], alpha[home]) + over(there, room[away], alpha[away]) - gain
        if change < least:
            other, least = k, change
    if other < 0:
        return False
    away = agent_of[other]
    load[home] += weight[home, other] - weight[home, j]
    load[away] += weight[away, j] - weight[away, other]
    agent_of[j], agent_of[other] = away, home
    return True


@compiled
def follower(data: Data, worth: FloatArray, plan: Plan, hole: int, used: IntArray) -> int:
    """Return the job that best moves into the hole's room: cheap there, and freeing what is worth much; or -1."""
    cost, weight, room = data
    agent_of, load = plan
    found, least = -1, np.inf
    space = room[hole] - load[hole]
    for k in range(agent_of.size):
        at = agent_of[k]
        if at == hole or used[k] or weight[hole, k] > space:
            continue
        score = cost[hole, k] + worth[hole] * weight[hole, k] - cost[at, k] - worth[at] * weight[at, k]
        if score < least:
            found, least = k, score
    return found


@compiled
def closing(data: Data, alpha: FloatArray, plan: Plan, j: int, least: float) -> int:
    """Return the agent where job j, which is nowhere now, costs least and less than `least`; or -1."""
    cost, weight, room = data
    load = plan.load
    to = -1
    for i in range(room.size):
        there = load[i] + weight[i, j]
        price = cost[i, j] + over(there, room[i], alpha[i]) - over(load[i], room[i], alpha[i])
        if price < least:
            to, least = i, price
    return to


@compiled
def chain(data: Data, alpha: FloatArray, worth: FloatArray, plan: Plan, j: int) -> bool:
    """Run an ejection chain from job j; keep it where f falls and undo it otherwise."""
    cost, weight, room = data
    agent_of, load = plan
    home = agent_of[j]
    used = np.zeros(agent_of.size, np.int64)
    used[j] = 1
    moved = np.empty((CHAIN, 2), np.int64)
    change = over(load[home] - weight[home, j], room[home], alpha[home])
    change -= cost[home, j] + over(load[home], room[home], alpha[home])
    load[home] -= weight[home, j]
    hole = home
    for step in range(CHAIN):
        k = follower(data, worth, plan, hole, used)
        if k < 0:
            break
        used[k] = 1
        at = agent_of[k]
        moved[step] = (k, at)
        change += cost[hole, k] - cost[at, k] - over(load[at], room[at], alpha[at])
        change += over(load[at] - weight[at, k], room[at], alpha[at])
        load[hole] += weight[hole, k]
        load[at] -= weight[at, k]
        agent_of[k] = hole
        hole = at
        to = closing(data, alpha, plan, j, LESS - change)
        if to >= 0:
            agent_of[j] = to
            load[to] += weight[to, j]
            return True
    else:
        step = CHAIN
    for back in range(step - 1, -1, -1):
        k, at = moved[back]
        load[agent_of[k]] -= weight[agent_of[k], k]
        load[at] += weight[at, k]
        agent_of[k] = at
    load[home] += weight[home, j]
    return False


@compiled
def descend(data: Data, alpha: FloatArray, worth: FloatArray, plan: Plan, order: IntArray) -> None:
    """Apply shifts, swaps and chains in the order of the jobs until none lowers f."""
    waiting, at = order.size, 0
    while waiting > 0:
        j = order[at]
        at = (at + 1) % order.size
        if shift(data, alpha, plan, j) or swap(data, alpha, plan, j) or chain(data, alpha, worth, plan, j):
            waiting = order.size
        else:
            waiting -= 1
