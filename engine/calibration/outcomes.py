"""Outcomes: won deals of groups against what was to be expected of them, each drawn toward the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from engine.calibration.shrinking import Shrunk, shrink
from engine.inputs import FloatArray, IntArray


@dataclass(frozen=True)
class Ratios:
    """Wins over expected wins by group."""

    names: tuple[str, ...]
    count: IntArray
    """Closed deals."""
    shrunk: Shrunk
    gain: float
    """By how much the criterion is lower with the ratios; above 0 they are better."""


def ratios(
    won: FloatArray, expected: FloatArray, group: Sequence[str], criterion: str, fewest: int
) -> Ratios | None:
    """Compare groups of at least `fewest` closed deals; None where fewer than two can be told.

    Args:
        won: 1 or 0 by closed deal.
        expected: probability of a win, shape (deal,).
        group: its name for each deal, '' where unknown.
        criterion: `aic` or `bic`.
        fewest: closed deals that a group needs.

    """
    label = np.array(group, dtype=object)
    names = [name for name in sorted(set(group) - {""}) if int((label == name).sum()) >= fewest]
    if len(names) < 2:
        return None
    count, raw, variance, gain = [], [], [], 0.0
    for name in names:
        mine = label == name
        p, y = np.clip(expected[mine], 1e-9, 1 - 1e-9), won[mine]
        total = float(p.sum())
        ratio = float(y.sum()) / total
        count.append(int(mine.sum()))
        raw.append(ratio)
        variance.append(float((p * (1 - p)).sum()) / total**2)
        q = np.clip(p * ratio, 1e-9, 1 - 1e-9)
        gain += 2 * float(y @ np.log(q / p) + (1 - y) @ np.log((1 - q) / (1 - p)))
    penalty = log(max(len(won), 2)) if criterion == "bic" else 2.0
    shrunk = shrink(np.array(raw), np.array(variance), 1.0)
    return Ratios(tuple(names), np.array(count), shrunk, gain - (len(names) - 1) * penalty)
