"""Empirical: chance and laws of a stage as counted, by the estimate of Aalen and Johansen; errors by the jackknife."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.calibration.daily import daily, tabulated
from engine.calibration.exits import Ages, log_likelihood
from engine.calibration.stage_fit import Fitted, Tried
from engine.inputs import FloatArray
from engine.pipeline.competing_risks import Incidence, Observed, incidence
from engine.pipeline.fits import stage_of

KIND = "empirical"
_GROUPS = 50
_KNOTS = (5, 10, 20, 40, 80)
_PER_KNOT = 5
"""Exits for each knot at least."""


@dataclass(frozen=True)
class Counted:
    """Laws as counted, before their errors are."""

    observed: Observed
    give_up: int
    fitted: Fitted

    @property
    def chosen(self) -> Tried:
        """How well they fit."""
        return self.fitted.chosen

    def settled(self) -> Fitted:
        """Return chance and laws with their errors."""
        return replace(self.fitted, error=_errors(self.observed, self.give_up))


def fit(observed: Observed, criterion: str, give_up: int, shares: Incidence) -> Counted:
    """Take the laws as counted, at as many quantiles as the criterion wants."""
    ages, exits = Ages.of(observed), int((observed.outcome >= 0).sum())
    tried = [
        _at(ages, knots, give_up, shares) for knots in _KNOTS if knots <= max(exits / _PER_KNOT, _KNOTS[0])
    ]
    best = min(tried, key=lambda one: one.chosen.by(criterion))
    return Counted(observed, give_up, best)


def _at(ages: Ages, knots: int, give_up: int, shares: Incidence) -> Fitted:
    stage = stage_of("counted", shares, give_up, knots)
    chance, off = float(shares.won[-1]), stage.duration_lost or stage.duration
    on_curve, off_curve = (daily(tabulated(law.knots()), len(ages)) for law in (stage.duration, off))
    told = (stage.duration, off) if ages.off.any() else (stage.duration,)
    parameters = 1 + sum(len(law.knots()[0]) - 1 for law in told)
    value = log_likelihood(ages, chance, on_curve, off_curve)
    chosen = Tried(KIND, KIND, parameters, value, ages.deals)
    curves = (on_curve, off_curve)
    return Fitted(
        chance, stage.duration, stage.duration_lost, chosen, np.zeros((3, 3)), curves, not ages.off.any()
    )


def _errors(observed: Observed, give_up: int) -> FloatArray:
    """Return the covariance by the jackknife over groups of deals."""
    group = np.arange(len(observed.exit)) % min(_GROUPS, len(observed.exit))
    rows = []
    for left_out in range(min(_GROUPS, len(group))):
        kept = group != left_out
        part = Observed(observed.entry[kept], observed.exit[kept], observed.outcome[kept])
        if (part.outcome >= 0).any():
            rows.append(_summary(incidence(part), give_up))
    values = np.array(rows)
    away = values - values.mean(axis=0)
    return np.asarray((len(rows) - 1) / len(rows) * away.T @ away, dtype=np.float64)


def _summary(shares: Incidence, give_up: int) -> tuple[float, float, float]:
    age = np.arange(len(shares.won)) + 0.5
    won = min(max(float(shares.won[-1]), 1e-4), 1 - 1e-4)
    on = float(np.diff(shares.won, prepend=0.0) @ age) / won
    last = (age[-1] + max(float(give_up), age[-1])) / 2
    off = float(np.diff(shares.lost, prepend=0.0) @ age) + shares.undecided * last
    return (
        float(np.log(won / (1 - won))),
        float(np.log(max(on, 0.1))),
        float(np.log(max(off / (1 - won), 0.1))),
    )
