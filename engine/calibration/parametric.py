"""Parametric: chance and laws of a stage by maximum likelihood, with their covariance from its curvature."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, log

import numpy as np

from engine.calibration.candidates import Candidate, candidate, natural
from engine.calibration.daily import daily
from engine.calibration.exits import Ages, log_likelihood
from engine.calibration.stage_fit import Fitted, Tried
from engine.inputs import FloatArray
from engine.pipeline.competing_risks import Incidence

SAME, NONE = "same", "none"
"""Laws of deals that do not advance: the one of those that do, or none because none was seen to go."""
_MEAN = (log(0.02), log(20_000.0))
_LOGIT = (-12.0, 12.0)
_STEP = 1e-3
_CERTAIN = 1e-4
"""Distance from 0 or 1 at which a chance is taken as that."""


@dataclass(frozen=True)
class Optimum:
    """Laws of given kinds at the maximum of their likelihood."""

    model: Model
    theta: FloatArray
    chosen: Tried

    def settled(self) -> Fitted:
        """Return chance and laws with their errors."""
        return self.model.fitted(self.theta, _covariance(self.model.loss, self.theta), self.chosen)


def fit(ages: Ages, on: str, off: str, start: Incidence) -> Optimum:
    """Fit laws of given kinds; `off` may be SAME, or NONE where nobody was seen to leave otherwise."""
    from scipy.optimize import minimize

    model = Model(ages, candidate(on), None if off in (SAME, NONE) else candidate(off), off)
    deals = max(ages.deals, 1)
    found = minimize(
        lambda theta: model.loss(theta) / deals, model.start(start), method="L-BFGS-B", bounds=model.bounds,
        options={"maxiter": 300},
    )  # fmt: skip
    theta = np.asarray(found.x, dtype=np.float64)
    return Optimum(model, theta, Tried(on, off, len(theta), -model.loss(theta), ages.deals))


class Model:
    """The likelihood as a function of theta = (ln odds, ln mean, ln shape of `on`; the same of `off`)."""

    def __init__(self, ages: Ages, on: Candidate, off: Candidate | None, how: str) -> None:
        self.ages, self.on, self.off, self.how = ages, on, off, how
        self.cut = 2 + len(on.start)

    @property
    def bounds(self) -> list[tuple[float, float]]:
        """Bounds of theta."""
        return [_LOGIT, _MEAN, *self.on.bounds, *((_MEAN, *self.off.bounds) if self.off else ())]

    def start(self, shares: Incidence) -> FloatArray:
        """Return where the search begins, from the incidence by competing risks."""
        chance = min(max(float(shares.won[-1]), 0.02), 0.98)
        mean_on = _mean(shares.won)
        mean_off = _mean(shares.lost) if shares.lost[-1] > 0 else mean_on
        rest = (log(mean_off), *self.off.start) if self.off else ()
        return np.array([log(chance / (1 - chance)), log(mean_on), *self.on.start, *rest])

    def curves(self, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return P(age <= t) of both laws."""
        on = daily(self.on.cdf(*natural(theta[1 : self.cut])), len(self.ages))
        if self.off is not None:
            return on, daily(self.off.cdf(*natural(theta[self.cut :])), len(self.ages))
        return on, (on if self.how == SAME else np.zeros_like(on))

    def loss(self, theta: FloatArray) -> float:
        """Return the log-likelihood with its sign turned."""
        with np.errstate(all="ignore"):
            return -log_likelihood(self.ages, _chance(theta), *self.curves(theta))

    def fitted(self, theta: FloatArray, error: FloatArray, chosen: Tried) -> Fitted:
        """Return chance, laws and their errors."""
        with np.errstate(all="ignore"):
            curves = self.curves(theta)
        off = None if self.off is None else self.off.law(*natural(theta[self.cut :]))
        places = [0, 1, self.cut if self.off else 1]
        covariance = error[np.ix_(places, places)]
        chance = _chance(theta)
        if min(chance, 1 - chance) < _CERTAIN:
            chance, covariance[0], covariance[:, 0] = float(round(chance)), 0.0, 0.0
        return Fitted(
            chance,
            self.on.law(*natural(theta[1 : self.cut])),
            off,
            chosen,
            covariance,
            curves,
            self.how == NONE,
        )


def _chance(theta: FloatArray) -> float:
    return 1 / (1 + exp(-float(theta[0])))


def _mean(incidence: FloatArray) -> float:
    share = np.diff(incidence, prepend=0.0)
    return max(float(share @ (np.arange(len(share)) + 0.5)) / max(float(incidence[-1]), 1e-12), 0.3)


def _covariance(loss: Callable[[FloatArray], float], theta: FloatArray) -> FloatArray:
    """Return the inverse of the matrix of second differences at the minimum."""
    size = len(theta)
    steps = np.eye(size) * _STEP
    curvature = np.empty((size, size))
    for i in range(size):
        for j in range(i + 1):
            a, b = steps[i], steps[j]
            second = loss(theta + a + b) - loss(theta + a - b) - loss(theta - a + b) + loss(theta - a - b)
            curvature[i, j] = curvature[j, i] = second / (4 * _STEP**2)
    return np.asarray(np.linalg.pinv(curvature, hermitian=True), dtype=np.float64)
