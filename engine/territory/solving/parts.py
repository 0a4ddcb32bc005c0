"""Parts: accounts and seats that eligibility keeps apart are solved by themselves; costs and bounds add up."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.inputs import IntArray
from engine.territory.problem import Problem


def parts(problem: Problem) -> list[tuple[IntArray, IntArray]]:
    """Return (accounts, seats) of each connected part of the eligible pairs, in the order of their first seat.

    Pairs that must be apart and free rows join the parts that they touch. A budget spans all accounts, so with one
    there is a single part. Seats that may own nothing at all stand as parts without accounts.
    """
    accounts, reps = problem.eligible.shape
    if problem.budgets:
        return [(np.arange(accounts), np.arange(reps))]
    label = _joined(problem, _seats(problem))
    home = label[np.argmax(problem.eligible, axis=1)]
    return [
        (np.flatnonzero(home == part), np.flatnonzero(label == part)) for part in sorted(set(label.tolist()))
    ]


def _seats(problem: Problem) -> IntArray:
    """Return for each seat the lowest seat that eligible pairs lead to, shape (rep,)."""
    reps = problem.eligible.shape[1]
    label = np.arange(reps)
    for _ in range(reps):
        lowest = np.where(problem.eligible, label[None, :], reps).min(axis=1)
        reach = np.where(problem.eligible, lowest[:, None], reps).min(axis=0)
        merged = np.minimum(label, reach)
        if (merged == label).all():
            break
        label = merged
    return label


def _joined(problem: Problem, label: IntArray) -> IntArray:
    """Merge the parts that one rule touches; the lowest seat names what they become."""
    home = label[np.argmax(problem.eligible, axis=1)]
    label = label.copy()
    for touched in _touched(problem, home, label.copy()):
        names = np.unique(label[touched])
        label[np.isin(label, names)] = names.min(initial=0)
    return label


def _touched(problem: Problem, home: IntArray, label: IntArray) -> Iterator[IntArray]:
    """Yield the seats that name the parts which each rule touches."""
    for apart in problem.apart:
        ends = home[apart.what.pairs]
        yield from np.unique(ends[ends[:, 0] != ends[:, 1]], axis=0)
    for rows in problem.rows:
        what = rows.what
        names = np.stack(
            (np.tile(what.row, 2), np.concatenate((home[what.account], label[what.rep]))), axis=1
        )
        names = np.unique(names, axis=0)
        starts = np.flatnonzero(np.diff(names[:, 0], prepend=-1))
        yield from (row for row in np.split(names[:, 1], starts[1:]) if len(row) > 1)
