"""Waiting that tires or hurries."""

from __future__ import annotations

from math import gamma
from typing import Literal

import numpy as np
from pydantic import Field

from engine.fields import Real
from engine.pipeline.law import FloatArray, Knots, Law, tabulate


class Weibull(Law):
    """Weibull by its mean and shape k: scale = mean / Gamma(1 + 1/k), quantile scale (-ln(1 - u))^(1/k)."""

    kind: Literal["weibull"] = "weibull"
    mean: Real = Field(gt=0, le=1e9)
    """Mean, in days for a duration or currency units for a size."""
    shape: Real = Field(ge=0.2, le=50)
    """Above 1 the older close sooner, below 1 they linger; 1 is exponential."""

    def knots(self) -> Knots:
        """Return the tabulated inverse."""
        scale = self.mean / gamma(1 + 1 / self.shape)

        def quantiles(levels: FloatArray, upper: bool) -> FloatArray:
            waited = -np.log(levels) if upper else -np.log1p(-levels)
            return scale * waited ** (1 / self.shape)

        return tabulate(quantiles)
