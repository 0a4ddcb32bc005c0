"""Location problems small enough to be solved by trying everything."""

from __future__ import annotations

from itertools import combinations, product
from math import inf

import numpy as np

from solvers.location.check import violations
from solvers.location.instance import Location, Plan


def random_problem(
    seed: int, *, measures: int = 1, lower: bool = False, points: int = 7, sites: int = 4
) -> Location:
    """A few points and sites in a square; two sites open, the first kept now and then; some pairs forbidden."""
    random = np.random.Generator(np.random.Philox(seed))
    here, there = random.random((points, 2)), random.random((sites, 2))
    cost = np.hypot(*(there[:, None, :] - here[None, :, :]).transpose(2, 0, 1)) * 10
    if seed % 3 == 0:
        cost[0, 0] = inf
    if seed % 4 == 1:
        cost -= 3.0
    weight = random.integers(0 if seed % 5 == 0 else 1, 9, (measures, points))
    total = weight.sum(axis=1)
    upper = np.ceil(np.outer(total, random.uniform(0.55, 0.8, sites))).astype(np.int64)
    low = np.floor(np.outer(total, random.uniform(0.2, 0.45, sites))).astype(np.int64) if lower else upper * 0
    keep = np.zeros(sites, dtype=np.bool_)
    keep[0] = seed % 2 == 0
    return Location(cost, weight.astype(np.int64), low, upper, random.uniform(-1, 3, sites), keep, 2)


def optimum(problem: Location) -> float:
    """The cost of the cheapest plan, by trying every one; inf when there is none."""
    best = inf
    for chosen in combinations(range(problem.sites), problem.count):
        if not all(j in chosen for j in np.flatnonzero(problem.keep)):
            continue
        if any(np.isin(chosen, members).sum() != number for members, number in problem.groups):
            continue
        for served in product(chosen, repeat=problem.points):
            site_of = np.array(served)
            cost = float(
                problem.cost[site_of, np.arange(problem.points)].sum() + problem.opening[list(chosen)].sum()
            )
            if cost < best and not violations(problem, Plan(np.array(chosen), site_of, cost)):
                best = cost
    return best
