"""Study: what is asked once there is an alignment, and what answers it: a problem, a solver of problems, a start."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import inf

from engine.inputs import Inputs, IntArray
from engine.progress import Progress
from engine.territory.checks import verify
from engine.territory.problem import Problem, gather
from engine.territory.solving.search import Answer, Search
from engine.territory.spec import TerritorySpec

SolveProblem = Callable[[Problem, Search], Answer]
"""Solves a gathered problem over all accounts; raises Infeasible or NoPlan. `Search.found` may hold starts."""


@dataclass(frozen=True)
class Limits:
    """When a solve of the study may stop."""

    gap: float
    node_limit: int | None


@dataclass(frozen=True)
class Study:
    """The alignment of a scenario, and the means to ask for others."""

    inputs: Inputs
    spec: TerritorySpec
    problem: Problem
    """What was solved, over all accounts."""
    rep_of: IntArray
    """Seat of each account in the plan, shape (account,)."""
    objective: float
    """Its cost, currency units."""
    bound: float
    """Proven bound on the cost of every plan."""
    search: Search
    solve: SolveProblem

    @property
    def progress(self) -> Progress:
        """Where to report."""
        return self.search.progress

    @property
    def limits(self) -> Limits:
        """The limits of the solver that made the plan."""
        return Limits(self.search.gap, self.search.node_limit)

    def searching(self, word: str, limits: Limits, starts: Sequence[IntArray] = ()) -> Search:
        """Return a search with its own clock, that starts from alignments known to keep the rules."""
        seconds = self.spec.solver.time_limit
        return replace(
            self.search,
            part=f"{word}, ",
            gap=limits.gap,
            node_limit=limits.node_limit,
            confirm="",
            deadline=inf if seconds is None else time.monotonic() + seconds,
            began=time.monotonic(),
            found=list(starts),
            proven=[],
        )

    def ask(self, spec: TerritorySpec, word: str, limits: Limits, starts: Sequence[IntArray] = ()) -> Answer:
        """Solve another scenario over the same tables, and check its answer by the plain checks.

        Raises:
            Infeasible, NoPlan: there is no plan, or none was found.
            VerificationFailed: a plain check contradicts the answer.

        """
        problem = gather(self.inputs, spec)
        kept = [rep_of for rep_of in starts if problem.keeps(rep_of)]
        found = self.solve(problem, self.searching(word, limits, kept))
        verify(self.inputs, spec, found.rep_of, found.objective)
        return found
