"""What is wrong with a model, or already decided, before any solver sees it."""

from __future__ import annotations

from math import inf

import numpy as np

from solvers.model import Arrays, IntArray
from solvers.solution import FloatArray, Solution, Status

TINY, HUGE = 1e-9, 1e15
"""Coefficients outside of this range are dropped or refused by solvers, each in its own way."""


def validate(arrays: Arrays) -> None:
    """Raise ValueError for a model that no solver can be trusted with: shapes, NaN, wild coefficients."""
    n, m = arrays.columns, arrays.rows
    for what, array, size in (
        ("lower", arrays.lower, n),
        ("upper", arrays.upper, n),
        ("integer", arrays.integer, n),
        ("row_upper", arrays.row_upper, m),
    ):
        if array.shape != (size,):
            raise ValueError(f"model: {what} has shape {array.shape}; expected ({size},)")
    if arrays.matrix.shape != (m, n):
        raise ValueError(f"model: the matrix has shape {arrays.matrix.shape}; expected ({m}, {n})")
    for what, values in (
        ("cost", arrays.cost),
        ("coefficient", arrays.matrix.data),
        ("offset", [arrays.offset]),
    ):
        if not np.isfinite(values).all():
            raise ValueError(f"model: a {what} is not finite")
    sides = np.concatenate((arrays.lower, arrays.upper, arrays.row_lower, arrays.row_upper))
    if np.isnan(sides).any():
        raise ValueError("model: a bound or a side of a row is not a number")
    size = np.abs(arrays.matrix.data)
    wild = (size != 0) & ((size <= TINY) | (size >= HUGE))
    if wild.any():
        raise ValueError(
            f"model: the coefficient {arrays.matrix.data[wild][0]:g} lies outside {TINY:g} to {HUGE:g}"
        )


def decided(arrays: Arrays) -> Solution | None:
    """Return the answer of a model that needs no solver: two sides that cross, or no columns at all."""
    why = contradiction(arrays)
    if why:
        return _inspected(Status.INFEASIBLE, inf, -inf, None, why)
    if arrays.columns == 0:
        return _inspected(Status.OPTIMAL, arrays.offset, arrays.offset, np.empty(0), "")
    return None


def contradiction(arrays: Arrays) -> str:
    """Return in words why no point can exist, as far as one look tells; empty when nothing is seen."""
    lower = np.where(arrays.integer, np.ceil(arrays.lower), arrays.lower)
    upper = np.where(arrays.integer, np.floor(arrays.upper), arrays.upper)
    bad = (lower > upper) | (lower == inf) | (upper == -inf)
    for j in np.flatnonzero(bad):
        return f"column {j} must lie between {arrays.lower[j]:g} and {arrays.upper[j]:g}"
    bad = (arrays.row_lower > arrays.row_upper) | (arrays.row_lower == inf) | (arrays.row_upper == -inf)
    for i in np.flatnonzero(bad):
        return f"row {i} must lie between {arrays.row_lower[i]:g} and {arrays.row_upper[i]:g}"
    empty = np.diff(arrays.matrix.indptr) == np.diff(_zeros(arrays))
    for i in np.flatnonzero(empty & ((arrays.row_lower > 0) | (arrays.row_upper < 0))):
        return f"row {i} has no columns, but must lie between {arrays.row_lower[i]:g} and {arrays.row_upper[i]:g}"
    return ""


def _inspected(
    status: Status, objective: float, bound: float, x: FloatArray | None, message: str
) -> Solution:
    return Solution(status, objective, bound, x, 0.0, "inspection", ended_by="proof", message=message)


def _zeros(arrays: Arrays) -> IntArray:
    """Return how many explicit zeros stand before each row and the end, shape (row + 1,)."""
    before = np.concatenate(([0], np.cumsum(arrays.matrix.data == 0, dtype=np.int64)))
    return np.asarray(before[arrays.matrix.indptr], dtype=np.int64)
