"""Shrinking: effects of groups drawn toward their middle, as far as chance alone could have spread them.

Effects y with sampling variances s^2 around a middle m have the variance tau^2 + s^2; tau^2 by the moments of
DerSimonian and Laird (1986), and each effect becomes m + B (y - m) with B = tau^2 / (tau^2 + s^2) (empirical Bayes).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.inputs import FloatArray


@dataclass(frozen=True)
class Shrunk:
    """Effects after shrinking; arrays of shape (group,)."""

    raw: FloatArray
    """Effects as counted."""
    effect: FloatArray
    kept: FloatArray
    """Share B of the distance from the middle that was kept."""
    error: FloatArray
    """Standard error of the shrunk effect."""
    sd: float
    """Standard deviation tau of the true effects."""
    probability: float
    """Probability of as much spread if there were none but chance (Cochran's Q)."""

    def value(self, group: int) -> tuple[float, float]:
        """Return the effect of a group with its standard error."""
        return float(self.effect[group]), float(self.error[group])

    def told(self, group: int) -> tuple[float, float]:
        """Return the share that was kept and the raw effect of a group."""
        return float(self.kept[group]), float(self.raw[group])


def shrink(effect: FloatArray, variance: FloatArray, middle: float) -> Shrunk:
    """Shrink effects with known sampling variances toward a middle."""
    from scipy.special import chdtrc

    weight = 1 / variance
    q = float(weight @ (effect - middle) ** 2)
    # The middle is given and not estimated, so that as many degrees of freedom are left as there are groups.
    count = len(effect)
    tau2 = max((q - count) / float(weight.sum()), 0.0)
    kept = tau2 / (tau2 + variance)
    return Shrunk(
        effect, middle + kept * (effect - middle), kept, np.sqrt(kept * variance), float(np.sqrt(tau2)),
        float(chdtrc(count, q)),
    )  # fmt: skip
