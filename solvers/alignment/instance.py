"""Instance: what the structured solver aligns, without a matrix of all pairs.

    min   sum_uj c_uj x_uj + sum_kj p_k dist(sum_u w_ku x_uj, [L_kj, U_kj])
    s.t.  sum_j x_uj = 1,   L_kj <= sum_u w_ku x_uj <= U_kj (rows without a price),
          sum of b_m over members m that leave their owner <= B,   x_uj = 0 where not allowed

A unit is an account, or a group of accounts that stay together; its accounts are its members. The cost of a pair is

    c_uj = table_uj + sum over members m of u ( weight_m d_mj + square_m d_mj^2 + [j is not owner_m] leaving_m
                                                + [j does not fit the need of m] misfit_m ),   d_mj = |point_m - home_j|

so a million accounts and a thousand seats need memory for the accounts, not for the billion pairs.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

RADIUS_KM = 6371.0088
"""Mean radius of the earth (IUGG), for great-circle distances."""


@dataclass(frozen=True)
class Places:
    """Members and homes as points; the distance is Euclidean, or the great circle between unit vectors."""

    weight: FloatArray
    """Cost per unit of distance, shape (member,)."""
    point: FloatArray
    """Shape (member, dimension); unit vectors in three dimensions on the sphere."""
    home: FloatArray
    """Shape (rep, dimension)."""
    radius: float = 0.0
    """Radius of the sphere, in the unit of distance; 0 for Euclidean distances."""
    square: FloatArray | None = None
    """Cost per unit of squared distance, shape (member,)."""


@dataclass(frozen=True)
class Needs:
    """What members need, and which seats do not offer it."""

    misfit: FloatArray
    """Cost of a member at a seat that does not fit, shape (member,)."""
    need: IntArray
    """Need of each member, shape (member,)."""
    unmet: BoolArray
    """Shape (need, rep)."""


@dataclass(frozen=True)
class Instance:
    """One problem of the structured solver. Integers are exact; costs are real."""

    weights: IntArray
    """w, shape (row kind, unit); 0 or more."""
    lower: IntArray
    """L, shape (row kind, rep)."""
    upper: IntArray
    """U, shape (row kind, rep)."""
    places: Places | None = None
    needs: tuple[Needs, ...] = ()
    table: FloatArray | None = None
    """Further cost of each pair, shape (unit, rep)."""
    price: FloatArray | None = None
    """p, cost per integer unit outside the band, shape (row kind,); inf (and None) for a hard band."""
    start: IntArray | None = None
    """First member of each unit and the end, shape (unit + 1,); None when each unit is its only member."""
    owner: IntArray | None = None
    """Seat that holds each member today, -1 for none, shape (member,)."""
    leaving: FloatArray | None = None
    """Cost when a member leaves its owner, shape (member,)."""
    budget: IntArray | None = None
    """b, shape (budget, member); 0 or more."""
    taken: FloatArray | None = None
    """What each pair takes of each budget besides, shape (budget, unit, rep); for units whose members are unknown."""
    limit: IntArray | None = None
    """B, shape (budget,)."""
    kind: IntArray | None = None
    """Kind of each unit, shape (unit,): units of a kind may go to the same seats."""
    allowed: BoolArray | None = None
    """Shape (kind, rep)."""
    scale: FloatArray = field(init=False)
    """Integer units per scaled unit of each row kind, shape (row kind,): what the mean seat carries."""

    def __post_init__(self) -> None:
        total = np.abs(self.weights).sum(axis=1).astype(np.float64)
        object.__setattr__(self, "scale", np.maximum(total / self.reps, 1.0))

    @property
    def units(self) -> int:
        """Number of units."""
        return int(self.weights.shape[1])

    @property
    def reps(self) -> int:
        """Number of seats."""
        return int(self.lower.shape[1])

    @cached_property
    def member_start(self) -> IntArray:
        """First member of each unit, and the end; shape (unit + 1,)."""
        return np.arange(self.units + 1) if self.start is None else self.start

    @property
    def members(self) -> int:
        """Number of members."""
        return int(self.member_start[-1])

    @cached_property
    def prices(self) -> FloatArray:
        """Price of each row kind, inf when hard; shape (row kind,)."""
        return np.full(len(self.weights), np.inf) if self.price is None else self.price

    @cached_property
    def limits(self) -> IntArray:
        """Limit of each budget, shape (budget,)."""
        return np.empty(0, dtype=np.int64) if self.limit is None else self.limit

    @cached_property
    def owners(self) -> IntArray:
        """Owner of each member, -1 for none; shape (member,)."""
        return np.full(self.members, -1, dtype=np.int64) if self.owner is None else self.owner


def sampled(instance: Instance, every: int) -> Instance:
    """Return the instance of every so many units, with bands and limits in proportion to what they carry."""
    unit = np.arange(0, instance.units, every)
    size = np.diff(instance.member_start)[unit]
    start = np.concatenate(([0], np.cumsum(size)))
    member = np.arange(start[-1]) + np.repeat(instance.member_start[unit] - start[:-1], size)
    weights = np.ascontiguousarray(instance.weights[:, unit])
    share = (weights.sum(axis=1) / np.maximum(instance.weights.sum(axis=1), 1))[:, None]
    places = instance.places
    return Instance(
        weights,
        np.floor(instance.lower * share).astype(np.int64),
        np.ceil(instance.upper * share).astype(np.int64),
        places=places
        and replace(
            places,
            weight=places.weight[member],
            point=places.point[member],
            square=_some(places.square, member),
        ),
        needs=tuple(replace(n, misfit=n.misfit[member], need=n.need[member]) for n in instance.needs),
        table=_some(instance.table, unit),
        price=instance.price,
        start=start,
        owner=_some(instance.owner, member),
        leaving=_some(instance.leaving, member),
        budget=None if instance.budget is None else instance.budget[:, member],
        taken=None if instance.taken is None else instance.taken[:, unit],
        limit=instance.limit if instance.limit is None else instance.limit // every,
        kind=_some(instance.kind, unit),
        allowed=instance.allowed,
    )


def _some(values: Any, chosen: IntArray) -> Any:
    return None if values is None else values[chosen]


def loads(instance: Instance, rep_of: IntArray) -> IntArray:
    """Return the exact load of each seat, shape (row kind, rep)."""
    load = np.zeros(instance.lower.shape, dtype=np.int64)
    for row, weight in zip(load, instance.weights, strict=True):
        np.add.at(row, rep_of, weight)
    return load


def spent(instance: Instance, rep_of: IntArray) -> IntArray:
    """Return what leaves its owner, exactly, shape (budget,)."""
    total = np.zeros(len(instance.limits), dtype=np.int64)
    if instance.budget is not None:
        seat = np.repeat(rep_of, np.diff(instance.member_start))
        gone = (instance.owners >= 0) & (instance.owners != seat)
        total += instance.budget[:, gone].sum(axis=1)
    if instance.taken is not None:
        total += instance.taken[:, np.arange(instance.units), rep_of].sum(axis=1).astype(np.int64)
    return total


def allowed(instance: Instance, rep_of: IntArray) -> bool:
    """Say whether every unit goes to a seat that may have it."""
    if instance.allowed is None or instance.kind is None:
        return True
    return bool(instance.allowed[instance.kind, rep_of].all())


def broken(instance: Instance, rep_of: IntArray) -> float:
    """Return by how much hard bands (in mean seats) and budgets (in shares of a limit) are broken; 0 is exact."""
    load, hard = loads(instance, rep_of), np.isinf(instance.prices)
    over = np.maximum(load - instance.upper, 0) + np.maximum(instance.lower - load, 0)
    total = float((over[hard].sum(axis=1) / instance.scale[hard]).sum())
    excess = np.maximum(spent(instance, rep_of) - instance.limits, 0)
    total += float((excess / np.maximum(instance.limits, 1)).sum())
    return total if allowed(instance, rep_of) else float("inf")


def cost_of(instance: Instance, rep_of: IntArray) -> float:
    """Return the cost of an alignment from its own pairs alone, by numpy, apart from the compiled pricing."""
    total, seat = 0.0, np.repeat(rep_of, np.diff(instance.member_start))
    if instance.table is not None:
        total += float(instance.table[np.arange(instance.units), rep_of].sum())
    if instance.places is not None:
        places = instance.places
        chord = np.sqrt(((places.point - places.home[seat]) ** 2).sum(axis=1))
        if places.radius:
            chord = 2.0 * places.radius * np.arcsin(np.minimum(chord / 2.0, 1.0))
        total += float((places.weight * chord).sum())
        total += 0.0 if places.square is None else float((places.square * chord**2).sum())
    for needs in instance.needs:
        total += float(needs.misfit[needs.unmet[needs.need, seat]].sum())
    if instance.leaving is not None:
        total += float(instance.leaving[(instance.owners >= 0) & (instance.owners != seat)].sum())
    priced = np.isfinite(instance.prices)
    if priced.any():
        load = loads(instance, rep_of)
        far = np.maximum(load - instance.upper, 0) + np.maximum(instance.lower - load, 0)
        total += float((instance.prices[priced] * far[priced].sum(axis=1)).sum())
    return total
