"""The whole status table of HiGHS, with and without an incumbent.

Two facts, never one word: how the run ended, and whether there is a point. "Unbounded or infeasible" decides
nothing, so it maps to NO_SOLUTION_FOUND and the backend asks on; a point does not outlive such an answer.
"""

from __future__ import annotations

from typing import NamedTuple

from solvers.solution import Status


class Ending(NamedTuple):
    """What a status of the library means."""

    status: Status
    ended_by: str


_PROVED = {
    "kInfeasible": Ending(Status.INFEASIBLE, "proof"),
    "kUnbounded": Ending(Status.UNBOUNDED, "proof"),
    "kUnboundedOrInfeasible": Ending(Status.NO_SOLUTION_FOUND, "undecided"),
}
_STOPPED = {
    "kTimeLimit": "time",
    "kSolutionLimit": "nodes",
    "kIterationLimit": "nodes",
    "kObjectiveBound": "cutoff",
    "kObjectiveTarget": "cutoff",
    "kInterrupt": "interrupt",
    "kHighsInterrupt": "interrupt",
    "kMemoryLimit": "memory",
    "kUnknown": "error",
    "kNotset": "error",
    "kLoadError": "error",
    "kModelError": "error",
    "kModelEmpty": "error",
    "kPresolveError": "error",
    "kSolveError": "error",
    "kPostsolveError": "error",
}


def ending(status: str, incumbent: bool) -> Ending:
    """Return what the status named as in HighsModelStatus means, with or without a feasible point."""
    if status == "kOptimal":
        return Ending(Status.OPTIMAL, "proof") if incumbent else Ending(Status.NO_SOLUTION_FOUND, "error")
    if status in _PROVED:
        return _PROVED[status]
    return Ending(Status.FEASIBLE if incumbent else Status.NO_SOLUTION_FOUND, _STOPPED[status])
