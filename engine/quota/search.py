"""Search: the two solves of the split, one after the other, each answer settled and checked in integers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from math import inf

from engine.errors import NoPlan
from engine.progress import Progress
from engine.proof import Solve
from engine.quota import conflict, split
from engine.quota.settle import outside, total, worst
from engine.quota.spec import QuotaSolver
from engine.quota.split import Columns, Problem
from solvers.model import Arrays
from solvers.solution import Solution, SolveOptions, Status

STAGE = "quotas"


def options(solver: QuotaSolver, progress: Progress | None = None) -> SolveOptions:
    """Return what a solve is asked for."""
    report = None if progress is None else _telling(progress)
    limit = inf if solver.time_limit is None else solver.time_limit
    return SolveOptions(
        gap=float(solver.gap), time_limit=limit, node_limit=solver.node_limit, progress=report
    )


def _telling(progress: Progress) -> Callable[[float, float], None]:
    def tell(objective: float, bound: float) -> None:
        progress.update(f"deviation {objective:,.4g}, bound {bound:,.4g}")

    return tell


def split_goal(problem: Problem, solver: QuotaSolver, progress: Progress) -> tuple[list[int], list[Solve]]:
    """Return the quota of every node in minor units, and both solves.

    Raises:
        Infeasible: the limits contradict the goal, proved by two routes.
        NoPlan: a limit was reached before there were quotas.

    """
    progress.update("worst deviation from the targets")
    first, answer = _answer(problem, solver, progress, lambda margin: split.worst_model(problem, margin))
    solves = [_solve("worst deviation", answer, float(solver.gap), 1 / split.SCALE, "ratio of the target")]
    held = worst(problem.tree, first, problem.targets, problem.limits)
    progress.update("total deviation from the targets")
    second, answer = _answer(
        problem, solver, progress, lambda margin: split.total_model(problem, held, margin)
    )
    solves.append(_solve("total deviation", answer, float(solver.gap), float(problem.step), "minor units"))
    return min(first, second, key=lambda quota: _total(problem, quota, held)), solves


def _total(problem: Problem, quota: list[int], held: Fraction) -> tuple[bool, Fraction]:
    loose = held + Fraction(1, 10**6)
    broken = worst(problem.tree, quota, problem.targets, problem.limits) > loose
    return broken, total(problem.tree, quota, problem.targets, problem.limits)


def _answer(
    problem: Problem, solver: QuotaSolver, progress: Progress, build: Callable[[int], tuple[Arrays, Columns]]
) -> tuple[list[int], Solution]:
    """Solve, settle in integers, and where a remainder then breaks a limit by a cent, leave room for it."""
    from solvers import solve

    depth = len({node.level for node in problem.tree.nodes})
    bound = inf
    for margin in (0, depth):
        arrays, columns = build(margin)
        if bool((arrays.lower > arrays.upper).any()):
            raise conflict.infeasible(problem, solver)
        answer = solve(arrays, options(solver, progress), solver.backend)
        if answer.x is None:
            if margin == 0 and answer.status is Status.INFEASIBLE:
                raise conflict.infeasible(problem, solver)
            break
        found = split.quotas(problem, columns, answer.x)
        if not outside(found, problem.limits):
            return found, _proven(answer, bound, float(solver.gap))
        bound = answer.bound
    raise NoPlan(
        f"no quotas were found ({answer.status}, ended by {answer.ended_by or 'the solver'})",
        hint="Raise the node limit or the time limit, or widen the bounds.",
    )


def _proven(answer: Solution, bound: float, gap: float) -> Solution:
    """Return the answer with the bound of the model without room for remainders, where that was solved first."""
    if answer.bound <= bound:
        return answer
    loose = replace(answer, bound=bound)
    close = loose.gap <= gap or answer.objective - bound <= 1e-9
    return loose if close else replace(loose, status=Status.FEASIBLE)


def _solve(name: str, answer: Solution, gap: float, scale: float, unit: str) -> Solve:
    scaled = replace(answer, objective=answer.objective * scale, bound=answer.bound * scale)
    return Solve.of(STAGE, name, scaled, gap, unit)
