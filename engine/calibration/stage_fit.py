"""Stage fit: the law of the exits from a stage as it was fitted, and every one that was tried."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np

from engine.inputs import FloatArray
from engine.pipeline.law import Law


@dataclass(frozen=True)
class Tried:
    """A pair of laws, and how well it fits."""

    on: str
    """Kind of the law of deals that advance."""
    off: str
    """Kind of the law of others; `same` where it is that of the first."""
    parameters: int
    log_likelihood: float
    deals: int

    @property
    def aic(self) -> float:
        """Akaike's criterion; lower is better."""
        return 2 * self.parameters - 2 * self.log_likelihood

    @property
    def bic(self) -> float:
        """Schwarz's criterion; lower is better."""
        return self.parameters * log(max(self.deals, 2)) - 2 * self.log_likelihood

    def by(self, criterion: str) -> float:
        """Return the criterion asked for."""
        return self.aic if criterion == "aic" else self.bic


@dataclass(frozen=True)
class Fitted:
    """Chance and laws of a stage."""

    chance: float
    on: Law
    """Days of deals that advance."""
    off: Law | None
    """Days of others; None where they have the same law."""
    chosen: Tried
    error: FloatArray
    """Covariance of (ln odds, ln mean of `on`, ln mean of `off`), shape (3, 3)."""
    curves: tuple[FloatArray, FloatArray]
    """P(age <= t) of both laws, by days of age."""
    on_only: bool = False
    """Whether no deal was seen to leave otherwise, so that the law of those that do is an assumption."""
    tried: tuple[Tried, ...] = ()

    @property
    def odds_error(self) -> float:
        """Standard error of the logarithm of the odds of advancing."""
        return float(np.sqrt(max(self.error[0, 0], 0.0)))

    @property
    def days_error(self) -> float:
        """Standard error of the mean logarithm of the days, each law with its share; of `on` if it is all seen."""
        if self.on_only:
            return float(np.sqrt(max(self.error[1, 1], 0.0)))
        weight = np.array([self.chance, 1 - self.chance])
        return float(np.sqrt(max(weight @ self.error[1:, 1:] @ weight, 0.0)))
