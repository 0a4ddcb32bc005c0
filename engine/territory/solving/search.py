"""Search: how models are solved, and the answer of one part of a problem."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import inf

import numpy as np

from engine.errors import BadInput, Fault
from engine.inputs import FloatArray, IntArray, Words
from engine.progress import Progress
from engine.territory.problem import Problem
from engine.territory.solving.formulation import Formulation
from solvers.model import Model
from solvers.solution import Solution, SolveOptions, relative_gap

SEEDS = 2**31 - 1
LEAST_SECONDS = 0.1
CALM = 1e-9
"""Relative difference that binary rounding may make between two sums of the same costs."""


Proves = Callable[[float], tuple[float, str]]
"""From a bound on a model to the bound that it proves on the problem, and what that rests on."""


def standing(objective: float, bound: float) -> str:
    """Return in words how far a plan is from its bound: `gap 1.25% (3,240,000, bound 3,199,500)`."""
    gap = relative_gap(objective, bound)
    if gap < inf:
        return f"gap {gap:.2%} ({objective:,.0f}, bound {bound:,.0f})"
    return f"no plan yet, bound {bound:,.0f}" if abs(bound) < inf else "no plan yet"


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
    proven: list[tuple[float, str]] = field(default_factory=list)
    """Bounds on the cost of every alignment that keeps the rules, and what each rests on, as they are proven."""
    confirm: str = ""
    """Second backend, which solves again what branch and bound decided; '' for none."""
    named_at: str = "territories.solver.backend"
    """Field of the scenario that names the backend."""
    absolute_gap: float = 0.0
    """Distance of cost and bound at which a search stops as well; for goals whose best value is near 0."""

    asked: dict[bytes, float] = field(default_factory=dict, repr=False)
    """Bounds of side models that were proven before, by the bytes of the model."""

    def named(self, part: str) -> Search:
        """Return the same search for one part, with its own clock."""
        return replace(self, part=part, began=time.monotonic(), found=[], proven=[])

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
        proves: Proves | None = None,
    ) -> Solution:
        """Hand a model to the backend; the child process behind it makes a limit a limit.

        `proves` says what a bound on the model proves of the whole problem, where it proves anything.
        """

        def tell(objective: float, bound: float) -> None:
            self.tell(objective, bound if proves is None else self.prove(*proves(bound)))

        try:
            side = not formulation.decides
            return self.hand_over(
                formulation.model, gap=gap, start=start, tell=None if quiet else tell, side=side
            )
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
        tell: Callable[[float, float], None] | None = None,
        side: bool = False,
    ) -> Solution:
        """Solve any model within the limits of the stage.

        A linear program, and whatever else decides nothing (`side`), goes to HiGHS where the backend lacks a feature.

        Raises:
            BadInput: the backend lacks a feature that a model which decides needs.

        """
        from solvers import Refused, solve

        options = SolveOptions(
            gap=self.gap if gap is None else gap,
            absolute_gap=max(absolute_gap, self.absolute_gap),
            time_limit=max(self.deadline - time.monotonic(), LEAST_SECONDS),
            node_limit=self.node_limit,
            seed=self.seed % SEEDS,
            start=start,
            progress=tell,
        )
        try:
            return solve(model, options, backend=self.backend)
        except Refused as refused:
            if side or not model.arrays().integer.any():
                return solve(model, options, backend="highs")
            fault = Fault("E_ENVIRONMENT", f"{refused}.", "Use highs or scip.", field=self.named_at)
            raise BadInput([fault]) from None

    def _keep_incumbent(self, formulation: Formulation, solution: Solution | None) -> None:
        """Note the plan of an interrupted search; whether it keeps every rule is checked before it is used."""
        if solution is not None and solution.x is not None and formulation.decides:
            self.found.append(formulation.alignment(solution.x, int(formulation.account.max()) + 1))

    def close(self, objective: float, bound: float) -> bool:
        """Whether a plan and a bound are near enough to stop."""
        return relative_gap(objective, bound) <= self.gap or objective - bound <= self.absolute_gap

    @property
    def expired(self) -> bool:
        """Whether the scenario's time limit is over."""
        return time.monotonic() >= self.deadline

    def tell(self, objective: float, bound: float) -> None:
        """Say how far the search is."""
        self.progress.update(f"{self.part}{standing(objective, bound)}")

    def prove(self, bound: float, proof: str) -> float:
        """Note a bound on the cost of every alignment that keeps the rules; return the best one so far."""
        if not self.proven or bound > self.proven[-1][0]:
            self.proven.append((bound, proof))
        return self.proven[-1][0]


@dataclass(frozen=True)
class Prices:
    """Multipliers of one rule: currency units per integer unit of what it bounds; a binding lower side is >= 0."""

    field: str
    rule: str
    seats: Words
    """Seat of each multiplier, or what the rule calls its row; '' for a budget over all."""
    values: FloatArray
    ends: tuple[tuple[str, str], ...] = ()
    """The two accounts that each multiplier of a border is of; empty for every other rule."""


@dataclass(frozen=True)
class Certificate:
    """What other code needs to prove a bound again: one pass over all pairs."""

    bound: float
    """What the multipliers prove, currency units; the bound of the answer may be better."""
    multipliers: tuple[Prices, ...]
    left_out: Words = ()
    """Titles of the rules without multipliers; the bound holds without them."""


@dataclass(frozen=True)
class Confirmation:
    """What a second backend says of the model whose bound was taken from the first."""

    backend: str
    bound: float
    """Its own dual bound, made a bound over all pairs as the first one was."""


@dataclass(frozen=True)
class Answer:
    """An alignment of a part that keeps every rule, with a bound that holds for all of them."""

    rep_of: IntArray
    objective: float
    bound: float
    seconds: float
    ended_by: str
    proof: str
    earlier: tuple[tuple[int, Answer], ...] = ()
    """Answers of the lexicographic ranks that were minimised before the cost, by rank."""
    certificate: Certificate | None = None
    """Multipliers that prove a bound by themselves; None before they are sought."""
    confirmation: Confirmation | None = None
    """The bound of a second backend where the scenario asks for one and the bound rests on branch and bound."""


def answer(
    problem: Problem, rep_of: IntArray, bound: float, search: Search, *, ended_by: str, proof: str
) -> Answer:
    """Return the answer with its objective recomputed; a bound above it by a rounding error is the objective."""
    objective = problem.price(rep_of)
    if objective < bound <= objective + CALM * max(abs(objective), 1.0):
        bound = objective
    return Answer(np.asarray(rep_of, dtype=np.int64), objective, bound, search.seconds, ended_by, proof)
