"""Shares of a deal in whole minor units, which add up to the deal: the largest remainders take what is left."""

from __future__ import annotations

import numpy as np

from engine.comp.rounding import Integers, Rounding, divide
from engine.comp.scaled import product
from engine.crediting.deals import WHOLE
from engine.inputs import IntArray


def largest_remainder(amount: IntArray, group: IntArray, share: IntArray) -> IntArray:
    """Divide the amount of each group among its rows.

    Each row gets the whole part of amount x share; what is left of the group goes, unit by unit, to the rows with the
    largest remainders, the first of them where they are equal. Negative amounts mirror positive ones.

    Args:
        amount: amount of the row's group, the same in all its rows; shape (row,).
        group: group of each row, never falling.
        share: share of each row in parts of `WHOLE`; those of a group add up to it.

    Returns:
        Whole minor units that add up to the amount of the group, shape (row,).

    """
    exact = product(np.abs(amount), share)
    whole = np.asarray(exact // WHOLE, dtype=np.int64)
    rest = np.asarray(exact - product(whole, WHOLE), dtype=np.int64)
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    if not starts.size:
        return whole
    left = np.abs(amount)[starts] - np.add.reduceat(whole, starts)
    order = np.lexsort((-rest, group))
    size = np.diff(np.append(starts, group.size))
    rank = np.empty(group.size, dtype=np.int64)
    rank[order] = np.arange(group.size) - np.repeat(starts, size)
    return np.asarray(np.sign(amount) * (whole + (rank < np.repeat(left, size))), dtype=np.int64)


def part(amount: IntArray, share: IntArray, rounding: Rounding) -> IntArray:
    """Return amount x share of a row that stands by itself, rounded."""
    exact: Integers = product(amount, share)
    return np.asarray(divide(exact, WHOLE, rounding), dtype=np.int64)
