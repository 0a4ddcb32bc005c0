"""HiGHS through highspy's arrays: the default backend.

Every return code is checked, the status is read before any value, and the gap is always passed: the
library's own default of 1e-4 is 10,000 on 100 million. An answer that misses a row by more than `check`
allows, and an error of the library, are tried once more with tight tolerances and without presolve.
"""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from math import inf, isfinite
from time import monotonic
from typing import Any

import numpy as np

from solvers import check
from solvers.backend import Feature, Report
from solvers.backends._highs_status import Ending, ending
from solvers.model import Arrays
from solvers.solution import FloatArray, Solution, SolveOptions, Status

name = "highs"
features = frozenset(Feature)

TIGHT = {"mip_feasibility_tolerance": 1e-9, "primal_feasibility_tolerance": 1e-9, "presolve": "off"}
REPORT_SECONDS = 0.1


def available() -> bool:
    """Whether highspy is installed."""
    return find_spec("highspy") is not None


def solve(arrays: Arrays, options: SolveOptions, report: Report) -> Solution:
    """Solve; try once more when a point is broken by the rounding of its integers, or the library failed."""
    start = monotonic()
    deadline = start + options.time_limit
    answer = _run(arrays, options, report, {})
    if answer.ended_by == "error" or (answer.x is not None and not check.feasible(arrays, answer.x)):
        rest = replace(options, time_limit=max(deadline - monotonic(), 0.0))
        again = _run(arrays, rest, report, TIGHT)
        answer = again if again.status is not Status.NO_SOLUTION_FOUND else answer
    return replace(answer, seconds=monotonic() - start)


def _run(arrays: Arrays, options: SolveOptions, report: Report, extra: dict[str, Any]) -> Solution:
    import highspy

    start = monotonic()
    highspy.Highs.resetGlobalScheduler(
        True
    )  # `threads` holds for the whole process until the scheduler is reset
    solver = highspy.Highs()
    _set(solver, options, extra)
    _pass(solver, arrays)
    if options.start is not None:
        index = np.arange(arrays.columns, dtype=np.int32)
        _ok(solver.setSolution(arrays.columns, index, options.start), "setSolution")
    _listen(solver, report)
    _ok(solver.run(), "run", fatal=False)
    return _answer(solver, arrays, options, monotonic() - start)


def _set(solver: Any, options: SolveOptions, extra: dict[str, Any]) -> None:
    settings: dict[str, Any] = {
        "output_flag": False,
        "mip_rel_gap": options.gap,
        "mip_abs_gap": options.absolute_gap,
        "random_seed": options.seed % 2**31,
        "threads": options.threads,
        **extra,
    }
    if isfinite(options.time_limit):
        settings["time_limit"] = max(options.time_limit, 0.0)
    if options.node_limit is not None:
        settings["mip_max_nodes"] = options.node_limit
    for key, value in settings.items():
        _ok(solver.setOptionValue(key, value), f"option {key}")


def _pass(solver: Any, arrays: Arrays) -> None:
    matrix = arrays.matrix
    status = solver.passModel(
        arrays.columns, arrays.rows, matrix.nnz, 2, 1, arrays.offset,
        arrays.cost, arrays.lower, arrays.upper, arrays.row_lower, arrays.row_upper,
        matrix.indptr[:-1].astype(np.int32), matrix.indices.astype(np.int32), matrix.data,
        arrays.integer.astype(np.int32),
    )  # fmt: skip
    _ok(status, "passModel")


def _listen(solver: Any, report: Report) -> None:
    told = [0.0]

    def better(event: Any) -> None:
        out = event.data_out
        report.incumbent(out.objective_function_value, np.array(out.mip_solution, dtype=np.float64))

    def tick(event: Any) -> None:
        if monotonic() - told[0] >= REPORT_SECONDS:
            told[0] = monotonic()
            report.bound(event.data_out.mip_dual_bound, int(event.data_out.mip_node_count))

    solver.cbMipImprovingSolution += better
    solver.cbMipInterrupt += tick


def _answer(solver: Any, arrays: Arrays, options: SolveOptions, seconds: float) -> Solution:
    import highspy

    status = solver.getModelStatus().name
    info = solver.getInfo()
    found = info.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
    end = ending(status, found)
    x: FloatArray | None = None
    objective, bound = inf, -inf
    if end.status in (Status.OPTIMAL, Status.FEASIBLE):
        x = check.snapped(arrays, np.array(solver.getSolution().col_value, dtype=np.float64))
        objective = check.objective(arrays, x)
    if arrays.integer.any():
        bound = info.mip_dual_bound if end.ended_by != "error" and info.valid else -inf
    elif end.status is Status.OPTIMAL:
        bound = info.objective_function_value
    nodes = max(int(info.mip_node_count), 0)
    message = "" if end.ended_by != "error" else f"HiGHS ended with {status}"
    return Solution(
        end.status,
        objective,
        bound if isfinite(bound) else -inf,
        x,
        seconds,
        name,
        nodes,
        _by_gap(end, objective, bound),
        message,
        _row_duals(solver, arrays, end),
    )


def _row_duals(solver: Any, arrays: Arrays, end: Ending) -> FloatArray | None:
    solution = solver.getSolution()
    if end.status is not Status.OPTIMAL or arrays.integer.any() or not solution.dual_valid:
        return None
    return np.array(solution.row_dual, dtype=np.float64)


def _by_gap(end: Ending, objective: float, bound: float) -> str:
    closed = abs(objective - bound) <= 1e-9 * max(1.0, abs(objective))
    return "gap" if end.status is Status.OPTIMAL and not closed else end.ended_by


def _ok(status: Any, what: str, *, fatal: bool = True) -> None:
    """Refuse an error of the library; a warning of `run` is told by the model's status."""
    if status.name == "kError" and fatal:
        raise RuntimeError(f"HiGHS refused: {what}")
    if status.name == "kWarning" and what == "passModel":
        raise RuntimeError("HiGHS took the model over with a warning: it may have changed it")
