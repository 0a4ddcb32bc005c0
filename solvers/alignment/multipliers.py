"""Multipliers: the prices of the rows that prove a bound."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solvers.alignment.instance import FloatArray, Instance


@dataclass(frozen=True)
class Multipliers:
    """Prices of the rows: of bands in cost per scaled unit (instance.scale), of budgets per integer unit."""

    band: FloatArray
    """mu, shape (row kind, rep); above 0 pushes away from the upper side, below 0 towards the lower."""
    budget: FloatArray
    """lambda >= 0, shape (budget,)."""


def valid(instance: Instance, multipliers: Multipliers) -> Multipliers:
    """Return the multipliers with the signs and sizes for which L is a bound."""
    most = (instance.prices * instance.scale)[:, None]
    return Multipliers(np.clip(multipliers.band, -most, most), np.maximum(multipliers.budget, 0.0))
