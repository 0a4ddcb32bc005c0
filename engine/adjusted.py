"""Adjusted: quotas that somebody has set in a file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Words = tuple[str, ...]
NONE = -1
"""Amount of a seat that carries no quota at all."""


@dataclass(frozen=True)
class Adjusted:
    """Quotas that somebody has set. Shape (row,), in the order of the files and their rows."""

    file: Words
    """File as the scenario names it."""
    name: Words
    """Seat, or node above seats."""
    product: Words
    """Product; '' for all of them together."""
    period: Words
    """Label of a period; '' for the whole plan."""
    amount: NDArray[np.int64]
    """Minor units; -1 for no quota at all."""
    place: Words
    """Where the row stands: `plan/workbook.xlsx [quotas] row 7 (D7)`."""
    reason: Words
    """What the file says of it; '' where it says nothing."""

    def __len__(self) -> int:
        return len(self.file)
