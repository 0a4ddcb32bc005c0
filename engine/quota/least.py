"""Least: the smallest worst deviation that the sums of the tree do not refuse, found by bisection.

For a worst deviation w, every seat may carry a range of quotas; ranges are added up from the seats to the goal, each
moved inwards to what a node can be (a multiple of the step, or one with the remainder that the sums leave it). Where
they do not meet, no quotas have so small a worst deviation: the last w that is refused is a bound, proved by addition.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, floor, inf

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.quota.settle import free, nearest
from engine.quota.split import Problem
from engine.quota.tree import handed_down

TURNS = 60
NEAR = 1e-9
"""Part of a lattice by which an end may lie beyond a point of it: arithmetic noise, which loosens the bound."""

Range = tuple[float, float]
"""Lowest and highest amount, minor units."""


def least_worst(problem: Problem) -> tuple[float, float] | None:
    """Return a worst deviation that is refused, or 0, and one beside it that is not; None where all are refused."""
    sums = Sums(problem)
    if not sums.meet(inf):
        return None
    if sums.meet(0.0):
        return 0.0, sums.noise
    low, high = 0.0, 1e-6
    while not sums.meet(high):
        low, high = high, 2 * high
    for _ in range(TURNS):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        if sums.meet(middle):
            high = middle
        else:
            low = middle
    return low, high + sums.noise


@dataclass(frozen=True)
class Sums:
    """The ranges of all nodes, added up."""

    problem: Problem

    @cached_property
    def residues(self) -> list[int | None]:
        """What each node's quota is beyond multiples of the step; None where the sums leave it open. Shape (node,)."""
        problem, tree = self.problem, self.problem.tree
        found: list[int | None] = [0 for _ in tree.nodes]
        found[0] = problem.goal % problem.step
        for index, below in enumerate(tree.children):
            factor, own = tree.street(index), found[index]
            rest = None if own is None or factor.denominator != 1 else own * int(factor)
            if index == 0:
                rest = handed_down(problem.goal, factor)
            for child in below:
                limit = problem.limits[child]
                if not tree.nodes[child].carrier:
                    odd = limit.low % problem.step if limit.fixed else 0
                    found[child], rest = odd, None if rest is None else rest - odd
            for child in below:
                if tree.nodes[child].carrier:
                    found[child] = None if rest is None else rest % problem.step
        return found

    @cached_property
    def seats(self) -> tuple[IntArray, FloatArray]:
        """Seats: node, parent, lattice and base, shape (4, seat); aim above the base, target, low and high likewise.

        A seat is its base and whole multiples of its lattice; a target of 0 is that of a seat that is no choice.
        """
        problem, tree = self.problem, self.problem.tree
        places, ends = [], []
        for node in tree.seats():
            limit, residue = problem.limits[node], self.residues[node]
            lattice = 1 if residue is None or limit.fixed else problem.step
            aim = nearest(problem.targets[node], limit)
            base = (floor(aim) - (residue or 0)) // lattice * lattice + (residue or 0)
            choice = problem.targets[node] if free(limit, problem.targets[node]) else Fraction(0)
            high = inf if limit.high is None else (limit.high - base) // lattice
            low = -((base - limit.low) // lattice)
            places.append((node, tree.nodes[node].parent, lattice, base))
            ends.append((float((aim - base) / lattice), float(choice / lattice), float(low), float(high)))
        return np.array(places, dtype=np.int64).T, np.array(ends, dtype=np.float64).T

    @cached_property
    def noise(self) -> float:
        """The most by which noise at the ends can loosen a worst deviation."""
        _, (_, target, _, _) = self.seats
        return float((2 * NEAR / target[target > 0]).max(initial=0.0))

    def meet(self, worst: float) -> bool:
        """Return whether the ranges of a worst deviation leave something at every node."""
        problem, tree = self.problem, self.problem.tree
        (_, parent, lattice, base), (aim, target, least, most) = self.seats
        low, high = least, most
        if worst < inf:
            choice, reach = target > 0, worst * target
            low = np.where(choice, np.maximum(least, np.ceil(aim - reach - NEAR)), least)
            high = np.where(choice, np.minimum(most, np.floor(aim + reach + NEAR)), most)
        if (low > high).any():
            return False
        count = len(tree.nodes)
        lows = np.bincount(parent, base + lattice * low, count)
        highs = np.bincount(parent, base + lattice * high, count)
        for index in range(count - len(aim) - 1, 0, -1):
            if tree.children[index]:
                below = self._own(index, float(lows[index]), float(highs[index]))
                if below is None:
                    return False
                lows[tree.nodes[index].parent] += below[0]
                highs[tree.nodes[index].parent] += below[1]
        return bool(lows[0] <= handed_down(problem.goal, tree.street(0)) <= highs[0])

    def _own(self, index: int, low: float, high: float) -> Range | None:
        """Return what a node's own quota may be, given what its children together may be."""
        limit, residue = self.problem.limits[index], self.residues[index]
        factor = self.problem.tree.street(index)
        step, at = (1, 0) if residue is None or limit.fixed else (self.problem.step, residue)
        least = max(ceil((int(low) - Fraction(1, 2)) / factor), limit.low)
        bound = -((at - least) // step) * step + at
        if high == inf and limit.high is None:
            return bound, inf
        # Half a minor unit is rounded up, so what is handed down stays below high + 1/2.
        most = inf if high == inf else ceil((int(high) + Fraction(1, 2)) / factor) - 1
        most = int(min(most, inf if limit.high is None else limit.high))
        top = (most - at) // step * step + at
        return (bound, top) if bound <= top else None
