"""The part of the plain check that looks at chances: what was counted, and that nothing narrower is possible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.quota.split import Problem

Ends = tuple[IntArray, IntArray]
"""Lowest and highest amount, minor units, for every window of replications; shape (window,)."""


@dataclass(frozen=True)
class Narrowest:
    """What is told of a level: how narrow a window is, and how far seats that it leaves behind may stand beyond it."""

    bound: float
    """Least range of chances."""
    within: tuple[int, int]
    """Counts that the level before left."""
    low: IntArray
    """Count down to which each quota may stand below the window, shape (rep, product); else not below it."""
    high: IntArray
    """Count up to which each may stand above; likewise."""


def difficulty_violations(
    problem: Problem, credit: IntArray, quota: IntArray, chances: FloatArray, levels: Sequence[Narrowest]
) -> Iterator[str]:
    """Yield what is wrong with the chances of quotas, and with the bounds on their range.

    Args:
        problem: tree, limits and step; amounts in minor units.
        credit: simulated, shape (replication, rep).
        quota: of each seat, shape (rep,).
        chances: as told of each seat, NaN for one that carries nothing.
        levels: bounds on the range of chances of those seats whose quota is a choice and who were ever credited a step.

    """
    count = len(credit)
    ranked = np.sort(credit, axis=0)
    for seat, node in enumerate(problem.tree.seats()):
        reached = count - int(np.searchsorted(ranked[:, seat], quota[seat], side="left"))
        if quota[seat] > 0 and reached != round(float(chances[seat]) * count):
            name = problem.tree.nodes[node].name
            yield f"{name}: its quota is reached in {reached} of {count} replications, not in {chances[seat]:.2%}"
    for number, level in enumerate(levels, start=1):
        width = round(level.bound * count)
        if width > 0 and not _refused(problem, ranked, width - 1, level):
            narrower = (width - 1) / count
            yield (
                f"level {number}: a range of chances of {narrower:.2%} is not refused by any sum, though "
                f"{level.bound:.2%} is the least"
            )


def _refused(problem: Problem, ranked: IntArray, width: int, level: Narrowest) -> bool:
    """Return whether sums up the tree refuse every window of counts that is so wide."""
    tree, first, last = problem.tree, level.within[0], level.within[1]
    windows = np.arange(first, last - width + 1)
    ends: dict[int, Ends] = {}
    refused = np.zeros(len(windows), dtype=np.bool_)
    for node in range(len(tree.nodes) - 1, -1, -1):
        limit, below = problem.limits[node], tree.children[node]
        if below:
            low, high = (np.sum([ends[child][side] for child in below], axis=0) for side in (0, 1))
            factor = tree.nodes[below[0]].factor
            own = _handed_up(low, high, factor, problem.step if problem.whole[node] else 1)
        else:
            seat = tree.nodes[node].seat
            counts = np.minimum(windows, level.low[seat, 0]), np.maximum(windows + width, level.high[seat, 0])
            own = _seat(problem, ranked[:, seat], node, *counts)
        step = problem.step if problem.whole[node] else 1
        top = _top(problem) if limit.high is None else limit.high // step * step
        ends[node] = (np.maximum(own[0], -(-limit.low // step) * step), np.minimum(own[1], top))
        refused |= ends[node][0] > ends[node][1]
    goal = problem.goal
    return bool((refused | (ends[0][0] > goal) | (ends[0][1] < goal)).all())


def _top(problem: Problem) -> int:
    """Return more than any quota: the goal, doubled for every level and for what over-assignment may add."""
    factors = {node.level: max(node.factor, Fraction(1)) for node in problem.tree.nodes}
    top = Fraction(problem.goal + len(problem.tree.nodes))
    for factor in factors.values():
        top *= 2 * factor
    return int(top)


def _handed_up(low: Any, high: Any, factor: Fraction, step: int) -> Ends:
    """Return the least and most multiple of a step of which the factor, a half rounded up, lies between two sums."""
    over, under = factor.numerator, factor.denominator
    big = 2 * (int(np.max(high, initial=0)) + 1) * under >= 2**62
    low, high = (np.asarray(side).astype(object if big else np.int64) for side in (low, high))
    least = -((-(2 * low - 1) * under) // (2 * over * step)) * step
    most = ((2 * high + 1) * under - 1) // (2 * over * step) * step
    return np.maximum(least, 0).astype(np.int64), most.astype(np.int64)


def _seat(problem: Problem, ranked: IntArray, node: int, low: IntArray, high: IntArray) -> Ends:
    """Return the quotas of a seat that it reaches as often as each window says; all of them where it is no choice."""
    step = problem.step if problem.whole[node] else 1
    limit, count = problem.limits[node], len(ranked)
    fixed = limit.high is not None and limit.low >= limit.high
    if fixed or ranked[-1] < step:
        return np.zeros(len(low), dtype=np.int64), np.full(len(low), _top(problem))
    steps = np.concatenate([[-1], ranked // step, [_top(problem) // step]]).astype(np.int64)
    # The c-th largest is at place count + 1 - c: at most the most often reached, above the next one.
    most, least = steps[count + 1 - low] * step, (steps[count - high] + 1) * step
    return np.maximum(least, 0), most
