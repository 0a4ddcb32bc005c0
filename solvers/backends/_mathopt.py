"""OR-Tools' MathOpt, fed with arrays: a model as one message, its solve, and what its endings mean.

Messages are filled from whole arrays (0.2 s for a million nonzeros; 20 s through the objects of its Python
interface). OR-Tools' own HiGHS is never asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from math import inf, isfinite
from typing import Any

import numpy as np

from solvers import check
from solvers.model import Arrays
from solvers.solution import FloatArray, Solution, SolveOptions, Status

LIMITS = {
    "TIME": "time",
    "NODE": "nodes",
    "ITERATION": "nodes",
    "SOLUTION": "nodes",
    "MEMORY": "memory",
    "CUTOFF": "cutoff",
    "OBJECTIVE": "cutoff",
    "INTERRUPTED": "interrupt",
    "NORM": "error",
    "SLOW_PROGRESS": "error",
    "OTHER": "error",
    "UNDETERMINED": "error",
    "UNSPECIFIED": "error",
}
PROVED = {
    "OPTIMAL": (Status.OPTIMAL, "proof"),
    "INFEASIBLE": (Status.INFEASIBLE, "proof"),
    "UNBOUNDED": (Status.UNBOUNDED, "proof"),
    "INFEASIBLE_OR_UNBOUNDED": (Status.NO_SOLUTION_FOUND, "undecided"),
}
FAILED = ("IMPRECISE", "NUMERICAL_ERROR", "OTHER_ERROR", "UNSPECIFIED")


@dataclass(frozen=True)
class Request:
    """Who is asked, with which parameters, and who hears of what happens on the way."""

    solver: str
    """Name in SolverTypeProto, without its prefix."""
    parameters: Any
    """SolveParametersProto."""
    events: tuple[str, ...] = ()
    hear: Callable[[Any], None] | None = None
    """Called with CallbackDataProto at each of the events."""


def available() -> bool:
    """Whether OR-Tools is installed."""
    return find_spec("ortools") is not None


def ending(reason: str, limit: str, incumbent: bool) -> tuple[Status, str]:
    """Return what a termination (names without prefix) means, with or without a feasible point."""
    if reason == "OPTIMAL" and not incumbent:
        return Status.NO_SOLUTION_FOUND, "error"
    if reason in PROVED:
        return PROVED[reason]
    why = "error" if reason in FAILED else LIMITS[limit]
    return Status.FEASIBLE if incumbent else Status.NO_SOLUTION_FOUND, why


def model(arrays: Arrays) -> Any:
    """Return the model as a ModelProto."""
    from ortools.math_opt import model_pb2

    filled = model_pb2.ModelProto()
    columns, rows, entries = filled.variables, filled.linear_constraints, filled.linear_constraint_matrix
    columns.ids.extend(np.arange(arrays.columns))
    columns.lower_bounds.extend(arrays.lower)
    columns.upper_bounds.extend(arrays.upper)
    columns.integers.extend(arrays.integer.tolist())
    rows.ids.extend(np.arange(arrays.rows))
    rows.lower_bounds.extend(arrays.row_lower)
    rows.upper_bounds.extend(arrays.row_upper)
    matrix = arrays.matrix.sorted_indices()
    entries.row_ids.extend(np.repeat(np.arange(arrays.rows), np.diff(matrix.indptr)))
    entries.column_ids.extend(matrix.indices.astype(np.int64))
    entries.coefficients.extend(matrix.data)
    priced = np.flatnonzero(arrays.cost)
    filled.objective.linear_coefficients.ids.extend(priced)
    filled.objective.linear_coefficients.values.extend(arrays.cost[priced])
    filled.objective.offset = arrays.offset
    return filled


def parameters(options: SolveOptions) -> Any:
    """Return the parameters that every solver behind MathOpt understands."""
    from ortools.math_opt import parameters_pb2

    asked = parameters_pb2.SolveParametersProto()
    if isfinite(options.time_limit):
        asked.time_limit.FromNanoseconds(int(max(options.time_limit, 0.0) * 1e9))
    return asked


def run(arrays: Arrays, request: Request, start: FloatArray | None) -> Any:
    """Solve and return the SolveResultProto."""
    from ortools.math_opt import callback_pb2, model_parameters_pb2, parameters_pb2
    from ortools.math_opt.core.python import solver

    about = model_parameters_pb2.ModelSolveParametersProto()
    if start is not None:
        hint = about.solution_hints.add().variable_values
        hint.ids.extend(np.arange(arrays.columns))
        hint.values.extend(start)
    wanted = callback_pb2.CallbackRegistrationProto()
    wanted.request_registration.extend(
        callback_pb2.CallbackEventProto.Value(f"CALLBACK_EVENT_{e}") for e in request.events
    )
    wanted.mip_node_filter.filter_by_ids = True  # bounds alone; the points of relaxations stay there

    def hear(event: Any) -> Any:
        assert request.hear is not None
        request.hear(event)
        return callback_pb2.CallbackResultProto()

    kind = parameters_pb2.SolverTypeProto.Value(f"SOLVER_TYPE_{request.solver}")
    nothing = parameters_pb2.SolverInitializerProto()
    listener = hear if request.events else None
    return solver.solve(model(arrays), kind, nothing, request.parameters, about, None, wanted, listener, None)


def answer(arrays: Arrays, name: str, result: Any) -> Solution:
    """Return the answer that a result holds; the status is read before any value."""
    from ortools.math_opt import result_pb2

    told = result.termination
    reason = result_pb2.TerminationReasonProto.Name(told.reason).removeprefix("TERMINATION_REASON_")
    limit = result_pb2.LimitProto.Name(told.limit).removeprefix("LIMIT_")
    point = _point(arrays, result)
    status, ended_by = ending(reason, limit, point is not None)
    x = point if status in (Status.OPTIMAL, Status.FEASIBLE) else None
    objective = inf if x is None else check.objective(arrays, x)
    bound = told.objective_bounds.dual_bound
    proven = bound if isfinite(bound) and ended_by != "error" else -inf
    closed = abs(objective - proven) <= 1e-9 * max(1.0, abs(objective))
    ended_by = "gap" if status is Status.OPTIMAL and not closed else ended_by
    message = f"{name} ended with {reason}: {told.detail}" if ended_by == "error" else ""
    nodes = int(result.solve_stats.node_count)
    return Solution(status, objective, proven, x, 0.0, name, nodes, ended_by, message)


def _point(arrays: Arrays, result: Any) -> FloatArray | None:
    for solution in result.solutions:
        told = solution.primal_solution
        if told.feasibility_status == 2:  # SOLUTION_STATUS_FEASIBLE
            return check.snapped(arrays, dense(arrays, told.variable_values))
    return None


def dense(arrays: Arrays, values: Any) -> FloatArray:
    """Return a sparse vector of columns as an array, shape (column,)."""
    x = np.zeros(arrays.columns)
    x[np.asarray(values.ids, dtype=np.int64)] = values.values
    return x
