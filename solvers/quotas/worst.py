"""Worst: the least worst deviation for which no test says that the limits contradict each other.

What a test refuses cannot be, so the result is a bound; it is reached when cells are found for it. Tests, from
cheap to dear: sums up the tree and down the columns, the table of each leaf, the network of all. The candidates are
deviations of whole numbers; between two tests the ends are moved to the next one, so the search ends on one candidate.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf

import numpy as np

from solvers.quotas.held import Held, choices, hold
from solvers.quotas.instance import OPEN, BoolArray, Instance, IntArray
from solvers.quotas.network import Network
from solvers.quotas.table import all_hold

Test = Callable[[float], bool]


def bounded(instance: Instance) -> float:
    """Return the least candidate that passes every test; inf when the limits contradict each other at any."""
    alone = instance.target.size and rounding(instance)
    failing = np.flatnonzero(~tables_hold(instance, hold(instance, alone)))
    if len(failing):
        few = apart(instance, failing)
        alone = least(few, alone, lambda worst: bool(tables_hold(few, hold(few, worst)).all()))
    for test in (sums_hold, flows):
        if alone < inf:
            alone = least(instance, alone, lambda worst, test=test: test(instance, hold(instance, worst)))  # type: ignore[misc]
    return alone


def rounding(instance: Instance) -> float:
    """Return the worst deviation that every cell can keep on its own: to the nearest whole number it may be."""
    held, free = hold(instance), choices(instance)
    base = np.floor(held.target).astype(np.int64)
    near = [held.deviation(np.clip(k, held.lower, held.upper)) for k in (base, base + 1)]
    return float(np.minimum(*near)[free].max(initial=0.0))


def flows(instance: Instance, held: Held) -> bool:
    """Return whether the network of all, leaves by their products, carries a flow."""
    return Network(instance, held, np.zeros(len(instance.leaf), dtype=np.bool_)).carries()


def least(instance: Instance, floor: float, test: Test) -> float:
    """Return the least candidate from `floor` on that passes a test; inf when not even the largest one does.

    The test never fails above a value that passes.
    """
    floor = following(instance, floor)
    if test(floor):
        return floor
    if not test(inf):
        return inf
    low, high, factor = floor, inf, 1.01
    while high == inf:
        reached = low * factor if low > 0 else 1e-6
        if test(reached):
            high = preceding(instance, reached)
        elif following(instance, reached, beyond=True) == inf:
            return inf
        else:
            low, factor = reached, factor * factor
    while (after := following(instance, low, beyond=True)) < high:
        middle = max(after, min((low + high) / 2, preceding(instance, high, beyond=True)))
        if test(middle):
            high = preceding(instance, middle)
        else:
            low = preceding(instance, middle)
    return high


def following(instance: Instance, worst: float, beyond: bool = False) -> float:
    """Return the least deviation of an allowed whole number that is not below (or is above) a value; inf for none."""
    free = choices(instance)
    widest, held = hold(instance), hold(instance, worst)
    found = inf
    for k, inside in (
        (held.lower - 1, held.lower - 1 >= widest.lower),
        (held.upper + 1, held.upper + 1 <= widest.upper),
    ):
        ahead = held.deviation(k)
        use = free & inside & (ahead > worst)
        found = min(found, float(ahead[use].min(initial=inf)))
    if not beyond:
        found = min(found, worst if _is(instance, held, worst) else inf)
    return found


def preceding(instance: Instance, worst: float, beyond: bool = False) -> float:
    """Return the largest deviation of an allowed whole number that is not above (or is below) a value; 0 for none."""
    value = float(np.nextafter(worst, -inf)) if beyond else worst
    held = hold(instance, value)
    free = choices(instance) & (held.lower <= held.upper)
    sides = [held.deviation(k)[free].max(initial=0.0) for k in (held.lower, held.upper)]
    return float(max(sides))


def _is(instance: Instance, held: Held, worst: float) -> bool:
    return preceding(instance, worst) == worst


def sums_hold(instance: Instance, held: Held) -> bool:
    """Return whether intervals of sums, from the cells up to the root and over each column, leave something."""
    if held.empty:
        return False
    limits, (low, high) = instance.limits, (held.lower, np.minimum(held.upper, 2**40))
    if (low.sum(axis=0) > limits.company_upper).any() or (high.sum(axis=0) < limits.company_lower).any():
        return False
    sides = []
    for axis, (least_sum, most_sum) in ((2, limits.pairs()["product"]), (1, limits.pairs()["period"])):
        below, above = np.maximum(low.sum(axis=axis), least_sum), np.minimum(high.sum(axis=axis), most_sum)
        if (below > above).any():
            return False
        sides.append((below.sum(axis=1), above.sum(axis=1)))
    below, above = (
        np.zeros(len(instance.parent), dtype=np.int64),
        np.zeros(len(instance.parent), dtype=np.int64),
    )
    below[instance.leaf] = np.maximum(sides[0][0], sides[1][0])
    above[instance.leaf] = np.minimum(sides[0][1], sides[1][1])
    for depth in range(int(instance.depth.max()), -1, -1):
        nodes = np.flatnonzero(instance.depth == depth)
        below[nodes] = np.maximum(below[nodes], limits.node_lower[nodes])
        above[nodes] = np.minimum(above[nodes], limits.node_upper[nodes])
        if depth:
            np.add.at(below, instance.parent[nodes], below[nodes])
            np.add.at(above, instance.parent[nodes], above[nodes])
    root = instance.order[0]
    whole = max(int(below[root]), int(limits.company_lower.sum()))
    most = min(int(above[root]), int(np.minimum(limits.company_upper, 2**40).sum()))
    return bool((below <= above).all() and whole <= most)


def apart(instance: Instance, leaves: IntArray) -> Instance:
    """Return some leaves on their own: their limits and nobody else's."""
    limits, count = instance.limits, len(leaves)
    lower, upper = np.zeros(count + 1, dtype=np.int64), np.full(count + 1, OPEN, dtype=np.int64)
    lower[1:], upper[1:] = limits.node_lower[instance.leaf[leaves]], limits.node_upper[instance.leaf[leaves]]
    return Instance(
        np.array([-1] + [0] * count, dtype=np.int64),
        np.arange(1, count + 1, dtype=np.int64),
        instance.target[leaves],
        node_lower=lower,
        node_upper=upper,
        product_lower=limits.product_lower[leaves],
        product_upper=limits.product_upper[leaves],
        period_lower=limits.period_lower[leaves],
        period_upper=limits.period_upper[leaves],
        cell_lower=limits.cell_lower[leaves],
        cell_upper=limits.cell_upper[leaves],
        scale=instance.scales[leaves],
    )


def tables_hold(instance: Instance, held: Held) -> BoolArray:
    """Return for each leaf whether its own limits leave a table, shape (leaf,)."""
    limits, found = instance.limits, np.zeros(len(instance.leaf), dtype=np.bool_)
    product = np.stack([limits.product_lower, limits.product_upper], axis=1)
    period = np.stack([limits.period_lower, limits.period_upper], axis=1)
    year = np.stack([limits.node_lower[instance.leaf], limits.node_upper[instance.leaf]], axis=1)
    all_hold(held.lower, held.upper, product, period, year, found)
    return found
