"""The part of the plain check that looks at chances: what was counted, and that nothing narrower is possible."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.quota.split import Problem

NOISE = 1e-6
"""Of a minor unit: arithmetic noise in a division, by which ends are moved apart."""
Ends = tuple[FloatArray, FloatArray]
"""Lowest and highest amount, minor units, for every window of replications; shape (window,)."""


def difficulty_violations(
    problem: Problem, credit: IntArray, quota: IntArray, told: tuple[FloatArray, float]
) -> Iterator[str]:
    """Yield what is wrong with the chances of quotas, and with the bound on their range.

    Args:
        problem: tree, limits and step; amounts in minor units.
        credit: simulated, shape (replication, rep).
        quota: of each seat, shape (rep,).
        told: the chance of each seat, NaN for one that carries nothing, and the least range of chances of those seats
            whose quota is a choice and who were ever credited a step.

    """
    count, (chances, bound) = len(credit), told
    ranked = np.sort(credit, axis=0)
    for seat, node in enumerate(problem.tree.seats()):
        reached = count - int(np.searchsorted(ranked[:, seat], quota[seat], side="left"))
        if quota[seat] > 0 and reached != round(float(chances[seat]) * count):
            name = problem.tree.nodes[node].name
            yield f"{name}: its quota is reached in {reached} of {count} replications, not in {chances[seat]:.2%}"
    width = round(bound * count)
    if width > 0 and not _refused(problem, ranked, width - 1):
        narrower = (width - 1) / count
        yield f"a range of chances of {narrower:.2%} is not refused by any sum, though {bound:.2%} is the least"


def _refused(problem: Problem, ranked: IntArray, width: int) -> bool:
    """Return whether sums up the tree refuse every window of counts that is so wide."""
    count = len(ranked)
    tree, windows = problem.tree, np.arange(count - width + 1)
    ends: dict[int, Ends] = {}
    refused = np.zeros(len(windows), dtype=np.bool_)
    for node in range(len(tree.nodes) - 1, -1, -1):
        limit, below = problem.limits[node], tree.children[node]
        if below:
            factor = float(tree.nodes[below[0]].factor)
            low, high = (sum(ends[child][side] for child in below) for side in (0, 1))
            # The quotas of a node of which what it hands down, a half rounded up, lies between the two.
            own = (np.ceil((low - 0.5) / factor - NOISE), np.ceil((high + 0.5) / factor + NOISE) - 1)
            step = 1
        else:
            own = _seat(problem, ranked[:, tree.nodes[node].seat], node, windows, width)
            step = problem.step if problem.whole[node] else 1
        top = np.inf if limit.high is None else limit.high // step * step
        ends[node] = (np.maximum(own[0], -(-limit.low // step) * step), np.minimum(own[1], top))
        refused |= ends[node][0] > ends[node][1]
    goal = problem.goal
    return bool((refused | (ends[0][0] > goal) | (ends[0][1] < goal)).all())


def _seat(problem: Problem, ranked: IntArray, node: int, windows: IntArray, width: int) -> Ends:
    """Return the quotas of a seat that it reaches as often as each window says; all of them where it is no choice."""
    step = problem.step if problem.whole[node] else 1
    limit, count = problem.limits[node], len(ranked)
    fixed = limit.high is not None and limit.low >= limit.high
    if fixed or ranked[-1] < step:
        return np.zeros(len(windows)), np.full(len(windows), np.inf)
    steps = np.concatenate([[-1], ranked // step, [2**52 // step]])
    # The c-th largest is at place count + 1 - c: at most the most often reached, above the next one.
    most = steps[count + 1 - windows] * float(step)
    least = (steps[count - windows - width] + 1) * float(step)
    return np.maximum(least, 0.0), most
