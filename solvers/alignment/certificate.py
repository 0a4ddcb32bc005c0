"""Certificate: multipliers, and code that shares nothing with the search to evaluate what they prove.

L(mu, lambda) is added up here pair by pair in plain numpy over blocks of units: no compiled code, no candidates, no
solver. `certified` is the bound; an alignment whose cost is known lies at most (cost - certified) above the optimum.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import fsum

import numpy as np

from solvers.alignment.instance import FloatArray, Instance
from solvers.alignment.multipliers import Multipliers

BLOCK = 1 << 22
"""Pairs that are evaluated at once."""
HAIR = 1e-12
"""Relative allowance for rounding; the bound is lowered by it."""


def certified(instance: Instance, multipliers: Multipliers) -> float:
    """Return the bound that these multipliers prove, whatever they are.

    Multipliers of the wrong sign, or beyond the price of a priced band, prove nothing: -inf.
    """
    most = np.where(np.isinf(instance.prices), np.inf, instance.prices * instance.scale)[:, None]
    if (multipliers.budget < 0).any() or (np.abs(multipliers.band) > most * (1 + HAIR)).any():
        return -np.inf
    least = [float(block.min(axis=1).sum()) for block in reduced(instance, multipliers)]
    mu = multipliers.band / instance.scale[:, None]
    sides = np.maximum(mu * instance.lower, mu * instance.upper)
    paid = fsum((multipliers.budget * instance.limits).tolist())
    size = fsum(np.abs(sides).ravel().tolist()) + fsum(abs(part) for part in least) + paid
    return fsum(least) - fsum(sides.ravel().tolist()) - paid - HAIR * size


def reduced(instance: Instance, multipliers: Multipliers) -> Iterator[FloatArray]:
    """Yield what every pair costs with the multipliers, by blocks of units, shape (block, rep); inf if not allowed."""
    step = max(BLOCK // instance.reps, 1)
    for first in range(0, instance.units, step):
        last = min(first + step, instance.units)
        out = _members(instance, multipliers, first, last)
        if instance.table is not None:
            out += instance.table[first:last]
        for weight, mu, scale in zip(instance.weights, multipliers.band, instance.scale, strict=True):
            out += (weight[first:last, None] / scale) * mu
        if instance.taken is not None:
            out += np.tensordot(multipliers.budget, instance.taken[:, first:last], axes=1)
        if instance.allowed is not None and instance.kind is not None:
            out[~instance.allowed[instance.kind[first:last]]] = np.inf
        yield out


def _members(instance: Instance, multipliers: Multipliers, first: int, last: int) -> FloatArray:
    """Return what the members of the units first..last cost at each seat, shape (unit, rep)."""
    start, stop = int(instance.member_start[first]), int(instance.member_start[last])
    here = slice(start, stop)
    out = np.zeros((stop - start, instance.reps))
    if instance.places is not None:
        far = _distance(instance, here)
        out += instance.places.weight[here, None] * far
        if instance.places.square is not None:
            out += instance.places.square[here, None] * far**2
    for needs in instance.needs:
        out += np.where(needs.unmet[needs.need[here]], needs.misfit[here, None], 0.0)
    leaving = np.zeros(stop - start)
    if instance.leaving is not None:
        leaving += instance.leaving[here]
    if instance.budget is not None:
        leaving += multipliers.budget @ instance.budget[:, here]
    owner = instance.owners[here]
    gone = (owner[:, None] >= 0) & (owner[:, None] != np.arange(instance.reps))
    out += leaving[:, None] * gone
    return np.add.reduceat(out, instance.member_start[first:last] - start, axis=0)


def _distance(instance: Instance, here: slice) -> FloatArray:
    places = instance.places
    assert places is not None
    square = np.zeros((here.stop - here.start, instance.reps))
    for d in range(places.point.shape[1]):
        square += (places.point[here, d, None] - places.home[:, d]) ** 2
    if places.radius:
        return np.asarray(2.0 * places.radius * np.arcsin(np.minimum(np.sqrt(square) / 2.0, 1.0)))
    return np.sqrt(square)
