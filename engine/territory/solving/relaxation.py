"""Relaxation: the LP over few columns, priced out over all pairs until none would lower it.

Candidate lists are never trusted: 12 nearest seats of 100 left a hole of 1.1 %. Each round solves the LP over the
columns so far, evaluates the bound of its duals on all pairs, and lets in the pairs that undercut what their
account pays. Rules are elastic at a steep price, so that every round has an answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.territory.declaration import BoolArray
from engine.territory.problem import Problem
from engine.territory.solving.descent import steepness
from engine.territory.solving.duals import row_duals
from engine.territory.solving.formulation import Elastic, Formulation, formulate
from engine.territory.solving.multipliers import Priced, price_out
from engine.territory.solving.search import Search

MULTIPLIERS = "multipliers evaluated on all {:,} pairs"
NEAREST = 6
"""Cheapest seats of each account in the first round."""
ADDED = 4
"""Pairs of one account let in per round."""
ROUNDS = 60
CONVERGED = 1e-5
BROKEN = 1e-6
"""Slack in units of a row, from which a rule counts as broken in the LP."""
RAISE = 100.0


@dataclass(frozen=True)
class Relaxation:
    """The LP over all pairs, as far as it was carried."""

    priced: Priced
    """Best multipliers found, with the bound they prove."""
    rounded: IntArray
    """Seat of the largest share of each account; need not keep the rules."""
    broken: bool
    """The LP keeps some rule only by paying for it: a sign, not a proof, that no alignment keeps them all."""
    formulation: Formulation
    """The model whose row duals the best multipliers are."""
    duals: FloatArray
    """Shape (row,); a binding lower side is 0 or more."""


def pairs_of(columns: BoolArray) -> tuple[IntArray, IntArray]:
    """Return the accounts and seats of a mask of pairs, ordered by account, then seat."""
    account, rep = np.nonzero(columns)
    return account.astype(np.int64), rep.astype(np.int64)


def first_columns(problem: Problem, guess: IntArray) -> BoolArray:
    """Return the cheapest pairs of each account, its incumbent and a guess, shape (account, rep)."""
    cost = np.where(problem.eligible, problem.cost, np.inf)
    nearest = np.argsort(cost, axis=1, kind="stable")[:, :NEAREST]
    columns = np.zeros(cost.shape, dtype=np.bool_)
    rows = np.arange(len(cost))
    columns[rows[:, None], nearest] = True
    columns[rows, guess] = True
    columns[rows[problem.owner >= 0], problem.owner[problem.owner >= 0]] = True
    return columns & problem.eligible


def relax(problem: Problem, search: Search, guess: IntArray, *, pairs: bool = True) -> Relaxation:
    """Solve the LP over all pairs by pricing; where a limit stops it, the best bound so far holds all the same.

    `pairs` false leaves out all costs: then a bound above zero proves that no alignment keeps the rules.
    """
    priced = (
        problem
        if pairs
        else replace(problem, cost=np.zeros_like(problem.cost), spreads=(), edge_costs=(), gains=())
    )
    columns, price = first_columns(problem, guess), steepness(problem) if pairs else 1.0
    raised, reached = not pairs, _without_multipliers(priced, columns, guess)
    for turn in range(ROUNDS):
        _tell(search, turn, columns)
        formulation = formulate(priced, *pairs_of(columns), integer=False, elastic=Elastic(True, price))
        lp = search.solve(formulation, gap=0.0, quiet=True)
        duals = row_duals(search, formulation.model.arrays(), lp)
        if lp.x is None or duals is None:
            break
        seen = price_out(priced, formulation, duals)
        if seen.bound > reached.priced.bound:
            reached = replace(reached, priced=seen, formulation=formulation, duals=duals)
        if pairs:
            search.prove(reached.priced.bound, MULTIPLIERS.format(int(problem.eligible.sum())))
        rounded = formulation.alignment(lp.x, len(guess))
        reached = replace(reached, rounded=rounded, broken=_broken(formulation, lp.x))
        if lp.objective - reached.priced.bound <= CONVERGED * abs(lp.objective) or not _let_in(columns, seen):
            if raised or not reached.broken:
                break
            raised, price = True, price * RAISE
    return reached


def _without_multipliers(problem: Problem, columns: BoolArray, guess: IntArray) -> Relaxation:
    formulation = formulate(problem, *pairs_of(columns), integer=False)
    duals = np.zeros(formulation.model.rows)
    return Relaxation(price_out(problem, formulation, duals), guess, False, formulation, duals)


def _tell(search: Search, turn: int, columns: BoolArray) -> None:
    share = f"{int(columns.sum()):,} of {columns.size:,} pairs"
    search.progress.update(f"{search.part}pricing round {turn + 1}, {share}")


def _let_in(columns: BoolArray, priced: Priced) -> bool:
    """Let in the pairs that undercut the best held pair of their account; return whether there were any."""
    held = np.where(columns, priced.extra, np.inf).min(axis=1)
    tolerance = CONVERGED * max(float(np.abs(priced.least).mean()), 1e-9)
    undercut = np.where(columns, np.inf, priced.extra)
    order = np.argsort(undercut, axis=1, kind="stable")[:, :ADDED]
    rows = np.arange(len(held))[:, None]
    better = undercut[rows, order] < held[:, None] - tolerance
    columns[np.broadcast_to(rows, order.shape)[better], order[better]] = True
    return bool(better.any())


def _broken(formulation: Formulation, x: FloatArray) -> bool:
    return any(float(x[slack].max(initial=0.0)) > BROKEN for slack in formulation.slack)
