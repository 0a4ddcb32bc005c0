"""Search: the two solves of the split, one after the other, each answer settled and checked in integers.

The least worst deviation is the last one that the sums of the tree refuse (`least`). The least total with it held is a
mixed-integer program whose relaxation is nearly tight; where over-assignment cuts sums it is not, and `values` adds up
what every node is worth instead. Where no quotas keep that worst, it is raised, or found by branch and bound.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial
from math import inf, isfinite

from engine.errors import NoPlan
from engine.progress import Progress
from engine.proof import Solve
from engine.quota import conflict
from engine.quota.least import least_worst
from engine.quota.settle import outside, total, worst
from engine.quota.spec import QuotaSolver
from engine.quota.split import SCALE, Columns, Problem, quotas, total_model, worst_model
from engine.quota.values import TooMuch, Values
from solvers.model import Arrays
from solvers.solution import FloatArray, Solution, SolveOptions, Status, relative_gap

STAGE = "quotas"
SAME = 1e-9
"""Relative distance of a worst deviation to the last one refused that bisection leaves."""
WORK = 200_000_000
"""Nodes of the search tree, times the square of those of the hierarchy, unless the scenario gives a limit."""
PROGRAM = 1_000
"""Nodes above which branch and bound for the worst deviation takes minutes."""
RAISES = 8
"""Times that the least worst deviation is raised there before it is tried all the same: by 1 %, then twice as much."""


def options(solver: QuotaSolver, nodes: int, progress: Progress) -> SolveOptions:
    """Return what a solve of a hierarchy of so many nodes is asked for."""
    limit = inf if solver.time_limit is None else solver.time_limit
    searched = solver.node_limit
    if searched is not None and "node_limit" not in solver.model_fields_set:
        searched = max(min(searched, WORK // nodes**2), 1)
    return SolveOptions(
        gap=float(solver.gap), time_limit=limit, node_limit=searched, progress=_telling(progress)
    )


def _telling(progress: Progress) -> Callable[[float, float], None]:
    def tell(objective: float, bound: float) -> None:
        known = f"deviation {objective:,.4g}" if isfinite(objective) else "no quotas yet"
        progress.update(known + (f", bound {bound:,.4g}" if isfinite(bound) else ""))

    return tell


def split_goal(problem: Problem, solver: QuotaSolver, progress: Progress) -> tuple[list[int], list[Solve]]:
    """Return the quota of every node in minor units, and both solves.

    Raises:
        Infeasible: the limits contradict the goal, proved by two routes.
        NoPlan: a limit was reached before there were quotas.

    """
    progress.update("worst deviation from the targets")
    started = time.perf_counter()
    least = least_worst(problem)
    if least is None:
        raise conflict.infeasible(problem, solver)
    seconds = time.perf_counter() - started
    progress.update("total deviation from the targets")
    for share in raises(float(solver.gap), len(problem.tree.nodes)):
        found = _least_total(problem, Fraction(least[1]) * share, solver, progress)
        if found is not None:
            first = _by_sums(problem, found[0], least[0], seconds, float(solver.gap))
            return found[0], [first, found[1]]
    return _by_program(problem, solver, progress)


def raises(gap: float, nodes: int) -> list[Fraction]:
    """Return by what the least worst deviation is raised, in turn, until quotas are found that keep it."""
    found = [Fraction(1), 1 + Fraction(gap) / 10, 1 / (1 - Fraction(gap))]
    if nodes > PROGRAM:
        found += [1 + Fraction(2**k, 100) for k in range(RAISES)]
    return found


def _by_program(problem: Problem, solver: QuotaSolver, progress: Progress) -> tuple[list[int], list[Solve]]:
    """Find the worst deviation by branch and bound, where steps leave more of it than sums refuse."""
    progress.update("worst deviation from the targets, by branch and bound")
    found = answered(problem, solver, progress, partial(worst_model, problem))
    if found is None:
        raise conflict.infeasible(problem, solver)
    first, answer = found
    solves = [_solve("worst deviation", answer, float(solver.gap), 1 / SCALE, "ratio of the target")]
    held = worst(problem.tree, first, problem.targets, problem.limits)
    progress.update("total deviation from the targets")
    least = _least_total(problem, held, solver, progress)
    if least is None:
        raise conflict.infeasible(problem, solver)
    second, solve = least
    solves.append(solve)
    return min(first, second, key=lambda quota: _total(problem, quota, held)), solves


def _least_total(
    problem: Problem, held: Fraction, solver: QuotaSolver, progress: Progress
) -> tuple[list[int], Solve] | None:
    """Return quotas of the least total deviation with the worst held, and their solve; None where there are none."""
    if any(problem.cut):
        try:
            started = time.perf_counter()
            least = Values(problem, held).least()
            seconds = time.perf_counter() - started
            return None if least is None else (least[0], _by_values(problem, *least, seconds, solver))
        except TooMuch:
            progress.update("total deviation from the targets, by branch and bound")
    found = answered(problem, solver, progress, partial(total_model, problem, held))
    return None if found is None else (found[0], _total_solve(problem, solver, found[1]))


def _by_values(
    problem: Problem, quota: list[int], value: float, seconds: float, solver: QuotaSolver
) -> Solve:
    """Return what is known of the least total deviation: that of the quotas, and the company's value less its noise."""
    reached = float(total(problem.tree, quota, problem.targets, problem.limits))
    bound = min(max(value * (1 - SAME), 0.0), reached)
    gap = relative_gap(reached, bound)
    status = Status.OPTIMAL if gap <= max(float(solver.gap), SAME) else Status.FEASIBLE
    return Solve(
        STAGE, "total deviation", "values", status, reached, bound, gap, float(solver.gap), "minor units", seconds, "",
        "values of all nodes, added up from the seats in whole numbers",
    )  # fmt: skip


def _total(problem: Problem, quota: list[int], held: Fraction) -> tuple[bool, Fraction]:
    loose = held + Fraction(1, 10**6)
    broken = worst(problem.tree, quota, problem.targets, problem.limits) > loose
    return broken, total(problem.tree, quota, problem.targets, problem.limits)


def answered(
    problem: Problem,
    solver: QuotaSolver,
    progress: Progress,
    build: Callable[[int], tuple[Arrays, Columns]],
    read: Callable[[Problem, Columns, FloatArray], list[int]] = quotas,
) -> tuple[list[int], Solution] | None:
    """Solve, settle in integers, and where a remainder then breaks a limit by a cent, leave room for it.

    None where the model has no answer. `build` makes the model with some minor units left to carriers, `read` the
    quotas of all nodes from a point of it.
    """
    from solvers import solve

    depth = len({node.level for node in problem.tree.nodes})
    bound = inf
    for margin in (0, depth):
        arrays, columns = build(margin)
        if bool((arrays.lower > arrays.upper).any()):
            return None
        answer = solve(arrays, options(solver, len(problem.tree.nodes), progress), solver.backend)
        if answer.x is None:
            if margin == 0 and answer.status is Status.INFEASIBLE:
                return None
            break
        found = read(problem, columns, answer.x)
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


def _by_sums(problem: Problem, quota: list[int], bound: float, seconds: float, gap: float) -> Solve:
    """Return what is known of the worst deviation: that of the quotas, and the last that the sums refuse."""
    reached = float(worst(problem.tree, quota, problem.targets, problem.limits))
    found = relative_gap(reached, min(bound, reached))
    status = Status.OPTIMAL if found <= max(gap, SAME) else Status.FEASIBLE
    return Solve(
        STAGE, "worst deviation", "sums", status, reached, min(bound, reached), found, gap, "ratio of the target",
        seconds, "", "a smaller one contradicts the sums of the tree, in whole steps",
    )  # fmt: skip


def _total_solve(problem: Problem, solver: QuotaSolver, answer: Solution) -> Solve:
    """Return the second solve; what the model hands down is not rounded, which can be half a minor unit each time."""
    tree = problem.tree
    rounded = sum(
        tree.street(node).denominator > 1 for node, below in enumerate(tree.children) if node and below
    )
    bound = max(answer.bound - rounded / (2 * problem.step), 0.0)
    if rounded and bound < answer.bound:
        answer = replace(answer, bound=bound)
        if answer.gap > float(solver.gap) and answer.status is Status.OPTIMAL:
            answer = replace(answer, status=Status.FEASIBLE)
    return _solve("total deviation", answer, float(solver.gap), float(problem.step), "minor units")


def _solve(name: str, answer: Solution, gap: float, scale: float, unit: str) -> Solve:
    scaled = replace(answer, objective=answer.objective * scale, bound=answer.bound * scale)
    return Solve.of(STAGE, name, scaled, gap, unit)
