"""Competing risks: how many deals are won and lost by each age, open deals and late entries counted rightly.

Won over closed is wrong twice: it forgets that open deals may yet go either way, and that an export which begins
with some day's closes shows of older deals only those that took long. The estimate of Aalen and Johansen (1978)
with left truncation: at each age t the hazards d(t) / n(t) among the n(t) deals under observation at that age, and
the cumulative incidence F_k(t) = sum of S(s-) d_k(s) / n(s) over s <= t, S(t) = product of 1 - d(s) / n(s).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.inputs import FloatArray, IntArray


@dataclass(frozen=True)
class Observed:
    """Deals by age in whole days; each array of shape (deal,)."""

    entry: IntArray
    """Age from which the deal is under observation."""
    exit: IntArray
    """Age at the close, or the last one seen while open; not below entry."""
    outcome: NDArray[np.int8]
    """1 won, 0 lost, -1 open."""


@dataclass(frozen=True)
class Incidence:
    """Share of deals closed up to and with each age in days from 0; shape (age,)."""

    won: FloatArray
    lost: FloatArray

    @property
    def undecided(self) -> float:
        """Share that outlives every observed close."""
        return max(1.0 - float(self.won[-1]) - float(self.lost[-1]), 0.0)


def incidence(observed: Observed) -> Incidence:
    """Estimate the cumulative incidence of won and lost deals up to the greatest age of a close."""
    closed = observed.outcome >= 0
    ages = int(observed.exit[closed].max()) + 1
    entered = np.cumsum(np.bincount(observed.entry, minlength=ages)[:ages])
    gone = np.cumsum(np.bincount(observed.exit, minlength=ages)[:ages])
    at_risk = entered - np.append(0, gone[:-1])
    won = np.bincount(observed.exit[observed.outcome == 1], minlength=ages)
    lost = np.bincount(observed.exit[observed.outcome == 0], minlength=ages)
    share = 1.0 / np.maximum(at_risk, 1)
    survival = np.cumprod(1.0 - (won + lost) * share)
    before = np.append(1.0, survival[:-1])
    return Incidence(np.cumsum(before * won * share), np.cumsum(before * lost * share))
