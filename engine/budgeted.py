"""Budgeted: what comp was expected to cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Budgeted:
    """What comp was expected to cost. Shape (amount,)."""

    figure: tuple[str, ...]
    """`total` (salary and variable pay) or `variable`."""
    period: tuple[str, ...]
    """Label of a period, or `year` for the whole plan, the sum of its periods where both are known."""
    amount: NDArray[np.int64]
    """Minor units."""

    def of(self, figure: str, period: str) -> int | None:
        """Return an amount; None where it is not known."""
        cells = dict(zip(zip(self.figure, self.period, strict=True), self.amount.tolist(), strict=True))
        return cells.get((figure, period))
