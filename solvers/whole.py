"""A model over integer columns in whole numbers, exactly or not at all.

Row i is multiplied by the least common unit f_i of its coefficients, a power of two up to 2^20 or of ten up to 10^9,
and divided by the greatest common divisor:

    ceil(f_i lower_i) <= sum_j (f_i a_ij) x_j <= floor(f_i upper_i)

A coefficient a counts as k / f when the double nearest to k / f is a, so 0.1 is a tenth. Costs may be any real
numbers: they are rounded to multiples of 1 / s, and what the rounding can hide over the box of the columns,

    sum_j min((c_j - k_j / s) lower_j, (c_j - k_j / s) upper_j),

belongs to every bound that is proven on the rounded costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.model import Arrays
from solvers.solution import FloatArray

IntArray = NDArray[np.int64]

FACTORS = (1.0, 2.0**10, 2.0**20, 1e3, 1e6, 1e9)
LARGEST = 2.0**53
"""Most that a whole coefficient or a bound of a column may be, so that doubles hold it exactly."""
ACTIVITY = 2.0**61
"""Most that the terms of a row may add up to in 64-bit integers."""
ROUNDED_ACTIVITY = 2.0**45
"""Most that rounded costs may add up to: an error of some 1e-14 of that sum per column."""
HAIR = 1e-9


@dataclass(frozen=True)
class Rows:
    """Rows in whole numbers; `data` follows the entries of the matrix."""

    data: IntArray
    lower: IntArray
    upper: IntArray
    exact: NDArray[np.bool_]
    """Which rows could be written so, shape (row,); the others hold no meaning here."""


class Costs(NamedTuple):
    """Costs as multiples of 1 / scale."""

    data: IntArray
    scale: float
    hidden: float
    """Least that the exact cost of any point may differ from the rounded one; 0 or less."""


def rows(arrays: Arrays) -> Rows:
    """Return every row in whole numbers, as far as that is exact."""
    matrix = arrays.matrix
    row = np.repeat(np.arange(arrays.rows), np.diff(matrix.indptr))
    factor = _factors(matrix.data, row, arrays.rows)
    with np.errstate(invalid="ignore", over="ignore"):
        data = np.rint(matrix.data * factor[row])
        reach = np.maximum(np.abs(arrays.lower), np.abs(arrays.upper))[matrix.indices]
        reach[np.isinf(reach)] = 1.0  # columns without bounds are a matter of their own
        activity = np.bincount(row, np.abs(data) * reach, minlength=arrays.rows)
    exact = (factor > 0) & (activity < ACTIVITY)
    data = np.where(exact[row], data, 0.0).astype(np.int64)
    divisor = np.zeros(arrays.rows, dtype=np.int64)
    np.gcd.at(divisor, row, data)
    divisor = np.maximum(divisor, 1)
    lower = _side(arrays.row_lower, factor, divisor, np.ceil)
    upper = _side(arrays.row_upper, factor, divisor, np.floor)
    return Rows(data // divisor[row], lower, upper, exact)


def costs(arrays: Arrays) -> Costs:
    """Return the costs in whole numbers, rounded where no common unit is exact; bounds must be finite."""
    factor = float(_factors(arrays.cost, np.zeros(arrays.columns, dtype=np.int64), 1)[0])
    reach = np.maximum(np.abs(arrays.lower), np.abs(arrays.upper))
    total = float(np.abs(arrays.cost) @ reach)
    if factor > 0 and total * factor < ACTIVITY:
        return Costs(np.rint(arrays.cost * factor).astype(np.int64), factor, 0.0)
    scale = float(2.0 ** np.floor(np.log2(ROUNDED_ACTIVITY / total)))
    data = np.rint(arrays.cost * scale)
    missed = arrays.cost - data / scale
    hidden = float(np.minimum(missed * arrays.lower, missed * arrays.upper).sum())
    return Costs(data.astype(np.int64), scale, hidden * (1 + HAIR))


def bounds(arrays: Arrays) -> tuple[IntArray, IntArray]:
    """Return the bounds of the columns rounded inwards; they must be finite."""
    return np.ceil(arrays.lower).astype(np.int64), np.floor(arrays.upper).astype(np.int64)


def _factors(values: FloatArray, row: IntArray, count: int) -> FloatArray:
    """Return the least factor that makes all entries of a row whole, shape (count,); 0 where none does."""
    factor = np.zeros(count)
    for each in FACTORS:
        open_ = factor[row] == 0
        if not open_.any() and each > 1:
            break
        part, where = values[open_], row[open_]
        whole = np.rint(part * each)
        bad = (whole / each != part) | (np.abs(whole) >= LARGEST)
        broken = np.bincount(where[bad], minlength=count) > 0
        factor[(factor == 0) & ~broken] = each
    return factor


def _side(side: FloatArray, factor: FloatArray, divisor: IntArray, inwards: np.ufunc) -> IntArray:
    finite = np.where(np.isfinite(side), side, 0.0)
    scaled = finite * factor
    nearest = np.rint(scaled)
    same = nearest == scaled
    with np.errstate(divide="ignore", invalid="ignore"):
        same |= nearest / factor == finite
    whole = np.where(same, nearest, inwards(scaled))
    limited = np.clip(np.where(np.isfinite(side), whole, np.copysign(ACTIVITY, side)), -ACTIVITY, ACTIVITY)
    units = limited.astype(np.int64)
    return np.asarray(-(-units // divisor) if inwards is np.ceil else units // divisor, dtype=np.int64)
