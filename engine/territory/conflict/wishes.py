"""A problem's rules as wishes: every rule with a name becomes rows that may give (`solvers.conflict`).

Bands, budgets, free rows and pairs apart give in integer units, measured against the size of the rule; a rule that
forbids pairs gives one account at a time. Groups are contracted before, and contiguity has no rows: neither gives.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from engine.inputs import FloatArray, IntArray
from engine.territory.declaration import Band, Budget, Forbidden, Rows
from engine.territory.problem import Named, Problem
from engine.territory.solving.scaling import size_of, tightened
from solvers.conflict import Rules

FIRM = 1e3
"""Price of one account on a forbidden pair, where the rules of quantity are the ones to give."""

Rule = Named[Band] | Named[Budget] | Named[Rows] | Named[Forbidden]


@dataclass(frozen=True)
class Wishes:
    """The rules in the order of their numbers in `rules`."""

    named: tuple[Rule, ...]
    rules: Rules

    @property
    def forbidding(self) -> tuple[int, ...]:
        """Numbers of the rules that forbid pairs."""
        return tuple(k for k, rule in enumerate(self.named) if isinstance(rule.what, Forbidden))

    def prices(self, quantity: float, forbidden: float) -> FloatArray:
        """Return prices: of a rule of quantity broken by its whole size, and of one account on a forbidden pair."""
        out = np.full(len(self.named), quantity)
        never = list(self.forbidding)
        out[never] = forbidden * self.rules.size[never]
        return out

    @property
    def firm(self) -> FloatArray:
        """Prices at which only quantities give."""
        return self.prices(1.0, FIRM)


def wishes(problem: Problem) -> Wishes:
    """Return the rules of a problem over all its pairs."""
    named: list[Rule] = [*problem.bands, *problem.budgets, *problem.free_rows(), *problem.forbidden]
    blocks = [_block(problem, rule) for rule in named]
    group = np.repeat(np.arange(len(named)), [len(lower) for _, lower, _ in blocks])
    size = [_size(rule) for rule in named]
    lower = np.concatenate([np.empty(0), *(lower for _, lower, _ in blocks)])
    upper = np.concatenate([np.empty(0), *(upper for _, _, upper in blocks)])
    nothing = sparse.csr_matrix((0, problem.eligible.size))
    matrix = sparse.csr_matrix(sparse.vstack([nothing, *(matrix for matrix, _, _ in blocks)], format="csr"))
    rules = Rules(len(problem.rep_ids), matrix, lower, upper, group, np.array(size, dtype=np.float64))
    return Wishes(tuple(named), rules)


def _size(rule: Rule) -> int:
    if isinstance(rule.what, Forbidden):
        return max(int(rule.what.pairs.any(axis=1).sum()), 1)
    return size_of(rule.what)


def _block(problem: Problem, rule: Rule) -> tuple[sparse.csr_matrix, FloatArray, FloatArray]:
    """Return the matrix over all pairs, and the two sides, of a rule's rows."""
    accounts, reps = problem.eligible.shape
    pairs, none = accounts * reps, np.array([-np.inf])
    what = rule.what
    if isinstance(what, Band):
        lower, upper = tightened(what)
        least, most = what.measure.extremes(reps)
        seat = np.tile(np.arange(reps), accounts)
        values = what.measure.of_pairs * np.ones(reps, dtype=np.int64)
        matrix = _matrix(seat, np.arange(pairs), values.ravel(), (reps, pairs))
        low = np.where(what.lower <= least, -np.inf, lower)
        return matrix, low, np.where(what.upper >= most, np.inf, upper)
    if isinstance(what, Rows):
        column = what.account * reps + what.rep
        shape = (len(what.lower), pairs)
        return _matrix(what.row, column, what.coefficient, shape), what.lower, what.upper
    if isinstance(what, Budget):
        used, limit = problem.use(what), np.array([float(what.limit)])
    else:
        used, limit = what.pairs.astype(np.int64), np.zeros(1)
    everywhere = np.broadcast_to(used, problem.eligible.shape).ravel()
    return _matrix(np.zeros(pairs, dtype=np.int64), np.arange(pairs), everywhere, (1, pairs)), none, limit


def _matrix(row: IntArray, column: IntArray, value: IntArray, shape: tuple[int, int]) -> sparse.csr_matrix:
    used = value != 0
    return sparse.csr_matrix((value[used].astype(np.float64), (row[used], column[used])), shape=shape)
