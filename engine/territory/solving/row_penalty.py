"""Steep prices on broken free rows in a descent.

A shift takes the entry of the pair that is left out of its rows and brings the entry of the new pair in; the two are
priced one after the other, which is exact where no row holds both.
"""

from __future__ import annotations

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.territory.declaration import Rows
from engine.territory.solving.scaling import size_of


class RowPenalty:
    """Price on the violation of free rows."""

    def __init__(self, rows: Rows, steep: float, shape: tuple[int, ...]) -> None:
        self.rows = rows
        self.price = steep / size_of(rows)
        self.shape = shape

    def shifts(self, rep_of: IntArray) -> FloatArray:
        """Return what each shift changes, shape (account, rep)."""
        rows = self.rows
        chosen = rep_of[rows.account] == rows.rep
        activity = np.zeros(len(rows.lower))
        np.add.at(activity, rows.row[chosen], rows.coefficient[chosen].astype(np.float64))
        here = activity[rows.row]
        sign = np.where(chosen, -1.0, 1.0)
        change = self._broken(here + sign * rows.coefficient) - self._broken(here)
        delta = np.zeros(self.shape)
        np.add.at(delta, (rows.account[~chosen], rows.rep[~chosen]), change[~chosen])
        leaves = np.zeros(self.shape[0])
        np.add.at(leaves, rows.account[chosen], change[chosen])
        return delta + leaves[:, None]

    def _broken(self, activity: FloatArray) -> FloatArray:
        low, high = self.rows.lower[self.rows.row], self.rows.upper[self.rows.row]
        out: FloatArray = self.price * (np.maximum(activity - high, 0) + np.maximum(low - activity, 0))
        return out
