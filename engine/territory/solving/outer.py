"""Outer: branch and bound over given pairs; with gains, again with tangents at every plan, until bound and plan meet.

Each round's bound holds, since tangents lie above the gains. A round that ends with a plan that is touched already has
nothing to learn.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np

from engine.inputs import IntArray
from engine.territory.problem import Problem
from engine.territory.solving.borders import with_borders
from engine.territory.solving.descent import descend
from engine.territory.solving.formulation import Formulation, formulate
from engine.territory.solving.gains import tolerance
from engine.territory.solving.search import Proves, Search
from solvers.solution import Solution

ROUNDS = 40
PART = 0.5
"""Part of the demanded gap that branch and bound may leave, where tangents take another part."""


def solve_pairs(
    problem: Problem, search: Search, account: IntArray, rep: IntArray, *, proves: Proves | None = None
) -> tuple[Formulation, Solution]:
    """Solve over the given pairs, from the best plan known; return the last model, and its answer.

    `proves` says what a bound on a model over these pairs proves of the whole problem. Least borders are rows as well.
    With gains, the bound of the answer is the best of all rounds, its objective is that of the best plan, and plans
    that keep every rule are in `search.found`.
    """
    touching: list[IntArray] = [] if not problem.gains else _best(problem, search)
    bound, gap = -inf, PART * search.gap if problem.gains else None
    while True:
        formulation = with_borders(problem, search, formulate(problem, account, rep, touching=touching))
        start = [formulation.start(problem, plan) for plan in _best(problem, search)]
        solution = search.solve(formulation, gap=gap, start=start[0] if start else None, proves=proves)
        if not problem.gains or solution.x is None:
            return formulation, replace(solution, bound=max(bound, solution.bound))
        bound = max(bound, solution.bound)
        plan = formulation.alignment(solution.x, len(problem.account_ids))
        touched = any(np.array_equal(plan, other) for other in touching)
        search.found.extend(p for p in (plan, descend(problem, plan)) if problem.keeps(p))
        best = min((problem.price(other) for other in search.found), default=inf)
        if best < bound <= best + tolerance(problem):
            bound = best
        if search.close(best, bound) or touched or search.expired or len(touching) >= ROUNDS:
            return formulation, replace(solution, objective=best, bound=bound)
        touching.append(plan)


def _best(problem: Problem, search: Search) -> list[IntArray]:
    """Return the best plan known, alone; nothing without any."""
    return [min(search.found, key=problem.price)] if search.found else []
