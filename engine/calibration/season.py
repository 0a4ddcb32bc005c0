"""Season: when in the year leads arise, by month of the year or month of the quarter, as far as the export tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from engine.calendar import DateArray
from engine.calibration.found import Curve, Found
from engine.calibration.quarters import month_of_quarter
from engine.calibration.spec import CalibrationSpec
from engine.inputs import FloatArray, Inputs, IntArray
from engine.pipeline.export import DAY
from engine.pipeline.spec import Seasonality

_USUAL = np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_FEWEST_MONTHS = 6
"""Months of created dates below which no season is told from chance."""


@dataclass(frozen=True)
class Months:
    """Leads by month of the window; every array of shape (month,)."""

    name: tuple[str, ...]
    month: IntArray
    """Calendar month, from 0."""
    days: FloatArray
    """Days of it in the window."""
    leads: FloatArray


@dataclass(frozen=True)
class Season:
    """Weights of the twelve months, and how far counts of months spread around them."""

    weights: FloatArray
    """Shape (12,), with the mean 1; a calendar month gets its share of the leads of a year."""
    seasonality: Seasonality | None
    dispersion: float
    """Variance of the counts of months over that of a Poisson law, at least 1."""

    def years(self, months: Months) -> float:
        """Return how many years' worth of leads fall in the window."""
        return float(self._shares(months).sum())

    def within(self, groups: Sequence[Months]) -> float:
        """Return the dispersion of the months of groups of leads, each around its own share of the season.

        Groups that rise and fall together are less dispersed by themselves than all of them are.
        """
        square, free = 0.0, 0
        for one in groups:
            share = self._shares(one)
            expected = np.maximum(one.leads.sum() * share / share.sum(), 1e-9)
            square += float(((one.leads - expected) ** 2 / expected).sum())
            free += len(share) - 1
        return max(square / free, 1.0) if free else 1.0

    def _shares(self, months: Months) -> FloatArray:
        """Return the share of a year's leads that falls into each month of a window, as far as it lies in it."""
        share = self.weights / self.weights.sum() / _USUAL
        return np.asarray(months.days * share[months.month], dtype=np.float64)


def months_of(created: DateArray, since: np.datetime64, days: int) -> Months:
    """Count leads by month of a window."""
    every = since + np.arange(days) * DAY
    which = every.astype("datetime64[M]")
    names, place = np.unique(which, return_inverse=True)
    lived = np.bincount(place).astype(np.float64)
    arrived = np.bincount(
        np.searchsorted(names, created.astype("datetime64[M]")), minlength=len(names)
    ).astype(np.float64)
    return Months(tuple(names.astype(str).tolist()), names.astype(np.int64) % 12, lived, arrived)


def season(months: Months, inputs: Inputs, asked: CalibrationSpec, found: Found) -> Season:
    """Choose among an even year, weights of months of the quarter, and weights of months, by the criterion.

    Counts of months are over-dispersed as a rule. The criterion therefore looks at the log-likelihood over the
    dispersion that is left with the finest weights that can be told (quasi-likelihood).
    """
    flat = np.zeros(12, dtype=np.int64)
    shapes = {"an even year": flat}
    quarter = month_of_quarter(
        inputs.calendar, np.arange("2001-01", "2002-01", dtype="datetime64[M]").astype("datetime64[D]")
    )
    if len(months.leads) >= _FEWEST_MONTHS:
        shapes["months of the quarter"] = quarter - 1
    if len(np.unique(months.month[months.days >= 28])) == 12:
        shapes["months of the year"] = np.arange(12)
    else:
        found.missing(
            "seasonality",
            f"months of the year: the window holds {len(months.leads)} months",
            "Give twelve months or more.",
        )
    rates = {name: _rates(months, cell) for name, cell in shapes.items()}
    spread = {name: _dispersion(months, rate, len(np.unique(shapes[name]))) for name, rate in rates.items()}
    least = min(spread.values())
    penalty = log(max(len(months.leads), 2)) if asked.criterion == "bic" else 2.0
    scores = {
        name: penalty * len(np.unique(shapes[name])) - 2 * _log_likelihood(months, rate) / least
        for name, rate in rates.items()
    }
    best = min(scores, key=lambda name: scores[name])
    weights = rates[best] * _USUAL
    weights = weights / weights.mean()
    found.note(
        "seasonality",
        f"{best.capitalize()}, by {asked.criterion.upper()} over {len(months.leads)} months: "
        + ", ".join(f"{name} {score:,.1f}" for name, score in scores.items())
        + f". Counts of months vary {spread[best]:.1f} times as much as a Poisson law would.",
    )
    found.curves.append(
        Curve(
            "arrivals", "Leads by month", np.arange(len(months.leads), dtype=np.float64),
            (("counted", months.leads), ("fitted", months.days * rates[best][months.month])),
            "month", "leads", months.name,
        )
    )  # fmt: skip
    told = None if best == "an even year" else Seasonality(months=tuple(round(float(w), 4) for w in weights))
    return Season(weights, told, spread[best])


def _rates(months: Months, cell: IntArray) -> FloatArray:
    """Return leads a day of each calendar month, equal within a cell; shape (12,)."""
    which = cell[months.month]
    size = int(cell.max()) + 1
    leads, days = (np.bincount(which, column, minlength=size) for column in (months.leads, months.days))
    rate = np.divide(leads, days, out=np.zeros(size), where=days > 0)
    return np.asarray(rate[cell], dtype=np.float64)


def _dispersion(months: Months, rate: FloatArray, cells: int) -> float:
    expected = np.maximum(months.days * rate[months.month], 1e-9)
    left = len(expected) - cells
    return max(float(((months.leads - expected) ** 2 / expected).sum()) / left, 1.0) if left > 0 else 1.0


def _log_likelihood(months: Months, rate: FloatArray) -> float:
    expected = np.maximum(months.days * rate[months.month], 1e-9)
    return float((months.leads * np.log(expected) - expected).sum())
