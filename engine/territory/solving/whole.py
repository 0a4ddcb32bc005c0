"""A whole problem, solved part by part from alignments that are known: what a study asks again and again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import fsum
from typing import TYPE_CHECKING

import numpy as np

from engine.inputs import IntArray
from engine.territory.declaration import Held
from engine.territory.problem import Named, Problem
from engine.territory.solving.search import Answer, Confirmation, Search

if TYPE_CHECKING:
    from engine.territory.stage import Part

Split = Callable[[Problem], "Sequence[Part]"]
"""Splits a problem into parts over units; raises Infeasible where rules contradict each other."""


def whole(
    problem: Problem, search: Search, split: Split, solve: Callable[[Problem, Search], Answer]
) -> Answer:
    """Return the answer over all accounts; objectives and bounds of the parts add up.

    Raises:
        Infeasible, NoPlan: as `solve` says of a part.

    """
    rep_of = np.full(len(problem.account_ids), -1, dtype=np.int64)
    answers = []
    for part in split(problem):
        starts = [_inside(part, known) for known in search.found]
        found = solve(part.problem, replace(search, found=starts, proven=[]))
        rep_of[part.accounts] = part.reps[found.rep_of[part.unit]]
        answers.append(found)
    reasons = [found.ended_by for found in answers]
    ended_by = next((reason for reason in ("time", "nodes", "gap") if reason in reasons), "proof")
    proof = (
        answers[0].proof if len(answers) == 1 else f"sum of {len(answers)} parts that no account can cross"
    )
    return Answer(
        rep_of,
        fsum(found.objective for found in answers),
        fsum(found.bound for found in answers),
        fsum(found.seconds for found in answers),
        reasons[0] if len(reasons) == 1 else ended_by,
        proof,
        confirmation=confirmation_of(answers),
    )


def confirmation_of(answers: Sequence[Answer]) -> Confirmation | None:
    """Return the second backend's bound on the sum of parts; a part that rests on addition alone needs no second."""
    names = [found.confirmation.backend for found in answers if found.confirmation]
    parts = [found.confirmation.bound if found.confirmation else found.bound for found in answers]
    return Confirmation(names[0], fsum(parts)) if names else None


def _inside(part: Part, rep_of: IntArray) -> IntArray:
    """Return an alignment of all accounts as one of a part's units."""
    seat = np.zeros(int(max(rep_of.max(initial=0), part.reps.max(initial=0))) + 1, dtype=np.int64)
    seat[part.reps] = np.arange(len(part.reps))
    inside = np.zeros(len(part.problem.account_ids), dtype=np.int64)
    inside[part.unit] = seat[rep_of[part.accounts]]
    return inside


def held_at(problem: Problem, rep_of: IntArray) -> Problem:
    """Return the problem with every lexicographic rank held at what an alignment comes to."""
    for rank in sorted({spread.what.rank for spread in problem.spreads} - {0}):
        ranked = [spread for spread in problem.spreads if spread.what.rank == rank]
        kept = tuple(spread for spread in problem.spreads if spread.what.rank != rank)
        spreads = tuple(replace(s.what, rank=0) for s in ranked if s.what.price > 0)
        limit = sum(problem.spread_price(spread, rep_of) for spread in spreads)
        held = (Named(f"rank_{rank}", ranked[0].field, Held(spreads, limit)),) if spreads else ()
        problem = replace(problem, spreads=kept, holds=(*problem.holds, *held))
    return problem
