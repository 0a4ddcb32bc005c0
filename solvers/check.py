"""Independent feasibility and objective of a finished answer, from the arrays alone.

A row whose coefficients and sides are whole numbers over integer columns is checked in exact integers, with
tolerance zero. Every other row is real arithmetic: it may be off by 1e-6 plus 1e-9 of the sum of the
magnitudes |a_ij x_j| in it. Bounds of continuous columns may be off by 1e-9 relative to max(1, |bound|).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import fsum

import numpy as np
from numpy.typing import NDArray

from solvers.model import Arrays
from solvers.solution import FloatArray

EXACT = 2.0**53
"""Sums of whole numbers below this are exact in doubles."""
INTEGRALITY = 1e-5
"""How far from a whole number a solver's value of an integer column may lie before it is refused."""


def snapped(arrays: Arrays, x: FloatArray) -> FloatArray:
    """Return x with integer columns rounded and continuous columns moved onto a bound they miss by a hair."""
    point = np.asarray(x, dtype=np.float64)
    near = arrays.integer & (np.abs(point - np.round(point)) <= INTEGRALITY)
    point = np.where(near, np.round(point), point)
    for bound, side in ((arrays.lower, np.maximum), (arrays.upper, np.minimum)):
        close = ~arrays.integer & (np.abs(point - bound) <= 1e-6 * np.maximum(1.0, np.abs(point)))
        point = np.where(close, side(point, bound), point)
    return point + 0.0  # turns -0.0 into 0.0


def violations(arrays: Arrays, x: FloatArray) -> list[str]:
    """Return what is wrong with the point, in sentences; an empty list when it is feasible."""
    point = np.asarray(x, dtype=np.float64)
    if point.shape != (arrays.columns,):
        return [f"the point has shape {point.shape}; the model has {arrays.columns} columns"]
    if not np.isfinite(point).all():
        return [f"column {j} is not finite" for j in np.flatnonzero(~np.isfinite(point))]
    return [*_columns(arrays, point), *_rows(arrays, point)]


def feasible(arrays: Arrays, x: FloatArray) -> bool:
    """Whether the point satisfies integrality, bounds and rows."""
    return not violations(arrays, x)


def objective(arrays: Arrays, x: FloatArray) -> float:
    """Return c x + offset: correctly rounded from exact integers, or summed without loss of digits."""
    used = np.flatnonzero((arrays.cost != 0) & (x != 0))
    cost, value = arrays.cost[used], x[used]
    if _whole(cost).all() and _whole(value).all():
        total = sum(int(c) * int(v) for c, v in zip(cost, value, strict=True))
        return float(total + Fraction(arrays.offset))
    return fsum([*(cost * value), arrays.offset])


def _columns(arrays: Arrays, x: FloatArray) -> Iterator[str]:
    for j in np.flatnonzero(arrays.integer & ~_whole(x)):
        yield f"column {j} is {x[j]:.17g}, not a whole number"
    for j in np.flatnonzero(x < arrays.lower - _hair(arrays, arrays.lower)):
        yield f"column {j} is {x[j]:.17g}, below {arrays.lower[j]:.17g}"
    for j in np.flatnonzero(x > arrays.upper + _hair(arrays, arrays.upper)):
        yield f"column {j} is {x[j]:.17g}, above {arrays.upper[j]:.17g}"


def _rows(arrays: Arrays, x: FloatArray) -> Iterator[str]:
    magnitude = abs(arrays.matrix) @ np.abs(x)
    activity = arrays.matrix @ x
    whole = whole_rows(arrays)
    allowed = np.where(whole, 0.0, 1e-6 + 1e-9 * magnitude)
    off = (activity < arrays.row_lower - allowed) | (activity > arrays.row_upper + allowed)
    huge = whole & (magnitude >= EXACT)
    for i in np.flatnonzero(off & ~huge):
        yield _row(arrays, int(i), f"{activity[i]:.17g}")
    for i in np.flatnonzero(huge):
        total = _exact(arrays, x, int(i))
        low, high = (
            float(arrays.row_lower[i]),
            float(arrays.row_upper[i]),
        )  # numpy would round `total` to compare
        if not low <= total <= high:
            yield _row(arrays, int(i), str(total))


def whole_rows(arrays: Arrays) -> NDArray[np.bool_]:
    """Return which rows are whole numbers over integer columns, shape (row,)."""
    real = (~_whole(arrays.matrix.data) | ~arrays.integer[arrays.matrix.indices]).astype(np.int64)
    before = np.concatenate(([0], np.cumsum(real)))
    entries = arrays.matrix.indptr
    sides = (_whole(arrays.row_lower) | np.isinf(arrays.row_lower)) & (
        _whole(arrays.row_upper) | np.isinf(arrays.row_upper)
    )
    return np.asarray((before[entries[1:]] == before[entries[:-1]]) & sides, dtype=np.bool_)


def _exact(arrays: Arrays, x: FloatArray, row: int) -> int:
    entries = slice(*arrays.matrix.indptr[row : row + 2])
    columns, values = arrays.matrix.indices[entries], arrays.matrix.data[entries]
    return sum(int(value) * round(float(x[j])) for j, value in zip(columns, values, strict=True))


def _row(arrays: Arrays, row: int, activity: str) -> str:
    return f"row {row} is {activity}; allowed {arrays.row_lower[row]:.17g} to {arrays.row_upper[row]:.17g}"


def _hair(arrays: Arrays, bound: FloatArray) -> FloatArray:
    scale = np.where(np.isfinite(bound), np.maximum(1.0, np.abs(bound)), 1.0)
    return np.where(arrays.integer, 0.0, 1e-9 * scale)


def _whole(values: FloatArray) -> NDArray[np.bool_]:
    return np.asarray(np.isfinite(values) & (values == np.floor(values)), dtype=np.bool_)
