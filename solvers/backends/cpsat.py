"""CP-SAT of OR-Tools: exact integers, so its rows have no tolerance at all.

It takes whole numbers alone: a model with continuous columns, without bounds, or with coefficients that no common
unit makes whole is refused by its features. Costs that have no common unit are rounded, and what that can hide is
taken off the bound (`solvers.whole`). Its conflicts stand for nodes. One thread: with more it would not repeat.
"""

from __future__ import annotations

from importlib.util import find_spec
from math import inf, isfinite
from time import monotonic
from typing import Any

import numpy as np

from solvers import check, whole
from solvers.backend import Feature, Report
from solvers.model import Arrays
from solvers.solution import FloatArray, Solution, SolveOptions, Status

name = "cpsat"
features = frozenset({Feature.INTEGER, Feature.RANGES, Feature.NODE_LIMIT, Feature.SEED})
EARLY = 0.1
"""Seconds before its limit at which CP-SAT may stop already."""


def available() -> bool:
    """Whether OR-Tools is installed."""
    return find_spec("ortools") is not None


def solve(arrays: Arrays, options: SolveOptions, report: Report) -> Solution:
    """Hand the model over in whole numbers and solve it."""
    from ortools.sat.python import cp_model_helper

    start = monotonic()
    rows, costs = whole.rows(arrays), whole.costs(arrays)
    if (rows.lower > rows.upper).any():
        crossed = f"no whole number lies in row {int(np.argmax(rows.lower > rows.upper))}"
        return Solution(Status.INFEASIBLE, inf, -inf, None, monotonic() - start, name, 0, "proof", crossed)
    model = built(arrays, rows, costs, options.start)
    solver: Any = cp_model_helper.SolveWrapper()
    solver.set_parameters(_parameters(options, costs, options.time_limit - (monotonic() - start)))
    listener = _listen(solver, arrays, costs, report)
    told = solver.solve(model)
    solver.clear_solution_callback(listener)
    status = told.status.name
    if status == "MODEL_INVALID":
        raise RuntimeError(f"CP-SAT refused the model: {cp_model_helper.CpSatHelper.validate_model(model)}")
    x = np.array(told.solution, dtype=np.float64) if status in ("OPTIMAL", "FEASIBLE") else None
    bound = -inf if status == "INFEASIBLE" else _bound(arrays, costs, told.inner_objective_lower_bound)
    objective = inf if x is None else check.objective(arrays, x)
    seconds = monotonic() - start
    ended = ending(status, stopped(options, told.num_conflicts, seconds), _closed(objective, bound))
    return Solution(ended[0], objective, bound, x, seconds, name, int(told.num_conflicts), ended[1])


def ending(status: str, stopped_by: str, closed: bool) -> tuple[Status, str]:
    """Return what a status of CP-SAT means; `closed` says that bound and objective are one."""
    if status == "OPTIMAL":
        return Status.OPTIMAL, "proof" if closed else "gap"
    if status == "INFEASIBLE":
        return Status.INFEASIBLE, "proof"
    return Status.FEASIBLE if status == "FEASIBLE" else Status.NO_SOLUTION_FOUND, stopped_by


def stopped(options: SolveOptions, conflicts: int, seconds: float) -> str:
    """Return which limit has stopped a search that proved nothing."""
    if options.node_limit is not None and (
        conflicts >= options.node_limit or seconds < options.time_limit - EARLY
    ):
        return "nodes"
    return "time" if isfinite(options.time_limit) else "error"


def built(arrays: Arrays, rows: whole.Rows, costs: whole.Costs, start: FloatArray | None) -> Any:
    """Return the model as a CpModelProto, row by row."""
    from ortools.sat.python import cp_model_helper

    model = cp_model_helper.CpModelProto()
    column = model.variables.add
    for pair in zip(*(side.tolist() for side in whole.bounds(arrays)), strict=True):
        column().domain.extend(pair)
    matrix = arrays.matrix
    index, data, ends = matrix.indices.tolist(), rows.data.tolist(), matrix.indptr.tolist()
    for i, sides in enumerate(zip(rows.lower.tolist(), rows.upper.tolist(), strict=True)):
        row = model.constraints.add().linear
        row.vars.extend(index[ends[i] : ends[i + 1]])
        row.coeffs.extend(data[ends[i] : ends[i + 1]])
        row.domain.extend(sides)
    priced = np.flatnonzero(costs.data)
    model.objective.vars.extend(priced.tolist())
    model.objective.coeffs.extend(costs.data[priced].tolist())
    model.objective.offset = arrays.offset * costs.scale  # the gap is relative to it
    if start is not None:
        model.solution_hint.vars.extend(range(arrays.columns))
        model.solution_hint.values.extend(np.rint(start).astype(np.int64).tolist())
    return model


def _parameters(options: SolveOptions, costs: whole.Costs, seconds: float) -> Any:
    from ortools.sat.python import cp_model_helper

    asked = cp_model_helper.SatParameters()
    asked.num_workers = 1
    asked.random_seed = options.seed % 2**31
    asked.relative_gap_limit = options.gap
    asked.absolute_gap_limit = options.absolute_gap * costs.scale
    if isfinite(seconds):
        asked.max_time_in_seconds = max(seconds, 0.0)
    if options.node_limit is not None:
        asked.max_number_of_conflicts = options.node_limit
    return asked


def _closed(objective: float, bound: float) -> bool:
    return abs(objective - bound) <= 1e-9 * max(1.0, abs(objective))


def _bound(arrays: Arrays, costs: whole.Costs, least: float) -> float:
    return float(least / costs.scale + costs.hidden + arrays.offset)


def _listen(solver: Any, arrays: Arrays, costs: whole.Costs, report: Report) -> Any:
    """Pass on what is found; the listener returned has to outlive the search."""
    from ortools.sat.python import cp_model_helper

    class Better(cp_model_helper.SolutionCallback):
        def OnSolutionCallback(self) -> None:
            told: Any = self
            x = np.array(told.Response().solution, dtype=np.float64)
            report.incumbent(check.objective(arrays, x), x)

    def better_bound(bound: float) -> None:
        report.bound(_bound(arrays, costs, bound - arrays.offset * costs.scale), 0)

    listener = Better()
    solver.add_solution_callback(listener)
    solver.add_best_bound_callback(better_bound)
    return listener
