"""A plan: the district of each unit; its best centres and what it costs.

inertia(D) = min_{j in D} sum_{i in D} c_ij        cut edges = edges whose ends lie in different districts
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solvers.contiguity import connected
from solvers.contiguity.graph import IntArray
from solvers.districting.instance import Instance


@dataclass(frozen=True, eq=False)
class Proof:
    """A plan with a bound proven over every contiguous plan within the band."""

    label: IntArray | None
    """District 0 .. k - 1 of each unit, shape (unit,); None when none was found."""
    objective: float
    bound: float
    """No plan costs less; inf when none exists."""
    route: str
    """How the bound was proven: `columns` and `enumeration` are counted by this package's own search, `model` is the
    word of a solver's branch and bound."""

    @property
    def proven(self) -> bool:
        """Whether the plan is best within 10^-6 of its cost, or none exists."""
        return self.objective <= self.bound + 1e-6 * abs(self.objective) or self.bound == np.inf


def centres(instance: Instance, label: IntArray) -> IntArray:
    """Return the best centre of each district, the smaller unit where two are equal; shape (district,)."""
    found = []
    for d in range(instance.districts):
        units = np.flatnonzero(label == d)
        found.append(units[np.argmin(instance.cost[np.ix_(units, units)].sum(axis=0))])
    return np.asarray(found, dtype=np.int64)


def inertia_of(instance: Instance, label: IntArray) -> float:
    """Return the moment of inertia of a plan about its best centres."""
    return float(instance.cost[np.arange(instance.units), centres(instance, label)[label]].sum())


def cut_edges_of(instance: Instance, label: IntArray) -> int:
    """Return how many edges join two districts."""
    u, v = instance.graph.edges.T
    return int((label[u] != label[v]).sum())


def allowed(instance: Instance, label: IntArray) -> bool:
    """Return whether every district is within the band and one piece, and none is empty."""
    people = np.bincount(label, weights=instance.population, minlength=instance.districts)
    inside = (people >= instance.lower) & (people <= instance.upper)
    return bool(len(people) == instance.districts and inside.all() and connected(instance.graph, label))
