"""Parts: accounts and seats that eligibility keeps apart are solved by themselves; costs and bounds add up."""

from __future__ import annotations

import numpy as np

from engine.inputs import IntArray
from engine.territory.problem import Problem


def parts(problem: Problem) -> list[tuple[IntArray, IntArray]]:
    """Return (accounts, seats) of each connected part of the eligible pairs, in the order of their first seat.

    A budget spans all accounts, so with one there is a single part; so are seats that may own nothing at all,
    which stand as parts without accounts.
    """
    accounts, reps = problem.eligible.shape
    if problem.budgets:
        return [(np.arange(accounts), np.arange(reps))]
    label = np.arange(reps)
    for _ in range(reps):
        lowest = np.where(problem.eligible, label[None, :], reps).min(axis=1)
        reach = np.where(problem.eligible, lowest[:, None], reps).min(axis=0)
        merged = np.minimum(label, reach)
        if (merged == label).all():
            break
        label = merged
    home = label[np.argmax(problem.eligible, axis=1)]
    return [
        (np.flatnonzero(home == part), np.flatnonzero(label == part)) for part in sorted(set(label.tolist()))
    ]
