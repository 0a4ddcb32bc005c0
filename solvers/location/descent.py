"""Descent: shifts, swaps and relocations around the seats that have changed, until none helps.

A point is offered to its nearest seats; where its wish is dear because bands would break, it is exchanged for a point
that goes the other way. When no point wants to move, each changed seat moves to the site of its territory that serves
its points cheapest. So a small change is answered at the cost of its neighbourhood, not of the whole.
"""

from __future__ import annotations

import numpy as np

from solvers.compiled import compiled
from solvers.location.instance import FloatArray
from solvers.location.layout import Layout, World, join, leave, relocate, strain

TINY = 1e-9
"""Relative gain that counts as one, of the costs and prices that a move is made of."""
ROUNDS = 1000
"""Rounds after which a descent ends, whatever still helps."""


@compiled
def descend(world: World, layout: Layout, price: FloatArray, active: np.ndarray) -> None:
    """Improve a layout from its active seats on, shape (seat,); none is active at the end."""
    seats = len(layout.site)
    touched = active.copy()
    for _ in range(ROUNDS):
        for _again in range(ROUNDS):
            busy = False
            for seat in range(seats):
                if active[seat]:
                    active[seat] = False
                    touched[seat] = True
                    busy = _settle(world, layout, price, active, seat) or busy
            if not busy:
                break
        moved = False
        for seat in range(seats):
            if touched[seat]:
                touched[seat] = False
                if not world.keep[layout.site[seat]] and _centre(world, layout, price, seat):
                    active[seat] = True
                    moved = True
        if not moved:
            return


@compiled
def _settle(world: World, layout: Layout, price: FloatArray, active: np.ndarray, seat: int) -> bool:
    """Let the points of a seat go where they would rather be, and those that want to come, come."""
    moved = False
    point = layout.first[seat]
    while point >= 0:
        following = layout.after[point]
        if _offer(world, layout, price, active, point):
            moved = True
            following = layout.first[seat] if following < 0 or layout.seat[following] != seat else following
            if following == point:
                following = -1
        point = following
    for point in range(len(layout.seat)):
        if layout.near[point, 0] == seat and layout.seat[point] != seat:
            moved = _attract(world, layout, price, active, point, seat) or moved
    return moved


@compiled
def _offer(world: World, layout: Layout, price: FloatArray, active: np.ndarray, point: int) -> bool:
    """Shift a point to the best of its near seats, or swap it; say whether anything moved."""
    seat = layout.seat[point]
    site = layout.site[seat]
    here = (seat, site)
    pressed = strain(world, layout, price, here, -1, -1)
    relief = strain(world, layout, price, here, -1, point) - pressed
    paid = world.cost[site, point]
    best, target = -TINY * (1.0 + abs(paid) + pressed), -1
    for spot in range(layout.near.shape[1]):
        other = layout.near[point, spot]
        if other == seat or layout.away[point, spot] == np.inf:
            continue
        saved = layout.away[point, spot] - paid + relief
        if saved >= best:
            break
        there = (other, layout.site[other])
        full = strain(world, layout, price, there, -1, -1)
        saved += strain(world, layout, price, there, point, -1) - full
        if saved < min(best, -TINY * full):
            best, target = saved, other
    if target >= 0:
        leave(world, layout, point)
        join(world, layout, point, target)
        active[seat] = active[target] = True
        return True
    strained = pressed > 0.0
    for spot in range(min(3, layout.near.shape[1])):
        other = layout.near[point, spot]
        if other == seat or not (strained or layout.away[point, spot] < paid):
            continue
        if _swap(world, layout, price, active, point, other):
            return True
    return False


@compiled
def _attract(
    world: World, layout: Layout, price: FloatArray, active: np.ndarray, point: int, seat: int
) -> bool:
    """Shift a point to a seat that is nearest to it, or swap it for one of the seat's."""
    old = layout.seat[point]
    there, here = (seat, layout.site[seat]), (old, layout.site[old])
    paid = world.cost[layout.site[old], point]
    saved = layout.away[point, 0] - paid
    if saved >= -TINY * (1.0 + abs(paid)):
        return False
    change = saved + strain(world, layout, price, there, point, -1)
    change += strain(world, layout, price, here, -1, point)
    now = strain(world, layout, price, there, -1, -1) + strain(world, layout, price, here, -1, -1)
    change -= now
    if change < -TINY * (1.0 + abs(paid) + now):
        leave(world, layout, point)
        join(world, layout, point, seat)
        active[seat] = active[old] = True
        return True
    return _swap(world, layout, price, active, point, seat)


@compiled
def _swap(
    world: World, layout: Layout, price: FloatArray, active: np.ndarray, point: int, other: int
) -> bool:
    """Exchange a point for the best point of another seat, if that helps."""
    seat = layout.seat[point]
    here, there = layout.site[seat], layout.site[other]
    gain = world.cost[there, point] - world.cost[here, point]
    now = strain(world, layout, price, (seat, here), -1, -1) + strain(
        world, layout, price, (other, there), -1, -1
    )
    best, partner = -TINY * (1.0 + abs(world.cost[here, point]) + now), -1
    candidate = layout.first[other]
    while candidate >= 0:
        change = gain + world.cost[here, candidate] - world.cost[there, candidate] - now
        if change < best:
            change += strain(world, layout, price, (seat, here), candidate, point)
            if change < best:
                change += strain(world, layout, price, (other, there), point, candidate)
                if change < best:
                    best, partner = change, candidate
        candidate = layout.after[candidate]
    if partner < 0:
        return False
    leave(world, layout, point)
    leave(world, layout, partner)
    join(world, layout, point, other)
    join(world, layout, partner, seat)
    active[seat] = active[other] = True
    return True


@compiled
def _centre(world: World, layout: Layout, price: FloatArray, seat: int) -> bool:
    """Move a seat to the site of its territory that serves it cheapest; say whether it moved."""
    old = layout.site[seat]
    least = _at(world, layout, price, seat, old, np.inf)
    limit = least - TINY * (1.0 + abs(least))
    best = -1
    for site in range(len(world.home)):
        if site == old or world.keep[site] or layout.seat[world.home[site]] != seat:
            continue
        total = _at(world, layout, price, seat, site, limit)
        if total < limit and not _taken(layout, site):
            limit, best = total, site
    if best < 0:
        return False
    relocate(world, layout, seat, best)
    return True


@compiled
def _taken(layout: Layout, site: int) -> bool:
    return bool((layout.site == site).any())


@compiled
def _at(world: World, layout: Layout, price: FloatArray, seat: int, site: int, limit: float) -> float:
    """Return what a seat would cost at a site; given up above the limit (costs of 0 or more)."""
    total = world.opening[site] + strain(world, layout, price, (seat, site), -1, -1)
    point = layout.first[seat]
    while point >= 0 and total < limit:
        total += world.cost[site, point]
        point = layout.after[point]
    return total if point < 0 else np.inf
