"""From a problem to a plan and a bound: walks, then the climb towards what they found, then the exact MIP if small.

walks    several starts, then the two best again with less slack          an upper bound, checked by other code
climb    fractional knapsacks, then whole ones where capacities are small  a lower bound, evaluated here
prove    the MIP over what the bound leaves, where that is little          the solver's word
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np

from solvers.location.check import violations
from solvers.location.dual import Ascent, Bound
from solvers.location.exact import prove
from solvers.location.heuristic import SLACK, Walk, guided, spread, walk_all
from solvers.location.instance import Location, Plan
from solvers.solution import SolveOptions, Status, relative_gap

WHOLE = 150_000_000
"""Cells of all knapsack tables up to which whole knapsacks are worth their time."""
MOST_STEPS = 150_000


@dataclass(frozen=True)
class Effort:
    """Limits of one location problem, all of them counts."""

    gap: float = 0.0
    """Relative gap at which everything stops."""
    walks: int = 4
    """Starts of the heuristic."""
    work: float = 2e10
    """Elementary operations of all walks together, estimated from the size; some 1e9 a second."""
    rounds: int = 800
    """Evaluations of the bound with fractional knapsacks."""
    whole_rounds: int = 250
    """Evaluations of the bound with whole knapsacks, where they are worth it."""
    exact_pairs: int = 5_000
    """Surviving pairs up to which the exact MIP is asked; 0 for never."""
    node_limit: int = 20_000
    """Nodes of the exact MIP."""
    seed: int = 0


@dataclass(frozen=True)
class Located:
    """A plan with its bound."""

    plan: Plan | None
    """The best plan; None when no walk found one."""
    bound: float
    """Every plan costs at least this; inf when there is none."""
    lagrangian: float
    """The part of it that is evaluated here, without the word of a solver."""
    proof: str

    @property
    def gap(self) -> float:
        """(cost - bound) / |cost|; inf without a plan."""
        return inf if self.plan is None else relative_gap(self.plan.cost, min(self.bound, self.plan.cost))


def locate(problem: Location, effort: Effort | None = None, ascent: Ascent | None = None) -> Located:
    """Find where the p sites should be and who belongs to each; repeatable for a seed.

    `ascent` of a neighbouring problem gives the bound a start; it is left at its best.
    """
    effort = effort or Effort()
    if hopeless(problem):
        return Located(None, inf, inf, hopeless(problem))
    climb = ascent or Ascent(problem)
    plan = search(problem, effort, climb)
    if plan is not None:
        wrong = violations(problem, plan)
        if wrong:
            raise ArithmeticError(f"a walk returned a plan that is none: {wrong[0]}")
    bound = _bounded(problem, effort, climb, plan)
    fits = effort.exact_pairs > 0 and bound.value < inf
    if fits and (plan is None or relative_gap(plan.cost, bound.value) > effort.gap):
        return _proven(problem, effort, bound, plan)
    return Located(plan, bound.value, bound.value, _words(problem))


def hopeless(problem: Location) -> str:
    """Say why counting alone rules out every plan; '' when it does not."""
    if not np.isfinite(problem.cost).any(axis=0).all():
        return "a point that no site may serve"
    free = problem.count - int(problem.keep.sum())
    for k, weight in enumerate(problem.weight):
        total = int(weight.sum())
        most = (
            problem.upper[k][problem.keep].sum() + np.sort(problem.upper[k][~problem.keep])[::-1][:free].sum()
        )
        least = problem.lower[k][problem.keep].sum() + np.sort(problem.lower[k][~problem.keep])[:free].sum()
        if total > most:
            return f"{problem.count} sites carry {int(most):,} together at most; there are {total:,}"
        if total < least:
            return f"{problem.count} sites must carry {int(least):,} together; there are {total:,}"
        largest = np.where(np.isfinite(problem.cost), problem.upper[k][:, None], -1).max(axis=0)
        if (weight > largest).any():
            return f"a point weighs more than any site that may serve it carries, {int(largest.max()):,}"
    return ""


def search(problem: Location, effort: Effort, climb: Ascent) -> Plan | None:
    """Walk from several starts, one of them where the bound opens sites; go on from the best two."""
    streams = [np.random.Generator(np.random.Philox([effort.seed, k])) for k in range(effort.walks)]
    rough = climb.climb(_rough(problem), max(effort.rounds // 8, 1)) if effort.rounds else None
    starts = [spread(problem, stream) for stream in streams]
    if rough is not None and rough.value < inf:
        starts[-1] = guided(problem, climb.served)
    walks = [Walk(problem, sites, stream) for sites, stream in zip(starts, streams, strict=True)]
    for walk in walks:
        walk.settle()
    steps = steps_of(problem, effort)
    if problem.count in {problem.sites, int(problem.keep.sum())}:
        steps = 1
    walk_all(walks, max(steps // (2 * len(walks)), 1), SLACK, 0.0)
    ranked = sorted(range(len(walks)), key=lambda k: (walks[k].record, k))
    lead = walks[ranked[0]]
    if lead.record < inf:
        pair = [lead, walks[ranked[1]]] if len(walks) > 1 else [lead]
        if len(pair) > 1:
            pair[1].restart(lead)
        walk_all(pair, max(steps // (2 * len(pair)), 1), SLACK / 4, 0.0)
        lead = min(pair, key=lambda walk: walk.record)
    return lead.plan


def steps_of(problem: Location, effort: Effort) -> int:
    """Return how many steps of a walk the work allows: a step costs its territory squared, and a pass over all."""
    each = problem.points / problem.count
    each_step = 60.0 * problem.points + 800.0 * each * each + 20_000.0
    return min(max(int(effort.work / each_step), 40), MOST_STEPS)


def _rough(problem: Location) -> float:
    """Return a cost to climb towards while no plan is known: p sites spread out, everybody at the nearest."""
    sites = spread(problem, np.random.Generator(np.random.Philox(0)))
    nearest = problem.cost[sites].min(axis=0)
    return float(nearest[np.isfinite(nearest)].sum() + problem.opening[sites].sum())


def _bounded(problem: Location, effort: Effort, climb: Ascent, plan: Plan | None) -> Bound:
    rough = _rough(problem) if plan is None else 0.0
    target = plan.cost if plan is not None else rough + 0.1 * abs(rough)
    bound = climb.climb(target, effort.rounds, effort.gap)
    cells = problem.sites * problem.points * int(problem.upper[0].max())
    closed = relative_gap(target, bound.value) <= effort.gap
    if len(problem.weight) == 1 and cells <= WHOLE and plan is not None and not closed and bound.value < inf:
        climb.whole = True
        bound = climb.climb(target, effort.whole_rounds, effort.gap)
        climb.whole = False
    return bound


def _proven(problem: Location, effort: Effort, bound: Bound, plan: Plan | None) -> Located:
    budget = inf if plan is None else plan.cost - bound.value
    left = int(bound.pairs_within(problem, budget).sum())
    if left > effort.exact_pairs:
        return Located(plan, bound.value, bound.value, _words(problem))
    options = SolveOptions(gap=effort.gap, node_limit=effort.node_limit, seed=effort.seed % 2**31)
    proven = prove(problem, bound, plan, options)
    found = proven.plan
    if found is not None and violations(problem, found):
        found = plan
    if found is None:
        value = inf if proven.solution.status is Status.INFEASIBLE else bound.value
        return Located(None, value, bound.value, "branch and bound over all pairs")
    value = min(proven.bound, found.cost)
    words = f"branch and bound over the {proven.pairs:,} pairs that the Lagrangian bound leaves"
    return Located(found, value, bound.value, words)


def _words(problem: Location) -> str:
    return f"knapsack-Lagrangian bound over all {problem.sites:,} sites and {problem.points:,} points"
