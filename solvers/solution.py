"""What a solve is asked for and what it answers, in the words of MathOpt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf, isfinite

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


class Status(StrEnum):
    """How a solve ended. OPTIMAL is said only when proven within the requested gap."""

    OPTIMAL = "OPTIMAL"
    FEASIBLE = "FEASIBLE"
    INFEASIBLE = "INFEASIBLE"
    UNBOUNDED = "UNBOUNDED"
    NO_SOLUTION_FOUND = "NO_SOLUTION_FOUND"


@dataclass(frozen=True)
class SolveOptions:
    """Limits of one solve."""

    gap: float = 1e-6
    """Relative gap |objective - bound| / |objective| at which a solve may stop as OPTIMAL."""
    absolute_gap: float = 1e-9
    time_limit: float = inf
    """Seconds on the monotonic clock. A solve that ends on it may not repeat; gap and nodes do."""
    node_limit: int | None = None
    memory_limit: float = inf
    """Resident megabytes of the child process and all it starts, looked at four times a second."""
    seed: int = 0
    threads: int = 1
    start: FloatArray | None = None
    """A feasible point to start from, shape (column,); checked before it is used."""
    progress: Callable[[float, float], None] | None = field(default=None, compare=False)
    """Called with (objective, bound) of the incumbent as it improves, where the backend tells."""


@dataclass(frozen=True)
class Solution:
    """The answer of one solve. `x` is None unless a feasible point was found."""

    status: Status
    objective: float
    """Objective of `x`; inf without one (models minimise)."""
    bound: float
    """Proven dual bound; -inf without one."""
    x: FloatArray | None
    seconds: float
    backend: str
    nodes: int = 0
    ended_by: str = ""
    """What stopped the solve: proof, gap, time, nodes, memory, interrupt, crash, error, disagreement (two routes
    to "infeasible" differ), undecided (infeasible or unbounded), cutoff."""
    message: str = ""
    row_duals: FloatArray | None = None
    """Dual of each row, shape (row,), of an LP solved to OPTIMAL by a backend that tells; else None. A binding
    lower side has a dual of 0 or more."""

    @property
    def gap(self) -> float:
        """|objective - bound| / |objective|; 0 when both are equal, also at zero."""
        return relative_gap(self.objective, self.bound)


ROUNDING = 1e-12
"""Relative rounding of a sum over accounts or cells: objective and bound this close are equal."""


def relative_gap(objective: float, bound: float) -> float:
    """Return |objective - bound| / |objective|; 0 when they are equal, inf without either."""
    if objective == bound or abs(objective - bound) <= ROUNDING * abs(objective) < inf:
        return 0.0
    if not (isfinite(objective) and isfinite(bound)) or objective == 0:
        return inf
    return abs(objective - bound) / abs(objective)
