"""Search: the objectives one after the other, each with those before it held and a proven bound."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from math import ceil

from engine.errors import Infeasible, NoPlan
from engine.progress import Progress
from engine.proof import Solve
from engine.quota import conflict
from engine.quota.keeping.model import (
    AMOUNT,
    ANEW,
    SEATS,
    SLACK,
    TARGETS,
    WORST,
    anew,
    measured,
    model,
    read,
    unit,
)
from engine.quota.keeping.spec import KeepSpec
from engine.quota.search import STAGE, answered
from engine.quota.spec import QuotaSolver
from engine.quota.split import Problem
from solvers.solution import Solution, Status, relative_gap

NAMES = {
    ANEW: "total deviation of seats set anew",
    SEATS: "quotas in force that change",
    AMOUNT: "total change of quotas in force",
    WORST: "largest change of a quota in force",
    TARGETS: "total deviation from the targets",
}
"""What the manifest calls each solve."""
UNITS = {SEATS: "seats", WORST: "ratio of the quota in force"}


@dataclass(frozen=True)
class Aim:
    """One objective: what the quotas reach, and what none are below."""

    name: str
    reached: Fraction
    """Seats, minor units, or a share of the quota in force."""
    bound: float
    """In the same unit."""


def aims(problem: Problem, keep: KeepSpec) -> list[str]:
    """Return the objectives in order; seats that are set anew come first, where there are any."""
    return [*([ANEW] if anew(problem) else []), *keep.least]


def split_kept(
    problem: Problem, keep: KeepSpec, solver: QuotaSolver, progress: Progress
) -> tuple[list[int], list[Solve], tuple[Aim, ...]]:
    """Return the quota of every node in minor units, the solves, and what each objective reached.

    Raises:
        Infeasible: the limits contradict the goal, proved by two routes.
        NoPlan: a limit was reached before there were quotas.

    """
    names, found = aims(problem, keep), list[list[int]]()
    answers: list[Solution] = []
    for count in range(1, len(names) + 1):
        progress.update(NAMES[names[count - 1]])
        reached = {name: measured(problem, found[-1], name) for name in names[: count - 1]}
        build = partial(model, problem, names[:count], reached)
        answer = answered(problem, solver, progress, build, read)
        if answer is None and not found:
            raise _contradicted(problem, solver)
        if answer is None:
            raise NoPlan(
                f"no quotas were found that keep what is least of {names[count - 2]}",
                hint="Give `keep.least` fewer objectives, or use a larger step.",
            )
        found.append(answer[0])
        answers.append(answer[1])
    best = min(found, key=lambda quota: [measured(problem, quota, name) for name in names])
    told = [_solve(problem, name, measured(problem, best, name), one, float(solver.gap))
            for name, one in zip(names, answers, strict=True)]  # fmt: skip
    return best, [solve for solve, _ in told], tuple(aim for _, aim in told)


def _contradicted(problem: Problem, solver: QuotaSolver) -> Infeasible | NoPlan:
    error = conflict.infeasible(replace(problem, held=()), solver)
    assert isinstance(error, Infeasible | NoPlan)
    return error


def _solve(
    problem: Problem, name: str, reached: Fraction, answer: Solution, demanded: float
) -> tuple[Solve, Aim]:
    """Return a solve and its aim; the bound is the model's, without what held objectives may exceed."""
    scale, objective = float(unit(problem, name)), float(reached)
    bound = max(answer.bound, 0.0)
    if name == SEATS:
        bound = float(ceil(bound - SLACK))
    bound = min(bound * scale, objective)
    gap = relative_gap(objective, bound)
    status = Status.OPTIMAL if gap <= demanded else Status.FEASIBLE
    solve = Solve.of(
        STAGE, NAMES[name], replace(answer, status=status, objective=objective, bound=bound), demanded,
        UNITS.get(name, "minor units"),
    )  # fmt: skip
    return solve, Aim(name, reached, bound)
