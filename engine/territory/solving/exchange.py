"""Exchange: local search over whole accounts that never leaves the rules.

    descend on   price(plan) + theta * sum_i likeness_i,rep(i)        price(plan) <= limit, every rule kept

by shifts (an account goes to another seat) and swaps (two seats exchange one account each). Candidates come from the
exact changes of `why_moves`; each move is checked against every rule, exactly, before it stays. Ties by account and
seat: repeatable.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.territory.declaration import BoolArray
from engine.territory.problem import Problem, loads
from engine.territory.why.moves import changes

ROUNDS = 30
TRIED = 60
"""Accounts of a seat tried in swaps with each other seat, those whose leaving costs least."""
TINY = 1e-7
"""Currency units by which a move must improve."""


def exchanged(
    problem: Problem,
    rep_of: IntArray,
    likeness: FloatArray | None = None,
    theta: float = 0.0,
    limit: float = inf,
) -> IntArray:
    """Return an alignment that no shift and no tried swap improves, or that `ROUNDS` rounds have reached.

    `rep_of` keeps the rules, shape (account,); `likeness` has shape (account, rep).
    """
    alike = np.zeros(problem.cost.shape) if likeness is None else likeness
    state = _State(problem, theta * alike, limit, rep_of, problem.price(rep_of))
    for _ in range(ROUNDS):
        if not (_shift(state) | _swap(state)):
            break
    return state.rep_of


@dataclass
class _State:
    problem: Problem
    alike: FloatArray
    """Theta times likeness, shape (account, rep)."""
    limit: float
    rep_of: IntArray
    cost: float

    def accept(self, accounts: list[int], seats: list[int]) -> bool:
        """Make a move if it keeps every rule and the limit, and improves."""
        after = self.rep_of.copy()
        after[accounts] = seats
        cost = self.problem.price(after)
        gain = float((self.alike[accounts, self.rep_of[accounts]] - self.alike[accounts, seats]).sum())
        if cost > self.limit or cost - self.cost - gain > -TINY or not self.problem.keeps(after):
            return False
        self.rep_of, self.cost = after, cost
        return True


def _shift(state: _State) -> bool:
    """Make the best shifts whose seats do not touch each other; return whether there was one."""
    here, rows = state.rep_of, np.arange(len(state.rep_of))
    change = changes(state.problem, here, rows)
    value = change + state.alike - state.alike[rows, here][:, None]
    value = np.where(_fits(state.problem, here) & (change <= state.limit - state.cost), value, np.inf)
    seat = np.argmin(value, axis=1)
    least = value[rows, seat]
    touched: set[int] = set()
    for i in np.argsort(least, kind="stable")[: int((least < -TINY).sum())].tolist():
        old, new = int(here[i]), int(seat[i])
        if old not in touched and new not in touched and state.accept([i], [new]):
            touched |= {old, new}
    return bool(touched)


def _fits(problem: Problem, rep_of: IntArray) -> BoolArray:
    """Say which shifts keep every band and budget; the other rules are checked when a move is made."""
    rows = np.arange(len(rep_of))
    fits = np.ones(problem.cost.shape, dtype=np.bool_)
    for band in problem.bands:
        measure = band.what.measure
        load = loads(measure, rep_of, len(problem.rep_ids))
        left = load[rep_of] - measure.at(rows, rep_of)
        joined = load[None, :] + measure.of_pairs
        stays = (left >= band.what.lower[rep_of]) & (left <= band.what.upper[rep_of])
        fits &= stays[:, None] & (joined >= band.what.lower) & (joined <= band.what.upper)
    for budget in problem.budgets:
        taken = problem.use(budget.what)
        room = budget.what.limit - problem.used(budget.what, rep_of)
        fits &= taken - taken[rows, rep_of][:, None] <= room
    return fits


def _swap(state: _State) -> bool:
    """Make the best swap between each two seats once; return whether there was one."""
    problem, rows = state.problem, np.arange(len(state.rep_of))
    value = np.where(problem.eligible, problem.cost, np.inf) + state.alike
    value -= value[rows, state.rep_of][:, None]
    budgets = [(problem.use(budget.what), budget.what.limit) for budget in problem.budgets]
    made = False
    for a, b in _neighbours(problem):
        made |= _swap_between(state, value, budgets, a, b)
    return made


def _neighbours(problem: Problem) -> Iterator[tuple[int, int]]:
    """Yield pairs of seats that some account may go to both of."""
    eligible = problem.eligible.astype(np.float32)
    shared = eligible.T @ eligible > 0
    yield from ((int(a), int(b)) for a, b in np.argwhere(np.triu(shared, 1)))


def _swap_between(
    state: _State, value: FloatArray, budgets: list[tuple[IntArray, int]], a: int, b: int
) -> bool:
    ours, theirs = _leavers(state, value, a, b), _leavers(state, value, b, a)
    if not len(ours) or not len(theirs):
        return False
    total = value[ours, b][:, None] + value[theirs, a][None, :]
    total = np.where(_swaps_fit(state, budgets, (ours, theirs), (a, b)), total, np.inf)
    i, k = divmod(int(np.argmin(total)), len(theirs))
    return bool(total[i, k] < -TINY) and state.accept([int(ours[i]), int(theirs[k])], [b, a])


def _swaps_fit(
    state: _State,
    budgets: list[tuple[IntArray, int]],
    movers: tuple[IntArray, IntArray],
    seats: tuple[int, int],
) -> BoolArray:
    """Say which swaps keep every band and budget, shape (our leaver, their leaver)."""
    (ours, theirs), (a, b), rep_of = movers, seats, state.rep_of
    fits = np.ones((len(ours), len(theirs)), dtype=np.bool_)
    for band in state.problem.bands:
        what, measure = band.what, band.what.measure
        load = loads(measure, rep_of, len(state.problem.rep_ids))
        into_b, out_of_a = measure.at(ours, np.full_like(ours, b)), measure.at(ours, np.full_like(ours, a))
        into_a, out_of_b = (
            measure.at(theirs, np.full_like(theirs, a)),
            measure.at(theirs, np.full_like(theirs, b)),
        )
        at_a = load[a] - out_of_a[:, None] + into_a[None, :]
        at_b = load[b] - out_of_b[None, :] + into_b[:, None]
        fits &= (at_a >= what.lower[a]) & (at_a <= what.upper[a])
        fits &= (at_b >= what.lower[b]) & (at_b <= what.upper[b])
    for taken, most in budgets:
        used = int(taken[np.arange(len(rep_of)), rep_of].sum())
        more = (taken[ours, b] - taken[ours, a])[:, None] + (taken[theirs, a] - taken[theirs, b])[None, :]
        fits &= used + more <= most
    return fits


def _leavers(state: _State, value: FloatArray, a: int, b: int) -> IntArray:
    owned = np.flatnonzero((state.rep_of == a) & np.isfinite(value[:, b]))
    return owned[np.argsort(value[owned, b], kind="stable")[:TRIED]]
