"""Search: how models are solved, and the answer of one part of a problem."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from math import inf

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.progress import Progress
from engine.territory.formulation import Formulation
from engine.territory.problem import Problem
from solvers.model import Model
from solvers.solution import Solution, SolveOptions, relative_gap

SEEDS = 2**31 - 1
LEAST_SECONDS = 0.1
CALM = 1e-9
"""Relative difference that binary rounding may make between two sums of the same costs."""


@dataclass(frozen=True)
class Search:
    """Backend and limits; every solve of the stage passes here."""

    backend: str
    gap: float
    node_limit: int | None
    deadline: float
    """On the monotonic clock; inf without a limit."""
    seed: int
    progress: Progress
    part: str = ""
    """Which part is solved, for messages: `part 2 of 4, `."""
    began: float = field(default_factory=time.monotonic)
    found: list[IntArray] = field(default_factory=list)
    """Alignments that keep every rule, as they are found; what is left when the user interrupts."""

    def named(self, part: str) -> Search:
        """Return the same search for one part, with its own clock."""
        return replace(self, part=part, began=time.monotonic(), found=[])

    @property
    def seconds(self) -> float:
        """Seconds since the part was begun."""
        return time.monotonic() - self.began

    def solve(
        self,
        formulation: Formulation,
        *,
        gap: float | None = None,
        start: FloatArray | None = None,
        quiet: bool = False,
    ) -> Solution:
        """Hand a model to the backend; the child process behind it makes a limit a limit."""
        try:
            return self.hand_over(formulation.model, gap=gap, start=start, quiet=quiet)
        except KeyboardInterrupt as stop:
            self._keep_incumbent(formulation, getattr(stop, "solution", None))
            raise

    def hand_over(
        self,
        model: Model,
        *,
        gap: float | None = None,
        absolute_gap: float = 0.0,
        start: FloatArray | None = None,
        quiet: bool = True,
    ) -> Solution:
        """Solve any model within the limits of the stage."""
        from solvers import solve

        options = SolveOptions(
            gap=self.gap if gap is None else gap,
            absolute_gap=absolute_gap,
            time_limit=max(self.deadline - time.monotonic(), LEAST_SECONDS),
            node_limit=self.node_limit,
            seed=self.seed % SEEDS,
            start=start,
            progress=None if quiet else self.tell,
        )
        return solve(model, options, backend=self.backend)

    def _keep_incumbent(self, formulation: Formulation, solution: Solution | None) -> None:
        """Note the plan of an interrupted search; whether it keeps every rule is checked before it is used."""
        if solution is not None and solution.x is not None and formulation.decides:
            self.found.append(formulation.alignment(solution.x, int(formulation.account.max()) + 1))

    @property
    def expired(self) -> bool:
        """Whether the scenario's time limit is over."""
        return time.monotonic() >= self.deadline

    def tell(self, objective: float, bound: float) -> None:
        """Say how far the search is."""
        gap = relative_gap(objective, bound)
        shown = f"gap {gap:.2%}" if gap < inf else "no plan yet"
        self.progress.update(f"{self.part}{shown}")


@dataclass(frozen=True)
class Answer:
    """An alignment of a part that keeps every rule, with a bound that holds for all of them."""

    rep_of: IntArray
    objective: float
    bound: float
    seconds: float
    ended_by: str
    proof: str


def answer(
    problem: Problem, rep_of: IntArray, bound: float, search: Search, *, ended_by: str, proof: str
) -> Answer:
    """Return the answer with its objective recomputed; a bound above it by a rounding error is the objective."""
    objective = problem.price(rep_of)
    if objective < bound <= objective + CALM * max(abs(objective), 1.0):
        bound = objective
    return Answer(np.asarray(rep_of, dtype=np.int64), objective, bound, search.seconds, ended_by, proof)
