"""The heuristic: several walks over layouts from spread or dual-guided starts, two at a time.

Limits are steps, never seconds, and walks share nothing but their rounds, so an answer repeats for a seed whatever
the machine.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from math import inf

import numpy as np

from solvers.location.dual import WORKERS
from solvers.location.instance import FloatArray, IntArray, Location, Plan

SLACK = 0.004
"""Relative slack of the first step."""
FORBIDDEN = 100.0
"""Cost of a forbidden pair, in units of the dearest allowed one: dear, not so dear that sums lose their digits."""


def spread(problem: Location, random: np.random.Generator) -> IntArray:
    """Choose p sites far from each other: each next with a chance in proportion to what it may save.

    Arthur and Vassilvitskii (2007), with the cost and the first measure of the point in place of squared distances;
    a point that is drawn opens the site that serves it cheapest.
    """
    chosen = np.flatnonzero(problem.keep).tolist()
    closed = ~problem.keep
    finite = np.where(np.isfinite(problem.cost), problem.cost, 0.0)
    far = float(finite.max()) + 1.0
    least = problem.cost[chosen].min(axis=0) if chosen else np.full(problem.points, inf)
    floor = problem.cost.min(axis=0)
    while len(chosen) < problem.count:
        wish = (np.minimum(least, far) - floor) * (1.0 + problem.weight[0])
        total = float(wish.sum())
        draw = random.random()
        point = int(np.searchsorted(np.cumsum(wish), draw * total)) if total > 0 else 0
        point = min(point, problem.points - 1)
        where = np.where(closed, problem.cost[:, point], inf)
        site = int(np.argmin(where)) if np.isfinite(where).any() else int(np.flatnonzero(closed)[0])
        chosen.append(site)
        closed[site] = False
        least = np.minimum(least, problem.cost[site])
    return np.sort(np.array(chosen, dtype=np.int64))


def guided(problem: Location, served: FloatArray) -> IntArray:
    """Choose the sites that the bound opens most often."""
    rank = np.where(problem.keep, inf, served)
    return np.sort(np.argsort(-rank, kind="stable")[: problem.count]).astype(np.int64)


def finite_costs(problem: Location) -> tuple[FloatArray, float]:
    """Return costs from 0 up and what was taken off them; a forbidden pair is dearer than anything allowed.

    Every point is served once, so taking its least cost off all of its costs changes no comparison.
    """
    least = problem.cost.min(axis=0)
    if not least.any() and np.isfinite(problem.cost).all():
        return problem.cost, 0.0
    above = problem.cost - least
    most = float(np.where(np.isfinite(above), above, 0.0).max())
    shifted = np.where(np.isfinite(above), above, FORBIDDEN * (most + 1.0))
    return np.ascontiguousarray(shifted), float(least.sum())


class Walk:
    """One walk over layouts."""

    def __init__(self, problem: Location, sites: IntArray, random: np.random.Generator) -> None:
        """Start from open sites, each point at its nearest."""
        from solvers.location.layout import World, blank, build

        self.problem, self.random = problem, random
        cost, self.offset = finite_costs(problem)
        home = np.argmin(cost, axis=1).astype(np.int64)
        if problem.sites == problem.points and not np.diagonal(cost).any():
            home = np.arange(problem.sites, dtype=np.int64)
        sides = problem.lower, problem.upper
        self.world = World(cost, problem.weight, *sides, problem.opening, problem.keep, home)
        shape = (problem.points, problem.count, len(problem.weight))
        self.layout, self.kept, self.best = blank(*shape), blank(*shape), blank(*shape)
        self.layout.site[:] = sites
        self.record = inf
        build(self.world, self.layout)
        size = problem.weight.sum(axis=1).astype(np.float64)
        paid = float(self.layout.away[:, 0].sum()) + 1.0
        self.price = 2.0 * paid / np.where(size > 0, size, 1.0)

    def settle(self) -> None:
        """Descend from where the walk is, with the price of broken bands raised until none is broken."""
        from solvers.location.descent import descend
        from solvers.location.layout import copy, served, strained

        for _ in range(30):
            descend(self.world, self.layout, self.price, np.ones(self.problem.count, dtype=np.bool_))
            if strained(self.world, self.layout, self.price) == 0.0:
                total = served(self.world, self.layout)
                if total < self.record:
                    self.record = total
                    copy(self.layout, self.best)
                return
            self.price *= 1.5

    def go(self, steps: int, slack: float, end: float) -> None:
        """Take some steps, the slack falling from `slack` to `end`."""
        from solvers.location.wander import DRAWS, wander

        draws = self.random.random((steps, DRAWS))
        falling = np.linspace(slack, end, steps)
        layouts = (self.layout, self.kept, self.best)
        self.record = wander(self.world, layouts, self.price, draws, falling, self.record)

    def restart(self, layout_of: Walk) -> None:
        """Go on from the best of another walk."""
        from solvers.location.layout import copy

        copy(layout_of.best, self.layout)
        copy(layout_of.best, self.best)
        self.record = layout_of.record

    @property
    def plan(self) -> Plan | None:
        """The best layout that breaks no band."""
        if self.record == inf:
            return None
        site_of = self.best.site[self.best.seat]
        served = self.problem.cost[site_of, np.arange(self.problem.points)]
        if not np.isfinite(served).all():
            return None
        opened = np.sort(self.best.site)
        return Plan(opened, site_of, float(served.sum() + self.problem.opening[opened].sum()))


def walk_all(walks: list[Walk], steps: int, slack: float, end: float) -> None:
    """Let every walk take its steps, two at a time."""
    with ThreadPoolExecutor(WORKERS) as pool:
        for task in [pool.submit(walk.go, steps, slack, end) for walk in walks]:
            task.result()
