"""Scaling of integer rows, so that a solver's tolerance means something, and cuts off no alignment.

A row is divided by the greatest common divisor of its weights, its integer bounds rounded inwards, and then by a
power of two, so that the coefficients are near 1,000; both are exact in binary floats below 2**53.
"""

from __future__ import annotations

import numpy as np

from engine.inputs import IntArray
from engine.territory.declaration import Band, Budget, Rows
from engine.territory.measure import Measured

COEFFICIENT = 1024.0


def unit(measure: Measured) -> tuple[int, float]:
    """Return (greatest common divisor, power of two): a row is its integer sum over their product."""
    return unit_of(measure.values)


def unit_of(weights: IntArray) -> tuple[int, float]:
    """Return the same for any integer weights."""
    size = np.abs(weights)
    divisor = max(int(np.gcd.reduce(size, axis=None)) if size.size else 0, 1)
    largest = float(size.max(initial=0)) / divisor
    return divisor, float(2.0 ** max(0, np.ceil(np.log2(max(largest, 1.0) / COEFFICIENT))))


def weights_of(rule: Band | Budget | Rows) -> IntArray:
    """Return the integers that the rows of a rule are made of; any shape."""
    if isinstance(rule, Rows):
        return rule.coefficient
    if isinstance(rule, Budget) and rule.used is not None:
        return rule.used
    return rule.measure.values


def size_of(rule: Band | Budget | Rows) -> int:
    """Return the integer units that a violation is measured against: the largest bound, at least 1."""
    if isinstance(rule, Budget):
        return max(abs(rule.limit), 1)
    if isinstance(rule, Rows):
        bounds = np.abs(np.concatenate((rule.lower, rule.upper)))
        return max(int(bounds[np.isfinite(bounds)].max(initial=0.0)), 1)
    total = int(np.abs(rule.measure.values).sum())
    return max(min(int(np.abs(rule.upper).max(initial=0)), total), 1)


def tightened(band: Band) -> tuple[IntArray, IntArray]:
    """Return a band's integer bounds moved inwards to multiples of the divisor of its weights; cuts off nothing."""
    divisor, _ = unit(band.measure)
    return -(-band.lower // divisor) * divisor, band.upper // divisor * divisor
