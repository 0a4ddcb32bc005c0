"""Elastic models: rows that may give, at a price for each unit they give.

    min sum_i w_i (s_i + t_i)   s.t.  row_lower_i <= a_i x + s_i - t_i <= row_upper_i,  s, t >= 0

s_i is by how much the minimum of a row would have to fall, t_i by how much its maximum would have to rise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from solvers.model import Arrays
from solvers.solution import FloatArray

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Elastic:
    """An elastic model and where its extra columns stand (after the n columns of the original)."""

    arrays: Arrays
    falling: IntArray
    """Rows whose minimum may fall, in the order of their columns, which begin at n."""
    rising: IntArray
    """Rows whose maximum may rise, in the order of their columns, which follow the falling ones."""

    def gives(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return by how much each falling minimum and each rising maximum gives at the point x."""
        first = len(x) - len(self.falling) - len(self.rising)
        middle = first + len(self.falling)
        return x[first:middle], x[middle:]


def elastic(arrays: Arrays, relaxed: NDArray[np.bool_], weight: FloatArray) -> Elastic:
    """Relax the rows where `relaxed` is true, shape (row,), at `weight` per unit, shape (row,)."""
    falling = np.flatnonzero(relaxed & np.isfinite(arrays.row_lower))
    rising = np.flatnonzero(relaxed & np.isfinite(arrays.row_upper))
    down, up = len(falling), len(rising)
    row = np.concatenate((falling, rising))
    value = np.concatenate((np.ones(down), -np.ones(up)))
    extra = sparse.csr_matrix((value, (row, np.arange(down + up))), shape=(arrays.rows, down + up))
    n = arrays.columns
    return Elastic(
        Arrays(
            np.concatenate((np.zeros(n), weight[row])),
            np.concatenate((arrays.lower, np.zeros(down + up))),
            np.concatenate((arrays.upper, np.full(down + up, np.inf))),
            np.concatenate((arrays.integer, np.zeros(down + up, dtype=np.bool_))),
            sparse.csr_matrix(sparse.hstack((arrays.matrix, extra), format="csr")),
            arrays.row_lower,
            arrays.row_upper,
        ),
        falling,
        rising,
    )
