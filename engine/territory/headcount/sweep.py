"""The sweep: for each number p of territories, the cheapest plan found and a bound on every plan.

    UB(p)   sites found by location over all candidates, then the scenario's own search with those as its seats:
            all rules, all costs, plain checks
    LB(p)   knapsack-Lagrangian bound over all sites and accounts, with branch and bound where little is left

Both include the opening costs and compare across p: a number whose LB lies above another's UB is ruled out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf

import numpy as np

from engine.errors import BadInput, Infeasible, NoPlan
from engine.inputs import Inputs, IntArray
from engine.progress import Progress, Within
from engine.territory.alignment import Alignment
from engine.territory.headcount.compositions import FIRST, ROUNDS, Way, climb, ways
from engine.territory.headcount.fitting import headcount_faults, kept, plain
from engine.territory.headcount.homes import homes
from engine.territory.headcount.judgement import Choice, ranked
from engine.territory.headcount.lines import lined, lined_at
from engine.territory.headcount.sites import Sites, sites
from engine.territory.headcount.spec import HeadcountSpec
from engine.territory.spec import TerritorySpec
from solvers.location.dual import Ascent
from solvers.location.instance import Location, Plan
from solvers.location.locate import Effort, Located, locate

EFFORT = Effort(work=2e9, walks=2, rounds=400, whole_rounds=100, exact_pairs=4_000, node_limit=2_000)
LIKELY = 4
"""Ways to share new territories out whose choice of sites is judged, the lowest bounds first."""
SEARCHED = 2
"""Choices of sites that the scenario's own search is given."""
CALM = 1e-9
"""Relative rounding by which a bound may lie above the cost of a plan."""


Proven = tuple[float, str]
"""A bound from below, currency units, and where it comes from."""
Found = tuple[float, Choice, Inputs, Alignment]
"""A plan: its cost with the opening costs, its sites, the tables with these as seats, and its alignment."""


@dataclass(frozen=True)
class Point:
    """One number of territories."""

    count: int
    open: tuple[int, ...]
    """Open sites: seats of today, then places; empty without a plan."""
    inputs: Inputs | None
    """Tables with exactly these seats."""
    alignment: Alignment | None
    opening: float
    """What its new territories cost to open less what they bring in, currency units."""
    upper: float
    """Cost of the plan with the opening costs, currency units; inf without one."""
    lower: float
    """No plan with this many territories costs less; inf when there is none."""
    proof: str


@dataclass(frozen=True)
class Sweep:
    """All numbers of territories of a range."""

    sites: Sites
    points: tuple[Point, ...]

    @property
    def chosen(self) -> Point | None:
        """The cheapest plan, of fewer territories when two cost the same; None without any."""
        best = min(self.points, key=lambda point: (point.upper, point.count))
        return best if best.upper < inf else None


def sweep(
    inputs: Inputs, spec: TerritorySpec, headcount: HeadcountSpec, *, seed: int, progress: Progress
) -> Sweep:
    """Locate every number of territories of the range.

    Raises:
        BadInput: seats to keep that do not exist, too few places, rules that do not fit new seats.

    """
    faults = headcount_faults(inputs, spec, headcount)
    if faults:
        raise BadInput(faults)
    places, keep = homes(inputs, headcount)[0], kept(inputs, headcount)
    rules = plain(spec)
    opening = np.array([float(cost - brought) for cost, brought in map(headcount.terms, places.id)])
    given = sites(inputs, rules, places, keep, opening)
    points, prices = [], None
    for count in range(headcount.min, headcount.max + 1):
        told = Within(progress, f"{count} territories, ")
        straight = lined(given, count)
        problem = straight.location(count)
        ascent = Ascent(problem) if prices is None else Ascent(problem, *prices)
        points.append(_point(given, straight, problem, ascent, seed, told))
        if ascent.best is not None and ascent.best.value < inf:
            prices = (ascent.best.point_price, ascent.best.band_price)
    return Sweep(given, tuple(points))


def _point(
    given: Sites, straight: Sites, problem: Location, ascent: Ascent, seed: int, progress: Progress
) -> Point:
    """Locate one number of territories; `straight` has lines in place of gains, and `problem` is made of it."""
    effort = replace(EFFORT, gap=float(given.spec.solver.gap) / 4, seed=seed)
    progress.update("choosing homes")
    found = locate(problem, effort, ascent)
    if found.bound == inf:
        return Point(problem.count, (), None, None, 0.0, inf, inf, _words(given, found.proof))
    progress.update("ways to share them out")
    shared = ways(straight, problem.count)
    climb(shared, found.plan.cost if found.plan else _beyond(found.bound), FIRST)
    best = _cheapest(given, _choices(problem, found, ascent, shared, straight), seed, progress)
    progress.update("bound")
    bound = _shared(shared, found, best[0] if best else None)
    if best is None:
        return Point(problem.count, (), None, None, 0.0, inf, bound[0], _words(given, bound[1]))
    upper, choice, tables, alignment = best
    opening = float(given.opening[list(choice)].sum())
    lower, proof = _touching(given, best, ascent, bound)
    proof, solve = _words(given, proof), alignment.solves[0]
    if problem.count == int(problem.keep.sum()) and solve.bound + opening > lower:
        lower, proof = solve.bound + opening, f"all seats are given; {solve.proof}"
    if upper < lower <= upper + CALM * max(abs(upper), 1.0):
        lower = upper
    return Point(problem.count, choice, tables, alignment, opening, upper, lower, proof)


def _shared(shared: list[Way], found: Located, upper: float | None) -> Proven:
    """Return the better bound: of the location problem, or the least of the ways to share its territories out."""
    if shared:
        least = climb(shared, _beyond(found.bound) if upper is None else upper, ROUNDS)
        if least > found.bound:
            return least, f"least of {len(shared)} ways to share them out; {found.proof}"
    return found.bound, found.proof


def _touching(given: Sites, best: Found, ascent: Ascent, bound: Proven) -> Proven:
    """Return the better bound: a known one, or that of lines which touch the gains at the plan."""
    if not given.gains:
        return bound
    upper, choice, tables, alignment = best
    problem = lined_at(given, _sites_of(given, choice, tables, alignment)).location(len(choice))
    value = Ascent(problem, ascent.point_price, ascent.band_price).climb(upper, ROUNDS).value
    return (
        (value, "knapsack-Lagrangian bound with lines that touch at the plan") if value > bound[0] else bound
    )


def _sites_of(given: Sites, choice: Choice, tables: Inputs, alignment: Alignment) -> IntArray:
    """Return the site of each account, shape (account,)."""
    site = np.empty(len(choice), dtype=np.int64)
    for j, seat in given.spots(choice, tables).items():
        site[seat] = j
    out: IntArray = site[alignment.rep_of]
    return out


def _beyond(bound: float) -> float:
    """Return a cost somewhat above a bound, of either sign: how far to climb without a plan."""
    return bound + 0.2 * abs(bound)


def _words(given: Sites, proof: str) -> str:
    return f"{proof}; without {', '.join(given.left_out)}" if given.left_out else proof


def _choices(
    problem: Location, found: Located, ascent: Ascent, shared: list[Way], given: Sites
) -> list[tuple[Choice, Plan | None]]:
    """Return the choices of sites to be searched, the most promising first, and the plan where there is one."""
    from solvers.location.heuristic import guided

    plan = found.plan
    first: Choice = tuple((guided(problem, ascent.served) if plan is None else plan.open).tolist())
    likely = sorted((way for way in shared if way.bound is not None), key=lambda way: way.value)[:LIKELY]
    others = [tuple(way.bound.open.tolist()) for way in likely if way.bound is not None]
    return [
        (choice, plan if choice == first else None) for choice in ranked(given, [first, *others])[:SEARCHED]
    ]


def _cheapest(
    given: Sites, choices: list[tuple[Choice, Plan | None]], seed: int, progress: Progress
) -> Found | None:
    """Search the alignment of each choice, and return the cheapest with its opening costs."""
    best: Found | None = None
    for number, (choice, plan) in enumerate(choices, start=1):
        told = Within(progress, f"homes {number} of {len(choices)}, ")
        tables, alignment = _aligned(given, choice, plan, seed, told)
        if alignment is None:
            continue
        upper = alignment.solves[0].objective + float(given.opening[list(choice)].sum())
        if best is None or upper < best[0]:
            best = (upper, choice, tables, alignment)
    return best


def _aligned(
    given: Sites, opened: Choice, plan: Plan | None, seed: int, progress: Progress
) -> tuple[Inputs, Alignment | None]:
    """Search with the open sites as seats, from the plan of the location problem; None when nothing is found."""
    from engine.territory.stage import align

    tables = given.tables_of(opened)
    if plan is not None:
        at = given.spots(opened, tables)
        tables = replace(tables, start=np.array([at[j] for j in plan.site_of.tolist()], dtype=np.int64))
    try:
        return tables, align(tables, given.spec, seed=seed, progress=progress)
    except (Infeasible, NoPlan):
        return tables, None
