"""Means of tabulated laws."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from engine.inputs import FloatArray
from engine.pipeline.model import Laws


def law_means(laws: Laws) -> FloatArray:
    """Return the mean of every law, exact for its table, shape (law,)."""
    edge = np.append(laws.guide[:, 0], len(laws.knot))
    level, value = laws.knot["level"], laws.knot["value"]
    area = (level[1:] - level[:-1]) * (value[1:] + value[:-1]) / 2
    return np.array([area[first : end - 1].sum() for first, end in pairwise(edge)])
