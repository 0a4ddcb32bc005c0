"""What a plan is worth, in plain Python that shares nothing with the searches.

A plan is compared lexicographically by three figures, all to be small:

    violation    sum over territories and activities of the distance of the load from the band, exact
    loss         sum over units of (affinity to their territory - 1)
    dispersion   sum over territories of the distances from their units to the centre

The centre of a territory is the unit of it with the least sum of distances, among its units of affinity 1 if it has
any.
"""

from __future__ import annotations

from fractions import Fraction
from math import dist, fsum
from typing import NamedTuple

from solvers.territory_design.instance import Instance, IntArray


class Score(NamedTuple):
    """Figures of a plan; tuples compare as plans do."""

    violation: float
    loss: int
    dispersion: float


def score(instance: Instance, label: IntArray) -> Score:
    """Return the figures of a plan, `label` the territory of each unit, shape (unit,)."""
    territories = members(instance, label)
    return Score(
        float(sum((_violation(instance, units) for units in territories), Fraction(0))),
        sum(int(instance.affinity[j, i]) - 1 for j, units in enumerate(territories) for i in units),
        fsum(_dispersion(instance, j, units) for j, units in enumerate(territories) if units),
    )


def members(instance: Instance, label: IntArray) -> list[list[int]]:
    """Return the units of each territory, ascending."""
    territories: list[list[int]] = [[] for _ in range(instance.territories)]
    for unit, own in enumerate(label.tolist()):
        territories[own].append(unit)
    return territories


def broken(instance: Instance, label: IntArray) -> list[str]:
    """Return what makes a plan no plan: a unit without a territory, an empty territory, one in pieces."""
    if len(label) != instance.units or any(not 0 <= j < instance.territories for j in label.tolist()):
        return ["a unit has no territory"]
    beside: list[list[int]] = [[] for _ in range(instance.units)]
    for a, b in instance.graph.edges.tolist():
        beside[a].append(b)
        beside[b].append(a)
    found = []
    for j, units in enumerate(members(instance, label)):
        seen, todo = set(units[:1]), list(units[:1])
        while todo:
            for other in beside[todo.pop()]:
                if int(label[other]) == j and other not in seen:
                    seen.add(other)
                    todo.append(other)
        if not units or len(seen) < len(units):
            found.append(f"territory {j} is {'in pieces' if units else 'empty'}")
    return found


def _violation(instance: Instance, units: list[int]) -> Fraction:
    total = Fraction(0)
    for k, tolerance in enumerate(instance.tolerance):
        column = [int(value) for value in instance.weights[:, k]]
        mean = Fraction(sum(column), instance.territories)
        load = sum(column[i] for i in units)
        total += max(Fraction(0), (1 - tolerance) * mean - load, load - (1 + tolerance) * mean)
    return total


def _dispersion(instance: Instance, own: int, units: list[int]) -> float:
    points = [tuple(point) for point in instance.points.tolist()]
    best = [i for i in units if instance.affinity[own, i] == 1] or units
    return min(fsum(dist(points[i], points[k]) for k in units) for i in best)
