"""Comp worlds: one person a seat, all year, with lognormal credits around a twelfth of the quota."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from engine.calendar import CalendarSpec, calendar
from engine.inputs import Accounts, FloatArray, Inputs, Opportunities, Products, Reps, Spells
from engine.pipeline.bookings import Bookings
from engine.quota.quotas import Quotas

SALARY, TARGET, QUOTA = 8_000_000, 6_000_000, 120_000_000
MONTHS = 12
BLOCK = 250
"""Replications that are drawn at a time."""


@dataclass(frozen=True)
class World:
    """People, credits and quotas."""

    inputs: Inputs
    bookings: Bookings
    quotas: Quotas
    drawing: float
    """Seconds numpy took to draw the credits."""


def world(
    replications: int,
    reps: int,
    seed: int,
    plans: tuple[str, ...] = ("AE",),
    regions: int = 0,
    measures: tuple[str, ...] = ("bookings",),
) -> World:
    """Draw credits, in cents; plans go round the seats, regions are runs of seats."""
    cube = np.empty((replications, reps, MONTHS, len(measures)), dtype=np.int64)

    def keep(start: int, drawn: FloatArray) -> None:
        cube[start : start + len(drawn)] = np.rint(drawn * (QUOTA / MONTHS))

    drawing = draw(cube.shape, seed, keep)
    ids = tuple(f"R{j:05d}" for j in range(reps))
    levels = {"region": tuple(f"region {j * regions // reps}" for j in range(reps))} if regions else {}
    none, dates = np.empty(0, dtype=np.int64), np.empty(0, dtype="datetime64[D]")
    deals = Opportunities((), none, none, none, (), none.astype(np.int8), dates, dates, dates, none)
    inputs = Inputs(
        calendar(CalendarSpec(year=2027)), "USD",
        Accounts((), (), (), none.astype(float), none.astype(float), none, none, none),
        Reps(ids, ids, levels, np.zeros(reps), np.zeros(reps), (frozenset(),) * reps,
              np.full(reps, -1), np.zeros(reps, int)),
        Spells(
            ids, ids, np.arange(reps), np.full(reps, np.datetime64("2026-01-01")),
            np.full(reps, np.datetime64("NaT", "D")),
            tuple(plans[j % len(plans)] for j in range(reps)), np.full(reps, SALARY), np.full(reps, TARGET),
        ),
        Products((), (), none), deals, deals,
    )  # fmt: skip
    return World(
        inputs,
        Bookings(measures, cube, np.zeros((replications, 0), int), (), ()),
        Quotas("bookings", np.full((reps, 1, MONTHS), QUOTA // MONTHS), (), ()),
        drawing,
    )


def draw(
    shape: tuple[int, ...], seed: int, keep: Callable[[int, FloatArray], None] = lambda start, drawn: None
) -> float:
    """Draw lognormal credits in blocks that stay in cache better than the whole; return the seconds drawing took."""
    rng, seconds = np.random.default_rng(seed), 0.0
    for start in range(0, shape[0], BLOCK):
        begin = perf_counter()
        drawn = rng.lognormal(0, 0.5, (min(BLOCK, shape[0] - start), *shape[1:]))
        seconds += perf_counter() - begin
        keep(start, drawn)
    return seconds
