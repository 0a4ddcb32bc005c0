"""What is believed of a backend's answer, after its points, its objective and its bound were checked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import inf, isfinite

from solvers import check
from solvers.child import Outcome
from solvers.model import Arrays
from solvers.solution import FloatArray, Solution, SolveOptions, Status, relative_gap

ROUNDING = 1e-9
"""Relative noise of an objective summed in doubles by a solver."""
TOLERANCE = 1e-6
"""Relative excess of a bound over the objective of a feasible point from which the bound is disbelieved."""


def verified(arrays: Arrays, options: SolveOptions, outcome: Outcome) -> Solution:
    """Return the answer with its best point that passes the check, and no status beyond what follows from it."""
    answer = _believed(arrays, options, outcome)
    return answer if answer.status is Status.OPTIMAL else replace(answer, row_duals=None)


def _believed(arrays: Arrays, options: SolveOptions, outcome: Outcome) -> Solution:
    claimed = outcome.solution
    if claimed.status is Status.UNBOUNDED:
        return replace(claimed, x=None, objective=inf, bound=-inf)
    points = [claimed.x, *reversed(outcome.incumbents), options.start]
    x, complaint = _best(arrays, [point for point in points if point is not None])
    if x is None:
        return _without_point(claimed, complaint)
    objective = check.objective(arrays, x)
    believed = replace(claimed, x=x, objective=objective, message=joined(claimed.message, complaint))
    if claimed.status is Status.INFEASIBLE:
        wrong = f"{claimed.backend} said infeasible, but there is a feasible point"
        return replace(believed, status=Status.FEASIBLE, bound=-inf, ended_by="disagreement", message=wrong)
    return _with_bound(believed, options)


def within(objective: float, bound: float, options: SolveOptions) -> bool:
    """Whether the bound proves the objective within the demanded relative or absolute gap."""
    if not isfinite(bound):
        return False
    noise = ROUNDING * max(1.0, abs(objective))
    closed = abs(objective - bound) <= options.absolute_gap + noise
    return closed or relative_gap(objective, bound) <= options.gap * (1 + TOLERANCE)


def _with_bound(answer: Solution, options: SolveOptions) -> Solution:
    excess = answer.bound - answer.objective
    if excess > TOLERANCE * max(1.0, abs(answer.objective)):
        told = f"its bound {answer.bound:.12g} is contradicted by a feasible point of {answer.objective:.12g}"
        message = joined(answer.message, told)
        return replace(answer, status=Status.FEASIBLE, bound=-inf, ended_by="error", message=message)
    bound = min(answer.bound, answer.objective)
    if within(answer.objective, bound, options):
        return replace(answer, status=Status.OPTIMAL, bound=bound)
    told = (
        "it was called optimal, but not proved to the demanded gap" if answer.status is Status.OPTIMAL else ""
    )
    return replace(answer, status=Status.FEASIBLE, bound=bound, message=joined(answer.message, told))


def _without_point(claimed: Solution, complaint: str) -> Solution:
    if claimed.status is Status.INFEASIBLE:
        return replace(claimed, objective=inf, bound=-inf, x=None)
    told = f"its point was refused: {complaint}" if complaint else ""
    ended_by = "error" if claimed.status is not Status.NO_SOLUTION_FOUND else claimed.ended_by
    return replace(
        claimed,
        status=Status.NO_SOLUTION_FOUND,
        objective=inf,
        x=None,
        ended_by=ended_by,
        message=joined(claimed.message, told),
    )


def _best(arrays: Arrays, points: Iterable[FloatArray]) -> tuple[FloatArray | None, str]:
    best: FloatArray | None = None
    complaint = ""
    for point in points:
        x = check.snapped(arrays, point)
        wrong = check.violations(arrays, x)
        if wrong:
            complaint = complaint or wrong[0]
        elif best is None or check.objective(arrays, x) < check.objective(arrays, best):
            best = x
    return best, complaint if best is None else ""


def joined(*sentences: str) -> str:
    """Join sentences, leaving out the empty ones."""
    return "; ".join(sentence for sentence in sentences if sentence)
