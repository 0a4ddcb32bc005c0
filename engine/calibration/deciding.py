"""Deciding: whether the odds of a close depend on the month of the quarter in which it falls.

A stage draws its outcome when a deal enters it. Where the outcome goes with the month of the close instead, and
better than with the age of the deal, the stage only says when deals come to a close, and a further stage of no days,
entered at the close, says how: its cases by `months_of_quarter` are then those of the close.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from engine.inputs import FloatArray, IntArray

_BANDS = 8
"""Bands of age, each with as many closes."""


@dataclass(frozen=True)
class Deciding:
    """How the outcome of closes goes with the month of the quarter, with the age of the deal, or with neither."""

    won: IntArray
    """Won deals by month of the quarter, shape (3,)."""
    closed: IntArray
    scores: dict[str, float]
    """Criterion of the models `one chance`, `by month of the close`, `by age`; lower is better."""

    @property
    def by_month(self) -> bool:
        """Whether the month of the close tells most."""
        return min(self.scores, key=lambda name: self.scores[name]) == "by month of the close"

    @property
    def chance(self) -> FloatArray:
        """Share won by month of the quarter."""
        return self.won / np.maximum(self.closed, 1)


def deciding(won: NDArray[np.bool_], month: IntArray, age: IntArray, criterion: str) -> Deciding:
    """Compare the models on closed deals; arrays of shape (deal,), `month` from 1 to 3, `age` in days."""
    edges = np.unique(np.quantile(age, np.arange(1, _BANDS) / _BANDS))
    cells = {
        "one chance": np.zeros(len(won), dtype=np.int64),
        "by month of the close": month,
        "by age": np.searchsorted(edges, age, side="right"),
    }
    penalty = log(max(len(won), 2)) if criterion == "bic" else 2.0
    scores = {name: _score(won, cell, penalty) for name, cell in cells.items()}
    closed = np.bincount(month, minlength=4)[1:4]
    return Deciding(np.bincount(month[won], minlength=4)[1:4], closed, scores)


def _score(won: NDArray[np.bool_], cell: NDArray[np.int64], penalty: float) -> float:
    closed = np.bincount(cell)
    wins = np.bincount(cell, won.astype(np.float64))[closed > 0]
    total = closed[closed > 0]
    share = np.clip(wins / total, 1e-12, 1 - 1e-12)
    return float(penalty * len(total) - 2 * (wins @ np.log(share) + (total - wins) @ np.log(1 - share)))
