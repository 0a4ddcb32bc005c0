"""Law: a distribution as a monotone table of its inverse, which is all that the engines know of it.

A law is tabulated once, when the simulation is built: levels from 0 to 1 and the values there, linear in
between, two knots at one level for a jump. So a new law is one file with one formula, the compiled kernel
needs no dispatch, and what is left of a deal of a given age is drawn from the same table. The price is the
error of linear interpolation: below 3e-5 of the mean for an exponential, on a grid that halves the distance
to both ends 40 times (levels from 1e-12 to 1 - 1e-12).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engine.blocks import Block

FloatArray = NDArray[np.float64]
Knots = tuple[FloatArray, FloatArray]
Quantiles = Callable[[FloatArray, bool], FloatArray]
"""(levels, upper) -> values; with `upper` the levels are distances from 1, so that the far tail is exact."""


class Law(Block):
    """A distribution of non-negative numbers: days in a stage, or the size of a deal in currency units."""

    @abstractmethod
    def knots(self) -> Knots:
        """Return (level, value), both of shape (knot,): levels rise from 0 to 1, values never fall."""


def _grid() -> FloatArray:
    """Levels from 2^-40 to 1/2: 64 in each of the 12 halvings next to 1/2, 16 in each of the 28 further ones."""
    octaves = [
        2.0 ** -(octave + 1) * (1 - np.arange(count) / (2 * count))
        for octave, count in [(o, 64) for o in range(1 - 1, 12)] + [(o, 16) for o in range(12, 39)]
    ]
    return np.append(np.concatenate(octaves), 2.0**-40)[::-1]


def tabulate(quantiles: Quantiles) -> Knots:
    """Tabulate a continuous law with support from 0 upwards; the value at level 1 is that of 1 - 2^-40."""
    near = _grid()
    lower = quantiles(near, False)
    upper = quantiles(near[:-1], True)[::-1]
    level = np.concatenate(([0.0], near, 1 - near[:-1][::-1], [1.0]))
    value = np.concatenate(([0.0], lower, upper, upper[-1:]))
    return level, np.maximum.accumulate(value)


def mean(knots: Knots) -> float:
    """Mean of a tabulated law, exact for the table."""
    level, value = knots
    return float(np.sum(np.diff(level) * (value[1:] + value[:-1]) / 2))


def mean_square(knots: Knots) -> float:
    """Mean of the square of a tabulated law, exact for the table."""
    level, value = knots
    low, high = value[:-1], value[1:]
    return float(np.sum(np.diff(level) * (low**2 + low * high + high**2) / 3))


def reached(knots: Knots, value: float) -> float:
    """Share of a tabulated law at or below `value`: its distribution function."""
    level, values = knots
    at = int(np.searchsorted(values, value, side="right")) - 1
    if at < 0:
        return 0.0
    if at == len(values) - 1:
        return 1.0
    part = (value - values[at]) / (values[at + 1] - values[at])
    return float(level[at] + part * (level[at + 1] - level[at]))
