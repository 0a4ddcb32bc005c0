"""The law of the instances of `quotas`: reps under districts, areas and regions; 4 products x 12 periods; step 100.

    potential   lognormal(0, 0.8), scaled to 2,000,000 a year on average
    target      potential x product share (Dirichlet(80, 60, 40, 20) per rep) x season (Dirichlet(60, ...) per product)
    aim         1.03 x target, for each cell
    company     product x period: the sum of the aims, to the step
    district    the year: sum of its aims x a factor drawn within +-2 %, all scaled to add up, to the step
    rep         the year, each product and each period within +-12 % of the sums of its aims
    locks       2 % of the reps: the year at a drawn value inside

A lock near the end of its range can contradict the whole steps of the same rep's product and period limits (a limit of
112.9 steps is one of 112). So a drawn lock is moved to the nearest year that these limits allow; `moved` counts them.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from solvers.quotas import Instance

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STEP = 100
UP = 1.03
AVERAGE = 2_000_000
REACH = 0.12
FACTOR = 0.02
SHARES = (80.0, 60.0, 40.0, 20.0)
SEASON = 60.0
PERIODS = 12
LOCKED = 0.02
REPS_PER_DISTRICT = 20
DISTRICTS_PER_AREA = 10
AREAS_PER_REGION = 10


@dataclass(frozen=True)
class World:
    """A drawn instance, and what was drawn. Amounts in steps."""

    instance: Instance
    district: Ints
    """District of each rep, shape (rep,)."""
    district_total: Ints
    """Shape (district,)."""
    company: Ints
    """Shape (product, period)."""
    locked: Ints
    """Year of a locked rep, -1 for the others; shape (rep,)."""
    moved: int
    """Number of locks that were moved, because their rep's other limits do not allow them in whole steps."""


def draw(reps: int, seed: int) -> World:
    """Draw an instance of so many reps; 10,000 have 500 districts, 50 areas and 5 regions."""
    stream = np.random.Generator(np.random.Philox([seed, reps]))
    potential = stream.lognormal(0.0, 0.8, reps)
    potential *= AVERAGE * reps / potential.sum()
    share = stream.dirichlet(SHARES, reps)
    season = stream.dirichlet([SEASON] * PERIODS, len(SHARES))
    aim = UP / STEP * potential[:, None, None] * share[:, :, None] * season
    company = rounded(aim.sum(axis=0))
    district = np.arange(reps, dtype=np.int64) // REPS_PER_DISTRICT
    districts = int(district[-1]) + 1
    factor = 1 + stream.uniform(-FACTOR, FACTOR, districts)
    wanted = np.bincount(district, aim.sum(axis=(1, 2))) * factor
    district_total = rounded(wanted * (company.sum() / wanted.sum()), int(company.sum()))
    year = within(aim.sum(axis=(1, 2)))
    product, period = within(aim.sum(axis=2)), within(aim.sum(axis=1))
    locked = np.full(reps, -1, dtype=np.int64)
    held = stream.permutation(reps)[: round(LOCKED * reps)]
    locked[held] = np.rint((1 + stream.uniform(-REACH, REACH, len(held))) * aim.sum(axis=(1, 2))[held])
    drawn = locked.copy()
    least = np.maximum(np.maximum(product[0].sum(axis=1), period[0].sum(axis=1)), year[0])
    most = np.minimum(np.minimum(product[1].sum(axis=1), period[1].sum(axis=1)), year[1])
    locked = np.where(locked >= 0, np.clip(locked, least, most), -1)
    year = (np.where(locked >= 0, locked, year[0]), np.where(locked >= 0, locked, year[1]))
    parent, leaf, first = tree(reps, districts)
    lower, upper = np.zeros(len(parent), dtype=np.int64), np.full(len(parent), 2**52, dtype=np.int64)
    lower[leaf], upper[leaf] = year
    lower[first : first + districts] = upper[first : first + districts] = district_total
    instance = Instance(
        parent, leaf, aim, company, company, lower, upper, *product, *period
    )  # fmt: skip
    return World(instance, district, district_total, company, locked, int((drawn != locked).sum()))


def tree(reps: int, districts: int) -> tuple[Ints, Ints, int]:
    """Return the parents of company, regions, areas, districts and reps, the reps' nodes and the first district."""
    areas = ceil(districts / DISTRICTS_PER_AREA)
    regions = ceil(areas / AREAS_PER_REGION)
    first = (1, 1 + regions, 1 + regions + areas, 1 + regions + areas + districts)
    levels = (
        np.zeros(regions),
        first[0] + np.arange(areas) // AREAS_PER_REGION,
        first[1] + np.arange(districts) // DISTRICTS_PER_AREA,
        first[2] + np.arange(reps) // REPS_PER_DISTRICT,
    )
    parent = np.concatenate([[-1], *levels]).astype(np.int64)
    return parent, first[3] + np.arange(reps, dtype=np.int64), first[2]


def within(sums: Floats) -> tuple[Ints, Ints]:
    """Return the least and most whole steps within the reach of sums of aims."""
    return np.ceil((1 - REACH) * sums).astype(np.int64), np.floor((1 + REACH) * sums).astype(np.int64)


def rounded(amounts: Floats, total: int | None = None) -> Ints:
    """Round to whole steps by largest remainder, so that they add up to `total` (the rounded sum when None)."""
    floor = np.floor(amounts)
    missing = (round(float(amounts.sum())) if total is None else total) - int(floor.sum())
    order = np.argsort(-(amounts - floor), axis=None, kind="stable")
    floor.flat[order[:missing]] += 1
    return floor.astype(np.int64)
