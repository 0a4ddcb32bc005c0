"""Descent: shifts and swaps that lower cost and broken rules together, until none does.

    minimise  sum_i c_i,rep(i) + sum_r phi_r(load_r) + sum_pairs q [seats differ] + ...

phi_r is the priced deviation of a spread, a gain with its sign turned, and a steep price on what a band, a budget, a
free row or a held rank is broken by; so the same moves first repair an alignment and then polish it. Best moves first,
ties by account and seat: repeatable.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.territory.declaration import Gain, Spread
from engine.territory.measure import Measured
from engine.territory.problem import Problem, loads
from engine.territory.solving.gains import at_most
from engine.territory.solving.neighbours import Neighbours
from engine.territory.solving.row_penalty import RowPenalty
from engine.territory.solving.scaling import size_of

ROUNDS = 400
STEEP = 10.0
RAISED = (1.0, 1e4, 1e8)
"""Factors on the price of a broken rule, tried in turn until every rule is kept."""
TINY = 1e-9
ROUNDED = 1e-13
"""Rounding of a gain, as a share of the greatest: a move must improve by more."""
SWAPPED = 60
"""Accounts of a seat, those that lose least by leaving it, that are tried in swaps with each other seat."""


@dataclass(frozen=True)
class _Row:
    """One convex price on the load of each seat."""

    weight: FloatArray
    """Shape (account, 1), or (account, rep)."""
    low: FloatArray
    high: FloatArray
    price: float

    def __call__(self, load: FloatArray) -> FloatArray:
        out: FloatArray = self.price * (np.maximum(load - self.high, 0) + np.maximum(self.low - load, 0))
        return out

    def at(self, load: FloatArray, seats: IntArray | int) -> FloatArray:
        """Price loads that belong to the given seats."""
        out: FloatArray = self.price * (
            np.maximum(load - self.high[seats], 0) + np.maximum(self.low[seats] - load, 0)
        )
        return out

    def of(self, accounts: IntArray, seats: IntArray | int) -> FloatArray:
        """Return the weights of pairs."""
        taken: FloatArray = self.weight[accounts, seats if self.weight.shape[1] > 1 else 0]
        return taken


@dataclass(frozen=True)
class _GainRow:
    """What the load of each seat brings in, as a convex price below 0."""

    gain: Gain

    @property
    def weight(self) -> FloatArray:
        return self.gain.weight

    def __call__(self, load: FloatArray) -> FloatArray:
        return -self.gain.of(load)

    def at(self, load: FloatArray, seats: IntArray | int) -> FloatArray:
        """Price loads that belong to the given seats."""
        return -self.gain.of(load, seats)

    def of(self, accounts: IntArray, seats: IntArray | int) -> FloatArray:
        """Return the weights of pairs."""
        taken: FloatArray = self.gain.weight[accounts, seats]
        return taken


def steepness(problem: Problem) -> float:
    """Return a price of breaking a rule by its whole size that no saving in cost outweighs."""
    cost = np.where(problem.eligible, problem.cost, -np.inf)
    spread = cost.max(axis=1) - np.where(problem.eligible, problem.cost, np.inf).min(axis=1)
    deviations = sum(
        float(s.what.price) * 2 * float(np.abs(s.what.measure.of_pairs).max(axis=1).sum())
        for s in problem.priced_spreads
    )
    edges = sum(float(edge.what.price.sum()) for edge in problem.edge_costs)
    return STEEP * (float(spread.sum()) + deviations + edges + at_most(problem) + 1.0)


def descend(problem: Problem, rep_of: IntArray) -> IntArray:
    """Return an alignment that no shift and no tried swap improves; it may still break a rule.

    A rule that is broken by a hair of its size costs little; where one is left, its price is raised and the descent
    goes on.
    """
    for raised in RAISED:
        state = _State(problem, rep_of.copy(), raised)
        for _ in range(ROUNDS):
            if not state.shift() and not state.swap():
                break
        rep_of = state.rep_of
        if problem.keeps(rep_of):
            break
    return rep_of


def cheapest(problem: Problem) -> IntArray:
    """Return each account's cheapest eligible seat; the incumbent where the two cost the same."""
    cost = np.where(problem.eligible, problem.cost, np.inf)
    best = np.argmin(cost, axis=1)
    rows = np.arange(len(best))
    held = problem.owner >= 0
    stays = held & (cost[rows, np.where(held, problem.owner, 0)] <= cost[rows, best])
    return np.where(stays, problem.owner, best)


def _rows(problem: Problem, steep: float) -> list[tuple[_Row, Measured]]:
    """Return the priced loads: bands, spreads, and held ranks as steep spreads."""

    def of_spread(spread: Spread, price: float) -> tuple[_Row, Measured]:
        return _Row(
            spread.measure.of_pairs.astype(np.float64), spread.lower, spread.upper, price
        ), spread.measure

    found = []
    for band in problem.bands:
        what = band.what
        low, high = what.lower.astype(np.float64), what.upper.astype(np.float64)
        row = _Row(what.measure.of_pairs.astype(np.float64), low, high, steep / size_of(what))
        found.append((row, what.measure))
    found += [of_spread(spread.what, spread.what.price) for spread in problem.priced_spreads]
    for held in problem.holds:
        whole = max(held.what.limit, 1.0)
        found += [of_spread(spread, steep * spread.price / whole) for spread in held.what.spreads]
    return found


class _State:
    """An alignment under descent with the loads of its seats."""

    def __init__(self, problem: Problem, rep_of: IntArray, raised: float = 1.0) -> None:
        self.problem = problem
        self.rep_of = rep_of
        self.accounts = np.arange(len(rep_of))
        self.reps = len(problem.rep_ids)
        steep = steepness(problem) * raised
        priced = _rows(problem, steep)
        gains = [_GainRow(gain.what) for gain in problem.gains]
        self.rows: list[_Row | _GainRow] = [*(row for row, _ in priced), *gains]
        self.load = [loads(measure, rep_of, self.reps).astype(np.float64) for _, measure in priced]
        self.load += [row.gain.loads(rep_of) for row in gains]
        self.tiny = TINY + ROUNDED * at_most(problem)
        self.cost = np.where(problem.eligible, problem.cost, np.inf)
        self.budgets = [
            (problem.use(b.what).astype(np.float64), float(b.what.limit), steep / size_of(b.what))
            for b in problem.budgets
        ]
        self.neighbours = Neighbours(problem, steep)
        self.free = [RowPenalty(named.what, steep, problem.eligible.shape) for named in problem.rows]

    def _add_up(self) -> None:
        """Add up the loads of gains anew: real numbers drift."""
        for k, row in enumerate(self.rows):
            if isinstance(row, _GainRow):
                self.load[k] = row.gain.loads(self.rep_of)

    def deltas(self) -> FloatArray:
        """Return what each shift changes, shape (account, rep); 0 for staying."""
        self._add_up()
        here, accounts = self.rep_of, self.accounts
        delta: FloatArray = self.cost - self.cost[accounts, here][:, None]
        for row, load in zip(self.rows, self.load, strict=True):
            now = row(load)
            delta += (row.at(load[here] - row.of(accounts, here), here) - now[here])[:, None]
            delta += row(load[None, :] + row.weight) - now[None, :]
        for use, limit, price in self.budgets:
            taken = use[accounts, here]
            used = float(taken.sum())
            after = used + use - taken[:, None]
            delta += price * (np.maximum(after - limit, 0) - max(used - limit, 0.0))
        self.neighbours.add(delta, here)
        for penalty in self.free:
            delta += penalty.shifts(here)
        delta[accounts, here] = 0.0
        return delta

    def shift(self) -> bool:
        """Make the best shifts whose seats do not touch each other; return whether there was one."""
        delta = self.deltas()
        best = np.argmin(delta, axis=1)
        gain = delta[self.accounts, best]
        order = np.argsort(gain, kind="stable")
        touched: set[int] = set()
        single = bool(self.budgets or self.free)
        for i in order[gain[order] < -self.tiny].tolist():
            old, new = int(self.rep_of[i]), int(best[i])
            if old in touched or new in touched:
                continue
            self._move(i, new)
            touched |= {old, new}
            if single:
                break
        return bool(touched)

    def swap(self) -> bool:
        """Make the best improving swap of each pair of seats once; return whether there was one."""
        if self.budgets or self.free:
            return False
        self._add_up()
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
            now = row(load)
            come, go = row.of(theirs, a)[None, :], row.of(ours, a)[:, None]
            delta = delta + row.at(load[a] + come - go, a) - now[a]
            come, go = row.of(ours, b)[:, None], row.of(theirs, b)[None, :]
            delta = delta + row.at(load[b] + come - go, b) - now[b]
        delta = delta + self.neighbours.swaps(self.rep_of, ours, theirs)
        flat = int(np.argmin(delta))
        i, k = divmod(flat, len(theirs))
        if not delta[i, k] < -self.tiny:
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
            wide = row.weight.shape[1] > 1
            load[old] -= row.weight[i, old if wide else 0]
            load[new] += row.weight[i, new if wide else 0]
        self.rep_of[i] = new
