"""Confirming: the model behind a bound of branch and bound, built and solved again by a second backend.

Each backend's bound must lie at or below what the other one found; bounds that cross mean that one of the two is wrong,
and nothing is published then.
"""

from __future__ import annotations

from dataclasses import replace

from engine.errors import Fault, VerificationFailed
from engine.inputs import IntArray
from engine.territory.problem import Problem
from engine.territory.solving.outer import solve_pairs
from engine.territory.solving.search import Confirmation, Search
from solvers.solution import Solution, Status

FIELD = "territories.solver.confirm"
CROSSED = 1e-6
"""Relative distance by which a bound may lie above the other backend's plan: tolerances of the two."""


def second(search: Search) -> Search:
    """Return the search that the second backend carries out: the same limits, nothing known, and nobody after it."""
    nothing = replace(search, found=[], proven=[], asked={})
    return replace(nothing, backend=search.confirm, confirm="", named_at=FIELD)


def confirmed(
    problem: Problem, search: Search, pairs: tuple[IntArray, IntArray], first: Solution
) -> Confirmation | None:
    """Return the bound of the second backend over the same pairs; None where the scenario asks for none.

    What side models add to the model (least borders) is proven by the second backend, too.

    Raises:
        VerificationFailed: the two contradict each other.

    """
    if not search.confirm or first.status is Status.INFEASIBLE:
        return None
    _, again = solve_pairs(problem, second(search), *pairs)
    if again.status is Status.INFEASIBLE and first.x is not None:
        raise _contradiction(search, f"{search.confirm} calls a model infeasible that {first.backend} solved")
    hold_apart(search, (first.objective, first.bound), (again.objective, again.bound))
    return Confirmation(search.confirm, again.bound)


def hold_apart(search: Search, one: tuple[float, float], other: tuple[float, float]) -> None:
    """Hold (objective, bound) of the first backend to those of the second.

    Raises:
        VerificationFailed: a bound lies above a plan of the other backend.

    """
    names = (search.backend, search.confirm)
    for (value, _), (_, bound), (finder, claimant) in ((one, other, names), (other, one, names[::-1])):
        if bound > value + CROSSED * max(abs(value), 1.0):
            words = f"{claimant} proves a bound of {bound:.9g}; {finder} found {value:.9g}"
            raise _contradiction(search, words)


def _contradiction(search: Search, words: str) -> VerificationFailed:
    return VerificationFailed([Fault("V_CHECK", f"{search.part}{words}.", field=FIELD)])
