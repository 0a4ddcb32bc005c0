"""The exact MIP over the sites and pairs that may still be part of a better plan.

A pair is left out when the bound proves that every plan with it costs more than the best known (dual.py). What is left
holds every better plan, so an optimum of the restricted MIP, or the plan already known, is an optimum of the whole;
and the lesser of the known cost and the MIP's own bound is a bound on the whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf

import numpy as np

from solvers import solve
from solvers.location.dual import Bound
from solvers.location.instance import BoolArray, IntArray, Location, Plan
from solvers.model import Model
from solvers.solution import Solution, SolveOptions


@dataclass(frozen=True)
class Restricted:
    """The MIP over some pairs."""

    model: Model
    sites: IntArray
    """Site of each column y, shape (open column,)."""
    site: IntArray
    """Site of each column x, shape (serve column,)."""
    point: IntArray

    def plan(self, problem: Location, x: np.ndarray) -> Plan:
        """Read the plan out of a solution."""
        open_sites = self.sites[x[: len(self.sites)] > 0.5]
        serving = x[len(self.sites) :] > 0.5
        site_of = np.full(problem.points, -1, dtype=np.int64)
        site_of[self.point[serving]] = self.site[serving]
        cost = float(
            problem.cost[site_of, np.arange(problem.points)].sum() + problem.opening[open_sites].sum()
        )
        return Plan(np.sort(open_sites), site_of, cost)

    def start(self, plan: Plan) -> np.ndarray:
        """Return a plan as a point of the model, shape (column,)."""
        chosen = np.isin(self.sites, plan.open)
        return np.concatenate((chosen, plan.site_of[self.point] == self.site)).astype(np.float64)


def restricted(problem: Location, pairs: BoolArray) -> Restricted:
    """Build the MIP over some pairs, shape (site, point)."""
    site, point = (part.astype(np.int64) for part in np.nonzero(pairs))
    sites = np.flatnonzero(pairs.any(axis=1) | problem.keep).astype(np.int64)
    row = np.full(problem.sites, -1, dtype=np.int64)
    row[sites] = np.arange(len(sites))
    model = Model()
    opens = model.add_columns(
        "open", len(sites), cost=problem.opening[sites], lower=problem.keep[sites].astype(float)
    )
    serves = model.add_columns("serve", len(site), cost=problem.cost[site, point])
    model.add_rows("once", point, serves, count=problem.points, lower=1.0, upper=1.0)
    for members, number in problem.groups:
        inside = opens[row[members[row[members] >= 0]]]
        model.add_rows("count", np.zeros(len(inside)), inside, count=1, lower=number, upper=number)
    pair = np.arange(len(site))
    both, ones = np.concatenate((pair, pair)), np.ones(len(site))
    columns = np.concatenate((serves, opens[row[site]]))
    model.add_rows(
        "served by an open site", both, columns, np.concatenate((ones, -ones)), count=len(site), upper=0.0
    )
    for k, weight in enumerate(problem.weight):
        rows, columns = np.concatenate((row[site], row[sites])), np.concatenate((serves, opens))
        for name, side, sign in (("most", problem.upper[k], 1.0), ("least", problem.lower[k], -1.0)):
            values = sign * np.concatenate((weight[point], -side[sites])).astype(np.float64)
            model.add_rows(f"{name} of measure {k}", rows, columns, values, count=len(sites), upper=0.0)
    return Restricted(model, sites, site, point)


@dataclass(frozen=True)
class Proven:
    """What the MIP said."""

    plan: Plan | None
    bound: float
    """Bound on every plan of the whole problem."""
    pairs: int
    solution: Solution


def prove(problem: Location, bound: Bound, known: Plan | None, options: SolveOptions) -> Proven:
    """Solve the MIP over what the bound leaves; `known` must keep every rule."""
    budget = inf if known is None else known.cost - bound.value
    pairs = bound.pairs_within(problem, budget * (1 + 1e-9) + 1e-9)
    if known is not None:
        pairs[known.site_of, np.arange(problem.points)] = True
    model = restricted(problem, pairs)
    start = None if known is None else model.start(known)
    solution = solve(model.model, replace(options, start=start))
    best = known
    if solution.x is not None:
        found = model.plan(problem, solution.x)
        best = found if known is None or found.cost < known.cost else known
    limit = inf if known is None else known.cost
    proven = max(bound.value, min(solution.bound, limit))
    return Proven(best, proven, int(pairs.sum()), solution)
