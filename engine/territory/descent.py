"""Descent: shifts and swaps that lower cost and broken rules together, until none does.

    minimise  sum_i c_i,rep(i) + sum_r phi_r(load_r)

phi_r is the priced deviation of a spread, and a steep price on what a band or a budget is broken by; so the same
moves first repair an alignment and then polish it. Best moves first, ties by account and seat: repeatable.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.territory.formulation import size_of
from engine.territory.problem import Problem, loads

ROUNDS = 400
STEEP = 10.0
TINY = 1e-9
SWAPPED = 60
"""Accounts of a seat, those that lose least by leaving it, that are tried in swaps with each other seat."""


@dataclass(frozen=True)
class _Row:
    """One convex price on the load of each seat."""

    weight: FloatArray
    low: FloatArray
    high: FloatArray
    price: float

    def __call__(self, load: FloatArray) -> FloatArray:
        out: FloatArray = self.price * (np.maximum(load - self.high, 0) + np.maximum(self.low - load, 0))
        return out


def steepness(problem: Problem) -> float:
    """Return a price of breaking a rule by its whole size that no saving in cost outweighs."""
    cost = np.where(problem.eligible, problem.cost, -np.inf)
    spread = cost.max(axis=1) - np.where(problem.eligible, problem.cost, np.inf).min(axis=1)
    deviations = sum(
        float(s.what.price) * 2 * float(np.abs(s.what.measure.values).sum()) for s in problem.spreads
    )
    return STEEP * (float(spread.sum()) + deviations + 1.0)


def descend(problem: Problem, rep_of: IntArray) -> IntArray:
    """Return an alignment that no shift and no tried swap improves; it may still break a rule."""
    state = _State(problem, rep_of.copy())
    for _ in range(ROUNDS):
        if not state.shift() and not state.swap():
            break
    return state.rep_of


def cheapest(problem: Problem) -> IntArray:
    """Return each account's cheapest eligible seat; the incumbent where the two cost the same."""
    cost = np.where(problem.eligible, problem.cost, np.inf)
    best = np.argmin(cost, axis=1)
    rows = np.arange(len(best))
    held = problem.owner >= 0
    stays = held & (cost[rows, np.where(held, problem.owner, 0)] <= cost[rows, best])
    return np.where(stays, problem.owner, best)


class _State:
    """An alignment under descent with the loads of its seats."""

    def __init__(self, problem: Problem, rep_of: IntArray) -> None:
        self.problem = problem
        self.rep_of = rep_of
        self.accounts = np.arange(len(rep_of))
        self.reps = len(problem.rep_ids)
        steep = steepness(problem)
        self.rows = [
            _Row(
                b.what.measure.values.astype(np.float64),
                b.what.lower.astype(np.float64),
                b.what.upper.astype(np.float64),
                steep / size_of(b.what),
            )
            for b in problem.bands
        ] + [
            _Row(s.what.measure.values.astype(np.float64), s.what.target, s.what.target, s.what.price)
            for s in problem.spreads
        ]
        measures = [b.what.measure for b in problem.bands] + [s.what.measure for s in problem.spreads]
        self.load = [loads(measure, rep_of, self.reps).astype(np.float64) for measure in measures]
        self.cost = np.where(problem.eligible, problem.cost, np.inf)
        self.budget_price = [steep / size_of(b.what) for b in problem.budgets]

    def deltas(self) -> FloatArray:
        """Return what each shift changes, shape (account, rep); 0 for staying."""
        here = self.rep_of
        delta: FloatArray = self.cost - self.cost[self.accounts, here][:, None]
        for row, load in zip(self.rows, self.load, strict=True):
            now = row(load)
            delta += (row_at(row, load[here] - row.weight, here) - now[here])[:, None]
            delta += row_all(row, load, row.weight) - now[None, :]
        moved = self.problem.moved
        for budget, price in zip(self.problem.budgets, self.budget_price, strict=True):
            weight = budget.what.measure.values.astype(np.float64)
            gone = moved[self.accounts, here]
            used = float(weight[gone].sum())
            after = used + weight[:, None] * (moved.astype(np.float64) - gone[:, None])
            limit = budget.what.limit
            delta += price * (np.maximum(after - limit, 0) - max(used - limit, 0.0))
        delta[self.accounts, here] = 0.0
        return delta

    def shift(self) -> bool:
        """Make the best shifts whose seats do not touch each other; return whether there was one."""
        delta = self.deltas()
        best = np.argmin(delta, axis=1)
        gain = delta[self.accounts, best]
        order = np.argsort(gain, kind="stable")
        touched: set[int] = set()
        budgeted = bool(self.problem.budgets)
        for i in order[gain[order] < -TINY].tolist():
            old, new = int(self.rep_of[i]), int(best[i])
            if old in touched or new in touched:
                continue
            self._move(i, new)
            touched |= {old, new}
            if budgeted:
                break
        return bool(touched)

    def swap(self) -> bool:
        """Make the best improving swap of each pair of seats once; return whether there was one."""
        if self.problem.budgets:
            return False
        improved = False
        for a in range(self.reps):
            for b in range(a + 1, self.reps):
                improved |= self._swap_between(a, b)
        return improved

    def _swap_between(self, a: int, b: int) -> bool:
        ours, theirs = self._leavers(a, b), self._leavers(b, a)
        if not len(ours) or not len(theirs):
            return False
        there, here = self.cost[ours, b] - self.cost[ours, a], self.cost[theirs, a] - self.cost[theirs, b]
        delta = there[:, None] + here[None, :]
        for row, load in zip(self.rows, self.load, strict=True):
            change = row.weight[theirs][None, :] - row.weight[ours][:, None]
            now = row(load)
            delta = (
                delta
                + row_one(row, load[a] + change, a)
                + row_one(row, load[b] - change, b)
                - now[a]
                - now[b]
            )
        flat = int(np.argmin(delta))
        i, k = divmod(flat, len(theirs))
        if not delta[i, k] < -TINY:
            return False
        self._move(int(ours[i]), b)
        self._move(int(theirs[k]), a)
        return True

    def _leavers(self, a: int, b: int) -> IntArray:
        owned = np.flatnonzero((self.rep_of == a) & np.isfinite(self.cost[:, b]))
        if len(owned) <= SWAPPED:
            return owned
        regret = self.cost[owned, b] - self.cost[owned, a]
        return owned[np.argsort(regret, kind="stable")[:SWAPPED]]

    def _move(self, i: int, new: int) -> None:
        old = int(self.rep_of[i])
        for row, load in zip(self.rows, self.load, strict=True):
            load[old] -= row.weight[i]
            load[new] += row.weight[i]
        self.rep_of[i] = new


def row_at(row: _Row, load: FloatArray, seats: IntArray) -> FloatArray:
    """Price loads that belong to the given seats, shape (account,)."""
    out: FloatArray = row.price * (
        np.maximum(load - row.high[seats], 0) + np.maximum(row.low[seats] - load, 0)
    )
    return out


def row_one(row: _Row, load: FloatArray, seat: int) -> FloatArray:
    """Price possible loads of one seat, any shape."""
    out: FloatArray = row.price * (np.maximum(load - row.high[seat], 0) + np.maximum(row.low[seat] - load, 0))
    return out


def row_all(row: _Row, load: FloatArray, weight: FloatArray) -> FloatArray:
    """Price the load of every seat with each account added to it, shape (account, rep)."""
    return row(load[None, :] + weight[:, None])
