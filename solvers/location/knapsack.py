"""Fractional knapsacks with a lower and an upper side, one for each site, in linear time.

    v = min sum_i r_i x_i    s.t.  L <= sum_i w_i x_i <= U,   0 <= x_i <= 1

Items of negative r are wanted. If they weigh more than U, those of the least r_i / w_i stay; if less than L, the
cheapest per weight of the others join (Dantzig 1957). The ratio at which the filling ends is the price t of weight:
v = t B + sum_i min(0, r_i - t w_i), B the side that binds, so forcing item i in costs at least max(0, r_i - t w_i).
The end is found by partition around pivots, as a median is, not by sorting.
"""

from __future__ import annotations

from math import inf
from typing import NamedTuple

import numpy as np

from solvers.compiled import compiled
from solvers.location.instance import FloatArray, IntArray


@compiled
def split(ratio: FloatArray, weight: FloatArray, count: int, room: float) -> tuple[float, float]:
    """Return the cost of filling `room` with the first `count` items, cheapest ratio first, and the last ratio.

    The items must weigh `room` or more together. Both arrays are reordered.
    """
    low, high, spent = 0, count, 0.0
    last = 0.0
    while low < high:
        pivot = _middle(ratio[low], ratio[(low + high) // 2], ratio[high - 1])
        below, above, at = low, high, low
        lighter, equal, cheap = 0.0, 0.0, 0.0
        while at < above:
            if ratio[at] < pivot:
                lighter += weight[at]
                cheap += ratio[at] * weight[at]
                ratio[at], ratio[below] = ratio[below], ratio[at]
                weight[at], weight[below] = weight[below], weight[at]
                below += 1
                at += 1
            elif ratio[at] > pivot:
                above -= 1
                ratio[at], ratio[above] = ratio[above], ratio[at]
                weight[at], weight[above] = weight[above], weight[at]
            else:
                equal += weight[at]
                at += 1
        if lighter > room:
            high = below
            continue
        spent += cheap
        room -= lighter
        last = pivot
        if equal >= room:
            return spent + pivot * room, pivot
        spent += pivot * equal
        room -= equal
        low = above
    return spent, last


@compiled
def _middle(a: float, b: float, c: float) -> float:
    return max(min(a, b), min(max(a, b), c))


@compiled
def evaluate(
    reduced: FloatArray, weight: FloatArray, lower: float, upper: float, room: FloatArray
) -> tuple[float, float]:
    """Return v and the price t of weight for one site; v is inf when the lower side cannot be reached.

    `reduced` and `weight` have shape (point,), reduced is inf where not allowed; `room` is scratch, shape (2, point).
    """
    count, load, free, wanted = 0, 0.0, 0.0, 0.0
    ratio, heavy = room[0], room[1]
    for i in range(len(weight)):
        if reduced[i] < 0.0:
            if weight[i] > 0.0:
                ratio[count] = reduced[i] / weight[i]
                heavy[count] = weight[i]
                count += 1
                load += weight[i]
                wanted += reduced[i]
            else:
                free += reduced[i]
    if load > upper:
        value, price = split(ratio, heavy, count, upper)
        return free + value, price
    if load >= lower:
        return free + wanted, 0.0
    count, left = 0, 0.0
    for i in range(len(weight)):
        if 0.0 <= reduced[i] < inf and weight[i] > 0.0:
            ratio[count] = reduced[i] / weight[i]
            heavy[count] = weight[i]
            count += 1
            left += weight[i]
    if load + left < lower:
        return inf, inf
    value, price = split(ratio, heavy, count, lower - load)
    return free + wanted + value, price


@compiled
def fill(
    reduced: FloatArray, weight: FloatArray, bounds: tuple[float, float], price: float, share: FloatArray
) -> float:
    """Add the items that one site takes to `share`, shape (point,), given its price; return their weight."""
    lower, upper = bounds
    load = 0.0
    for i in range(len(weight)):
        inside = reduced[i] / weight[i] < price if weight[i] > 0.0 else reduced[i] < 0.0
        if inside:
            share[i] += 1.0
            load += weight[i]
    limit = upper if price < 0.0 else lower
    if load >= limit:
        return load
    for i in range(len(weight)):
        if weight[i] > 0.0 and reduced[i] / weight[i] == price:
            part = min(1.0, (limit - load) / weight[i])
            share[i] += part
            load += part * weight[i]
            if load >= limit:
                break
    return load


class Items(NamedTuple):
    """What the knapsacks of all sites are filled with."""

    cost: FloatArray
    """Shape (site, point)."""
    weight: FloatArray
    """Shape (measure, point)."""
    lower: FloatArray
    """Shape (measure, site)."""
    upper: FloatArray


class Prices(NamedTuple):
    """Multipliers of the relaxed rows."""

    point: FloatArray
    """Shape (point,)."""
    band: FloatArray
    """Shape (measure, site); the first row is not used, as the knapsack finds it."""


@compiled
def price_sites(items: Items, prices: Prices, span: tuple[int, int], answer: FloatArray) -> None:
    """Evaluate the sites from span[0] to span[1] - 1: value and price of weight into `answer`, shape (2, site)."""
    points = items.cost.shape[1]
    reduced, room = np.empty(points), np.empty((2, points))
    for j in range(span[0], span[1]):
        for i in range(points):
            reduced[i] = items.cost[j, i] - prices.point[i]
        constant = 0.0
        for k in range(1, len(items.weight)):
            mu = prices.band[k, j]
            if mu != 0.0:
                constant += mu * (items.lower[k, j] if mu > 0.0 else items.upper[k, j])
                for i in range(points):
                    reduced[i] -= mu * items.weight[k, i]
        value, price = evaluate(reduced, items.weight[0], items.lower[0, j], items.upper[0, j], room)
        answer[0, j] = value + constant
        answer[1, j] = price


@compiled
def fill_sites(
    items: Items, prices: Prices, chosen: IntArray, price: FloatArray, share: FloatArray, load: FloatArray
) -> None:
    """Fill the chosen sites: add how often each point is served to `share` (point,), set `load` (measure, site)."""
    points = items.cost.shape[1]
    reduced, own = np.empty(points), np.empty(points)
    for j in chosen:
        own[:] = 0.0
        for i in range(points):
            reduced[i] = items.cost[j, i] - prices.point[i]
            for k in range(1, len(items.weight)):
                reduced[i] -= prices.band[k, j] * items.weight[k, i]
        bounds = (items.lower[0, j], items.upper[0, j])
        load[0, j] = fill(reduced, items.weight[0], bounds, price[j], own)
        for k in range(1, len(items.weight)):
            load[k, j] = 0.0
            for i in range(points):
                load[k, j] += items.weight[k, i] * own[i]
        for i in range(points):
            share[i] += own[i]
