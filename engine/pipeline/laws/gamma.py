"""Several exponential steps, one after the other."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import Field

from engine.fields import Real
from engine.pipeline.law import FloatArray, Knots, Law, tabulate


class Gamma(Law):
    """Gamma by its mean and shape k, scale = mean / k; a whole k is the sum of k exponential steps."""

    kind: Literal["gamma"] = "gamma"
    mean: Real = Field(gt=0, le=1e9)
    """Mean, in days for a duration or currency units for a size."""
    shape: Real = Field(ge=0.1, le=1000)
    """Shape; the coefficient of variation is 1 / sqrt(shape)."""

    def knots(self) -> Knots:
        """Return the tabulated inverse."""
        from scipy.special import gammainccinv, gammaincinv

        def quantiles(levels: FloatArray, upper: bool) -> FloatArray:
            inverse = gammainccinv if upper else gammaincinv
            return np.asarray(self.mean / self.shape * inverse(self.shape, levels), dtype=np.float64)

        return tabulate(quantiles)
