"""The Lagrangian subproblem, in machine code: p centres, each with its cheapest units, as many as can be in the band.

With the rows of the units, of the bands and of contiguity priced into c_ji, what is left is

    min  sum_ji c_ji x_ji    s.t.  p centres j are open (x_jj = 1),  x_ji <= x_jj,  s <= sum_i x_ji <= t  for open j

which falls apart by centre: c_jj and the cheapest others, s - 1 of them and then those below 0, t - 1 at most.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from solvers.compiled import compiled

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
Mask = NDArray[np.bool_]


@compiled
def others(cost: FloatArray, allowed: Mask, centre: int) -> IntArray:
    """Return the allowed units of a centre but itself, cheapest first."""
    unit = np.empty(len(allowed), dtype=np.int64)
    count = 0
    for i in range(len(allowed)):
        if allowed[i] and i != centre:
            unit[count] = i
            count += 1
    unit = unit[:count]
    return unit[np.argsort(cost[unit], kind="mergesort")]


@compiled
def taken(cost: FloatArray, order: IntArray, least: int, most: int) -> int:
    """Return how many of the units, cheapest first, are taken: between `least` and `most`."""
    count = 0
    while count < min(most, len(order)) and (count < least or cost[order[count]] < 0.0):
        count += 1
    return count


@compiled
def centres(cost: FloatArray, allowed: Mask, least: int, most: int, chosen: Mask) -> FloatArray:
    """Return the value of each open centre, inf where it cannot be; fill `chosen` (centre, unit)."""
    units = len(cost)
    value = np.full(units, np.inf)
    for j in range(units):
        chosen[j, :] = False
        if not allowed[j, j]:
            continue
        order = others(cost[j], allowed[j], j)
        if len(order) < least - 1:
            continue
        chosen[j, j], value[j] = True, cost[j, j]
        for k in range(taken(cost[j], order, least - 1, most - 1)):
            chosen[j, order[k]] = True
            value[j] += cost[j, order[k]]
    return value


@compiled
def forced(
    cost: FloatArray, allowed: Mask, least: int, most: int, value: FloatArray, chosen: Mask
) -> FloatArray:
    """Return the value of each open centre when one unit must be among its own, shape (centre, unit)."""
    units = len(cost)
    found = np.full((units, units), np.inf)
    for j in range(units):
        if not np.isfinite(value[j]):
            continue
        order = others(cost[j], allowed[j], j)
        few = taken(cost[j], order, least - 2, most - 2)
        base = cost[j, j]
        for k in range(few):
            base += cost[j, order[k]]
        for i in range(units):
            if chosen[j, i]:
                found[j, i] = value[j]
            elif allowed[j, i] and most > 1:
                found[j, i] = base + cost[j, i]
    return found
