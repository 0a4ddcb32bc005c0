"""The priced route, for many pairs: a bound on all of them, a search among few.

Let L be the bound of the multipliers on all pairs (multipliers.py) and d_ij >= 0 what an alignment that uses pair
(i, j) costs at least beyond L. Solve the MIP over the pairs S with small d, and let B be its proven bound. Then every
alignment that keeps the rules costs at least

    min(B, L + min over (i, j) not in S of d_ij):

if it uses only pairs of S, it is an answer of the restricted MIP and costs at least B; else it uses a pair outside S
and costs at least L plus that pair's d. L itself is a bound as well, and the better of the two is reported. When a
plan of cost U is known and S holds every pair with d <= U - L, nothing that could beat it is left out.

It takes every declaration but seats that must be connected: free rows, pairs apart, cut edges and held ranks have
multipliers of their own, and rows in the restricted MIP.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.inputs import IntArray
from engine.territory.conflict.infeasible import refuse_conflicts, second_route
from engine.territory.declaration import BoolArray
from engine.territory.problem import Problem
from engine.territory.solving.certifying import certificate_of
from engine.territory.solving.confirming import confirmed
from engine.territory.solving.descent import cheapest, descend
from engine.territory.solving.full import contradicted, settle
from engine.territory.solving.outer import solve_pairs
from engine.territory.solving.relaxation import MULTIPLIERS, Relaxation, pairs_of, relax
from engine.territory.solving.search import Answer, Search, answer
from solvers.solution import Status

PER_ACCOUNT = 4
"""Pairs of the first restricted MIP, per account."""
WIDEN = 3
"""Factor by which the pairs grow while the restricted MIP has no answer."""


def solve_priced(problem: Problem, search: Search) -> Answer:
    """Solve a problem of many pairs.

    Raises:
        Infeasible: no alignment keeps the rules, proved by two routes.
        NoPlan: a limit was reached before there was an alignment that keeps every rule.

    """
    guess = descend(problem, cheapest(problem))
    _keep(problem, search, guess)
    if not search.found:
        refuse_conflicts(problem, search)
    relaxation = relax(problem, search, guess)
    if relaxation.broken and not search.found:
        search.found.append(second_route(problem, search))
    _keep(problem, search, descend(problem, relaxation.rounded))
    bound = relaxation.priced.bound
    best = min(search.found, key=problem.price, default=None)
    certificate = certificate_of(problem, relaxation.formulation, relaxation.duals)
    if best is not None and search.close(problem.price(best), bound):
        found = answer(
            problem,
            best,
            bound,
            search,
            ended_by="gap",
            proof=_all_pairs(problem),
        )
    else:
        found = restricted(problem, search, relaxation)
    return replace(found, certificate=certificate)


def restricted(problem: Problem, search: Search, relaxation: Relaxation) -> Answer:
    """Search among the pairs of small extra cost; the bound holds over all pairs."""
    size = PER_ACCOUNT * len(problem.account_ids)
    search.prove(relaxation.priced.bound, _all_pairs(problem))
    while True:
        choice = _choose(problem, search, relaxation, size)
        best = min(search.found, key=problem.price, default=None)
        pairs = pairs_of(choice.columns)

        def proves(bound: float, choice: _Choice = choice) -> tuple[float, str]:
            return choice.over_all(bound), _proof(problem)

        formulation, solution = solve_pairs(problem, search, *pairs, proves=proves)
        whole = np.isinf(choice.beyond)
        if solution.status == Status.INFEASIBLE and whole:
            return contradicted(problem, search)
        if solution.x is not None or best is not None or whole:
            rep_of = settle(problem, search, formulation, solution)
            proven = -np.inf if solution.status == Status.INFEASIBLE else solution.bound
            bound, again = choice.over_all(proven), confirmed(problem, search, pairs, solution)
            found = answer(problem, rep_of, bound, search, ended_by=solution.ended_by, proof=_proof(problem))
            confirmation = again and replace(again, bound=choice.over_all(again.bound))
            return replace(found, confirmation=confirmation)
        size *= WIDEN


@dataclass(frozen=True)
class _Choice:
    columns: BoolArray
    """Pairs of the restricted MIP, shape (account, rep)."""
    beyond: float
    """Least that a pair left out costs beyond the bound; inf when all are in."""
    bound: float
    """What the multipliers prove over all pairs."""

    def over_all(self, proven: float) -> float:
        """Return the bound over all pairs from one on the restricted MIP."""
        return max(self.bound, min(proven, self.bound + self.beyond))


def _choose(problem: Problem, search: Search, relaxation: Relaxation, size: int) -> _Choice:
    """Take the pairs of smallest extra cost, no more than could beat the best plan known, and at most `size`."""
    extra = relaxation.priced.extra
    ranked = np.sort(extra[problem.eligible])
    limit = float(ranked[min(size, len(ranked)) - 1])
    rows = np.arange(len(extra))
    columns = extra <= limit
    if search.found:
        best = min(search.found, key=problem.price)
        columns &= extra <= problem.price(best) - relaxation.priced.bound
        columns[rows, best] = True
    columns |= (extra <= 0) | (rows[:, None] * 0 + np.arange(extra.shape[1]) == relaxation.rounded[:, None])
    columns &= problem.eligible
    left = extra[problem.eligible & ~columns]
    beyond = float(left.min()) if len(left) else np.inf
    return _Choice(columns, beyond, relaxation.priced.bound)


def _keep(problem: Problem, search: Search, rep_of: IntArray) -> None:
    if problem.keeps(rep_of):
        search.found.append(rep_of)


def _all_pairs(problem: Problem) -> str:
    return MULTIPLIERS.format(int(problem.eligible.sum()))


def _proof(problem: Problem) -> str:
    return f"{_all_pairs(problem)}; branch and bound over the cheapest"
