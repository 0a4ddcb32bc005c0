"""A plan to start from: the seats of an earlier run, as far as they still fit, polished before the search begins."""

from __future__ import annotations

import numpy as np

from engine.inputs import IntArray
from engine.territory.problem import Problem
from engine.territory.solving.descent import cheapest, descend


def starting(problem: Problem, start: IntArray) -> list[IntArray]:
    """Return the plans to start from that keep every rule: the earlier one, and what shifts and swaps make of it.

    Args:
        problem: what is solved.
        start: seat of each account in the earlier plan, -1 for none; shape (account,). Seats that may no longer own
            the account count as none, and such accounts begin at their cheapest seat.

    """
    rows = np.arange(len(start))
    fits = (start >= 0) & problem.eligible[rows, np.maximum(start, 0)]
    plan = np.where(fits, start, cheapest(problem))
    return [found for found in (plan, descend(problem, plan)) if problem.keeps(found)]
