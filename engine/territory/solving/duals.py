"""Duals of an LP's rows: told by the backend, or found by solving the dual LP as a model of its own.

    max  sum_r lower_r y+_r - upper_r y-_r      s.t.  sum_r a_rc (y+_r - y-_r) <= cost_c for each column c,  y >= 0

for a minimisation over x >= 0 whose upper bounds are implied by the rows. A backend without duals then serves too;
nothing rests on how exact they are, as the bound is evaluated on all pairs (multipliers.py).
"""

from __future__ import annotations

from math import inf

import numpy as np

from engine.inputs import FloatArray
from engine.territory.solving.search import Search
from solvers.model import Arrays, Model
from solvers.solution import Solution, Status


def row_duals(search: Search, arrays: Arrays, lp: Solution) -> FloatArray | None:
    """Return the dual of each row of an LP, shape (row,); None when a limit stopped the LP or its dual."""
    if lp.status is not Status.OPTIMAL:
        return None
    if lp.row_duals is not None:
        return lp.row_duals
    answer = search.hand_over(dual(arrays), gap=0.0)
    if answer.x is None:
        return None
    above, below = np.split(answer.x, 2)
    duals: FloatArray = above - below
    return duals


def dual(arrays: Arrays) -> Model:
    """Return the dual LP: columns y+ then y- for each row, minimised with the opposite sign."""
    low, high = np.isfinite(arrays.row_lower), np.isfinite(arrays.row_upper)
    model = Model()
    for name, side, there in (("above", -arrays.row_lower, low), ("below", arrays.row_upper, high)):
        cost, upper = np.where(there, side, 0.0), np.where(there, inf, 0.0)
        model.add_columns(name, arrays.rows, cost=cost, upper=upper, integer=False)
    entries = arrays.matrix.tocoo()
    columns = np.concatenate((entries.row, entries.row + arrays.rows))
    values = np.concatenate((entries.data, -entries.data))
    primal = np.concatenate((entries.col, entries.col))
    model.add_rows("column", primal, columns, values, count=arrays.columns, upper=arrays.cost)
    return model
