"""Many small, a few large: the usual law of deal sizes and cycles."""

from __future__ import annotations

from math import log, sqrt
from typing import Literal

import numpy as np
from pydantic import Field

from engine.fields import Ratio, Real
from engine.pipeline.law import FloatArray, Knots, Law, tabulate


class Lognormal(Law):
    """Lognormal by its mean m and coefficient of variation c: sigma^2 = ln(1 + c^2), mu = ln m - sigma^2 / 2."""

    kind: Literal["lognormal"] = "lognormal"
    mean: Real = Field(gt=0, le=1e9)
    """Mean, in days for a duration or currency units for a size."""
    cv: Ratio = Field(gt=0, le=20)
    """Standard deviation over mean, such as 0.8 or 80%."""

    def knots(self) -> Knots:
        """Return the tabulated inverse."""
        from scipy.special import ndtri

        sigma = sqrt(log(1 + float(self.cv) ** 2))
        mu = log(self.mean) - sigma**2 / 2

        def quantiles(levels: FloatArray, upper: bool) -> FloatArray:
            values: FloatArray = np.exp(mu + sigma * (-ndtri(levels) if upper else ndtri(levels)))
            return values

        return tabulate(quantiles)
