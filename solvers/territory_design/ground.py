"""What the annealing works on, as tuples of arrays that machine code takes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.territory_design.instance import FloatArray, Instance, IntArray

KeyArray = NDArray[np.uint64]


class Ground(NamedTuple):
    """What does not change."""

    offsets: IntArray
    ends: IntArray
    """Neighbours, as in `Graph`."""
    tails: IntArray
    """The unit whose neighbour stands in `ends`, shape (2 edge,)."""
    distance: FloatArray
    """Shape (unit, unit)."""
    weights: FloatArray
    """Shape (unit, activity)."""
    best: IntArray
    """1 where a unit is a preferred centre, shape (territory, unit)."""
    loss: FloatArray
    """Priced affinity loss, shape (territory, unit)."""
    low: FloatArray
    high: FloatArray
    """Least and greatest load, shape (activity,)."""


class Plan(NamedTuple):
    """A plan, and what is kept up to date with it."""

    label: IntArray
    """Territory of each unit, -1 for none yet; shape (unit,)."""
    members: IntArray
    """Units of each territory, the first `size` of a row; shape (territory, unit)."""
    place: IntArray
    """Place of each unit in its row, shape (unit,)."""
    size: IntArray
    sums: FloatArray
    """Sum of the distances from each territory's units to every unit, shape (territory, unit)."""
    load: FloatArray
    """Shape (territory, activity)."""
    spread: FloatArray
    """Dispersion, shape (territory,)."""
    mark: IntArray
    """When a search last met each unit; last the number of the search; shape (unit + 1,)."""
    stack: IntArray


class Schedule(NamedTuple):
    """How long and how hot."""

    moves: int
    hot: float
    cold: float
    """First and last temperature."""
    soft: FloatArray
    hard: FloatArray
    """First and last price of leaving the band by one, shape (activity,)."""


def ground_of(instance: Instance, loss_price: float) -> Ground:
    """Return an instance as arrays."""
    low, high = instance.band
    return Ground(
        instance.graph.offsets,
        instance.graph.ends,
        np.repeat(np.arange(instance.units), np.diff(instance.graph.offsets)),
        np.ascontiguousarray(instance.distances),
        instance.weights.astype(np.float64),
        (instance.affinity == 1).astype(np.int64),
        loss_price * (instance.affinity - 1).astype(np.float64),
        low.astype(np.float64),
        high.astype(np.float64),
    )


def plan_of(ground: Ground, label: IntArray) -> Plan:
    """Return a plan with all that is kept beside it."""
    from solvers.territory_design.annealing import settle

    territories, units = ground.best.shape
    whole = np.zeros(units, dtype=np.int64)
    plan = Plan(
        np.full(units, -1, dtype=np.int64),
        np.full((territories, units), -1, dtype=np.int64),
        whole.copy(),
        np.zeros(territories, dtype=np.int64),
        np.zeros((territories, units)),
        np.zeros((territories, ground.weights.shape[1])),
        np.zeros(territories),
        np.zeros(units + 1, dtype=np.int64),
        whole.copy(),
    )
    for unit, own in enumerate(label.tolist()):
        settle(ground, plan, unit, own)
    return plan
