"""The scenario of a pipeline in the numbers a peer needs, and what comes of a seat's year, to be compared as means."""

from __future__ import annotations

from math import log, sqrt
from typing import NamedTuple

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.pipeline import counters
from engine.pipeline.counts import Counts
from engine.pipeline.laws.lognormal import Lognormal
from engine.pipeline.layout import TICKS
from engine.pipeline.spec import PipelineSpec

MOST_Z = 4.0
"""Standard errors by which two means may differ."""
WHAT = ("leads", "won", "bookings", "wait")
"""What is compared for each seat and year: leads, won deals, their money, mean wait in days of deals that started."""


class Normal(NamedTuple):
    """The normal variable behind a lognormal one."""

    mu: float
    sigma: float


class Step(NamedTuple):
    """A stage: probability to advance, and the law of its days."""

    advance: float
    days: Normal


class Scenario(NamedTuple):
    """A year of seats that are alike."""

    seats: int
    slots: int
    rates: tuple[float, ...]
    """Leads of a seat in each month."""
    ends: tuple[int, ...]
    """Day on which each month ends."""
    course: tuple[Step, ...]
    size: Normal

    @property
    def days(self) -> int:
        """Days of the year."""
        return self.ends[-1]


class Years(NamedTuple):
    """What a peer simulated."""

    leads: int
    """In all years."""
    seats: FloatArray
    """Shape (year x seat, WHAT)."""


def normal(law: object) -> Normal:
    """Return the normal variable of a lognormal law, by its mean m and coefficient of variation c.

    sigma^2 = ln(1 + c^2), mu = ln m - sigma^2 / 2.
    """
    if not isinstance(law, Lognormal):
        raise TypeError(f"peers simulate lognormal laws, not {law!r}")
    square = log(1 + float(law.cv) ** 2)
    return Normal(log(law.mean) - square / 2, sqrt(square))


def scenario_of(spec: PipelineSpec, seats: int, year: int) -> Scenario:
    """Return the numbers of a spec with one source, months and sizes of one law, over seats that share its leads."""
    if spec.arrivals is None or spec.seasonality is None or spec.sizes is None:
        raise TypeError("peers simulate leads of one source, in seasons, with sizes by a law")
    months = spec.seasonality.months
    edges = np.arange(f"{year}-01", f"{year + 1}-02", dtype="datetime64[M]").astype("datetime64[D]")
    leads = (spec.arrivals.leads or 0.0) / seats
    return Scenario(
        seats,
        spec.slots,
        tuple(leads * weight / sum(months) for weight in months),
        tuple(int(day) for day in (edges[1:] - edges[0]).astype(np.int64)),
        tuple(Step(float(stage.advance), normal(stage.duration)) for stage in spec.stages),
        normal(spec.sizes.law),
    )


def of_seats(cube: IntArray, counts: Counts) -> FloatArray:
    """Return what came of our seats, shape (replication x seat, WHAT).

    Args:
        cube: bookings in cents and deals, shape (replication, rep, period, 2).
        counts: counters of the same replications.

    """
    bookings, won = cube.sum(axis=2).reshape(-1, 2).T
    rows = np.stack([counts.of(1 + seat) for seat in range(cube.shape[1])], axis=1)
    seat = rows.reshape(-1, rows.shape[2])
    wait = seat[:, counters.WAIT] / TICKS / np.maximum(seat[:, counters.STARTED], 1)
    return np.column_stack((seat[:, counters.LEADS], won, bookings / 100, wait))


def distances(ours: FloatArray, theirs: FloatArray) -> FloatArray:
    """Return by how many standard errors the means of columns of two samples differ."""
    error = np.sqrt(ours.var(axis=0, ddof=1) / len(ours) + theirs.var(axis=0, ddof=1) / len(theirs))
    return np.asarray(np.abs(ours.mean(axis=0) - theirs.mean(axis=0)) / error, dtype=np.float64)
