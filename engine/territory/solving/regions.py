"""A start for short borders: districts of one piece by annealing, then given to the seats where they cost least.

Used where edges have a cost and one band is the same for all seats. `solvers.districting` knows nothing of pair costs
or other rules; a descent takes its districts from there.
"""

from __future__ import annotations

import numpy as np

from engine.inputs import IntArray
from engine.territory.declaration import Band
from engine.territory.problem import Named, Problem
from engine.territory.solving.contiguity import contiguous
from engine.territory.solving.descent import descend, steepness
from engine.territory.solving.search import SEEDS, Search

MOVES = 100_000
STARTS = 6
LARGEST = 2_000
"""Accounts up to which districts are drawn: the search keeps a table of all pairs of accounts."""


def regions(problem: Problem, search: Search) -> IntArray | None:
    """Return an alignment of short borders that keeps every rule; None when none was found."""
    band = _common(problem)
    if band is None or len(problem.account_ids) > LARGEST or len(problem.edge_costs) != 1:
        return None
    from solvers.contiguity import Graph
    from solvers.districting import Effort, Instance
    from solvers.districting.starts import good_plan

    accounts, seats = problem.cost.shape
    lower, upper = max(int(band.what.lower[0]), 1), int(band.what.upper[0])
    graph = Graph.of(accounts, problem.edge_costs[0].what.edges)
    if seats > accounts or lower > upper:
        return None
    nothing = np.zeros((accounts, accounts))
    instance = Instance(graph, band.what.measure.values, nothing, seats, lower, upper)
    label, _ = good_plan(instance, search.seed % SEEDS, Effort(STARTS, MOVES), cut_edges=True)
    if label is None:
        return None
    plan = _given(problem, label)
    plan = contiguous(problem, plan) if problem.connected else descend(problem, plan)
    return plan if problem.keeps(plan) else None


def _common(problem: Problem) -> Named[Band] | None:
    """Return the narrowest band that is the same for all seats, of a measure that is nowhere below 0."""
    found = [
        band
        for band in problem.bands
        if not band.what.measure.by_seat
        and (band.what.measure.values >= 0).all()
        and (band.what.lower == band.what.lower[0]).all()
        and (band.what.upper == band.what.upper[0]).all()
    ]
    return min(found, key=lambda band: band.what.upper[0] / max(band.what.lower[0], 1), default=None)


def _given(problem: Problem, label: IntArray) -> IntArray:
    """Give each district to a seat: the assignment of least total cost, pairs that are not allowed at a steep price."""
    from scipy.optimize import linear_sum_assignment

    cost = np.where(problem.eligible, problem.cost, steepness(problem))
    total = np.zeros((len(problem.rep_ids), len(problem.rep_ids)))
    np.add.at(total, label, cost)
    _, seat = linear_sum_assignment(total)
    plan: IntArray = seat[label]
    return plan
