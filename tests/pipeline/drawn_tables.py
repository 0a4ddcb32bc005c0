"""What the models drawn by hypothesis are made of: sizes, tables of laws, records from tuples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st

from engine.inputs import IntArray
from engine.pipeline.layout import KNOT, TICKS, Records, guide_levels, records
from engine.pipeline.model import Laws

HORIZON = 120 * TICKS
MONTHS = np.arange(0, HORIZON + 1, 30 * TICKS)
TABLES: tuple[tuple[Sequence[float], Sequence[float]], ...] = (
    ((0, 1), (0, 0)),
    ((0, 1), (1, 1)),
    ((0, 1), (7, 7)),
    ((0, 1), (0, 0.00001)),
    ((0, 0.5, 0.5, 0.75, 0.75, 1), (0, 0, 5, 5, 20, 20)),
    ((0, 0.3, 0.9, 1), (0, 4, 30, 90)),
)
"""(level, value) of every law of days or of amounts that a model uses."""
FIXED_RATIOS = ((0, 1), (1.1, 1.1))
DISCOUNTS = ((0, 1), (0.0, 0.4))


class Sizes(NamedTuple):
    """How many there are of each thing."""

    seats: int
    stages: int
    products: int
    segments: int
    """With the one of deals without an account."""
    resources: int
    routes: int
    bands: int
    tenures: int


def laws_of(tables: Sequence[tuple[Sequence[float], Sequence[float]]]) -> Laws:
    """Laws from (level, value) knots."""
    knots, guide, first = [], [], 0
    for levels, values in tables:
        level, value = np.array(levels, dtype=float), np.array(values, dtype=float)
        step = np.append(np.diff(level), 0.0)
        slope = np.divide(np.append(np.diff(value), 0.0), step, out=np.zeros_like(step), where=step > 0)
        knots.append(records(KNOT, level, value, slope))
        last = int(np.searchsorted(level, 1.0)) - 1
        at = np.searchsorted(level, np.append(guide_levels(), 1.0), side="right") - 1
        guide.append(first + np.minimum(at, last))
        first += len(level)
    return Laws(np.concatenate(knots), np.array(guide, dtype=np.int64))


def firsts(owner: Sequence[int], owners: int) -> IntArray:
    """First row of each owner, and the end, of rows in the order of their owners."""
    return np.searchsorted(np.array(owner, dtype=np.int64), np.arange(owners + 1)).astype(np.int64)


def rows_of(dtype: np.dtype[Any], rows: Sequence[tuple[Any, ...]]) -> Records:
    """Records from tuples, of which there may be none."""
    return np.array(list(rows), dtype=dtype)


def some(draw: st.DrawFn, values: Sequence[Any], count: int) -> list[Any]:
    """`count` values, each from those."""
    return draw(st.lists(st.sampled_from(list(values)), min_size=count, max_size=count))


def entities(draw: st.DrawFn, count: int) -> list[int]:
    """Keys of as many things, all different and in no order."""
    salt = draw(st.integers(0, 2**40))
    return [(salt * 1000 + place + 1) * 0xD1B54A32D192ED03 % 2**64 for place in range(count)]


def cumulative(draw: st.DrawFn, cells: int) -> list[float]:
    """Shares that end at 1, some cells with nothing."""
    weight = np.array(some(draw, (0, 1, 3), cells), dtype=float)
    weight[draw(st.integers(0, cells - 1))] += 1
    total = np.cumsum(weight) / weight.sum()
    total[-1] = 1.0
    return [float(share) for share in total]
