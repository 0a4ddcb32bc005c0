"""What a constraint or an objective can be; rows, prices and explanations are derived from these alone.

x_ij is 1 when account i belongs to seat j. Arrays have shape (account,), (rep,) or (account, rep).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.inputs import FloatArray, IntArray
from engine.territory.measure import Measured

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Band:
    """lower_j <= sum_i weight_i x_ij <= upper_j for every seat; integers, bounds rounded inwards.

    A seat without a bound has the least or the greatest sum there can be.
    """

    measure: Measured
    lower: IntArray
    upper: IntArray


@dataclass(frozen=True)
class Forbidden:
    """x_ij = 0 where `pairs` is true, shape (account, rep)."""

    pairs: BoolArray


@dataclass(frozen=True)
class Budget:
    """sum_ij weight_i moved_ij x_ij <= limit, where moved_ij says that account i leaves its incumbent for j."""

    measure: Measured
    limit: int


@dataclass(frozen=True)
class PairCost:
    """sum_ij cost_ij x_ij, currency units; shape (account, rep)."""

    cost: FloatArray


@dataclass(frozen=True)
class Spread:
    """sum_j price |sum_i weight_i x_ij - target_j|; `price` is in currency units per integer unit."""

    measure: Measured
    target: FloatArray
    price: float


Declaration = Band | Forbidden | Budget
Cost = PairCost | Spread
