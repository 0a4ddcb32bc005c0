"""Lines: sums to date, deal by deal."""

from __future__ import annotations

import numpy as np

from engine.comp.intervals import Groups
from engine.comp.rounding import Integers
from engine.inputs import IntArray


def so_far(values: Integers, cells: IntArray, shape: tuple[int, ...], groups: Groups) -> Integers:
    """Return the sum of each line and those before it in the same group.

    A group's lines are added one after the other, all groups side by side, so that floats add up the same way whatever
    else is in the book.

    Args:
        values: shape (line,), of any dtype that adds.
        cells: flat cell of each line, shape (line,).
        shape: axes of the cells, (..., spell, period).
        groups: groups of periods.

    Returns:
        Shape (line,).

    """
    row, period = np.divmod(cells, shape[-1])
    number = np.repeat(np.arange(len(groups.spans)), [end - start for start, end in groups.spans])
    group = row * len(groups.spans) + number[period]
    order = np.argsort(cells, kind="stable")
    _, start, count = np.unique(group[order], return_index=True, return_counts=True)
    sums = values.copy()
    longest = np.argsort(-count, kind="stable")
    start, count = start[longest], count[longest]
    for rank in range(1, int(count.max(initial=0))):
        start = start[: np.searchsorted(-count, -rank, side="left")]
        at = order[start + rank]
        sums[at] += sums[order[start + rank - 1]]
    return sums
