"""What integers alone prove of balance: loads are multiples of one divisor, and add up to one total.

    least_distance = min sum_j distance(d n_j, [l_j, u_j])      n_j whole, d sum_j n_j = total

A separable convex sum over integers with one equation: beginning with the best n_j of every seat by itself, single
units are moved where that costs least (Gross, "A class of discrete-type minimization problems", 1956; Fox, "Discrete
optimization via marginal analysis", 1966). No alignment is nearer, whatever accounts there are.
"""

from __future__ import annotations

from fractions import Fraction
from heapq import heapify, heapreplace
from math import floor, fsum

from engine.territory.declaration import Spread
from engine.territory.problem import Problem
from engine.territory.solving.scaling import unit

HAIR = 1e-12
"""Relative allowance for the rounding of prices and their sum."""
STEPS = 1_000_000
"""Units that are moved one by one; beyond them nothing is claimed."""


def least(problem: Problem) -> float:
    """Return the least that all priced distances of a problem can cost, currency units; 0 or more."""
    return fsum(spread.what.price * least_distance(spread.what) for spread in problem.priced_spreads) * (
        1 - HAIR
    )


def least_distance(spread: Spread) -> float:
    """Return the least that the distances of all seats can add up to, integer units of the measure; 0 or more."""
    values = spread.measure.values
    if spread.measure.by_seat or (values < 0).any():
        return 0.0
    divisor, _ = unit(spread.measure)
    bounds = zip(spread.lower.tolist(), spread.upper.tolist(), strict=True)
    sides = [(Fraction(low), Fraction(high)) for low, high in bounds]
    units = [_nearest(low, high, divisor) for low, high in sides]
    missing = int(values.sum()) // divisor - sum(units)
    if abs(missing) > STEPS:
        return 0.0
    step = 1 if missing > 0 else -1
    heap = [(_added(side, divisor, n, step), j) for j, (side, n) in enumerate(zip(sides, units, strict=True))]
    heapify(heap)
    for _ in range(abs(missing)):
        j = heap[0][1]
        units[j] += step
        heapreplace(heap, (_added(sides[j], divisor, units[j], step), j))
    total = sum((_distance(side, divisor * n) for side, n in zip(sides, units, strict=True)), Fraction(0))
    return float(total)


def _distance(side: tuple[Fraction, Fraction], load: int) -> Fraction:
    return max(load - side[1], side[0] - load, Fraction(0))


def _nearest(low: Fraction, high: Fraction, divisor: int) -> int:
    """Return the whole number of divisors nearest to a range."""
    below = floor(high / divisor)
    return min((below, below + 1), key=lambda n: _distance((low, high), divisor * n))


def _added(side: tuple[Fraction, Fraction], divisor: int, n: int, step: int) -> Fraction:
    return _distance(side, divisor * (n + step)) - _distance(side, divisor * n)
