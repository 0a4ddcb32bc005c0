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
from engine.territory.certificates import certificate_tables
from engine.territory.checks import verify, verify_ranks
from engine.territory.conflict.contradictions import contradictions
from engine.territory.edits.start import starting
from engine.territory.headcount.study import studied
from engine.territory.hierarchy.carved import affordable, carved
from engine.territory.interrupted import DesignInterrupted
from engine.territory.problem import Problem, gather
from engine.territory.proofs import ranks, solves
from engine.territory.questions import asked, refuse
from engine.territory.solving.certifying import certified
from engine.territory.solving.connected import solve_connected
from engine.territory.solving.contraction import Contraction
from engine.territory.solving.descent import cheapest, descend
from engine.territory.solving.full import solve_full
from engine.territory.solving.gains import at_most
from engine.territory.solving.lexicographic import solve_ranked
from engine.territory.solving.parts import parts
from engine.territory.solving.priced import solve_priced
from engine.territory.solving.search import Answer, Search, answer
from engine.territory.solving.structured import fits, solve_structured
from engine.territory.solving.whole import whole
from engine.territory.spec import TerritorySpec
from engine.territory.tables import tables
from engine.territory.wide import wide
from engine.territory.wide.stage import align_wide

MANY_PAIRS = 20_000
"""Eligible pairs of a part above which it is priced out instead of solved whole."""


@dataclass(frozen=True)
class Part:
    """Accounts and seats that eligibility keeps apart from all others."""

    problem: Problem
    accounts: IntArray
    reps: IntArray
    unit: IntArray
    """Unit of `problem` that each account belongs to, shape (account,)."""


def align(
    inputs: Inputs, spec: TerritorySpec, *, seed: int, progress: Progress, many_pairs: int = MANY_PAIRS
) -> Alignment:
    """Solve each part by itself, put them together, check the whole; raises what `engine.territory.design` says."""
    if wide(inputs):
        return align_wide(inputs, spec, _search(spec, seed, progress))
    held = affordable(inputs, spec)
    problem = gather(inputs, held)
    refuse(inputs, spec)
    split = _split(problem)
    search = _search(spec, seed, progress)

    def solve(part: Problem, own: Search) -> Answer:
        return solve_ranked(part, own, lambda problem, own: _solve(problem, own, many_pairs))

    def everything(other: Problem, own: Search) -> Answer:
        return whole(other, own, _split, solve)

    if spec.hierarchy is not None and spec.hierarchy.solve == "top_down":
        alignment = carved(inputs, spec, problem, search, everything)
        if held is not spec:
            return alignment
        answered = asked(alignment, inputs, spec, problem, search, everything)
        return studied(answered, inputs, spec, seed=seed, progress=progress)
    answers: list[Answer] = []
    for k, part in enumerate(split):
        own = search.named(f"part {k + 1} of {len(split)}, " if len(split) > 1 else "")
        own.found.extend(_starts(part, inputs.start))
        try:
            answers.append(certified(part.problem, solve(part.problem, own), own))
        except KeyboardInterrupt as stop:
            left = [_so_far(part.problem, own), *(_so_far(later.problem, search) for later in split[k + 1 :])]
            raise DesignInterrupted(_saved(inputs, spec, split, [*answers, *left])) from stop
    answered = asked(_finish(inputs, spec, split, answers), inputs, spec, problem, search, everything)
    return studied(answered, inputs, spec, seed=seed, progress=progress)


def _starts(part: Part, start: IntArray | None) -> list[IntArray]:
    """Return the plans of an earlier run for one part, over its units."""
    if start is None or not part.problem.account_ids:
        return []
    seat = np.full(int(max(start.max(), part.reps.max())) + 2, -1, dtype=np.int64)
    seat[part.reps] = np.arange(len(part.reps))
    of_unit = np.full(len(part.problem.account_ids), -1, dtype=np.int64)
    of_unit[part.unit[::-1]] = seat[start[part.accounts]][::-1]
    return starting(part.problem, of_unit)


def _split(problem: Problem) -> list[Part]:
    """Return the parts over units; raises Infeasible where rules contradict each other."""
    _refuse_contradictions([problem])
    units = problem.contract()
    split = [_part(units, members, reps) for members, reps in parts(units.problem)]
    _refuse_contradictions(part.problem for part in split)
    return split


def _refuse_contradictions(problems: Iterable[Problem]) -> None:
    faults = [fault for problem in problems for fault in contradictions(problem)]
    if faults:
        raise Infeasible(dict.fromkeys(faults))


def _part(units: Contraction, members: IntArray, reps: IntArray) -> Part:
    problem = units.problem
    whole = len(members) == len(problem.account_ids) and len(reps) == len(problem.rep_ids)
    accounts = np.flatnonzero(np.isin(units.unit_of, members))
    unit = np.searchsorted(members, units.unit_of[accounts])
    return Part(problem if whole else problem.restrict(members, reps), accounts, reps, unit)


def _search(spec: TerritorySpec, seed: int, progress: Progress) -> Search:
    solver = spec.solver
    return Search(
        backend=solver.backend,
        gap=float(solver.gap),
        node_limit=solver.node_limit,
        deadline=inf if solver.time_limit is None else time.monotonic() + solver.time_limit,
        seed=seed if solver.seed is None else solver.seed,
        progress=progress,
        confirm=solver.confirm,
    )


def _solve(problem: Problem, search: Search, many_pairs: int) -> Answer:
    if not problem.account_ids:
        empty = np.empty(0, dtype=np.int64)
        bound = problem.price(empty)
        return answer(problem, empty, bound, search, ended_by="proof", proof="there are no accounts")
    if problem.connected:
        return solve_connected(problem, search, lambda other, own: _solve(other, own, many_pairs))
    if int(problem.eligible.sum()) <= many_pairs:
        return solve_full(problem, search)
    if fits(problem):
        return solve_structured(problem, search)
    return solve_priced(problem, search)


def _so_far(problem: Problem, search: Search) -> Answer | None:
    """Return the best plan known for a part when the user interrupts, with the best bound proven so far."""
    if not problem.account_ids:
        return _solve(problem, search, MANY_PAIRS)
    plans = [plan for plan in search.found if problem.keeps(plan)]
    if not plans:
        search.progress.update(f"{search.part}stopped; seeking a plan (Ctrl-C again ends without)")
        plans = [plan for plan in (descend(problem, cheapest(problem)),) if problem.keeps(plan)]
    if not plans:
        return None
    least = float(np.where(problem.eligible, problem.cost, np.inf).min(axis=1).sum()) - at_most(problem)
    bound, proof = max([(least, "each account at its cheapest seat"), *search.proven])
    best = min(plans, key=problem.price)
    return answer(problem, best, bound, search, ended_by="interrupt", proof=proof)


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
        rep_of[part.accounts] = part.reps[found.rep_of[part.unit]]
    verify_ranks(inputs, spec, rep_of, ranks(answers))
    objective = verify(inputs, spec, rep_of, fsum(found.objective for found in answers))
    seats = [part.problem.rep_ids for part in split]
    proofs = solves(answers, seats, objective, inputs.currency, spec.solver)
    proven = certificate_tables(answers, seats)
    return Alignment(rep_of, proofs, (*tables(inputs, spec, rep_of), *proven))
