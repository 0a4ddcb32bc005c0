"""An assignment whose loads are held near their targets.

    min  sum_i c_i,seat(i) + sum_r price_r sum_j d_rj        d_rj = distance of load_rj from [lower_rj, upper_rj]
    s.t. sum_{r of g} worth_r sum_j d_rj <= limit_g for every group g,      sum_i use_bi,seat(i) <= budget_b

A hard band is a group of its own with limit 0; a rank that is held to V is a group with limit V; a row outside every
group is a cost alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
HAIR = 1e-9
"""Relative rounding that sums of real distances may show."""


@dataclass(frozen=True, eq=False)
class Instance:
    """Accounts 0 .. n - 1, seats 0 .. s - 1, rows, groups and budgets."""

    cost: FloatArray
    """Currency units, inf where a seat may not own an account; shape (account, seat)."""
    weight: IntArray
    """What each account adds to a row, integer units, shape (row, account)."""
    lower: FloatArray
    """Shape (row, seat)."""
    upper: FloatArray
    """Shape (row, seat)."""
    price: FloatArray
    """Cost of one unit of distance, shape (row,)."""
    worth: FloatArray
    """What one unit of distance takes of its group, shape (row,)."""
    group: IntArray
    """Group of each row, -1 for none; shape (row,)."""
    limit: FloatArray
    """Shape (group,)."""
    use: IntArray
    """What each pair takes of a budget, shape (budget, account, seat)."""
    budget: IntArray
    """Shape (budget,)."""

    @property
    def accounts(self) -> int:
        """Number of accounts."""
        return int(self.cost.shape[0])

    @property
    def seats(self) -> int:
        """Number of seats."""
        return int(self.cost.shape[1])

    def loads(self, seat_of: IntArray) -> IntArray:
        """Return the load of each seat in each row, shape (row, seat)."""
        load = np.zeros((len(self.weight), self.seats), dtype=np.int64)
        for row, weight in zip(load, self.weight, strict=True):
            np.add.at(row, seat_of, weight)
        return load

    def distances(self, seat_of: IntArray) -> FloatArray:
        """Return how far each load is from its range, shape (row, seat)."""
        load = self.loads(seat_of)
        out: FloatArray = np.maximum(load - self.upper, 0) + np.maximum(self.lower - load, 0)
        return out

    def excess(self, seat_of: IntArray) -> float:
        """Return what groups and budgets are exceeded by, each against its own size; 0 when all are kept."""
        apart, rows = self.distances(seat_of).sum(axis=1), np.arange(self.accounts)
        total = 0.0
        for g, limit in enumerate(self.limit):
            held = float((self.worth * apart)[self.group == g].sum())
            total += max(held - limit - HAIR * max(limit, 1.0), 0.0) / max(limit, 1.0)
        for use, budget in zip(self.use, self.budget, strict=True):
            total += max(int(use[rows, seat_of].sum()) - int(budget), 0) / max(int(budget), 1)
        return total if np.isfinite(self.cost[rows, seat_of]).all() else np.inf

    def value(self, seat_of: IntArray) -> float:
        """Return the cost of an assignment."""
        paid = float(self.cost[np.arange(self.accounts), seat_of].sum())
        return paid + float(self.price @ self.distances(seat_of).sum(axis=1))
