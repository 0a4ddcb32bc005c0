"""A sparse linear model in named blocks of columns and rows, built as arrays.

    min  c x + offset    s.t.  row_lower <= A x <= row_upper,  lower <= x <= upper,  some x integer

PuLP and MathOpt build models variable by variable (20 s for a million nonzeros); arrays take 0.1 s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Arrays:
    """The model as a solver takes it. Shapes: columns (n,), rows (m,), `matrix` CSR (m, n)."""

    cost: FloatArray
    lower: FloatArray
    upper: FloatArray
    integer: NDArray[np.bool_]
    matrix: sparse.csr_matrix
    row_lower: FloatArray
    row_upper: FloatArray
    offset: float = 0.0

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.cost)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.row_lower)


class Model:
    """Collects blocks of columns and rows; `arrays()` freezes them for a backend."""

    def __init__(self) -> None:
        self._cost: list[FloatArray] = []
        self._lower: list[FloatArray] = []
        self._upper: list[FloatArray] = []
        self._integer: list[NDArray[np.bool_]] = []
        self._entries: list[tuple[IntArray, IntArray, FloatArray]] = []
        self._row_lower: list[FloatArray] = []
        self._row_upper: list[FloatArray] = []
        self.column_blocks: list[tuple[str, int, int]] = []
        """(name, first column, count) in order."""
        self.row_blocks: list[tuple[str, tuple[str, ...], int, int]] = []
        """(name, labels or (), first row, count) in order."""
        self.columns = 0
        self.rows = 0
        self.offset = 0.0

    def add_columns(
        self,
        name: str,
        count: int,
        *,
        cost: ArrayLike = 0.0,
        lower: ArrayLike = 0.0,
        upper: ArrayLike = 1.0,
        integer: bool = True,
    ) -> IntArray:
        """Add `count` columns and return their indices, shape (count,)."""
        first = self.columns
        self.columns += count
        self.column_blocks.append((name, first, count))
        for store, value in ((self._cost, cost), (self._lower, lower), (self._upper, upper)):
            store.append(np.broadcast_to(np.asarray(value, dtype=np.float64), (count,)).copy())
        self._integer.append(np.full(count, integer))
        return np.arange(first, first + count, dtype=np.int64)

    def add_rows(
        self,
        name: str,
        rows: ArrayLike,
        columns: ArrayLike,
        values: ArrayLike = 1.0,
        *,
        count: int,
        lower: ArrayLike = -inf,
        upper: ArrayLike = inf,
        labels: Sequence[str] = (),
    ) -> IntArray:
        """Add `count` rows given as triplets: row within the block (0 .. count - 1), column, value.

        `labels` name the rows of the block in LP files and in the explanation of an infeasible model.
        Returns the indices of the rows, shape (count,).
        """
        if labels and len(labels) != count:
            raise ValueError(f"rows {name}: {len(labels)} labels for {count} rows")
        row = np.asarray(rows, dtype=np.int64).ravel()
        column = np.asarray(columns, dtype=np.int64).ravel()
        value = np.broadcast_to(np.asarray(values, dtype=np.float64), row.shape).ravel()
        if row.shape != column.shape:
            raise ValueError(f"rows {name}: {row.size} rows for {column.size} columns")
        if row.size and (
            row.min() < 0 or row.max() >= count or column.min() < 0 or column.max() >= self.columns
        ):
            raise ValueError(f"rows {name}: an index lies outside the block or the model")
        first = self.rows
        self.rows += count
        self.row_blocks.append((name, tuple(labels), first, count))
        self._entries.append((row + first, column, value))
        self._row_lower.append(np.broadcast_to(np.asarray(lower, dtype=np.float64), (count,)).copy())
        self._row_upper.append(np.broadcast_to(np.asarray(upper, dtype=np.float64), (count,)).copy())
        return np.arange(first, first + count, dtype=np.int64)

    def arrays(self) -> Arrays:
        """Return the model as frozen arrays; entries of one cell given twice are summed."""
        entries = self._entries or [(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))]
        row, column, value = (np.concatenate(part) for part in zip(*entries, strict=True))
        matrix = sparse.csr_matrix((value, (row, column)), shape=(self.rows, self.columns))
        return Arrays(
            _join(self._cost),
            _join(self._lower),
            _join(self._upper),
            np.concatenate(self._integer) if self._integer else np.empty(0, dtype=np.bool_),
            matrix,
            _join(self._row_lower),
            _join(self._row_upper),
            self.offset,
        )

    def to_lp(self) -> str:
        """Return the model as an LP file, with rows and columns named by their blocks: `balance[rep_07]`."""
        from solvers.lp import written

        return written(self)


def _join(parts: list[FloatArray]) -> FloatArray:
    return np.concatenate(parts) if parts else np.empty(0)
