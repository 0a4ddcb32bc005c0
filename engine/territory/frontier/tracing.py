"""The frontier: the least of one thing for each limit on another, by epsilon-constraint.

    f(e) = min { first axis : second axis <= e, all other rules }        one solve with its own bound for each e

(Haimes, Lasdon and Wismer 1971, IEEE Trans. SMC 1:296). Then, with the first axis held at what was found, the cost
of the scenario is lowered by local search, so that each point is a plan a planner could take. Points are solved from
the loosest limit to the tightest. A bound that holds under a loose limit holds under every tighter one, so bounds never
fall from point to point; a limit that no alignment keeps proves the same for all tighter ones, which are not tried.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from math import inf, nan

from engine.errors import Infeasible, NoPlan
from engine.inputs import IntArray
from engine.proof import Solve
from engine.territory.checks import cost_of
from engine.territory.frontier import axes
from engine.territory.frontier.grid import grid
from engine.territory.frontier.polish import polished
from engine.territory.frontier.spec import FrontierSpec
from engine.territory.proofs import STAGE
from engine.territory.solving.search import Answer
from engine.territory.study import Limits, Study
from solvers.solution import Status, relative_gap


@dataclass(frozen=True)
class Point:
    """One point: a limit, and the plan found under it, if there is one."""

    limit: Decimal | None
    """Limit on the second axis; None where it is lifted."""
    rep_of: IntArray | None
    value: float
    """First axis, in its unit; NaN without a plan."""
    bound: float
    """Proven bound on it for every plan within the limit; -inf without one."""
    reached: Decimal | None
    """Second axis of the plan."""
    cost: float
    """Cost of the plan, currency units."""
    cost_bound: float
    """Proven bound on the cost of every plan within the limit whose first axis is no larger than this one's."""
    status: Status
    ended_by: str
    proof: str
    seconds: float

    @property
    def gap(self) -> float:
        """Relative gap of the first axis."""
        return relative_gap(self.value, self.bound) if self.rep_of is not None else inf


@dataclass(frozen=True)
class Frontier:
    """The points that no other point beats on both axes, loosest first, and what stands beside them."""

    spec: FrontierSpec
    points: tuple[Point, ...]
    failed: tuple[Point, ...]
    """Limits without a plan."""
    dominated: int
    """Points left out, since another is no worse on either axis and better on one."""
    plan: Point
    """The plan of the run, on the same axes."""


def trace(study: Study, frontier: FrontierSpec) -> Frontier:
    """Solve every point.

    Raises:
        VerificationFailed: a plain check contradicts a point.

    """
    limits = Limits(
        study.limits.gap if frontier.gap is None else float(frontier.gap),
        study.limits.node_limit if frontier.node_limit is None else frontier.node_limit,
    )
    tracer = _Tracer(study, frontier, limits)
    plan = tracer.plan()
    loosest = tracer.solve(None, "frontier, loosest point", [study.rep_of])
    points, failed = [loosest], []
    steps = grid(study, frontier, loosest.reached)
    for k, limit in enumerate(steps, start=2):
        last = points[-1]
        starts = [rep_of for rep_of in (last.rep_of, study.rep_of) if rep_of is not None]
        point = tracer.solve(limit, f"frontier, point {k} of {len(steps) + 1}", starts)
        if point.rep_of is None:
            failed.append(point)
            if point.status is Status.INFEASIBLE:
                break
            continue
        bound = min(max(point.bound, last.bound), point.value)
        points.append(replace(point, bound=bound))
    kept = undominated([point for point in points if point.rep_of is not None])
    without = [point for point in points if point.rep_of is None]
    return Frontier(frontier, kept, (*without, *failed), len(points) - len(without) - len(kept), plan)


def undominated(points: list[Point]) -> tuple[Point, ...]:
    """Return the points for which no other is no worse on both axes and better on one; of equals, the first."""
    kept: list[Point] = []
    for k, one in enumerate(points):
        rivals = [(other, j) for j, other in enumerate(points) if j != k]
        if not any(_beats(other, one, earlier=j < k) for other, j in rivals):
            kept.append(one)
    return tuple(kept)


def _beats(other: Point, one: Point, *, earlier: bool) -> bool:
    assert other.reached is not None
    assert one.reached is not None
    if (other.value, other.reached) == (one.value, one.reached):
        return earlier
    return other.value <= one.value and other.reached <= one.reached


@dataclass(frozen=True)
class _Tracer:
    study: Study
    frontier: FrontierSpec
    limits: Limits

    def solve(self, limit: Decimal | None, word: str, starts: list[IntArray]) -> Point:
        study = self.study
        rules = axes.limited(study.spec, self.frontier, limit)
        try:
            first = study.ask(axes.minimising(study.inputs, rules, self.frontier), word, self.limits, starts)
        except Infeasible as fault:
            told = "; ".join(found.message for found in fault.faults)
            return _without(limit, Status.INFEASIBLE, f"no alignment keeps the rules: {told}")
        except NoPlan as fault:
            return _without(limit, Status.NO_SOLUTION_FOUND, str(fault))
        if self.frontier.of == "cost":
            return self._point(limit, first, first)
        second = polished(study, axes.held(study.inputs, rules, self.frontier, first.rep_of), first, word)
        return self._point(limit, first, second)

    def _point(self, limit: Decimal | None, first: Answer, second: Answer) -> Point:
        study, frontier = self.study, self.frontier
        value = cost_of(study.inputs, axes.minimising(study.inputs, study.spec, frontier), second.rep_of)
        gained = frontier.of == "cost" and study.problem.gains
        bound = max(min(first.bound, value), -inf if gained else 0.0)
        gap = relative_gap(value, bound)
        return Point(
            limit,
            second.rep_of,
            value,
            bound,
            axes.reached(study.inputs, study.spec, frontier, second.rep_of),
            second.objective,
            min(second.bound, second.objective),
            Status.OPTIMAL if gap <= self.limits.gap else Status.FEASIBLE,
            first.ended_by,
            first.proof,
            first.seconds + (second.seconds if second is not first else 0.0),
        )

    def plan(self) -> Point:
        """Return the plan of the run as a point; its bound on the first axis is known where that is the cost."""
        study, frontier = self.study, self.frontier
        value = cost_of(study.inputs, axes.minimising(study.inputs, study.spec, frontier), study.rep_of)
        whole = frontier.of == "cost"
        return Point(
            None,
            study.rep_of,
            value,
            study.bound if whole else nan,
            axes.reached(study.inputs, study.spec, frontier, study.rep_of),
            study.objective,
            study.bound,
            Status.OPTIMAL
            if relative_gap(study.objective, study.bound) <= study.limits.gap
            else Status.FEASIBLE,
            "",
            "the plan of this run",
            0.0,
        )


def _without(limit: Decimal | None, status: Status, proof: str) -> Point:
    return Point(limit, None, nan, -inf, None, nan, -inf, status, "", proof, 0.0)


def solves(study: Study, found: Frontier) -> tuple[Solve, ...]:
    """Return what the manifest says of each point."""
    unit, gap = axes.unit(study.inputs, found.spec), found.spec.gap
    demanded = study.limits.gap if gap is None else float(gap)
    return tuple(
        Solve(
            STAGE,
            f"frontier: {axes.words(found.spec)}, {axes.limit_words(study.inputs, found.spec, point.limit)}",
            study.search.backend,
            point.status,
            point.value,
            point.bound,
            point.gap,
            demanded,
            unit,
            point.seconds,
            point.ended_by,
            point.proof,
        )
        for point in found.points
    )
