"""A plan that differs much, by local search: the start of the exact search, and its stand-in where that finds none.

From the best plan, accounts are handed on and exchanged where that adds difference at little cost: exchange descends
on cost + theta * likeness, with theta doubling until the limit on cost is used up.
"""

from __future__ import annotations

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.territory.problem import Problem
from engine.territory.solving.exchange import exchanged

DOUBLINGS = 14


def searched(problem: Problem, known: list[IntArray], weight: FloatArray, limit: float) -> IntArray:
    """Return a plan that keeps every rule, costs at most `limit`, and differs much from the known plans.

    `known` holds plans that keep the rules, the best first; arrays have shape (account,).
    """
    rows, rep_of = np.arange(len(known[0])), known[0]
    likeness = np.zeros(problem.cost.shape)
    for plan in known:
        likeness[rows, plan] += weight
    theta = max(limit - problem.price(rep_of), 0.0) / max(float(weight.sum()), 1.0)
    best, most = rep_of, 0.0
    for _ in range(DOUBLINGS):
        rep_of = exchanged(problem, rep_of, likeness, theta, limit)
        least = min(float(weight[rep_of != plan].sum()) for plan in known)
        if least > most:
            best, most = rep_of, least
        theta *= 2
    return best
