"""The nearest assignment: from a fractional elastic answer to a whole one that breaks the priced rules least.

A vertex of the elastic program splits few accounts. They are given to one of their seats, first by the largest share,
then a few times at random by their shares (Raghavan and Thompson, "Randomized rounding", 1987), and each start is
taken downhill by shifts and swaps. The bound below is the elastic one, over all pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solvers.conflict.elastic import Relaxed
from solvers.conflict.rules import FloatArray, IntArray, Rules

DRAWS = 3
"""Random roundings besides the one by largest share."""
CLOSE = 1e-3
"""Relative distance from the bound at which no further start is tried."""


@dataclass(frozen=True)
class Plan:
    """An assignment and what it breaks."""

    seat_of: IntArray
    """Seat of each account, shape (account,)."""
    violation: float
    """Total at the prices it was sought for, in sizes."""
    bound: float
    """No assignment has a smaller total."""


def nearest(rules: Rules, relaxed: Relaxed, prices: FloatArray, *, seed: int = 0) -> Plan:
    """Return the assignment of least violation found, with the bound of the elastic program."""
    from solvers.conflict.descent import descend  # compiled code: imported when it is needed

    draws = np.random.Generator(np.random.Philox(seed))
    best = descend(rules, prices, np.argmax(relaxed.share, axis=1))
    least = rules.violation(best, prices)
    below = np.cumsum(relaxed.share, axis=1)
    for _ in range(DRAWS):
        if least <= relaxed.bound * (1 + CLOSE):
            break
        drawn = (below < draws.random(len(best))[:, None] * below[:, -1:]).sum(axis=1)
        plan = descend(rules, prices, np.minimum(drawn, rules.seats - 1))
        if rules.violation(plan, prices) < least:
            best, least = plan, rules.violation(plan, prices)
    return Plan(best, least, max(relaxed.bound, 0.0))
