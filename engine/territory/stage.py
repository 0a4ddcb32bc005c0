"""The stage: from tables and rules to a verified alignment."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum, inf

import numpy as np

from engine.errors import Infeasible
from engine.inputs import Inputs, IntArray
from engine.progress import Progress
from engine.territory.alignment import Alignment
from engine.territory.checks import verify
from engine.territory.contradictions import contradictions
from engine.territory.descent import cheapest, descend
from engine.territory.full import solve_full
from engine.territory.interrupted import DesignInterrupted
from engine.territory.parts import parts
from engine.territory.priced import solve_priced
from engine.territory.problem import Problem, gather
from engine.territory.proofs import solves
from engine.territory.search import Answer, Search, answer
from engine.territory.spec import TerritorySpec
from engine.territory.tables import tables

MANY_PAIRS = 20_000
"""Eligible pairs of a part above which it is priced out instead of solved whole."""


@dataclass(frozen=True)
class Part:
    """Accounts and seats that eligibility keeps apart from all others."""

    problem: Problem
    accounts: IntArray
    reps: IntArray


def align(
    inputs: Inputs, spec: TerritorySpec, *, seed: int, progress: Progress, many_pairs: int = MANY_PAIRS
) -> Alignment:
    """Solve each part by itself, put them together, check the whole; raises what `engine.territory.design` says."""
    problem = gather(inputs, spec)
    _refuse_contradictions([problem])
    split = [_part(problem, accounts, reps) for accounts, reps in parts(problem)]
    _refuse_contradictions(part.problem for part in split)
    search = _search(spec, seed, progress)
    answers: list[Answer] = []
    for k, part in enumerate(split):
        own = search.named(f"part {k + 1} of {len(split)}, " if len(split) > 1 else "")
        try:
            answers.append(_solve(part.problem, own, many_pairs))
        except KeyboardInterrupt as stop:
            left = [_so_far(part.problem, own), *(_so_far(later.problem, search) for later in split[k + 1 :])]
            raise DesignInterrupted(_saved(inputs, spec, split, [*answers, *left])) from stop
    return _finish(inputs, spec, split, answers)


def _refuse_contradictions(problems: Iterable[Problem]) -> None:
    faults = [fault for problem in problems for fault in contradictions(problem)]
    if faults:
        raise Infeasible(dict.fromkeys(faults))


def _part(problem: Problem, accounts: IntArray, reps: IntArray) -> Part:
    whole = len(accounts) == len(problem.account_ids) and len(reps) == len(problem.rep_ids)
    return Part(problem if whole else problem.restrict(accounts, reps), accounts, reps)


def _search(spec: TerritorySpec, seed: int, progress: Progress) -> Search:
    solver = spec.solver
    return Search(
        backend=solver.backend,
        gap=float(solver.gap),
        node_limit=solver.node_limit,
        deadline=inf if solver.time_limit is None else time.monotonic() + solver.time_limit,
        seed=seed if solver.seed is None else solver.seed,
        progress=progress,
    )


def _solve(problem: Problem, search: Search, many_pairs: int) -> Answer:
    if not problem.account_ids:
        empty = np.empty(0, dtype=np.int64)
        bound = problem.price(empty)
        return answer(problem, empty, bound, search, ended_by="proof", proof="there are no accounts")
    many = int(problem.eligible.sum()) > many_pairs
    return solve_priced(problem, search) if many else solve_full(problem, search)


def _so_far(problem: Problem, search: Search) -> Answer | None:
    """Return the best plan known for a part when the user interrupts; its bound is each account's cheapest seat."""
    if not problem.account_ids:
        return _solve(problem, search, MANY_PAIRS)
    plans = [plan for plan in (*search.found, descend(problem, cheapest(problem))) if problem.keeps(plan)]
    if not plans:
        return None
    bound = float(np.where(problem.eligible, problem.cost, np.inf).min(axis=1).sum())
    best = min(plans, key=problem.price)
    return answer(
        problem, best, bound, search, ended_by="interrupt", proof="each account at its cheapest seat"
    )


def _saved(
    inputs: Inputs, spec: TerritorySpec, split: Sequence[Part], answers: Sequence[Answer | None]
) -> Alignment | None:
    known = [found for found in answers if found is not None]
    return _finish(inputs, spec, split, known) if len(known) == len(split) else None


def _finish(
    inputs: Inputs, spec: TerritorySpec, split: Sequence[Part], answers: Sequence[Answer]
) -> Alignment:
    rep_of = np.full(len(inputs.accounts), -1, dtype=np.int64)
    for part, found in zip(split, answers, strict=True):
        rep_of[part.accounts] = part.reps[found.rep_of]
    objective = verify(inputs, spec, rep_of, fsum(found.objective for found in answers))
    seats = [part.problem.rep_ids for part in split]
    proofs = solves(answers, seats, objective, inputs.currency, spec.solver)
    return Alignment(rep_of, proofs, tables(inputs, spec, rep_of))
