"""Exits: when deals leave a stage, and how, seen through an export that is cut on both sides.

A deal leaves for the next stage with probability p after a time of the law G1, or otherwise after one of the law G0
(the mixture of Larson and Dinse, 1985). With S(t) = 1 - p G1(t) - (1 - p) G0(t) it adds to the likelihood

    p g1(t) or (1 - p) g0(t)   when it left at age t, for the next stage or otherwise
    S(t)                       when it was last seen in the stage at age t (censored)
    1 / S(a - 1)               when it came under observation only at age a (left truncation)

Deals are counted by age, so that the likelihood takes the same time for a thousand deals and for a million.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.inputs import BoolArray, FloatArray, IntArray
from engine.pipeline.competing_risks import Observed

_TINY = 1e-300


@dataclass(frozen=True)
class Ages:
    """Deals by whole days of age in the stage; every array of shape (age,)."""

    entered: FloatArray
    """Those that came under observation at the age."""
    on: FloatArray
    """Those that left for the next stage at the age."""
    off: FloatArray
    """Those that left otherwise."""
    held: FloatArray
    """Those that were last seen in the stage at the age."""

    @classmethod
    def of(cls, observed: Observed) -> Ages:
        """Count deals by age."""
        ages = int(observed.exit.max(initial=0)) + 1

        def count(which: BoolArray, at: IntArray) -> FloatArray:
            return np.bincount(at[which], minlength=ages).astype(np.float64)

        every = np.ones(len(observed.exit), dtype=bool)
        out = observed.outcome
        return cls(
            count(every, observed.entry), count(out == 1, observed.exit), count(out == 0, observed.exit),
            count(out < 0, observed.exit),
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.on)

    @property
    def deals(self) -> int:
        """Deals under observation."""
        return int(self.entered.sum())


def log_likelihood(ages: Ages, chance: float, on: FloatArray, off: FloatArray) -> float:
    """Return the log-likelihood of laws given as P(age <= t); each of shape (age,)."""
    stay = 1 - chance * on - (1 - chance) * off
    before = np.append(1.0, stay[:-1])
    value = _sum(ages.on, chance * np.diff(on, prepend=0.0))
    value += _sum(ages.off, (1 - chance) * np.diff(off, prepend=0.0))
    return value + _sum(ages.held, stay) - _sum(ages.entered, before)


def _sum(counts: FloatArray, values: FloatArray) -> float:
    seen = counts > 0
    return float(counts[seen] @ np.log(np.maximum(values[seen], _TINY)))
