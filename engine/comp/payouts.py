"""Payouts: what the comp stage leaves, as distributions, and one ledger that is private."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.columns import Table
from engine.inputs import FloatArray


@dataclass(frozen=True)
class Payouts:
    """The answer of the comp stage. One value per replication and figure, in replication order."""

    cost: FloatArray
    """Comp cost in minor units by (replication, period, plan): salary and variable pay together."""
    variable: FloatArray
    """Variable pay alone, same shape."""
    plans: tuple[str, ...]
    attainment: NDArray[np.float32]
    """Credit over quota of each seat in the whole plan, shape (replication, rep); NaN without a quota."""
    tables: tuple[Table, ...]
    """cost, attainment, pay_curve, cost_of_sales; and the private ones."""
