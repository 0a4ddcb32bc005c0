"""Split: the goal down the hierarchy as a mixed-integer program in multiples of the step.

    q_i = step * k_i, k_i whole, except the one child of a parent that carries the remainder
    sum over children of q = (1 + over-assignment) * q of the parent
    low_i <= q_i <= high_i

    first   min  max_i |q_i - t_i| / t_i        t_i: aim of seat i, moved into its own bounds
    then    min  sum_i |q_i - t_i|              with the worst held

|q - t| over whole multiples is convex and piecewise linear; between the two multiples around t the line through
both is added, so that the bound of the relaxation is nearly tight. Columns are kept relative to the target.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, floor, inf

import numpy as np

from engine.quota.limits import Limit
from engine.quota.settle import free, nearest, settle
from engine.quota.tree import Tree, handed_down
from solvers.model import Arrays, IntArray, Model
from solvers.solution import FloatArray

SCALE = 10_000
"""Relative deviations are minimised in basis points, so that the coefficients are near 1."""


@dataclass(frozen=True)
class Problem:
    """What is to be split. Money in minor units."""

    tree: Tree
    goal: int
    step: int
    targets: tuple[Fraction, ...]
    """What each node aims at; see `limits.aims`."""
    limits: tuple[Limit, ...]
    currency: str = "USD"
    held: tuple[int | None, ...] = ()
    """By node, quotas in force that seats are held to: they move by multiples of the step from there, and carriers by
    what the sums leave. None for the others; empty where no quotas are kept."""

    def base(self, index: int) -> Fraction:
        """Return where the columns of a node count from, in steps.

        It is what the node is held to, or else the multiple of the step at or below its target.
        """
        kept = self.held[index] if self.held else None
        if kept is not None:
            return Fraction(kept, self.step)
        return Fraction(floor(nearest(self.targets[index], self.limits[index]) / self.step))

    @cached_property
    def whole(self) -> tuple[bool, ...]:
        """Which nodes move by multiples of the step: all but odd locks, and carriers of a sum that may be none."""
        odd = [limit.fixed and limit.low % self.step != 0 for limit in self.limits]
        found = [self.goal % self.step == 0]
        for index, node in enumerate(self.tree.nodes[1:], start=1):
            even = found[node.parent] and node.factor.denominator == 1
            if self.held:
                even = False
            elif node.parent == 0:
                even = handed_down(self.goal, node.factor) % self.step == 0
            siblings = (odd[other] for other in self.tree.children[node.parent])
            found.append(not odd[index] and (not node.carrier or (even and not any(siblings))))
        return tuple(found)

    @cached_property
    def cut(self) -> tuple[bool, ...]:
        """Which nodes take the remainder of a sum that over-assignment cuts to the minor unit."""
        rounded = [False]
        for node in self.tree.nodes[1:]:
            rounded.append(rounded[node.parent] or node.factor.denominator != 1)
        return tuple(cut and not whole for cut, whole in zip(rounded, self.whole, strict=True))


@dataclass(frozen=True)
class Columns:
    """Where the model keeps what."""

    node: IntArray
    """Multiples of the step above the base, shape (node,); -1 for the company, which is given."""
    deviation: IntArray
    """Either the one worst deviation, or one per seat that is free."""


def worst_model(problem: Problem, margin: int = 0) -> tuple[Arrays, Columns]:
    """Return the model of the first solve; its objective is the worst deviation in basis points."""
    model = Model()
    nodes = bounded_nodes(model, problem, margin, None)
    worst = model.add_columns("worst", 1, cost=1.0, upper=inf, integer=False)
    for index in _free(problem):
        reach = float(SCALE * problem.step / problem.targets[index])
        deviation_lines(model, problem, index, nodes[index], worst[0], reach)
    return model.arrays(), Columns(nodes, worst)


def total_model(problem: Problem, worst: Fraction, margin: int = 0) -> tuple[Arrays, Columns]:
    """Return the model of the second solve; its objective is the sum of deviations in steps."""
    model = Model()
    nodes = bounded_nodes(model, problem, margin, worst)
    seats = _free(problem)
    deviation = model.add_columns("deviation", len(seats), cost=1.0, upper=inf, integer=False)
    for column, index in zip(deviation, seats, strict=True):
        deviation_lines(model, problem, index, nodes[index], column, 1.0)
    return model.arrays(), Columns(nodes, deviation)


def quotas(problem: Problem, columns: Columns, x: FloatArray) -> list[int]:
    """Return exact quotas of all nodes from a point of either model."""
    chosen = {
        index: int(problem.step * (problem.base(index) + round(float(x[columns.node[index]]))))
        for index, node in enumerate(problem.tree.nodes)
        if index and not node.carrier
    }
    for index, limit in enumerate(problem.limits):
        if index in chosen and limit.fixed:
            chosen[index] = limit.low
    return settle(problem.tree, problem.goal, chosen)


def _free(problem: Problem) -> list[int]:
    return [index for index in problem.tree.seats() if free(problem.limits[index], problem.targets[index])]


def free_nodes(model: Model, problem: Problem) -> IntArray:
    """Add all nodes and their sums, without any limit but zero and vacant seats; return their columns, (node,)."""
    columns = np.full(len(problem.tree.nodes), -1, dtype=np.int64)
    for index in range(1, len(problem.tree.nodes)):
        limit = problem.limits[index]
        low, vacant = float(-problem.base(index)), limit.low_rule == "vacant"
        integer = problem.whole[index] and not limit.fixed
        upper = low if vacant else inf
        title = problem.tree.nodes[index].title
        columns[index] = model.add_columns(title, 1, lower=low, upper=upper, integer=integer)[0]
    for index, below in enumerate(problem.tree.children):
        if below:
            _sum(model, problem, index, columns)
    return columns


def bounded_nodes(model: Model, problem: Problem, margin: int, worst: Fraction | None) -> IntArray:
    """Add all nodes within their limits, and their sums; return their columns, (node,).

    Args:
        model: what they are added to.
        problem: the goal, the tree and the limits.
        margin: minor units by which carriers stay inside their limits.
        worst: relative deviation from its target that no seat exceeds; None for no such limit.

    """
    whole, columns = problem.whole, np.full(len(problem.tree.nodes), -1, dtype=np.int64)
    for index in range(1, len(problem.tree.nodes)):
        limit = problem.limits[index]
        integer = whole[index] and not limit.fixed
        low, high = column_range(problem, index, integer, margin if problem.tree.nodes[index].carrier else 0)
        if worst is not None and free(limit, problem.targets[index]) and problem.tree.nodes[index].seat >= 0:
            low, high = _held(problem, index, worst, integer, (low, high))
        title = problem.tree.nodes[index].title
        columns[index] = model.add_columns(title, 1, lower=low, upper=high, integer=integer)[0]
    for index, below in enumerate(problem.tree.children):
        if below:
            _sum(model, problem, index, columns)
    return columns


def column_range(problem: Problem, index: int, integer: bool, margin: int) -> tuple[float, float]:
    """Return the range of a node's column, in steps from its base; `margin` minor units inside where there is room."""
    limit, base = problem.limits[index], problem.base(index)
    low = Fraction(limit.low, problem.step) - base
    high = None if limit.high is None else Fraction(limit.high, problem.step) - base
    if margin and high is not None and high - low > Fraction(4 * margin, problem.step):
        low, high = low + Fraction(margin, problem.step), high - Fraction(margin, problem.step)
    if integer:
        return float(ceil(low)), inf if high is None else float(floor(high))
    return float(low), inf if high is None else float(high)


def _held(
    problem: Problem, index: int, worst: Fraction, integer: bool, given: tuple[float, float]
) -> tuple[float, float]:
    target = nearest(problem.targets[index], problem.limits[index])
    reach = worst * problem.targets[index] + (1 if problem.cut[index] else 0)
    low, high = (target - reach) / problem.step, (target + reach) / problem.step
    base = problem.base(index)
    if integer:
        return max(given[0], float(ceil(low) - base)), min(given[1], float(floor(high) - base))
    return max(given[0], float(low - base)), min(given[1], float(high - base))


def _sum(model: Model, problem: Problem, index: int, columns: IntArray) -> None:
    tree, below = problem.tree, list(problem.tree.children[index])
    factor = tree.street(index)
    taken = sum((problem.base(child) for child in below), Fraction(0))
    entries, values = [int(columns[child]) for child in below], [1.0] * len(below)
    if index == 0:
        side = Fraction(handed_down(problem.goal, factor), problem.step) - taken
    else:
        side = factor * problem.base(index) - taken
        entries.append(int(columns[index]))
        values.append(-float(factor))
    title = f"sum below {tree.nodes[index].title}"
    cut = Fraction(0)  # where seats are held, what is handed down is rounded there as well, a half up
    if problem.held and index and factor.denominator > 1:
        cut = Fraction(1, 2 * problem.step)
    lower, upper = float(side - cut), float(side + cut)
    model.add_rows(title, [0] * len(entries), entries, values, count=1, lower=lower, upper=upper)


def deviation_lines(
    model: Model, problem: Problem, index: int, node: int, deviation: int, reach: float
) -> None:
    """Add deviation >= reach * |x - part|, with the line between the two multiples around `part` for whole x."""
    part = float(nearest(problem.targets[index], problem.limits[index]) / problem.step - problem.base(index))
    slopes, sides = [-1.0, 1.0], [part, -part]
    if problem.whole[index] and 0 <= part <= 1:
        slopes.append(1 - 2 * part)
        sides.append(part)
    count = len(slopes)
    rows: Sequence[int] = [row for row in range(count) for _ in range(2)]
    entries = [deviation, node] * count
    values = [value for slope in slopes for value in (1.0, -reach * slope)]
    model.add_rows(
        f"deviation of {problem.tree.nodes[index].title}",
        rows,
        entries,
        values,
        count=count,
        lower=[reach * side for side in sides],
    )
