"""Rules over the pairs of an assignment: rows that belong to named groups.

    sum_j x_ij = 1 for every account i,      lower_r <= sum_ij a_r,ij x_ij <= upper_r   for every row r of a rule

Pair p = i * seats + j is account i in seat j. Rows are divided by the size of their rule, so that a violation of 0.01
is one percent of it. A rule that forbids pairs is one row: none of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Rules:
    """The rows that rules put on all pairs of accounts and seats."""

    seats: int
    matrix: sparse.csr_matrix
    """Coefficients in the units of the rows, shape (row, account * seats)."""
    lower: FloatArray
    upper: FloatArray
    group: IntArray
    """Rule of each row, shape (row,)."""
    size: FloatArray
    """What a violation of each rule is measured against, shape (rule,); above 0."""

    @property
    def pairs(self) -> int:
        """Number of pairs."""
        return int(self.matrix.shape[1])

    @property
    def accounts(self) -> int:
        """Number of accounts."""
        return self.pairs // self.seats

    @property
    def scale(self) -> FloatArray:
        """Size of the rule of each row, shape (row,)."""
        return self.size[self.group]

    def chosen(self, seat_of: IntArray) -> IntArray:
        """Return the pairs of an assignment, shape (account,)."""
        return np.arange(self.accounts, dtype=np.int64) * self.seats + seat_of

    def activity(self, seat_of: IntArray) -> FloatArray:
        """Return the sum in each row, shape (row,)."""
        total = self.matrix[:, self.chosen(seat_of)].sum(axis=1)
        return np.asarray(total, dtype=np.float64).ravel()

    def excess(self, seat_of: IntArray) -> FloatArray:
        """Return how far an assignment breaks each row, in its units; below is negative, shape (row,)."""
        activity = self.activity(seat_of)
        out: FloatArray = np.maximum(activity - self.upper, 0.0) - np.maximum(self.lower - activity, 0.0)
        return out

    def violation(self, seat_of: IntArray, prices: FloatArray) -> float:
        """Return the total of what an assignment breaks, each rule at its price per size."""
        return float((np.abs(self.excess(seat_of)) / self.scale) @ prices[self.group])
