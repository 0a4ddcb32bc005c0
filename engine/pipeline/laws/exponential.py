"""Waiting without memory."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import Field

from engine.fields import Real
from engine.pipeline.law import FloatArray, Knots, Law, tabulate


class Exponential(Law):
    """Exponential: what is left never depends on the age. Quantile -mean ln(1 - u)."""

    kind: Literal["exponential"] = "exponential"
    mean: Real = Field(gt=0, le=1e9)
    """Mean, in days for a duration or currency units for a size."""

    def knots(self) -> Knots:
        """Return the tabulated inverse."""

        def quantiles(levels: FloatArray, upper: bool) -> FloatArray:
            return -self.mean * (np.log(levels) if upper else np.log1p(-levels))

        return tabulate(quantiles)
