"""Lexicographic balance: each rank is minimised, then held, before the next; the cost comes last.

    V_1 = min sum of rank 1,   V_2 = min sum of rank 2 s.t. rank 1 <= V_1,   ...,   min cost s.t. every rank <= V

Every line is a solve of its own with its own proven bound. The best value of a rank is often near 0, where no relative
gap means anything: a rank counts as solved within a hair, a small share of the total of what it balances, and is held
to that hair above its bound, so that the plans among which nobody would choose are left to the next rank. A rank that
was not solved to the end is held at what was found, which its gap then says. What is reported of a rank is its value
in the last plan. No rank is below 0, nor below what integers allow, whatever a relaxation says.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engine.territory.declaration import Held
from engine.territory.problem import Named, Problem
from engine.territory.solving.integrality import least
from engine.territory.solving.search import Answer, Search

NOTHING = 1e-4
"""Share of the total of a measure within which a rank counts as solved: its best value is often near 0."""
Solve = Callable[[Problem, Search], Answer]


def ranks_of(problem: Problem) -> list[int]:
    """Return the ranks above 0, lowest first."""
    return sorted({spread.what.rank for spread in problem.spreads} - {0})


def solve_ranked(problem: Problem, search: Search, solve: Solve) -> Answer:
    """Solve a problem rank by rank; the answer is that of the cost and holds the earlier ones."""
    earlier: list[tuple[Problem, int, Answer]] = []
    for rank in ranks_of(problem):
        ranked = _of_rank(problem, rank)
        own = replace(
            search,
            began=time.monotonic(),
            part=f"{search.part}rank {rank}, ",
            proven=[],
            absolute_gap=_hair(ranked, search.gap),
        )
        found = solve(ranked, own)
        bound = min(max(found.bound, least(ranked)), found.objective)
        earlier.append((ranked, rank, replace(found, bound=bound)))
        problem = _hold(problem, rank, max(found.objective, bound + own.absolute_gap))
        search.found[:] = [found.rep_of]
    last = solve(problem, replace(search, began=time.monotonic(), proven=[]) if earlier else search)
    ended = ((rank, replace(found, objective=ranked.price(last.rep_of))) for ranked, rank, found in earlier)
    return replace(last, earlier=tuple(ended))


def _of_rank(problem: Problem, rank: int) -> Problem:
    """Return the problem whose cost is one rank."""
    spreads = tuple(
        replace(spread, what=replace(spread.what, rank=0))
        for spread in problem.spreads
        if spread.what.rank == rank
    )
    return replace(problem, cost=np.zeros_like(problem.cost), edge_costs=(), gains=(), spreads=spreads)


def _hair(problem: Problem, gap: float) -> float:
    """Return a violation that is nothing beside what is balanced: a share of the total at its price, 0 for gap 0."""
    totals = (
        s.what.price * float(np.abs(s.what.measure.of_pairs).max(axis=1).sum()) for s in problem.spreads
    )
    return min(NOTHING, gap) * sum(totals)


def _hold(problem: Problem, rank: int, limit: float) -> Problem:
    """Turn a rank into a rule."""
    ranked = [spread for spread in problem.spreads if spread.what.rank == rank]
    kept = tuple(spread for spread in problem.spreads if spread.what.rank != rank)
    spreads = tuple(replace(s.what, rank=0) for s in ranked if s.what.price > 0)
    if not spreads:
        return replace(problem, spreads=kept)
    held = Named(f"rank_{rank}", ranked[0].field, Held(spreads, limit))
    return replace(problem, spreads=kept, holds=(*problem.holds, held))
