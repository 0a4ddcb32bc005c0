"""Quotas as if every seat were filled throughout each period: what people's days are then cut from."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from engine.inputs import Inputs, IntArray


def filled_days(inputs: Inputs) -> IntArray:
    """Return the days of each period on which somebody sits in a seat, shape (rep, period)."""
    edges, spells = inputs.calendar.edges, inputs.spells
    there = np.zeros((len(inputs.reps), int((edges[-1] - edges[0]).astype(np.int64))), dtype=np.bool_)
    ends = np.where(np.isnat(spells.end), edges[-1], spells.end)
    for seat, start, end in zip(spells.rep, spells.start, ends, strict=True):
        if seat >= 0:
            first, last = (max(int((day - edges[0]).astype(np.int64)), 0) for day in (start, end))
            there[seat, first:last] = True
    counted: IntArray = np.add.reduceat(
        there, (edges[:-1] - edges[0]).astype(np.int64), axis=1, dtype=np.int64
    )
    return counted


def full_periods(inputs: Inputs, cells: IntArray, vacant: Fraction) -> IntArray:
    """Return quotas as if somebody sat in each seat throughout every period, shape (rep, product, period).

    The quota of a period in which a seat is empty for some days counts the days that are filled, and `vacant` for each
    of the others. Who sits there for all the filled days carries all of what they count: their part of this.

    Args:
        inputs: people and calendar.
        cells: quotas, shape (rep, product, period), minor units.
        vacant: share of a full quota that an empty seat carries.

    """
    filled, length = filled_days(inputs), np.diff(inputs.calendar.edges).astype(np.int64)
    partly = (filled > 0) & (filled < length)
    counted = filled * vacant.denominator + (length - filled) * vacant.numerator
    most = np.broadcast_to(length * vacant.denominator, filled.shape)
    scaled = (2 * cells * most[:, None] + counted[:, None]) // np.maximum(2 * counted, 1)[:, None]
    return np.where(partly[:, None], scaled, cells)
