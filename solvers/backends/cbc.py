"""CBC, the one that comes with PuLP: a second opinion, and the solver that PuLP's users know.

PuLP says `Optimal` for a run stopped with an answer and knows no bound, so the ending is taken from
`sol_status` together with CBC's own log, whose bound is rounded down by what its printing may have lost.
"Stopped" is never infeasible. A seed of 0 would be the time of day, and a column in no row and without cost
breaks the file that PuLP writes: both are kept away from it.
"""

from __future__ import annotations

import re
import warnings
from importlib.util import find_spec
from math import inf, isfinite
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers import check
from solvers.backend import Feature, Report
from solvers.model import Arrays
from solvers.solution import FloatArray, Solution, SolveOptions, Status

name = "cbc"
features = frozenset(Feature) - {Feature.THREADS}

SOLUTION_OPTIMAL, SOLUTION_FEASIBLE, STATUS_INFEASIBLE, STATUS_UNBOUNDED = 1, 2, -1, -2


def available() -> bool:
    """Whether PuLP is installed; it brings CBC."""
    return find_spec("pulp") is not None


def solve(arrays: Arrays, options: SolveOptions, report: Report) -> Solution:
    """Build the model variable by variable, run CBC, and read its log; CBC tells nothing on the way."""
    start = monotonic()
    import pulp

    if not _used(arrays).any():
        rest = _resting(arrays)
        return Solution(
            Status.OPTIMAL, arrays.offset, arrays.offset, rest, monotonic() - start, name, 0, "proof"
        )
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        log = Path(folder) / "cbc.log"
        problem, columns = _problem(pulp, arrays)
        if options.start is not None:
            for column, value in zip(columns, options.start, strict=True):
                column.setInitialValue(float(value))
        solver = _solver(pulp, options, log, options.time_limit - (monotonic() - start))
        solver.tmpDir = folder
        problem.solve(solver)
        told = log.read_text(errors="replace")
    ended = ending(problem.status, problem.sol_status, told)
    x = _point(arrays, columns) if ended[0] in (Status.OPTIMAL, Status.FEASIBLE) else None
    objective = inf if x is None else check.objective(arrays, x)
    proven = bound(told, ended, objective, options)
    return Solution(ended[0], objective, proven, x, monotonic() - start, name, _nodes(told), ended[1])


def ending(status: int, sol_status: int, log: str) -> tuple[Status, str]:
    """Return what PuLP's two statuses and CBC's log mean together: the status, and what ended the run."""
    stopped = re.search(r"Stopped on (\w+)", log)
    why = {"node": "nodes", "time": "time", None: "error"}.get(stopped and stopped[1], "time")
    if sol_status == SOLUTION_OPTIMAL and not stopped:
        return Status.OPTIMAL, "gap" if "within gap tolerance" in log else "proof"
    if sol_status in (SOLUTION_OPTIMAL, SOLUTION_FEASIBLE):
        return Status.FEASIBLE, why
    if status == STATUS_INFEASIBLE and not stopped:
        return Status.INFEASIBLE, "proof"
    if status == STATUS_UNBOUNDED and not stopped:
        return Status.UNBOUNDED, "proof"
    return Status.NO_SOLUTION_FOUND, why


def bound(log: str, ended: tuple[Status, str], objective: float, options: SolveOptions) -> float:
    """Return the bound that the log proves, -inf when it is silent.

    CBC prints three decimals. Where it says that its answer lies within the gap, that stands beside the print.
    """
    told = re.search(r"^Lower bound:\s+(\S+)$", log, re.MULTILINE)
    if told is None:
        return objective if ended[0] is Status.OPTIMAL else -inf
    value = float(told[1])
    printed = value - max(5e-4, 5e-6 * abs(value)) if isfinite(value) else -inf
    if ended != (Status.OPTIMAL, "gap"):
        return printed
    return max(printed, objective - max(options.absolute_gap, options.gap * abs(objective)))


def _problem(pulp: Any, arrays: Arrays) -> tuple[Any, list[Any]]:
    problem = pulp.LpProblem("model", pulp.LpMinimize)
    sides = [
        [side if isfinite(side) else None for side in part.tolist()] for part in (arrays.lower, arrays.upper)
    ]
    kinds = np.where(arrays.integer, "Integer", "Continuous").tolist()
    columns = [pulp.LpVariable(f"x{j}", *which) for j, which in enumerate(zip(*sides, kinds, strict=True))]
    problem.addVariables([columns[j] for j in np.flatnonzero(_used(arrays))])
    priced = [(columns[j], float(arrays.cost[j])) for j in np.flatnonzero(arrays.cost)]
    if arrays.offset:  # PuLP leaves a constant out of the file, and the gap is relative to it
        priced.append((pulp.LpVariable("offset", 1, 1), arrays.offset))
    problem.setObjective(pulp.LpAffineExpression(priced))
    matrix = arrays.matrix
    for i in range(arrays.rows):
        entries = slice(matrix.indptr[i], matrix.indptr[i + 1])
        pairs = zip(matrix.indices[entries].tolist(), matrix.data[entries].tolist(), strict=True)
        terms = [(columns[j], value) for j, value in pairs if value]
        for side, sense, limit in (
            _limits(float(arrays.row_lower[i]), float(arrays.row_upper[i])) if terms else ()
        ):
            problem.addConstraint(
                pulp.LpConstraint(pulp.LpAffineExpression(terms), sense, f"r{i}{side}", limit)
            )
    return problem, columns


def _limits(low: float, high: float) -> list[tuple[str, int, float]]:
    """Return the rows (suffix, sense, limit) that PuLP needs for one row with two sides."""
    if low == high:
        return [("", 0, low)]
    rows = [("low", 1, low), ("high", -1, high)]
    return [row for row in rows if isfinite(row[2])]


def _solver(pulp: Any, options: SolveOptions, log: Path, seconds: float) -> Any:
    seed = 1 + options.seed % (2**31 - 1)
    return pulp.PULP_CBC_CMD(
        msg=False,
        timeLimit=max(seconds, 0.0) if isfinite(seconds) else None,
        gapRel=options.gap / (1 + options.gap),  # CBC relates to the larger of objective and bound
        gapAbs=options.absolute_gap,
        maxNodes=options.node_limit,
        warmStart=options.start is not None,
        logPath=str(log),
        options=[f"randomSeed {seed}", f"randomCbcSeed {seed}"],
        _skip_v4_deprecation=True,
    )


def _point(arrays: Arrays, columns: list[Any]) -> FloatArray:
    values = np.array([np.nan if column.varValue is None else column.varValue for column in columns])
    return check.snapped(arrays, np.where(_used(arrays), values, _resting(arrays)))


def _used(arrays: Arrays) -> NDArray[np.bool_]:
    """Return which columns stand in a row or have a cost, shape (column,)."""
    used: NDArray[np.bool_] = arrays.cost != 0
    used[arrays.matrix.indices[arrays.matrix.data != 0]] = True
    return used


def _resting(arrays: Arrays) -> FloatArray:
    """Return the value nearest to zero that each column may take, shape (column,)."""
    lower = np.where(arrays.integer, np.ceil(arrays.lower), arrays.lower)
    upper = np.where(arrays.integer, np.floor(arrays.upper), arrays.upper)
    return np.minimum(np.maximum(lower, 0.0), upper)


def _nodes(log: str) -> int:
    told = re.search(r"^Enumerated nodes:\s+(\d+)$", log, re.MULTILINE)
    return int(told[1]) if told else 0
