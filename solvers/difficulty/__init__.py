"""Quotas that are as equally hard to reach as limits, steps and sums allow.

    answer = equalise(instance)

The chance of a cell is the share of replications in which its credit reaches its quota. First the range of all chances,
largest less smallest, is least; then that of the cells which no limit holds back, and so on, worst first, until sums
hold all that are left. See `instance.py`.
"""

from __future__ import annotations

from solvers.difficulty.answer import Answer, Level, Window, Windows
from solvers.difficulty.instance import Instance
from solvers.quotas.instance import IntArray

__all__ = ["Answer", "Instance", "Level", "Window", "Windows", "equalise", "near_level", "widened", "windows"]


def windows(instance: Instance) -> Windows | None:
    """Return the narrowest windows of chances, proven, and the amounts inside; None when the limits contradict."""
    from solvers.difficulty import narrowing

    return narrowing.windows(instance)


def equalise(instance: Instance) -> Answer | None:
    """Return whole quotas in the narrowest windows, nearest to one level; None when the limits contradict each other.

    Limits are rounded inwards to multiples of the step first. Raises ValueError where that crosses them, where the
    steps of the leaves differ, and for nodes with ratios or multiples of their own.
    """
    from solvers.difficulty import settling

    return settling.equalise(instance)


def near_level(instance: Instance, found: Windows) -> IntArray | None:
    """Return multiples of the largest step in the windows, nearest to one level; (leaf, product).

    Limits of nodes and products are kept to a step only, and ratios to what roundings move: something to aim at. None
    where not even that exists.
    """
    from solvers.difficulty import settling

    return settling.near_level(instance, found)


def widened(instance: Instance, found: Windows, down: int, up: int) -> tuple[IntArray, IntArray]:
    """Return the range of each cell in windows that are wider; see `solvers.difficulty.narrowing.widened`."""
    from solvers.difficulty import narrowing

    return narrowing.widened(instance, found, down, up)
