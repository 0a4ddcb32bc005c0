"""Circumstances: whether a stage differs by segment, or by the month of the quarter in which deals enter it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np

from engine.calibration.choosing import choose
from engine.calibration.daily import daily, tabulated
from engine.calibration.exits import Ages, log_likelihood
from engine.calibration.found import Found
from engine.calibration.shrinking import Shrunk, shrink
from engine.calibration.stage_fit import Fitted
from engine.calibration.visits import ON, Visits
from engine.inputs import FloatArray, IntArray

_STEP = 1e-3
_UNEVEN = 4.0
"""Standard errors between shares of unknown groups beyond which they are not alike."""


@dataclass(frozen=True)
class Groups:
    """Effects of groups on a stage, shrunk toward it."""

    names: tuple[str, ...]
    odds: Shrunk
    """Logarithm of the factor on the odds of advancing."""
    days: Shrunk
    """Logarithm of the factor on the days."""
    gain: float
    """By how much the criterion is lower with them; above 0 they are better."""


def by_part(
    visits: Visits, part: IntArray, pooled: Fitted, settings: tuple[Sequence[str], str, int], fewest: int
) -> tuple[tuple[Fitted, ...], float]:
    """Fit each part of the quarter alone, and say by how much the criterion is lower than with one fit for all.

    Parts have the kinds of law that fit all together.
    Nothing is fitted, and the gain is 0, where a part has fewer than `fewest` exits, or none that advances.

    Args:
        visits: those of the stage.
        part: part of the quarter in which each visit began, from 0; shape (visit,).
        pooled: the stage as fitted over all.
        settings: laws, criterion, and age by which deals are given up.
        fewest: exits that a part needs.

    """
    laws, criterion, give_up = settings
    kinds = [kind for kind in laws if kind in (pooled.chosen.on, pooled.chosen.off)]
    parts = [visits.at(part == which) for which in range(int(part.max(initial=0)) + 1)]
    if any((one.how >= 0).sum() < fewest or not (one.how == ON).any() for one in parts):
        return (), 0.0
    fits = tuple(choose(one.observed, kinds, criterion, give_up) for one in parts)
    penalty = log(max(len(visits), 2)) if criterion == "bic" else 2.0
    apart = sum(one.chosen.parameters * penalty - 2 * one.chosen.log_likelihood for one in fits)
    return fits, pooled.chosen.by(criterion) - apart


def told_by_chance(visits: Visits, group: Sequence[str], found: Found) -> bool:
    """Say whether groups are known of deals that left as often as of those still there, so that none is favoured."""
    unknown, still = np.array([name == "" for name in group]), visits.how < 0
    if not unknown.any() or not still.any() or still.all():
        return True
    shares = unknown[still].mean(), unknown[~still].mean()
    middle = float(unknown.mean())
    error = float(np.sqrt(middle * (1 - middle) * (1 / still.sum() + 1 / (~still).sum())))
    if abs(shares[0] - shares[1]) <= _UNEVEN * max(error, 1e-12):
        return True
    found.missing(
        visits.stage,
        f"differences by segment: the account is unknown of {shares[0]:.0%} of the deals still there, but of "
        f"{shares[1]:.0%} of those that left, so that known ones are no fair sample",
        "Fill in the accounts of open deals.",
    )
    return False


def by_group(
    visits: Visits, group: Sequence[str], fitted: Fitted, criterion: str, fewest: int
) -> Groups | None:
    """Fit a factor on the odds and one on the days for each group; None where fewer than two can be told.

    Args:
        visits: those of the stage.
        group: name of the group of each visit, '' where unknown; shape (visit,).
        fitted: the stage as fitted over all.
        criterion: `aic` or `bic`.
        fewest: exits that a group needs.

    """
    label = np.array(group, dtype=object)
    parts: Mapping[str, Ages] = {
        name: Ages.of(visits.at(label == name).observed)
        for name in sorted(set(group) - {""})
        if int((visits.how[label == name] >= 0).sum()) >= fewest
    }
    if len(parts) < 2 or not 0.0 < fitted.chance < 1.0:
        return None
    rows = [_factors(ages, fitted) for ages in parts.values()]
    gain = 2 * sum(row[2] for row in rows)
    penalty = log(max(len(visits), 2)) if criterion == "bic" else 2.0
    effect, variance = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    return Groups(
        tuple(parts), shrink(effect[:, 0], variance[:, 0], 0.0), shrink(effect[:, 1], variance[:, 1], 0.0),
        gain - 2 * (len(parts) - 1) * penalty,
    )  # fmt: skip


def _factors(ages: Ages, fitted: Fitted) -> tuple[FloatArray, FloatArray, float]:
    """Return (ln odds factor, ln days factor), their variances, and the gain in log-likelihood."""
    from scipy.optimize import minimize

    on, off = fitted.on.knots(), (fitted.off or fitted.on).knots()
    nobody_off = fitted.chosen.off == "none"

    def loss(theta: FloatArray) -> float:
        odds = fitted.chance / (1 - fitted.chance) * exp(float(theta[0]))
        times = exp(float(theta[1]))
        ahead = daily(tabulated(on, times), len(ages))
        away = np.zeros_like(ahead) if nobody_off else daily(tabulated(off, times), len(ages))
        return -log_likelihood(ages, odds / (1 + odds), ahead, away)

    found = minimize(
        loss,
        np.zeros(2),
        method="Nelder-Mead",
        bounds=[(-6, 6), (-4, 4)],
        options={"xatol": 1e-4, "fatol": 1e-6},
    )
    theta = np.asarray(found.x, dtype=np.float64)
    variance = np.array([_variance(loss, theta, place) for place in range(2)])
    return theta, variance, loss(np.zeros(2)) - loss(theta)


def _variance(loss: object, theta: FloatArray, place: int) -> float:
    """Return the variance of one factor from the curvature along it; the two are close to independent."""
    assert callable(loss)
    step = np.zeros(2)
    step[place] = 20 * _STEP
    curvature = (loss(theta + step) - 2 * loss(theta) + loss(theta - step)) / (20 * _STEP) ** 2
    return float(1 / max(curvature, 0.05))
