"""Owed: what people owed, or were owed, when the plan began."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Owed:
    """Balances of people by component, from before the plan. Shape (row,)."""

    person: tuple[str, ...]
    component: tuple[str, ...]
    """Name of a draw, holdback or limit on statements."""
    amount: NDArray[np.int64]
    """Minor units: owed by the person (draw), held (holdback) or waiting (limit)."""
    due_in: NDArray[np.int64]
    """Holdback alone: period of the plan in which it is released, from 1; else 0."""
    line: NDArray[np.int64]
    """Row of the file, with the header as row 1."""
    file: str = ""

    def __len__(self) -> int:
        return self.amount.size
