"""Figures beside theory: what is expected, what was simulated, its standard error, and z."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

import numpy as np
from scipy.stats import norm

from engine.inputs import FloatArray

LIMIT = 4.0


class Figure(NamedTuple):
    """One comparison; without a standard error it has to be equal."""

    section: str
    what: str
    expected: float
    simulated: float
    error: float
    z: float


FIGURES: list[Figure] = []
"""All comparisons of this run, in order."""


class Section:
    """Comparisons of one part of the theory."""

    def __init__(self, name: str) -> None:
        self.name = name

    def mean(self, what: str, expected: float, values: FloatArray) -> None:
        """Hold the mean of independent values to theory."""
        self._judge(what, expected, float(values.mean()), float(values.std(ddof=1)) / sqrt(len(values)))

    def variance(self, what: str, expected: float, values: FloatArray) -> None:
        """Hold the variance of independent values to theory; its error is that of the fourth moment."""
        squares = (values - values.mean()) ** 2
        error = float(squares.std(ddof=1)) / sqrt(len(values))
        self._judge(what, expected, float(values.var(ddof=1)), error)

    def ratio(self, what: str, expected: float, above: FloatArray, below: FloatArray) -> None:
        """Hold a ratio of expectations to theory: the mean of above - expected x below is zero without any bias."""
        left = above - expected * below
        error = float(left.std(ddof=1)) / sqrt(len(left)) / float(below.mean())
        z = float(left.mean()) / (float(left.std(ddof=1)) / sqrt(len(left)))
        self._add(Figure(self.name, what, expected, float(above.sum() / below.sum()), error, z))

    def uncorrelated(self, what: str, one: FloatArray, other: FloatArray) -> None:
        """Hold two figures of independent replications to a correlation of zero."""
        self._judge(what, 0.0, float(np.corrcoef(one, other)[0, 1]), 1 / sqrt(len(one)))

    def alike(self, what: str, one: FloatArray, other: FloatArray) -> None:
        """Hold the means of two independent samples to each other."""
        error = sqrt(one.var(ddof=1) / len(one) + other.var(ddof=1) / len(other))
        self._judge(what, float(one.mean()), float(other.mean()), error)

    def fits(self, what: str, distance: float, p_value: float) -> None:
        """Hold a sample to a law: a distance, and the chance that it is at least as large."""
        self._add(Figure(self.name, what, 0.0, distance, 0.0, float(norm.isf(max(p_value, 1e-300) / 2))))

    def equal(self, what: str, expected: float, simulated: float) -> None:
        """Hold what is true on every path."""
        self._add(Figure(self.name, what, expected, simulated, 0.0, 0.0 if expected == simulated else np.inf))

    def _judge(self, what: str, expected: float, simulated: float, error: float) -> None:
        apart = simulated - expected
        z = apart / error if error else np.inf if apart else 0.0
        self._add(Figure(self.name, what, expected, simulated, error, z))

    def _add(self, figure: Figure) -> None:
        FIGURES.append(figure)
        assert abs(figure.z) <= LIMIT, figure
