"""Sparse models, and backends that solve them.

A solve runs in a child process under a watchdog, its answer is checked against the arrays, and "infeasible"
is never believed on the word of one route alone:

    answer = solve(model, SolveOptions(gap=0.01), backend="highs")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from solvers.errors import Refused, SolveInterrupted
from solvers.solution import Solution, SolveOptions, Status

if TYPE_CHECKING:
    from collections.abc import Collection

    from solvers.conflicts import Conflict
    from solvers.model import Arrays, Model

__all__ = [
    "Refused",
    "Solution",
    "SolveInterrupted",
    "SolveOptions",
    "Status",
    "available",
    "explain",
    "names",
    "solve",
]


def solve(model: Model | Arrays, options: SolveOptions | None = None, backend: str = "highs") -> Solution:
    """Return an answer whose point, objective and status have been checked.

    Raises ValueError for a malformed model, Refused when the backend cannot take it, and SolveInterrupted,
    which carries the best plan so far, after Ctrl-C. What goes wrong in a solver is told by `status`,
    `ended_by` and `message`: gap, proof, time, nodes, memory, interrupt, crash, error, disagreement.
    """
    from solvers import solving

    return solving.solve(model, options or SolveOptions(), backend)


def explain(
    model: Model, relaxable: Collection[str] = (), options: SolveOptions | None = None, backend: str = "highs"
) -> list[Conflict]:
    """Return which limits of the relaxable blocks of rows would have to give; see `solvers.conflicts`."""
    from solvers import conflicts

    return conflicts.explain(model, relaxable, options, backend)


def names() -> tuple[str, ...]:
    """Return the names of all backends, installed or not, in alphabetical order."""
    from solvers.backends import found

    return tuple(found())


def available(name: str) -> bool:
    """Return whether the backend of that name exists and its library is installed."""
    from solvers.backends import found

    return name in found() and found()[name].available()
