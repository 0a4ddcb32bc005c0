"""Tabulated laws for many values at once: means, and quantiles with the bits of `engine.pipeline.quantiles`."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from engine.inputs import FloatArray, IntArray, KeyArray
from engine.pipeline.model import Future, Laws
from engine.streams import Purpose, compiled, uniform


def _edges(laws: Laws) -> IntArray:
    """Return the first knot of each law, and the end."""
    return np.append(laws.guide[:, 0], len(laws.knot))


def law_means(laws: Laws) -> FloatArray:
    """Return the mean of every law, exact for its table, shape (law,)."""
    level, value = laws.knot["level"], laws.knot["value"]
    area = (level[1:] - level[:-1]) * (value[1:] + value[:-1]) / 2
    return np.array([area[first : end - 1].sum() for first, end in pairwise(_edges(laws))])


def quantiles(laws: Laws, law: int, level: FloatArray) -> FloatArray:
    """Return the values of a law at levels in [0, 1)."""
    first, end = _edges(laws)[law : law + 2]
    knot = laws.knot[first:end]
    at = np.searchsorted(knot["level"], level, "right") - 1
    return np.asarray(knot["value"][at] + (level - knot["level"][at]) * knot["slope"][at], dtype=np.float64)


@compiled
def _draw(replication: tuple[int, int], purpose: int, key: KeyArray, drawn: FloatArray) -> None:
    for place in range(len(key)):
        drawn[place] = uniform(replication[0], replication[1], purpose, key[place], 0)


def levels(future: Future, purpose: Purpose, key: KeyArray) -> FloatArray:
    """Return the first draw of entities for a purpose as levels."""
    drawn = np.empty(len(key))
    _draw((future.seed, future.number), int(purpose), np.ascontiguousarray(key), drawn)
    return drawn
