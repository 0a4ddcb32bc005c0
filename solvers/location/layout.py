"""Layout: a plan while it is being changed, with the lists that make a change cheap.

Each open site is a seat, 0 .. p - 1. Every point knows its nearest few seats; every seat its points (a linked list)
and its load on each measure. Broken bands are priced, never forbidden, so that a way to a better plan may lead through
one that breaks them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from solvers.compiled import compiled
from solvers.location.instance import FloatArray, IntArray

NEAR = 8
"""Nearest seats that a point is offered to."""
NONE = -1


class World(NamedTuple):
    """What does not change: see `Location`; weights as integers, bounds by (measure, site)."""

    cost: FloatArray
    weight: IntArray
    lower: IntArray
    upper: IntArray
    opening: FloatArray
    keep: np.ndarray
    home: IntArray
    """Point at which a site lies, the one it serves cheapest, shape (site,): says in whose territory it is."""


class Layout(NamedTuple):
    """What changes."""

    site: IntArray
    """Site of each seat, shape (seat,)."""
    seat: IntArray
    """Seat of each point, shape (point,)."""
    load: IntArray
    """Shape (measure, seat)."""
    near: IntArray
    """Nearest seats of each point, in order, shape (point, NEAR)."""
    away: FloatArray
    """Their costs, shape (point, NEAR)."""
    first: IntArray
    """First point of each seat; -1 for none, shape (seat,)."""
    after: IntArray
    """Next point of the same seat, shape (point,)."""
    before: IntArray


@compiled
def strain(world: World, layout: Layout, price: FloatArray, at: tuple[int, int], come: int, go: int) -> float:
    """Return the price of what a seat's bands are broken by, were one point to come and another to go.

    `at` is (seat, site): the load of that seat against the bounds of that site. -1 stands for no point.
    """
    seat, site = at
    total = 0.0
    for k in range(len(price)):
        load = layout.load[k, seat]
        if come >= 0:
            load += world.weight[k, come]
        if go >= 0:
            load -= world.weight[k, go]
        if load > world.upper[k, site]:
            total += price[k] * (load - world.upper[k, site])
        elif load < world.lower[k, site]:
            total += price[k] * (world.lower[k, site] - load)
    return total


@compiled
def leave(world: World, layout: Layout, point: int) -> None:
    """Take a point out of its seat."""
    seat = layout.seat[point]
    ahead, behind = layout.before[point], layout.after[point]
    if ahead >= 0:
        layout.after[ahead] = behind
    else:
        layout.first[seat] = behind
    if behind >= 0:
        layout.before[behind] = ahead
    for k in range(len(layout.load)):
        layout.load[k, seat] -= world.weight[k, point]
    layout.seat[point] = NONE


@compiled
def join(world: World, layout: Layout, point: int, seat: int) -> None:
    """Put a point into a seat."""
    behind = layout.first[seat]
    layout.seat[point], layout.first[seat] = seat, point
    layout.before[point], layout.after[point] = NONE, behind
    if behind >= 0:
        layout.before[behind] = point
    for k in range(len(layout.load)):
        layout.load[k, seat] += world.weight[k, point]


@compiled
def rank(world: World, layout: Layout, point: int) -> None:
    """Find the nearest seats of a point anew."""
    size, known = layout.near.shape[1], 0
    for seat in range(len(layout.site)):
        cost = world.cost[layout.site[seat], point]
        if known == size and cost >= layout.away[point, size - 1]:
            continue
        if known < size:
            known += 1
        spot = known - 1
        while spot > 0 and layout.away[point, spot - 1] > cost:
            layout.away[point, spot] = layout.away[point, spot - 1]
            layout.near[point, spot] = layout.near[point, spot - 1]
            spot -= 1
        layout.away[point, spot], layout.near[point, spot] = cost, seat


@compiled
def relocate(world: World, layout: Layout, seat: int, site: int) -> None:
    """Move a seat to another site; its points stay with it."""
    layout.site[seat] = site
    size = layout.near.shape[1]
    for point in range(len(layout.seat)):
        cost, spot = world.cost[site, point], 0
        while spot < size and layout.near[point, spot] != seat:
            spot += 1
        if spot == size:
            if cost >= layout.away[point, size - 1]:
                continue
            spot = size - 1
        elif cost > layout.away[point, size - 1]:
            rank(world, layout, point)
            continue
        while spot > 0 and layout.away[point, spot - 1] > cost:
            layout.near[point, spot] = layout.near[point, spot - 1]
            layout.away[point, spot] = layout.away[point, spot - 1]
            spot -= 1
        while spot + 1 < size and layout.away[point, spot + 1] < cost:
            layout.near[point, spot] = layout.near[point, spot + 1]
            layout.away[point, spot] = layout.away[point, spot + 1]
            spot += 1
        layout.near[point, spot], layout.away[point, spot] = seat, cost


@compiled
def build(world: World, layout: Layout) -> None:
    """Make lists and loads from `site` and `seat`."""
    layout.first[:] = NONE
    layout.load[:] = 0
    for point in range(len(layout.seat)):
        rank(world, layout, point)
        seat = layout.seat[point]
        join(world, layout, point, seat if seat >= 0 else layout.near[point, 0])


@compiled
def copy(source: Layout, target: Layout) -> None:
    """Make the second layout equal to the first."""
    target.site[:] = source.site
    target.seat[:] = source.seat
    target.load[:] = source.load
    target.near[:] = source.near
    target.away[:] = source.away
    target.first[:] = source.first
    target.after[:] = source.after
    target.before[:] = source.before


@compiled
def served(world: World, layout: Layout) -> float:
    """Return the cost of a layout without the price of broken bands."""
    total = 0.0
    for seat in range(len(layout.site)):
        total += world.opening[layout.site[seat]]
    for point in range(len(layout.seat)):
        total += world.cost[layout.site[layout.seat[point]], point]
    return total


@compiled
def strained(world: World, layout: Layout, price: FloatArray) -> float:
    """Return the price of all broken bands."""
    total = 0.0
    for seat in range(len(layout.site)):
        total += strain(world, layout, price, (seat, layout.site[seat]), NONE, NONE)
    return total


def blank(points: int, seats: int, measures: int) -> Layout:
    """Return an empty layout of the given size."""
    near = min(NEAR, seats)
    return Layout(
        np.zeros(seats, dtype=np.int64),
        np.full(points, NONE, dtype=np.int64),
        np.zeros((measures, seats), dtype=np.int64),
        np.zeros((points, near), dtype=np.int64),
        np.zeros((points, near)),
        np.full(seats, NONE, dtype=np.int64),
        np.full(points, NONE, dtype=np.int64),
        np.full(points, NONE, dtype=np.int64),
    )
