"""A solve from the model to an answer that can be believed.

inspect -> child process under a watchdog -> check of every point -> second route for "infeasible"
"""

from __future__ import annotations

from dataclasses import replace
from time import monotonic

from solvers import inspection
from solvers.attempt import attempt
from solvers.backend import lacking
from solvers.backends import found
from solvers.errors import Refused
from solvers.infeasible import confirm
from solvers.model import Arrays, Model
from solvers.solution import Solution, SolveOptions, Status


def solve(model: Model | Arrays, options: SolveOptions, backend: str) -> Solution:
    """Solve, check, and confirm; see `solvers.solve`."""
    begin = monotonic()
    arrays = model.arrays() if isinstance(model, Model) else model
    inspection.validate(arrays)
    refuse(arrays, options, backend)
    answer = inspection.decided(arrays) or attempt(arrays, options, backend)
    if answer.status is Status.INFEASIBLE and answer.backend != "inspection":
        answer = confirm(arrays, options, answer)
    return replace(answer, seconds=monotonic() - begin)


def refuse(arrays: Arrays, options: SolveOptions, backend: str) -> None:
    """Raise Refused when the backend is unknown, not installed, or lacks a feature."""
    known = found()
    if backend not in known:
        raise Refused(f"no solver '{backend}'; known: {', '.join(known)}")
    if not known[backend].available():
        raise Refused(f"the solver '{backend}' is not installed")
    missing = lacking(arrays, options, known[backend].features)
    if missing:
        raise Refused(f"the solver '{backend}' cannot take {', '.join(missing)}")
