"""Wandering: move one seat somewhere else, repair and descend, keep what is hardly worse than the best.

Record-to-record travel (Dueck 1993): a step is kept while the layout costs less than the best known times 1 + slack,
and the slack falls to nothing. The price of broken bands rises while layouts break them, and falls while none does.
"""

from __future__ import annotations

import numpy as np

from solvers.compiled import compiled
from solvers.location.descent import descend
from solvers.location.instance import FloatArray
from solvers.location.layout import Layout, World, copy, relocate, served, strained

DRAWS = 4
"""Uniform numbers that a step uses."""


@compiled
def wander(
    world: World,
    layouts: tuple[Layout, Layout, Layout],
    price: FloatArray,
    draws: FloatArray,
    slack: FloatArray,
    record: float,
) -> float:
    """Take one step for each row of `draws`, shape (step, DRAWS), with `slack`, shape (step,).

    `layouts` are where the walk is, a copy of it, and the best, which receives each cheaper layout that breaks no
    band; `record` is its cost (inf without one). `price` is changed. Returns the new record.
    """
    layout, kept, best = layouts
    seats = len(layout.site)
    active = np.zeros(seats, dtype=np.bool_)
    clean, broken = 0, 0
    lowest = np.inf
    copy(layout, kept)
    for step in range(len(draws)):
        _disturb(world, layout, draws[step], active)
        descend(world, layout, price, active)
        excess = strained(world, layout, price)
        total = served(world, layout)
        if excess == 0.0:
            clean, broken = clean + 1, 0
            if total < record - 1e-9 * abs(record) or record == np.inf:
                record = total
                copy(layout, best)
        else:
            clean, broken = 0, broken + 1
        lowest = min(lowest, total + excess)
        aim = min(lowest, record)
        if total + excess <= aim + slack[step] * abs(aim):
            copy(layout, kept)
        else:
            copy(kept, layout)
        if broken >= 20 or clean >= 40:
            price *= 1.5 if broken else 0.8
            clean = broken = 0
            lowest = np.inf
    return record


@compiled
def _disturb(world: World, layout: Layout, draw: FloatArray, active: np.ndarray) -> None:
    """Move one seat that may move: half the time anywhere, else to a site in or beside its own territory."""
    seats, sites = len(layout.site), len(world.home)
    seat = int(draw[0] * seats)
    for _ in range(seats):
        if not world.keep[layout.site[seat]]:
            break
        seat = (seat + 1) % seats
    if world.keep[layout.site[seat]]:
        return
    site = int(draw[1] * sites)
    if draw[2] < 0.5:
        site = _beside(world, layout, seat, site)
    for other in range(seats):
        if layout.site[other] == site:
            return
    if world.keep[site]:
        return
    active[seat] = True
    active[layout.seat[world.home[site]]] = True
    relocate(world, layout, seat, site)
    point = layout.first[seat]
    while point >= 0:
        active[layout.near[point, 0]] = True
        point = layout.after[point]


@compiled
def _beside(world: World, layout: Layout, seat: int, start: int) -> int:
    """Return the first site from `start` on whose home has the seat among its nearest three."""
    sites = len(world.home)
    for step in range(sites):
        site = (start + step) % sites
        point = world.home[site]
        for spot in range(min(3, layout.near.shape[1])):
            if layout.near[point, spot] == seat and layout.site[seat] != site:
                return site
    return start
