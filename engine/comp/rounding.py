"""Rounding: division of integers at the points that a plan declares."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Rounding = Literal["half_even", "half_up"]
Integers = NDArray[Any]
"""int64, or Python integers (dtype object) where int64 would overflow."""


def divide(numerator: Integers, denominator: Integers | int, mode: Rounding) -> Integers:
    """Return numerator / denominator rounded to integers; the denominator is positive.

    `half_even` sends a tie to the even neighbour, `half_up` away from zero, so negative amounts mirror positive
    ones under both. 2 x |numerator| + denominator must fit the dtype.
    """
    if mode == "half_up":
        size = (2 * np.abs(numerator) + denominator) // (2 * denominator)
        return np.asarray(np.where(numerator < 0, -size, size))
    quotient = np.asarray(numerator // denominator)
    twice = 2 * (numerator - quotient * denominator)
    up = (twice > denominator) | ((twice == denominator) & (quotient % 2 == 1))
    return np.asarray(quotient + up.astype(np.int64))
