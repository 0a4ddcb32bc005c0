"""Knapsacks of whole items, for small capacities: the bound of the Dantzig-Wolfe master without its columns.

    v = min sum_i r_i x_i    s.t.  L <= sum_i w_i x_i <= U,   x binary

by dynamic programming over the load, O(points U) for each site (Bellman 1957). Relaxing the assignment rows over whole
knapsacks closes part of the gap that fractional ones leave, which matters where a territory has few points.
"""

from __future__ import annotations

from math import inf
from typing import NamedTuple

import numpy as np

from solvers.compiled import compiled
from solvers.location.instance import FloatArray, IntArray


@compiled
def least(reduced: FloatArray, weight: IntArray, lower: int, upper: int, table: FloatArray) -> float:
    """Return v for one site; inf when no load within the sides can be had. `table` is scratch, shape (U + 1,)."""
    table[: upper + 1] = inf
    table[0] = 0.0
    top = 0
    for i in range(len(weight)):
        if reduced[i] == inf or (lower <= 0 and reduced[i] >= 0.0):
            continue
        heavy = weight[i]
        top = min(upper, top + heavy)
        for load in range(top, heavy - 1, -1):
            table[load] = min(table[load], table[load - heavy] + reduced[i])
    value = inf
    for load in range(max(lower, 0), upper + 1):
        value = min(value, table[load])
    return value


class Whole(NamedTuple):
    """What the knapsacks of all sites are filled with, of one measure."""

    cost: FloatArray
    """Shape (site, point)."""
    weight: IntArray
    """Shape (point,)."""
    lower: IntArray
    """Shape (site,)."""
    upper: IntArray


@compiled
def price_whole(items: Whole, point_price: FloatArray, span: tuple[int, int], answer: FloatArray) -> None:
    """Evaluate the sites from span[0] to span[1] - 1 into `answer`, shape (site,)."""
    points = len(items.weight)
    reduced, table = np.empty(points), np.empty(items.upper.max() + 1)
    for j in range(span[0], span[1]):
        for i in range(points):
            reduced[i] = items.cost[j, i] - point_price[i]
        answer[j] = least(reduced, items.weight, items.lower[j], items.upper[j], table)


@compiled
def fill_whole(items: Whole, point_price: FloatArray, chosen: IntArray, share: FloatArray) -> None:
    """Add the items that the chosen sites take to `share`, shape (point,)."""
    weight, lower, upper = items.weight, items.lower, items.upper
    points = len(weight)
    for j in chosen:
        table = np.full((points + 1, upper[j] + 1), inf)
        table[0, 0] = 0.0
        for i in range(points):
            reduced = items.cost[j, i] - point_price[i]
            for load in range(upper[j] + 1):
                table[i + 1, load] = table[i, load]
                if load >= weight[i] and table[i, load - weight[i]] + reduced < table[i + 1, load]:
                    table[i + 1, load] = table[i, load - weight[i]] + reduced
        load = max(lower[j], 0)
        for other in range(load, upper[j] + 1):
            if table[points, other] < table[points, load]:
                load = other
        if table[points, load] == inf:
            continue
        for i in range(points - 1, -1, -1):
            if table[i + 1, load] != table[i, load]:
                share[i] += 1.0
                load -= weight[i]
