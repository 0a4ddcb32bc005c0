"""Shrinking: effects of groups drawn toward their middle, as far as chance alone could have spread them.

Effects y with sampling variances s^2 around a middle m have the variance tau^2 + s^2; tau^2 by the moments of
DerSimonian and Laird (1986), and each effect becomes m + B (y - m) with B = tau^2 / (tau^2 + s^2) (empirical Bayes).

The error of that is not B^(1/2) s: tau is known badly where groups are few, and where the moments give 0 it would say
that every effect is known exactly. It is the root of the mean squared distance from the effect given here, over what
tau can be: even on tau >= 0 before the data (Gelman 2006, Bayesian Analysis 1, 515-534).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.inputs import FloatArray

_GRID = 400
"""Values of tau over which errors are averaged."""
_TIMES = 4.0
"""The highest of them, over the largest distance or error."""


@dataclass(frozen=True)
class Shrunk:
    """Effects after shrinking; arrays of shape (group,)."""

    raw: FloatArray
    """Effects as counted."""
    effect: FloatArray
    kept: FloatArray
    """Share B of the distance from the middle that was kept."""
    error: FloatArray
    """Standard error of the shrunk effect, with that of tau in it."""
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
    error = _errors(effect - middle, variance, kept)
    return Shrunk(
        effect, middle + kept * (effect - middle), kept, error, float(np.sqrt(tau2)),
        float(chdtrc(count, q)),
    )  # fmt: skip


def _errors(away: FloatArray, variance: FloatArray, kept: FloatArray) -> FloatArray:
    """Return the errors of shrunk effects, shape (group,); `away` is how far the raw ones lie from the middle."""
    highest = _TIMES * float(np.sqrt(max(float((away**2).max()), float(variance.max()))))
    tau2 = ((np.arange(_GRID) + 0.5) / _GRID * highest)[:, None] ** 2
    total = tau2 + variance
    log_density = -0.5 * (np.log(total) + away**2 / total).sum(axis=1)
    weight = np.exp(log_density - log_density.max())
    share = tau2 / total
    square = share * variance + ((share - kept) * away) ** 2
    return np.asarray(np.sqrt(weight @ square / weight.sum()), dtype=np.float64)
