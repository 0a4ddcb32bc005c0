"""Infeasible is believed only when a second route proves it too.

A solver's "infeasible" can be wrong (coin-or/Cbc 632, in the CBC that comes with PuLP). The second route is
an elastic model over all rows whose proven bound on the violation is above zero, or else another backend.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np

from solvers import check
from solvers.attempt import attempt, without_plan
from solvers.backend import lacking
from solvers.backends import found
from solvers.elastic import elastic
from solvers.errors import SolveInterrupted
from solvers.model import Arrays
from solvers.solution import FloatArray, Solution, SolveOptions, Status

SECOND_ROUTE_SECONDS = 60.0
"""Longest time a second route may take."""
PROVEN = 1e-5
"""Total violation, in the units of the rows, from which an elastic bound is no noise of a solver."""
ROUTES = ("highs", "cpsat", "scip", "cbc")
"""Second opinions in the order in which they are asked; others follow by name."""
LOOSE = 0.9
"""Relative gap of an elastic solve that only asks whether the violation is above zero."""


def confirm(arrays: Arrays, options: SolveOptions, claimed: Solution) -> Solution:
    """Return the answer to believe after one backend said infeasible.

    INFEASIBLE when an elastic model or another backend proves it too; a plan that passes the check when a
    second route finds one; else NO_SOLUTION_FOUND, ended by `disagreement`. Raises SolveInterrupted.
    """
    limit = min(options.time_limit, SECOND_ROUTE_SECONDS)
    limited = replace(options, start=None, progress=None, time_limit=limit)
    try:
        return _confirm(arrays, limited, claimed)
    except SolveInterrupted:
        told = without_plan(
            claimed, "interrupt", f"interrupted while confirming that {claimed.backend} is right"
        )
        raise SolveInterrupted(told) from None


def _confirm(arrays: Arrays, options: SolveOptions, claimed: Solution) -> Solution:
    first = claimed.backend
    bound, point = violation(arrays, options)
    if bound > PROVEN:
        return replace(
            claimed, message=f"proved by {first}, and by an elastic model: violation at least {bound:.6g}"
        )
    for name in _installed(arrays, options):
        if name == first:
            continue
        other = attempt(arrays, options, name)
        if other.status is Status.INFEASIBLE and point is None:
            return replace(claimed, message=f"proved by {first} and by {name}")
        if other.x is not None:
            return replace(
                other, message=f"{first} said infeasible, wrongly: {name} found a plan that passes the check"
            )
    if point is not None:
        told = f"{first} said infeasible, wrongly: an elastic model found a plan that passes the check"
        value = check.objective(arrays, point)
        return replace(
            claimed,
            status=Status.FEASIBLE,
            objective=value,
            bound=-inf,
            x=point,
            ended_by="disagreement",
            message=told,
        )
    return without_plan(claimed, "disagreement", f"{first} said infeasible, and no second route proved it")


def violation(arrays: Arrays, options: SolveOptions) -> tuple[float, FloatArray | None]:
    """Return a proven bound on the least total violation of the rows, and a feasible point if one was met."""
    model = elastic(arrays, np.ones(arrays.rows, dtype=np.bool_), np.ones(arrays.rows)).arrays
    asked = replace(options, gap=LOOSE, absolute_gap=0.0)
    answer = attempt(model, asked, _installed(model, asked)[0])
    if answer.x is None:
        return -inf, None
    point = check.snapped(arrays, answer.x[: arrays.columns])
    return answer.bound, point if check.feasible(arrays, point) else None


def _installed(arrays: Arrays, options: SolveOptions) -> list[str]:
    there = {name: backend for name, backend in found().items() if backend.available()}
    names = [name for name, backend in there.items() if not lacking(arrays, options, backend.features)]
    return [name for name in ROUTES if name in names] + [name for name in names if name not in ROUTES]
