"""Streets: limits of nodes as limits of what their seats add up to."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

import numpy as np

from engine.inputs import IntArray
from engine.quota.split import Problem

OPEN = 2**50
"""An upper limit that limits nothing, minor units."""


def street_limits(problem: Problem) -> tuple[IntArray, IntArray]:
    """Return least and most of what the seats below each node add up to, minor units, shape (node,); OPEN for no limit.

    Over-assignment is rounded to the minor unit at every level, so both leave room for that: they refuse nothing that
    is possible. The company's are what its goal hands down.
    """
    tree = problem.tree
    reach: list[Fraction] = [Fraction(1)] * len(tree.nodes)
    inner: list[int] = [0] * len(tree.nodes)
    for node in range(len(tree.nodes) - 1, -1, -1):
        if tree.children[node]:
            reach[node] = tree.street(node) * reach[tree.children[node][0]]
            inner[node] = 1 + sum(inner[child] for child in tree.children[node])

    def street(node: int, amount: int, up: bool) -> int:
        # Each rounding on the way down moves the sum by half a minor unit at most, times what stands below it.
        slack = 0 if reach[node] == 1 else ceil(inner[node] * max(reach[node], Fraction(1)))
        return ceil(amount * reach[node]) + slack if up else max(floor(amount * reach[node]) - slack, 0)

    lower = [street(node, limit.low, up=False) for node, limit in enumerate(problem.limits)]
    upper = [
        OPEN if limit.high is None else street(node, limit.high, up=True)
        for node, limit in enumerate(problem.limits)
    ]
    lower[0], upper[0] = street(0, problem.goal, up=False), street(0, problem.goal, up=True)
    return np.array(lower, dtype=np.int64), np.array(upper, dtype=np.int64)
