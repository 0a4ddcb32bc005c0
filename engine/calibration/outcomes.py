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


def expected(
    won: FloatArray, month: IntArray, segment: Sequence[str], criterion: str, fewest: int
) -> FloatArray:
    """Return the chance of a win of closed deals by the month of the close and, where it matters, their segment.

    Args:
        won: 1 or 0 by closed deal.
        month: month of the quarter of the close, from 1; shape (deal,).
        segment: that of each deal, '' where unknown.
        criterion: `aic` or `bic`.
        fewest: closed deals that a month or segment needs.

    """
    closed = np.bincount(month, minlength=4)
    share = np.bincount(month, won, minlength=4) / np.maximum(closed, 1)
    chance = np.where(closed[month] >= fewest, share[month], won.mean())
    found = ratios(won, chance, segment, criterion, fewest)
    if found is not None and found.gain > 0:
        factor = dict(zip(found.names, found.shrunk.effect.tolist(), strict=True))
        chance = chance * np.array([factor.get(name, 1.0) for name in segment])
    return np.asarray(np.clip(chance, 1e-6, 1 - 1e-6), dtype=np.float64)
