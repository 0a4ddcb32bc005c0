"""SCIP, the one that comes with OR-Tools, through MathOpt: a second branch and bound.

MathOpt keeps the incumbent of a run that a limit stops, and tells incumbents and bounds on the way; SCIP's gap is
relative to the smaller of objective and bound, so it never stops too early. A point that misses a row by more than
`check` allows is tried once more with tight tolerances and without presolve. SCIP tells no duals.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf
from time import monotonic
from typing import Any

from solvers import check
from solvers.backend import Feature, Report
from solvers.backends import _mathopt
from solvers.model import Arrays
from solvers.solution import Solution, SolveOptions, Status

name = "scip"
features = frozenset(Feature) - {Feature.THREADS}
available = _mathopt.available

REPORT_SECONDS = 0.1
TIGHT = {"numerics/feastol": 1e-9, "numerics/epsilon": 1e-10}


def solve(arrays: Arrays, options: SolveOptions, report: Report) -> Solution:
    """Solve; try once more when a point is broken by the rounding of its integers."""
    start = monotonic()
    answer = _run(arrays, options, report, tight=False)
    if answer.ended_by == "error" or (answer.x is not None and not check.feasible(arrays, answer.x)):
        left = max(options.time_limit - (monotonic() - start), 0.0)
        again = _run(arrays, replace(options, time_limit=left), report, tight=True)
        answer = again if again.status is not Status.NO_SOLUTION_FOUND else answer
    return replace(answer, seconds=monotonic() - start)


def _run(arrays: Arrays, options: SolveOptions, report: Report, *, tight: bool) -> Solution:
    asked = _mathopt.parameters(options)
    asked.relative_gap_tolerance = options.gap
    asked.absolute_gap_tolerance = options.absolute_gap
    asked.random_seed = options.seed % 2**31
    if options.node_limit is not None:
        asked.node_limit = options.node_limit
    if tight:
        asked.gscip.real_params.update(TIGHT)
        asked.gscip.presolve = asked.gscip.OFF
    events = ("MIP_SOLUTION", "MIP_NODE") if arrays.integer.any() else ()
    request = _mathopt.Request("GSCIP", asked, events, _Ear(arrays, report))
    return _mathopt.answer(arrays, name, _mathopt.run(arrays, request, options.start))


class _Ear:
    """Passes on better points, and the bound from time to time."""

    def __init__(self, arrays: Arrays, report: Report) -> None:
        self.arrays = arrays
        self.report = report
        self.best = inf
        self.told = 0.0

    def __call__(self, event: Any) -> None:
        """Hear an event of MathOpt."""
        if event.HasField("primal_solution_vector") and event.primal_solution_vector.ids:
            x = check.snapped(self.arrays, _mathopt.dense(self.arrays, event.primal_solution_vector))
            objective = float(self.arrays.cost @ x + self.arrays.offset)
            if objective < self.best:
                self.best = objective
                self.report.incumbent(objective, x)
        if monotonic() - self.told >= REPORT_SECONDS and event.mip_stats.dual_bound > -inf:
            self.told = monotonic()
            self.report.bound(event.mip_stats.dual_bound, event.mip_stats.explored_nodes)
