"""The elastic program: every rule may give, at a price for giving by its whole size; solved over all pairs.

    min sum_r w_r (s_r + t_r)   s.t.   lower_r / size <= sum_p a_rp / size x_p + s_r - t_r <= upper_r / size

The LP holds few pairs and prices the others out; prices change between solves while the basis stays. Whatever the LP
says, the bound is the Lagrangian one, evaluated on every pair: for |mu_r| <= w_r

    L(mu) = sum_i min_{p of i} (- sum_r mu_r a_rp) + sum_r (mu_r > 0 ? mu_r lower_r : mu_r upper_r)

A bound above zero proves that no assignment keeps the priced rules. Rules of price 0 are left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse

from solvers.conflict.rules import FloatArray, IntArray, Rules

ROUNDS = 200
ADDED = 3
"""Pairs of one account let in per round."""
TOLERANCE = 1e-9
CLOSED = 1e-4
"""Relative distance of LP and bound at which pricing ends."""
PROVEN = 1e-7
"""Share of a rule's size that counts as above zero."""


@dataclass(frozen=True)
class Relaxed:
    """The least total of what rules give, fractionally."""

    bound: float
    """L(mu): no assignment gives less."""
    value: float
    """Total of the fractional answer."""
    multipliers: FloatArray
    """mu, shape (row,), in price per size."""
    share: FloatArray
    """x of every pair, shape (account, seat)."""
    gives: FloatArray
    """What each row gives, in sizes of its rule; above is positive, shape (row,)."""
    reduced: FloatArray
    """What a pair costs beyond the best one of its account, shape (account, seat); 0 or more."""

    @property
    def proves(self) -> bool:
        """Whether no assignment keeps the priced rules."""
        return self.bound > PROVEN


class ElasticProgram:
    """An LP over few pairs that grows by pricing, kept warm between prices."""

    def __init__(self, rules: Rules, first: IntArray) -> None:
        """Begin with the pairs `first`, which must hold one of every account."""
        self.rules = rules
        self.matrix = sparse.csr_matrix(sparse.diags(1.0 / rules.scale) @ rules.matrix)
        self.by_pair = sparse.csc_matrix(self.matrix)
        self.lower, self.upper = rules.lower / rules.scale, rules.upper / rules.scale
        self.inside = np.zeros((rules.accounts, rules.seats), dtype=np.bool_)
        self.pairs = np.empty(0, dtype=np.int64)
        self._solver = self._begin()
        self._add(np.unique(first))

    def solve(self, prices: FloatArray, *, enough: float = np.inf) -> Relaxed:
        """Minimise at the given prices, shape (rule,); may end early when the bound has passed `enough`."""
        weight = prices[self.rules.group]
        self._price(weight)
        best: Relaxed | None = None
        for _ in range(ROUNDS):
            self._solver.run()
            found = self._read(weight)
            best = found if best is None else _better(best, found)
            done = found.value - best.bound <= CLOSED * found.value + TOLERANCE
            if done or best.bound > enough or not self._let_in(found):
                break
        assert best is not None
        return best

    def _begin(self) -> Any:
        import highspy

        solver = highspy.Highs()
        solver.silent()
        solver.setOptionValue("threads", 1)
        rows, none = len(self.lower), np.empty(0)
        lower = np.concatenate((np.ones(self.rules.accounts), self.lower))
        upper = np.concatenate((np.ones(self.rules.accounts), self.upper))
        empty = np.empty(0, dtype=np.int32)
        solver.addRows(len(lower), lower, upper, 0, empty, empty, none)
        where = np.tile(self.rules.accounts + np.arange(rows), 2)
        value = np.repeat([1.0, -1.0], rows)
        ends = np.arange(2 * rows)
        nothing = np.zeros(2 * rows)
        solver.addCols(
            2 * rows, nothing, nothing, np.full(2 * rows, np.inf), 2 * rows,
            ends.astype(np.int32), where.astype(np.int32), value,
        )  # fmt: skip
        return solver

    def _add(self, pairs: IntArray) -> None:
        part = self.by_pair[:, pairs]
        counts = np.diff(part.indptr) + 1
        ends = np.concatenate(([0], np.cumsum(counts)))
        first = ends[:-1]
        index, value = np.empty(ends[-1], dtype=np.int32), np.empty(ends[-1])
        rest = np.ones(ends[-1], dtype=np.bool_)
        rest[first] = False
        index[first], value[first] = pairs // self.rules.seats, 1.0
        index[rest], value[rest] = self.rules.accounts + part.indices, part.data
        nothing = np.zeros(len(pairs))
        self._solver.addCols(
            len(pairs), nothing, nothing, np.full(len(pairs), np.inf), len(index),
            first.astype(np.int32), index, value,
        )  # fmt: skip
        self.inside.ravel()[pairs] = True
        self.pairs = np.concatenate((self.pairs, pairs))

    def _price(self, weight: FloatArray) -> None:
        columns = np.arange(2 * len(weight), dtype=np.int32)
        self._solver.changeColsCost(len(columns), columns, np.tile(weight, 2))

    def _read(self, weight: FloatArray) -> Relaxed:
        solution, rows = self._solver.getSolution(), len(weight)
        x = np.array(solution.col_value)
        mu = np.clip(np.array(solution.row_dual)[self.rules.accounts :], -weight, weight)
        mu = np.where(np.isinf(self.lower), np.minimum(mu, 0.0), mu)
        mu = np.where(np.isinf(self.upper), np.maximum(mu, 0.0), mu)
        cost = -(self.matrix.T @ mu).reshape(self.inside.shape)
        least = cost.min(axis=1)
        side = np.where(mu > 0, self.lower, self.upper)
        terms = mu * np.where(mu != 0, side, 0.0)
        magnitude = float(np.abs(least).sum() + np.abs(terms).sum())
        bound = float(least.sum() + terms.sum()) - 1e-12 * magnitude
        share = np.zeros(cost.size)
        share[self.pairs] = x[2 * rows :]
        value = float((x[: 2 * rows] * np.tile(weight, 2)).sum())
        gives = x[rows : 2 * rows] - x[:rows]
        return Relaxed(bound, value, mu, share.reshape(cost.shape), gives, cost - least[:, None])

    def _let_in(self, found: Relaxed) -> bool:
        """Let in the best pairs of each account that undercut its best held one; return whether there were any."""
        held = np.where(self.inside, found.reduced, np.inf).min(axis=1)
        outside = np.where(self.inside, np.inf, found.reduced)
        order = np.argsort(outside, axis=1, kind="stable")[:, :ADDED]
        rows = np.arange(len(held))[:, None]
        better = outside[rows, order] < held[:, None] - TOLERANCE
        entering = (rows * self.rules.seats + order)[better]
        if len(entering):
            self._add(entering)
        return bool(len(entering))


def _better(best: Relaxed, found: Relaxed) -> Relaxed:
    """Keep the better bound with its multipliers, beside the later answer."""
    if found.bound >= best.bound:
        return found
    return replace(best, value=found.value, share=found.share, gives=found.gives)
