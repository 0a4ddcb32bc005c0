"""Ranking: quotas that every seat reaches in the same number of replications."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

import numpy as np

from engine.inputs import IntArray


def at_share(credit: IntArray, share: Fraction) -> list[Fraction]:
    """Return for each seat the highest amount that it reaches in at least `share` of the replications, (rep,).

    `credit` has shape (replication, rep). At a share of 0, the highest amount ever credited.
    """
    ranked = np.sort(credit, axis=0)[::-1]
    place = max(ceil(share * len(ranked)), 1) - 1
    return [Fraction(max(int(value), 0)) for value in ranked[place]]


def at_total(credit: IntArray, total: Fraction) -> list[Fraction]:
    """Return amounts that add up to `total` and that all seats reach equally often, exact; shape (rep,).

    Between two neighbouring replications of the ranking the amounts lie on a line. A total above what all seats'
    best replications add up to, or below the sum of their worst, is shared in proportion to those.
    """
    ranked = np.maximum(np.sort(credit, axis=0)[::-1], 0)
    sums = [int(value) for value in ranked.sum(axis=1)]
    place = int(np.searchsorted(-np.array(sums), float(-total), side="left"))
    place = min(max(place, 0), len(sums))
    while place < len(sums) and sums[place] > total:
        place += 1
    while place > 0 and sums[place - 1] < total:
        place -= 1
    if place in (0, len(sums)):
        outer = min(place, len(sums) - 1)
        if sums[outer] == 0:
            return [Fraction(int(value)) for value in ranked.sum(axis=0)]
        return [Fraction(int(value)) * total / sums[outer] for value in ranked[outer]]
    high, low = ranked[place - 1], ranked[place]
    gap = sums[place - 1] - sums[place]
    part = (total - sums[place]) / gap if gap else Fraction(0)
    return [int(b) + part * (int(a) - int(b)) for a, b in zip(high, low, strict=True)]


def reached(credit: IntArray, quota: IntArray) -> IntArray:
    """Return in how many replications each seat reaches its quota, (rep,); `credit` has shape (replication, rep)."""
    return np.asarray((credit >= quota).sum(axis=0), dtype=np.int64)
