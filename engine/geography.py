"""Geography: what a user's own tables tell of places: which units touch, and how long ways are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
Words = tuple[str, ...]


@dataclass(frozen=True)
class Adjacency:
    """Geographic units that touch, shape (pair,), ordered by unit, then neighbour."""

    unit: Words
    neighbour: Words
    """'' where the row only says that there is such a unit."""

    def __len__(self) -> int:
        return len(self.unit)


@dataclass(frozen=True)
class Ways:
    """A user's own distances. Shape (way,), by account, then seat; each pair once, and not every pair need be there."""

    account: IntArray
    rep: IntArray
    km: FloatArray
    """Kilometres of the way there."""
    hours: FloatArray
    """Hours of the way there; NaN where the table does not say."""

    def __len__(self) -> int:
        return len(self.account)
