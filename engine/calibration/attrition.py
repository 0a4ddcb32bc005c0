"""Attrition: how many people quit by months in the seat, from those who left and the time that all were watched."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from engine.calendar import DateArray
from engine.calibration.found import Found, Parameter
from engine.calibration.spec import CalibrationSpec
from engine.data.people import LONG_AGO
from engine.inputs import BoolArray, FloatArray, Inputs, IntArray
from engine.pipeline.export import days
from engine.pipeline.processes.attrition import Attrition, Rate

_MONTH, _YEAR = 365.25 / 12, 365.25
_FEWEST = 3
"""Leavers below which no rate is estimated."""


def attrition(inputs: Inputs, today: np.datetime64, asked: CalibrationSpec, found: Found) -> Attrition | None:
    """Return rates by tenure: leavers over years watched, neighbouring bands together where nobody left one of them.

    People are watched from the day from which leavers are in the table; who came before enters at the tenure of that
    day (left truncation), and who is still there leaves the watch today (censoring).
    """
    start, end = _tenures(inputs)
    known = (start > LONG_AGO) & (start < today)
    start, end = start[known], end[known]
    gone = ~np.isnat(end) & (end <= today)
    if int(gone.sum()) < _FEWEST:
        _too_few(int(gone.sum()), len(start), found)
        return None
    since = end[gone].min() if asked.leavers_since is None else np.datetime64(asked.leavers_since, "D")
    first = days(np.maximum(start, since) - start) / _MONTH
    last = days(np.where(gone, end, today) - start) / _MONTH
    watched = last > first
    edges = np.array([*asked.tenure_months, np.inf], dtype=np.float64)
    years, quits = exposure(first[watched], last[watched], gone[watched], edges)
    if int(quits.sum()) < _FEWEST:
        _too_few(int(quits.sum()), int(watched.sum()), found)
        return None
    edges, years, quits = _merged(edges, years, quits)
    rates = []
    for at, (low, high) in enumerate(pairwise(edges.tolist())):
        rate = float(quits[at] / years[at])
        rates.append(Rate(from_month=int(low), rate=round(rate, 4)))
        found.parameters.append(_parameter(low, high, int(quits[at]), float(years[at])))
    found.note("attrition", f"{int(quits.sum())} leavers in {years.sum():,.1f} years watched since {since}.")
    return Attrition(rates=tuple(rates))


def _too_few(leavers: int, people: int, found: Found) -> None:
    found.missing(
        "attrition",
        f"{leavers} of {people} people with a known start left",
        "Give a table data.hr of several years.",
    )


def exposure(
    first: FloatArray, last: FloatArray, gone: BoolArray, edges: FloatArray
) -> tuple[FloatArray, IntArray]:
    """Return years watched and quits in each band of tenure, both of shape (band,).

    Args:
        first: months in the seat from which a person is watched.
        last: months in the seat at the end of the watch.
        gone: whether it ended because the person quit.
        edges: months at which bands begin, and the end of the last.

    """
    spent = np.clip(last[:, None], edges[:-1], edges[1:]) - np.clip(first[:, None], edges[:-1], edges[1:])
    band = np.searchsorted(edges, last[gone], side="right") - 1
    return spent.sum(axis=0) * _MONTH / _YEAR, np.bincount(band, minlength=len(edges) - 1)


def _tenures(inputs: Inputs) -> tuple[DateArray, DateArray]:
    """Return first day and day after the last of each person; a person in several rows has one tenure."""
    people = inputs.staff or inputs.spells
    first: dict[str, np.datetime64] = {}
    last: dict[str, np.datetime64] = {}
    for person, start, end in zip(people.person, people.start, people.end, strict=True):
        first[person] = min(first.get(person, start), start)
        # NaT, still there, wins over any end.
        last[person] = end if person not in last else np.maximum(last[person], end)
    return (
        np.array(list(first.values()), dtype="datetime64[D]"),
        np.array([last[person] for person in first], dtype="datetime64[D]"),
    )


def _merged(edges: FloatArray, years: FloatArray, quits: IntArray) -> tuple[FloatArray, FloatArray, IntArray]:
    """Join a band that nobody left with the one before it, and the first with the one after."""
    kept = [0]
    for band in range(1, len(years)):
        if quits[band] > 0 and quits[kept[-1] : band].sum() > 0:
            kept.append(band)
    at = np.array(kept)
    return np.append(edges[at], edges[-1]), np.add.reduceat(years, at), np.add.reduceat(quits, at)


def _parameter(low: float, high: float, quits: int, years: float) -> Parameter:
    """Return a rate with its exact interval: quits are Poisson, so that the bounds are quantiles of gamma laws."""
    from scipy.special import gammaincinv

    of = f"from month {int(low)}" if np.isinf(high) else f"months {int(low)} to {int(high)}"
    lower = float(gammaincinv(quits, 0.05)) / years if quits else 0.0
    upper = float(gammaincinv(quits + 1, 0.95)) / years
    return Parameter(
        "attrition", "quits a year", of, quits / years, "a year", quits**0.5 / years, lower, upper, quits
    )
