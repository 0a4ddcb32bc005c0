"""Goals: what finance gave the company and nodes to bring, from a table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Words = tuple[str, ...]
NONE = -1
"""Amount of a row that says that there is no goal, which is not a goal of 0."""


@dataclass(frozen=True)
class Goals:
    """One goal a row. Shape (row,), in the order of the file."""

    level: Words
    """Level of the node; '' for the company."""
    node: Words
    """Region, district or seat; '' for the company."""
    product: Words
    """Product; '' for all of them together."""
    period: Words
    """Label of a period, or quarter; '' for the whole plan."""
    amount: NDArray[np.int64]
    """Minor units; -1 for no goal."""
    line: NDArray[np.int64]
    """Row of the file, with the header as row 1."""
    file: str = ""
    """File as the scenario names it."""

    def __len__(self) -> int:
        return len(self.level)
