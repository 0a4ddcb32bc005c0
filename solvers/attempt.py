"""One backend's answer to a model, checked: what `solve` and the second routes are made of."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np

from solvers import check, child
from solvers.errors import SolveInterrupted
from solvers.model import Arrays
from solvers.solution import Solution, SolveOptions, Status
from solvers.verdict import joined, verified


def attempt(arrays: Arrays, options: SolveOptions, backend: str) -> Solution:
    """Solve by one backend and check; an unbounded or undecided model is asked for any point at all.

    A MIP that has a point and an LP without end is itself without end, its data being rational.
    Raises SolveInterrupted with the best verified point after Ctrl-C.
    """
    answer = _once(arrays, options, backend)
    if answer.status is not Status.UNBOUNDED and answer.ended_by != "undecided":
        return answer
    quiet = replace(options, progress=None)
    free = replace(arrays, cost=np.zeros(arrays.columns), offset=0.0)
    relaxed = replace(arrays, integer=np.zeros(arrays.columns, dtype=np.bool_))
    try:
        anywhere = _once(free, quiet, backend)
        if anywhere.x is None:
            return anywhere
        if arrays.integer.any() and answer.status is not Status.UNBOUNDED:
            answer = replace(answer, status=_once(relaxed, replace(quiet, start=None), backend).status)
    except SolveInterrupted as stop:
        raise SolveInterrupted(without_plan(stop.solution, "interrupt", "interrupted by the user")) from None
    if answer.status is Status.UNBOUNDED:
        return replace(answer, ended_by="proof")
    return without_plan(answer, "undecided", "the model is feasible, and may be unbounded")


def without_plan(answer: Solution, ended_by: str, message: str) -> Solution:
    """Return the answer as one that found nothing."""
    return replace(
        answer,
        status=Status.NO_SOLUTION_FOUND,
        objective=inf,
        bound=-inf,
        x=None,
        ended_by=ended_by,
        message=message,
    )


def _once(arrays: Arrays, options: SolveOptions, backend: str) -> Solution:
    start = None if options.start is None else check.snapped(arrays, options.start)
    wrong = [] if start is None else check.violations(arrays, start)
    asked = replace(options, start=None if wrong else start)
    answer = verified(arrays, asked, child.run(arrays, asked, backend))
    if wrong:
        answer = replace(answer, message=joined(answer.message, f"start not used: {wrong[0]}"))
    if answer.ended_by == "interrupt":
        raise SolveInterrupted(answer)
    return answer
