"""A bound on every plan: assignment relaxed, one knapsack per site, the best p of them open.

For any prices u of points and mu of the further measures' bands

    L(u, mu) = sum_i u_i + sum_{kept} v_j + sum of the p - |kept| least v_j of the others
    v_j      = f_j + sum_k min(mu_kj L_kj, mu_kj U_kj) + fractional knapsack of c_ij - u_i - sum_k mu_kj w_ki

holds for the whole problem, over all sites and points. Prices climb along a deflected subgradient, with Polyak's step
towards a known plan (Held, Wolfe and Crowder 1974; Barahona and Anbil 2000); the answer is the best evaluation, never
the path to it.

What a plan costs at least beyond L when it opens a site that is not among the best, or serves point i from j, follows
from the same figures (Lorena and Senne 2004 fix by the first):

    open j:       max(0, v_j - v_(p))
    i from j:     v_j - v_* + max(0, r_ij - t_j w_i)      t_j the price of weight in the fractional knapsack of j

where v_* is v_j itself for an open site, else the v_(p) that gives way. With whole knapsacks (whole_knapsack.py) the
second line takes the fractional v_j, and the greater of the two lines counts.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf

import numpy as np

from solvers.location.instance import BoolArray, FloatArray, IntArray, Location

HAIR = 1e-11
"""Relative allowance for the rounding of the sums in L."""
WORKERS = 2
MEMORY = 0.7
"""Share of the last direction that the next one keeps."""
PATIENCE = 15
"""Evaluations without a better bound after which the step is halved."""
LEAST_STEP = 1e-4
FIRST_STEP = 1.2
LEAST_GAIN = 1e-5
"""Relative gain of the bound that counts as one."""
KEPT = 0.95
"""Share of the running mean of open sites that the next evaluation keeps."""


@dataclass(frozen=True)
class Bound:
    """One evaluation of L and what it says about each site."""

    value: float
    """L, with an allowance for rounding."""
    point_price: FloatArray
    """u, shape (point,)."""
    band_price: FloatArray
    """mu, shape (measure, site); the first row is 0, as the knapsack finds it."""
    site_value: FloatArray
    """v, shape (site,)."""
    fractional: FloatArray
    """v with fractional knapsacks, shape (site,): the same unless the knapsacks were whole."""
    weight_price: FloatArray
    """t, shape (site,)."""
    open: IntArray
    """The p sites that L opens, shape (count,)."""
    threshold: FloatArray
    """v_(p): the largest v of those chosen freely in the site's group, -inf when there is no choice, shape (site,)."""

    def beyond(self, problem: Location) -> FloatArray:
        """Return what opening each site costs at least beyond L, shape (site,)."""
        least: FloatArray = np.where(problem.keep, 0.0, np.maximum(self.site_value - self.threshold, 0.0))
        return least

    def pairs_within(self, problem: Location, budget: float) -> BoolArray:
        """Return the pairs that a plan no more than `budget` above L may use, shape (site, point)."""
        may = np.zeros(problem.cost.shape, dtype=np.bool_)
        beyond = self.beyond(problem)
        gives_way = self.threshold.copy()
        gives_way[self.open] = self.site_value[self.open]
        for j in np.flatnonzero((beyond <= budget) & np.isfinite(self.site_value)):
            reduced = problem.cost[j] - self.point_price - self.band_price[:, j] @ problem.weight
            forced = np.maximum(reduced - self.weight_price[j] * problem.weight[0], 0.0)
            may[j] = np.maximum(forced + self.fractional[j] - gives_way[j], beyond[j]) <= budget
            may[j] &= np.isfinite(problem.cost[j])
        return may


@dataclass
class _Way:
    """Where a climb is heading."""

    direction: FloatArray
    """Of the prices of points, shape (point,)."""
    tilt: FloatArray
    """Of the prices of bands, shape (measure, site)."""
    step: float = FIRST_STEP
    idle: int = 0
    """Evaluations since the bound got better."""

    def turn(self, slope: FloatArray, lean: FloatArray) -> float:
        """Bend towards a subgradient; return the squared length."""
        self.direction = MEMORY * self.direction + (1 - MEMORY) * slope
        self.tilt = MEMORY * self.tilt + (1 - MEMORY) * lean
        return float(self.direction @ self.direction) + float((self.tilt * self.tilt).sum())


@dataclass
class Ascent:
    """Climbs L. The state is kept, so that a neighbouring problem starts where the last one ended."""

    problem: Location
    point_price: FloatArray = field(default_factory=lambda: np.empty(0))
    band_price: FloatArray = field(default_factory=lambda: np.empty(0))
    best: Bound | None = None
    whole: bool = False
    """Whether the knapsacks are of whole items (whole_knapsack.py); for one measure and small capacities."""
    served: FloatArray = field(default_factory=lambda: np.empty(0))
    """Running mean of how often each site is opened, shape (site,): the volume's hint where to locate."""

    def __post_init__(self) -> None:
        """Start from the cost of each point's nearest few sites."""
        from solvers.location.knapsack import Items
        from solvers.location.whole_knapsack import Whole

        problem = self.problem
        if not len(self.point_price):
            rank = min(max(problem.sites // problem.count - 1, 0), problem.sites - 1)
            near = np.partition(problem.cost, rank, axis=0)[rank]
            self.point_price = np.where(np.isfinite(near), near, problem.cost.min(axis=0))
        if not len(self.band_price):
            self.band_price = np.zeros(problem.lower.shape)
        sides = (problem.lower, problem.upper)
        self._items = Items(problem.cost, *(part.astype(np.float64) for part in (problem.weight, *sides)))
        self._whole = Whole(problem.cost, problem.weight[0], problem.lower[0], problem.upper[0])
        scale = self._items.weight.mean(axis=1)
        self._scale = np.where(scale > 0, scale, 1.0)[:, None]
        self.served = np.zeros(problem.sites)

    def climb(self, target: float, rounds: int, gap: float = 0.0) -> Bound:
        """Evaluate L up to `rounds` times on the way to `target`, the cost of a known plan; return the best.

        Stops early where the bound is within `gap` of the target, or the step has become too short to matter.
        """
        way = _Way(np.zeros(self.problem.points), np.zeros(self.band_price.shape))
        if self.best is not None:
            self._return_to(self.best)
        with ThreadPoolExecutor(WORKERS) as pool:
            for _ in range(rounds):
                bound = self._evaluate(pool)
                if bound.value == inf:
                    return bound
                best = self._note(bound, way)
                if target - best.value <= gap * abs(target) or not self._advance(bound, best, way, target):
                    break
        assert self.best is not None
        return self.best

    def _return_to(self, bound: Bound) -> None:
        self.point_price, self.band_price = bound.point_price, bound.band_price

    def _note(self, bound: Bound, way: _Way) -> Bound:
        """Keep the better of the best bound and this one; a gain too small to matter counts as none."""
        best = self.best
        enough = best is None or bound.value > best.value + LEAST_GAIN * abs(best.value)
        way.idle = 0 if enough else way.idle + 1
        if best is None or bound.value > best.value:
            self.best = best = bound
        return best

    def _advance(self, bound: Bound, best: Bound, way: _Way, target: float) -> bool:
        """Take one step; False where there is none left to take."""
        if way.idle >= PATIENCE:
            way.step, way.idle = way.step / 2, 0
            way.direction, way.tilt = np.zeros_like(way.direction), np.zeros_like(way.tilt)
            self._return_to(best)
            bound = best
        length = way.turn(*self._subgradient(bound))
        if way.step < LEAST_STEP or length <= 0.0:
            return False
        ahead = way.step * max(target - bound.value, LEAST_STEP * abs(target)) / length
        self.point_price = self.point_price + ahead * way.direction
        self.band_price = self.band_price + ahead * way.tilt / self._scale
        return True

    def _evaluate(self, pool: ThreadPoolExecutor) -> Bound:
        from solvers.location.knapsack import Prices, price_sites
        from solvers.location.whole_knapsack import price_whole

        sites = self.problem.sites
        answer, whole = np.empty((2, sites)), np.full(sites, -inf)
        prices = Prices(self.point_price, self.band_price)
        ends = np.linspace(0, sites, WORKERS + 1).astype(np.int64).tolist()
        tasks = [pool.submit(price_sites, self._items, prices, span, answer) for span in pairwise(ends)]
        if self.whole:
            points = self.point_price
            tasks += [pool.submit(price_whole, self._whole, points, span, whole) for span in pairwise(ends)]
        for task in tasks:
            task.result()
        fractional = answer[0] + self.problem.opening
        value = np.maximum(fractional, whole + self.problem.opening)
        return joined(self.problem, (value, fractional, answer[1]), self.point_price, self.band_price)

    def _subgradient(self, bound: Bound) -> tuple[FloatArray, FloatArray]:
        """Return 1 - how often each point is served, and by how much each open site misses its further bands."""
        from solvers.location.knapsack import Prices, fill_sites
        from solvers.location.whole_knapsack import fill_whole

        share, load = np.zeros(self.problem.points), np.zeros(self.band_price.shape)
        if self.whole:
            fill_whole(self._whole, bound.point_price, bound.open, share)
        else:
            prices = Prices(bound.point_price, bound.band_price)
            fill_sites(self._items, prices, bound.open, bound.weight_price, share, load)
        self.served *= KEPT
        self.served[bound.open] += 1 - KEPT
        lean = np.zeros(load.shape)
        j, mu = bound.open, bound.band_price[:, bound.open]
        above, below = self._items.upper[:, j] - load[:, j], self._items.lower[:, j] - load[:, j]
        outside = np.minimum(above, 0) + np.maximum(below, 0)
        lean[:, j] = np.where(mu > 0, below, np.where(mu < 0, above, outside)) / self._scale
        lean[0] = 0.0
        return 1.0 - share, lean


def joined(
    problem: Location,
    sites: tuple[FloatArray, FloatArray, FloatArray],
    point_price: FloatArray,
    band_price: FloatArray,
) -> Bound:
    """Open the kept sites and the best of the others, and add up; `sites` are v, fractional v and t of each."""
    value, fractional, price = sites
    chosen, threshold = [], np.full(problem.sites, -inf)
    enough = True
    for members, number in problem.groups:
        kept, free = members[problem.keep[members]], members[~problem.keep[members]]
        more = number - len(kept)
        best = free[np.argsort(value[free], kind="stable")[: max(more, 0)]]
        enough = enough and len(best) == more
        chosen += [kept, best]
        if len(best):
            threshold[free] = value[best[-1]]
    opened = np.sort(np.concatenate(chosen))
    parts = value[opened]
    size = float(np.abs(point_price).sum()) + float(np.abs(parts[np.isfinite(parts)]).sum())
    total = float(point_price.sum()) + float(parts.sum()) - HAIR * size if enough else inf
    return Bound(total, point_price, band_price, value, fractional, price, opened, threshold)
