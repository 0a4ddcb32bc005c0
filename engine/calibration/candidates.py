"""Candidates: laws of days by their mean and shape, as a likelihood needs them and as a scenario writes them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from decimal import Decimal
from math import exp, expm1, gamma, log, sqrt

import numpy as np

from engine.calibration.daily import Cdf
from engine.inputs import FloatArray
from engine.pipeline.law import Law
from engine.pipeline.laws.exponential import Exponential
from engine.pipeline.laws.gamma import Gamma
from engine.pipeline.laws.lognormal import Lognormal
from engine.pipeline.laws.weibull import Weibull


class Candidate(ABC):
    """A law with the free parameters ln(mean) and, where it has a shape, ln(shape)."""

    kind: str
    start: tuple[float, ...] = ()
    """Where the search for ln(shape) begins; empty without a shape."""
    bounds: tuple[tuple[float, float], ...] = ()
    """Bounds of ln(shape)."""

    @abstractmethod
    def cdf(self, mean: float, *shape: float) -> Cdf:
        """Return the distribution function."""

    @abstractmethod
    def law(self, mean: float, *shape: float) -> Law:
        """Return the law as a scenario writes it."""


class _Exponential(Candidate):
    kind = "exponential"

    def cdf(self, mean: float, *shape: float) -> Cdf:
        return lambda days: np.asarray(-np.expm1(-days / mean), dtype=np.float64)

    def law(self, mean: float, *shape: float) -> Law:
        return Exponential(mean=_short(mean))


class _Gamma(Candidate):
    kind = "gamma"
    start = (0.3,)
    bounds = ((log(0.1), log(1000.0)),)

    def cdf(self, mean: float, *shape: float) -> Cdf:
        from scipy.special import gammainc

        return lambda days: np.asarray(gammainc(shape[0], days * shape[0] / mean), dtype=np.float64)

    def law(self, mean: float, *shape: float) -> Law:
        return Gamma(mean=_short(mean), shape=_short(min(max(shape[0], 0.1), 1000.0)))


class _Weibull(Candidate):
    kind = "weibull"
    start = (0.2,)
    bounds = ((log(0.2), log(50.0)),)

    def cdf(self, mean: float, *shape: float) -> Cdf:
        scale = mean / gamma(1 + 1 / shape[0])
        return lambda days: np.asarray(-np.expm1(-((days / scale) ** shape[0])), dtype=np.float64)

    def law(self, mean: float, *shape: float) -> Law:
        return Weibull(mean=_short(mean), shape=_short(min(max(shape[0], 0.2), 50.0)))


class _Lognormal(Candidate):
    """The shape is the standard deviation of the logarithm."""

    kind = "lognormal"
    start = (0.0,)
    bounds = ((log(0.02), log(2.4)),)

    def cdf(self, mean: float, *shape: float) -> Cdf:
        from scipy.special import ndtr

        middle = log(mean) - shape[0] ** 2 / 2

        def reached(days: FloatArray) -> FloatArray:
            ln = np.log(np.maximum(days, 1e-300))
            return np.asarray(ndtr((ln - middle) / shape[0]), dtype=np.float64)

        return reached

    def law(self, mean: float, *shape: float) -> Law:
        return Lognormal(mean=_short(mean), cv=Decimal(f"{sqrt(expm1(min(shape[0], 2.4) ** 2)):.5g}"))


CANDIDATES: tuple[Candidate, ...] = (_Exponential(), _Gamma(), _Lognormal(), _Weibull())
"""Every candidate, from the plainest on."""


def candidate(kind: str) -> Candidate:
    """Return the candidate of a kind."""
    return next(one for one in CANDIDATES if one.kind == kind)


def natural(theta: FloatArray) -> tuple[float, ...]:
    """Return mean and shape from their logarithms."""
    return tuple(exp(value) for value in theta.tolist())


def _short(value: float) -> float:
    return float(f"{value:.5g}")
