"""Precision: how well the outputs are known after so many replications, and whether that is enough.

Half-widths are looked at after fixed numbers of replications. With looks as rare and samples as large as these (every
500, from 500 on, unless the scenario says otherwise) a run hardly ever stops by luck: in the tests the true value lies
in the interval at which a run stops in 94.7 to 95.4 % of runs where 95 % is stated, stopping at the seventh look on
average. Looking at every 20 replications from 20 on it would be 90 %. Looking ahead before stopping (Hoad, Robinson,
Davies 2010, Automated selection of the number of replications for a discrete-event simulation, Journal of the
Operational Research Society 61, 1632-1644) mends the latter; for the former it would cost looks and mend nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.estimates import Estimate, mean_of, quantile_of, share_of
from engine.inputs import FloatArray
from engine.pipeline.control_variates import Controls, adjusted
from engine.pipeline.spec.stopping import Target


@dataclass(frozen=True)
class Precision:
    """How well one statistic of an output is known."""

    output: str
    statistic: str
    estimate: Estimate
    half_width: float
    """As it is demanded: relative to the estimate, or in points of a probability."""
    demanded: float
    """NaN where nothing is."""
    confidence: float
    adjusted: bool
    """Whether control variates adjust the estimate."""
    replications: int
    """Where the output is defined."""

    @property
    def reached(self) -> bool:
        """Whether the output is known as well as is demanded."""
        return self.half_width <= self.demanded

    def record(self) -> dict[str, Any]:
        """Return the row of the table `precision`."""
        return {
            "output": self.output,
            "statistic": self.statistic,
            "estimate": self.estimate.value,
            "low": self.estimate.low,
            "high": self.estimate.high,
            "half_width": self.half_width,
            "demanded": self.demanded,
            "confidence": self.confidence,
            "adjusted": self.adjusted,
            "replications": self.replications,
        }


def statistic(target: Target, values: FloatArray) -> FloatArray:
    """Return what a target is the mean of, or the values whose quantile it is; undefined ones stay NaN."""
    if target.reaches is None:
        return values
    return np.where(np.isnan(values), np.nan, values >= float(target.reaches))


def precision_of(target: Target, values: FloatArray, controls: Controls | None = None) -> Precision:
    """Return how well the output of a target is known from its values; undefined ones (NaN) are left out.

    Args:
        target: the output, its statistic and what is demanded of it.
        values: shape (replication,).
        controls: of the same replications; needed where the target is adjusted.

    """
    confidence = float(target.confidence)
    values = statistic(target, values)
    known = values[~np.isnan(values)]
    if target.adjusted and controls is not None and known.std() > 0:
        estimate = adjusted(values, controls, confidence).adjusted
    elif target.of_share:
        estimate = share_of(known, confidence)
    elif target.quantile is not None:
        estimate = quantile_of(known, float(target.quantile), confidence)
    else:
        estimate = mean_of(known, confidence)
    half = estimate.half_width
    if not target.of_share and half > 0:
        half = half / abs(estimate.value) if estimate.value else float("inf")
    return Precision(
        target.output,
        target.statistic,
        estimate,
        half,
        float(target.half_width),
        confidence,
        target.adjusted,
        len(known),
    )
