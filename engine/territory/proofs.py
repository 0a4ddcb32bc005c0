"""Proofs: what the manifest says of the solves of the stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import fsum, isclose, nan

from engine.errors import Fault, VerificationFailed
from engine.inputs import Words
from engine.proof import Solve
from engine.territory.solving.search import Answer
from engine.territory.solving.whole import confirmation_of
from engine.territory.spec import TerritorySolver
from solvers.solution import Status, relative_gap

STAGE = "territories"
SHOWN = 3


def solves(
    answers: Sequence[Answer],
    seats: Sequence[Words],
    objective: float,
    currency: str,
    solver: TerritorySolver,
) -> tuple[Solve, ...]:
    """Return the whole first, then each part where there are several.

    `objective` is the recomputed cost of the whole alignment.

    Raises:
        VerificationFailed: a bound lies above the cost of an alignment that keeps every rule.

    """
    bound = fsum(found.bound for found in answers)
    if bound > objective and isclose(bound, objective, rel_tol=1e-9, abs_tol=1e-9):
        bound = objective
    if bound > objective:
        message = (
            f"the proven bound {bound:.9g} lies above {objective:.9g}, the cost of an alignment that exists."
        )
        raise VerificationFailed([Fault("V_CHECK", message, field="territories")])
    ranked = [_rank(rank, answers, solver) for rank in ranks(answers)]
    one = answers[0] if len(answers) == 1 else None
    whole = _solve(
        "cost",
        objective,
        bound,
        currency,
        solver,
        seconds=fsum(found.seconds for found in answers),
        ended_by=one.ended_by if one else _ended_by(answers),
        proof=one.proof if one else f"sum of {len(answers)} parts that no account can cross",
    )
    whole = _backed(whole, answers)
    if one:
        return (whole, *ranked)
    each = [
        _backed(
            _solve(
                f"cost of {_few(ids)}",
                found.objective,
                found.bound,
                currency,
                solver,
                seconds=found.seconds,
                ended_by=found.ended_by,
                proof=found.proof,
            ),
            [found],
        )
        for found, ids in zip(answers, seats, strict=True)
    ]
    return (whole, *each, *ranked)


def _backed(solve: Solve, answers: Sequence[Answer]) -> Solve:
    """Return a solve with what addition alone proves of its parts, and what a second backend says of them."""
    known = [found.certificate.bound for found in answers if found.certificate]
    certified = fsum(known) if len(known) == len(answers) else nan
    again = confirmation_of(answers)
    if again is None:
        return replace(solve, certified=certified)
    return replace(solve, certified=certified, confirmed_by=again.backend, confirmed=again.bound)


def ranks(answers: Sequence[Answer]) -> dict[int, float]:
    """Return what each lexicographic rank was minimised to, over all parts."""
    total: dict[int, float] = {}
    for found in answers:
        for rank, earlier in found.earlier:
            total[rank] = total.get(rank, 0.0) + earlier.objective
    return total


def _rank(rank: int, answers: Sequence[Answer], solver: TerritorySolver) -> Solve:
    """Return the solve of one rank, over all parts."""
    found = [earlier for part in answers for at, earlier in part.earlier if at == rank]
    return _solve(
        f"rank {rank}",
        fsum(one.objective for one in found),
        fsum(one.bound for one in found),
        "weighted distance",
        solver,
        seconds=fsum(one.seconds for one in found),
        ended_by=_ended_by(found) if len(found) > 1 else found[0].ended_by,
        proof=found[0].proof if len(found) == 1 else f"sum of {len(found)} parts that no account can cross",
    )


def _solve(
    name: str,
    objective: float,
    bound: float,
    unit: str,
    solver: TerritorySolver,
    *,
    seconds: float,
    ended_by: str,
    proof: str,
) -> Solve:
    demanded, gap = float(solver.gap), relative_gap(objective, bound)
    status = Status.OPTIMAL if gap <= demanded else Status.FEASIBLE
    return Solve(
        STAGE, name, solver.backend, status, objective, bound, gap, demanded, unit, seconds, ended_by, proof
    )


def _ended_by(answers: Sequence[Answer]) -> str:
    """Return the first reason that is no proof: it says whether a run repeats."""
    reasons = [found.ended_by for found in answers]
    return next((reason for reason in ("interrupt", "time", "nodes", "gap") if reason in reasons), "proof")


def _few(ids: Words) -> str:
    return ", ".join(ids[:SHOWN]) + (f" and {len(ids) - SHOWN} more" if len(ids) > SHOWN else "")
