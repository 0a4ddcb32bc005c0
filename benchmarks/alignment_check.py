"""A finished alignment, checked in plain Python: whole numbers and `math`, nothing of the search or of its arrays."""

from __future__ import annotations

from math import dist, fsum

from solvers.alignment import Instance
from solvers.alignment.instance import IntArray


def in_band(instance: Instance, rep_of: IntArray) -> bool:
    """Whether every seat's exact load of every measure lies within its band."""
    seats = [int(seat) for seat in rep_of]
    if len(seats) != instance.units or not all(0 <= seat < instance.reps for seat in seats):
        return False
    for weights, lower, upper in zip(instance.weights, instance.lower, instance.upper, strict=True):
        load = [0] * instance.reps
        for seat, weight in zip(seats, weights.tolist(), strict=True):
            load[seat] += weight
        sides = zip(lower.tolist(), load, upper.tolist(), strict=True)
        if not all(least <= carried <= most for least, carried, most in sides):
            return False
    return True


def within_limits(instance: Instance, rep_of: IntArray) -> bool:
    """Whether what leaves its owner stays within every budget; for accounts that are units of their own."""
    owner, seats = instance.owners.tolist(), rep_of.tolist()
    gone = [u for u, (old, new) in enumerate(zip(owner, seats, strict=True)) if old not in (-1, new)]
    for taken, limit in zip(_rows(instance.budget), instance.limits.tolist(), strict=True):
        if sum(taken[u] for u in gone) > limit:
            return False
    return True


def locks_kept(instance: Instance, rep_of: IntArray) -> bool:
    """Whether every account is with a seat that may have it."""
    if instance.kind is None or instance.allowed is None:
        return True
    seats = zip(instance.kind.tolist(), rep_of.tolist(), strict=True)
    return all(bool(instance.allowed[kind, seat]) for kind, seat in seats)


def _rows(table: IntArray | None) -> list[list[int]]:
    return [] if table is None else [row.tolist() for row in table]


def price(instance: Instance, rep_of: IntArray) -> float:
    """Return the sum of weight x Euclidean distance over the accounts; for instances of places alone."""
    places = instance.places
    assert places is not None
    home, point = places.home.tolist(), places.point.tolist()
    pairs = zip(places.weight.tolist(), point, rep_of.tolist(), strict=True)
    return fsum(weight * dist(spot, home[seat]) for weight, spot, seat in pairs)
