"""One solve in a child process, under a watchdog: a limit is a limit, and a crash costs a message.

The child streams its incumbents and its bound, so whatever ends it (the clock, Ctrl-C, a crash) the best
plan so far is kept. An idle child waits for the next solve, so that many small ones are quick.
"""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass, field, replace
from math import inf
from pathlib import Path
from queue import Empty
from tempfile import mkdtemp
from time import monotonic

import numpy as np

from solvers import wire
from solvers.model import Arrays
from solvers.process import Process, give_back, take
from solvers.solution import FloatArray, Solution, SolveOptions, Status
from solvers.wire import Message

START_SECONDS = 60.0
"""A child that has not begun after this long is given up."""
GRACE = 2.0
"""Seconds over its limit after which a solve is stopped from outside."""
LOOK_SECONDS = 0.25
"""How often the memory of a child is looked at, when it is limited."""
KEPT_INCUMBENTS = 3


@dataclass
class Told:
    """What a running solve has told so far."""

    incumbents: list[tuple[float, FloatArray]] = field(default_factory=list)
    """(objective, x), best last."""
    bound: float = -inf
    nodes: int = 0

    def hear(self, message: Message, options: SolveOptions) -> None:
        """Take in an incumbent or a bound, and pass it on to the one who asked."""
        if message.kind == "incumbent":
            self.incumbents.append((message.head["objective"], message.arrays["x"]))
            self.incumbents = sorted(self.incumbents, key=lambda pair: -pair[0])[-KEPT_INCUMBENTS:]
        elif message.kind == "bound":
            self.bound = max(self.bound, message.head["bound"])
            self.nodes = max(self.nodes, message.head["nodes"])
        if options.progress and message.kind in ("incumbent", "bound"):
            options.progress(self.incumbents[-1][0] if self.incumbents else inf, self.bound)


@dataclass(frozen=True)
class Outcome:
    """The answer as the child gave it, not yet checked, and the incumbents it streamed, best last."""

    solution: Solution
    incumbents: tuple[FloatArray, ...]


def run(arrays: Arrays, options: SolveOptions, backend: str) -> Outcome:
    """Solve in a child process; never raises for what happens there. Ctrl-C gives ended_by `interrupt`."""
    begin = monotonic()
    told = Told()
    process: Process | None = None
    try:
        process = take(backend)
        solution = _wait(process, arrays, options, backend, told)
        if not process.dead:
            give_back(process)
    except BaseException as stop:  # whatever ends the wait, no process is left behind; all but Ctrl-C goes on
        if process is not None:
            process.kill()
        if not isinstance(stop, KeyboardInterrupt):
            raise
        solution = _cut_short("interrupt", "interrupted by the user")
    if solution.status is Status.NO_SOLUTION_FOUND:
        solution = replace(
            solution, bound=max(solution.bound, told.bound), nodes=max(solution.nodes, told.nodes)
        )
    solution = replace(solution, backend=backend, seconds=monotonic() - begin)
    return Outcome(solution, tuple(x for _, x in told.incumbents))


def _wait(process: Process, arrays: Arrays, options: SolveOptions, backend: str, told: Told) -> Solution:
    process.ask(wire.question(arrays, options, backend))
    deadline = monotonic() + START_SECONDS
    while True:
        message = _next(process, deadline, options.memory_limit)
        if message is None:
            return _crashed(process, arrays)
        if message.kind == "started":
            deadline = monotonic() + options.time_limit + GRACE
        elif message.kind == "answer":
            return wire.answered(message)
        elif message.kind == "failed":
            process.kill()
            return _cut_short(message.head["ended_by"], message.head["why"])
        else:
            told.hear(message, options)


def _next(process: Process, deadline: float, memory_limit: float) -> Message | None:
    """Return the next message; at a limit one that says so, None when the child has ended."""
    limited = memory_limit < inf
    while True:
        if limited and process.megabytes() > memory_limit:
            why = f"the solver took more than {memory_limit:g} MB and was stopped"
            return Message("failed", {"why": why, "ended_by": "memory"})
        try:
            return process.hear(min(deadline - monotonic(), LOOK_SECONDS if limited else inf))
        except Empty:
            if monotonic() >= deadline:
                why = "the solver ran past its limit and was stopped"
                return Message("failed", {"why": why, "ended_by": "time"})


def _crashed(process: Process, arrays: Arrays) -> Solution:
    code = process.ended()
    how = f"signal {-code} ({_signal_name(-code)})" if code < 0 else f"exit status {code}"
    said = f" It said: {process.last_words}" if process.last_words else ""
    return _cut_short("crash", f"the solver crashed with {how}; its model is kept in {keep(arrays)}.{said}")


def keep(arrays: Arrays) -> Path:
    """Write the model into a new temporary folder, for a bug report; `np.load` reads it."""
    path = Path(mkdtemp(prefix="apportion-solve-")) / "model.npz"
    np.savez_compressed(path, allow_pickle=False, **wire.model_parts(arrays))
    return path


def kept(path: Path) -> Arrays:
    """Return the model that `keep` wrote."""
    with np.load(path, allow_pickle=False) as parts:
        return wire.model_from(dict(parts))


def _cut_short(ended_by: str, message: str) -> Solution:
    return Solution(Status.NO_SOLUTION_FOUND, inf, -inf, None, 0.0, "", ended_by=ended_by, message=message)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return os.strerror(number)
