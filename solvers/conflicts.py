"""Why a model has no answer: which of its rows would have to give, and by how much."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from solvers import check
from solvers.attempt import attempt
from solvers.elastic import elastic
from solvers.model import Arrays, Model
from solvers.solution import FloatArray, SolveOptions

NAMED = 1e-6
"""A limit missed by less than this, relative to max(1, |limit|), is met."""


@dataclass(frozen=True)
class Conflict:
    """One limit of one row that would have to give, together with the other conflicts, for a plan to exist."""

    block: str
    label: str
    """Label of the row within its block, or its number there."""
    by_how_much: float
    """In the units of the row; positive."""
    direction: Literal["lower", "raise"]
    """`lower` its minimum or `raise` its maximum."""
    limit: float
    """The minimum or maximum as it stands."""


def explain(
    model: Model,
    relaxable: Collection[str] = (),
    options: SolveOptions | None = None,
    backend: str = "highs",
) -> list[Conflict]:
    """Return a set of limits that would have to give, least in total relative to their size, largest first.

    `relaxable` names the blocks of rows that may give (all when empty); the others stay hard. When the hard
    rows conflict among themselves, every row may give. Empty when the model is feasible, or when the
    limits of the options ended the search before there was any point.
    """
    asked = options or SolveOptions(gap=0.01, time_limit=60.0)
    arrays = model.arrays()
    chosen = np.zeros(arrays.rows, dtype=np.bool_)
    for name, _, first, count in model.row_blocks:
        chosen[first : first + count] = not relaxable or name in relaxable
    point = _least(arrays, chosen, asked, backend)
    if point is None and not chosen.all():
        point = _least(arrays, np.ones(arrays.rows, dtype=np.bool_), asked, backend)
    if point is None:
        return []
    missed = _missed(model, arrays, point)
    return sorted(missed, key=lambda found: -found.by_how_much / max(1.0, abs(found.limit)))


def _least(arrays: Arrays, chosen: np.ndarray, options: SolveOptions, backend: str) -> FloatArray | None:
    sides = np.stack((arrays.row_lower, arrays.row_upper))
    scale = np.where(np.isfinite(sides), np.abs(sides), 0.0).max(axis=0, initial=1.0)
    answer = attempt(elastic(arrays, chosen, 1.0 / scale).arrays, options, backend)
    return None if answer.x is None else check.snapped(arrays, answer.x[: arrays.columns])


def _missed(model: Model, arrays: Arrays, point: FloatArray) -> Iterator[Conflict]:
    activity = arrays.matrix @ point
    for name, labels, first, count in model.row_blocks:
        for i in range(first, first + count):
            label = labels[i - first] if labels else str(i - first)
            low, high, is_ = float(arrays.row_lower[i]), float(arrays.row_upper[i]), float(activity[i])
            if low - is_ > NAMED * max(1.0, abs(low)):
                yield Conflict(name, label, low - is_, "lower", low)
            if is_ - high > NAMED * max(1.0, abs(high)):
                yield Conflict(name, label, is_ - high, "raise", high)
