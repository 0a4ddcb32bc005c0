"""Held: the cells of an instance with a worst deviation held: what each may be, and what it costs.

A whole number k is within reach when |k - target| / scale <= worst as floats compute it, so a worst deviation that was
read off an answer allows that answer again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import inf

import numpy as np

from solvers.quotas.instance import BoolArray, FloatArray, Instance, IntArray


@dataclass(frozen=True)
class Held:
    """Separable cells. Shapes (leaf, product, period); amounts in steps."""

    target: FloatArray
    """What deviation is measured from; of a lock the lock itself, so that it costs nothing."""
    scale: FloatArray
    lower: IntArray
    upper: IntArray

    def of(self, leaves: IntArray) -> Held:
        """Return the cells of some leaves."""
        return Held(self.target[leaves], self.scale[leaves], self.lower[leaves], self.upper[leaves])

    @property
    def empty(self) -> bool:
        """Whether a cell has no whole number within reach."""
        return bool((self.lower > self.upper).any())

    @cached_property
    def data(self) -> FloatArray:
        """Target, scale, lower and upper of each cell side by side, shape (cell, 4)."""
        parts = (self.target, self.scale, self.lower.astype(np.float64), self.upper.astype(np.float64))
        return np.ascontiguousarray(np.stack(parts, axis=-1).reshape(-1, 4))

    @cached_property
    def kinks(self) -> tuple[IntArray, IntArray]:
        """The whole numbers around each target, moved into the limits: where the slope of its cost changes."""
        base = np.floor(self.target).astype(np.int64)
        return np.clip(base, self.lower, self.upper), np.clip(base + 1, self.lower, self.upper)

    def deviation(self, cells: IntArray | FloatArray) -> FloatArray:
        """Return |cell - target| / scale of each cell."""
        return np.asarray(np.abs(cells - self.target) / self.scale)


def hold(instance: Instance, worst: float = inf) -> Held:
    """Return the cells with the worst deviation held."""
    lower, upper, free = instance.limits.cell_lower, cell_upper(instance), choices(instance)
    target = np.where(free, instance.target, lower)
    scale = np.where(free, instance.scales, 1.0)
    if worst < inf:
        below, above = reach(target, scale, worst)
        lower, upper = (
            np.where(free, np.maximum(lower, below), lower),
            np.where(free, np.minimum(upper, above), upper),
        )
    return Held(target, scale, lower, upper)


def choices(instance: Instance) -> BoolArray:
    """Return which cells are a choice, shape (leaf, product, period)."""
    return np.asarray(instance.limits.cell_lower < instance.limits.cell_upper)


def cell_upper(instance: Instance) -> IntArray:
    """Return the most each cell can be by its own limit and those of all rows it is in; a lock stays as it is."""
    limits = instance.limits
    nodes = limits.node_upper.copy()
    for node in instance.order[1:]:
        nodes[node] = min(nodes[node], nodes[instance.parent[node]])
    found = np.minimum(limits.cell_upper, limits.company_upper[None])
    for rows in (limits.product_upper[:, :, None], limits.period_upper[:, None, :]):
        found = np.minimum(found, rows)
    found = np.minimum(found, nodes[instance.leaf][:, None, None])
    return np.asarray(np.where(choices(instance), np.maximum(found, limits.cell_lower), limits.cell_upper))


def reach(target: FloatArray, scale: FloatArray, worst: float) -> tuple[IntArray, IntArray]:
    """Return the least and the most whole number within a deviation of each target; the least may be above the most."""
    below, above = np.ceil(target - worst * scale), np.floor(target + worst * scale)
    below = np.where(np.abs(below - 1 - target) / scale <= worst, below - 1, below)
    below = np.where(np.abs(below - target) / scale > worst, below + 1, below)
    above = np.where(np.abs(above + 1 - target) / scale <= worst, above + 1, above)
    above = np.where(np.abs(above - target) / scale > worst, above - 1, above)
    return np.maximum(below, 0).astype(np.int64), above.astype(np.int64)
