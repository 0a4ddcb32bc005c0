"""PDLP of OR-Tools through MathOpt: a first-order method for linear programs too large for a simplex.

Its answers are accurate to 1e-9 of the scale of the rows, not vertices; the bound is its dual objective, true as far
as its duals are feasible. It draws nothing, so any seed gives the same answer.
"""

from __future__ import annotations

from dataclasses import replace
from time import monotonic
from typing import Any

import numpy as np

from solvers.backend import Feature, Report
from solvers.backends import _mathopt
from solvers.model import Arrays
from solvers.solution import FloatArray, Solution, SolveOptions, Status

name = "pdlp"
features = frozenset({Feature.CONTINUOUS, Feature.FREE, Feature.RANGES, Feature.FRACTIONS, Feature.SEED})
available = _mathopt.available

ACCURACY = 1e-9
ITERATIONS = 1_000_000


def solve(arrays: Arrays, options: SolveOptions, report: Report) -> Solution:
    """Solve a linear program; there is nothing to tell on the way."""
    start = monotonic()
    asked = _mathopt.parameters(options)
    asked.iteration_limit = ITERATIONS
    criteria = asked.pdlp.termination_criteria.simple_optimality_criteria
    criteria.eps_optimal_absolute = criteria.eps_optimal_relative = ACCURACY
    result = _mathopt.run(arrays, _mathopt.Request("PDLP", asked), None)
    answer = _mathopt.answer(arrays, name, result)
    if answer.ended_by == "undecided" and result.primal_rays:  # without end, if there is any point at all
        answer = replace(answer, status=Status.UNBOUNDED, ended_by="proof")
    return replace(answer, seconds=monotonic() - start, row_duals=_duals(arrays, answer, result))


def _duals(arrays: Arrays, answer: Solution, result: Any) -> FloatArray | None:
    if answer.status is not Status.OPTIMAL or not result.solutions[0].HasField("dual_solution"):
        return None
    told = result.solutions[0].dual_solution.dual_values
    duals = np.zeros(arrays.rows)
    duals[np.asarray(told.ids, dtype=np.int64)] = told.values
    return duals
