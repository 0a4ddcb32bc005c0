"""Recorded: quantities that are written down instead of worked out, for the kernel.

What does not depend on credits (quotas, target incentives, limits) is worked out at once, as `Fast` does it; what does
becomes a node of a graph. Equal nodes are one node, so that components share what they have in common.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, NoReturn, Self, cast

import numpy as np

from engine.comp.fast import Fast
from engine.comp.intervals import Groups
from engine.comp.pieces import Closed, Pieces
from engine.comp.quantity import Quantity
from engine.comp.rounding import Integers, Rounding
from engine.comp.tape import ops
from engine.comp.tape.graph import Graph, Node
from engine.inputs import BoolArray, IntArray


class Unrecordable(Exception):
    """A rule uses an operation that the kernel does not have; `Fast` settles it."""


class Condition:
    """A condition that depends on credits; `&`, `|` and `~` as on arrays of booleans."""

    __array_ufunc__ = None
    __slots__ = ("graph", "node")

    def __init__(self, graph: Graph, node: int) -> None:
        self.graph, self.node = graph, node

    def __and__(self, other: Condition | BoolArray) -> Condition:
        if isinstance(other, np.ndarray) and other.all():
            return self
        return Condition(self.graph, self.graph.add(ops.BOTH, self.node, holds(self.graph, other)))

    def __or__(self, other: Condition | BoolArray) -> Condition:
        return Condition(self.graph, self.graph.add(ops.EITHER, self.node, holds(self.graph, other)))

    __rand__, __ror__ = __and__, __or__

    def __invert__(self) -> Condition:
        return Condition(self.graph, self.graph.add(ops.NOT, self.node))


def holds(graph: Graph, condition: Condition | BoolArray) -> int:
    """Return the node of a condition: 1 where it holds, 0 elsewhere."""
    return condition.node if isinstance(condition, Condition) else graph.constant(condition)


class Recorded(Quantity):
    """Amounts that are known, shape (spell, period), or a node of the graph."""

    __slots__ = ("graph", "known", "node")

    def __init__(self, graph: Graph, known: Fast | None, node: int = -1) -> None:
        self.graph, self.known, self.node = graph, known, node

    @classmethod
    def credit(cls, graph: Graph, measure: int) -> Self:
        """Return simulated credit of a measure."""
        return cls(graph, None, graph.credit(measure))

    @property
    def place(self) -> int:
        """Node of the amount, known or not."""
        return self.node if self.known is None else self.graph.constant(self.known.values)

    def plus(self, other: Self) -> Self:
        """Return self + other."""
        return self._of(lambda a, b: a.plus(b), ops.PLUS, self, other)

    def minus(self, other: Self) -> Self:
        """Return self - other."""
        return self._of(lambda a, b: a.minus(b), ops.MINUS, self, other)

    def times(self, ratio: Fraction) -> Self:
        """Return self x ratio."""
        if ratio == 1:
            return self
        numbers = (float(ratio.numerator), float(ratio.denominator))
        op = ops.TIMES if ratio.denominator == 1 else ops.OVER
        return self._of(lambda a: a.times(ratio), op, self, numbers=numbers)

    def share(self, whole: Self, of: Self | int) -> Self:
        """Return of x self / whole; 0 where the whole is not above 0."""
        amount = self._constant(of) if isinstance(of, int) else of
        return self._of(lambda a, b, c: a.share(b, c), ops.SHARE, self, whole, amount)

    def least(self, limit: Self | Fraction) -> Self:
        """Return the smaller of the two."""
        return self._of(lambda a, b: a.least(b), ops.LEAST, self, self._limit(limit))

    def most(self, limit: Self | Fraction) -> Self:
        """Return the larger of the two."""
        return self._of(lambda a, b: a.most(b), ops.MOST, self, self._limit(limit))

    def reaches(self, level: Self, closed: Closed) -> BoolArray:
        """Say where self lies above the level, or on it where the left side is closed."""
        if self.known is not None and level.known is not None:
            return self.known.reaches(level.known, closed)
        node = self.graph.add(ops.REACHES if closed == "left" else ops.PASSES, self.place, level.place)
        return cast(BoolArray, Condition(self.graph, node))

    def where(self, holds_: BoolArray, otherwise: Self) -> Self:
        """Return self where a condition holds, and the other elsewhere."""
        if isinstance(holds_, Condition) or self.known is None or otherwise.known is None:
            nodes = (holds(self.graph, holds_), self.place, otherwise.place)
            return type(self)(self.graph, None, self.graph.add(ops.WHERE, *nodes))
        return type(self)(self.graph, self.known.where(holds_, otherwise.known))

    def on(self, pieces: Pieces, unit: Self | None) -> Self:
        """Return unit x g(self / unit); 0 where the unit is not above 0."""
        base = self._constant(1) if unit is None else unit
        return self._of(lambda a, b: a.on(pieces, b), ops.ON, self, base, table=pieces)

    def running(self, groups: Groups) -> Self:
        """Return sums to date along the periods of each group; steps of whole amounts add up to what they came from."""
        node = self._node
        if (
            node is not None
            and (node.op, node.groups) == (ops.STEPS, groups)
            and self.graph.whole(node.operands[0])
        ):
            return type(self)(self.graph, None, node.operands[0])
        return self._along(lambda a: a.running(groups), ops.RUNNING, groups)

    def steps(self, groups: Groups) -> Self:
        """Return what each period added to a figure to date."""
        return self._along(lambda a: a.steps(groups), ops.STEPS, groups)

    def lowest(self, groups: Groups) -> Self:
        """Return the least value to date along the periods of each group."""
        return self._along(lambda a: a.lowest(groups), ops.LOWEST, groups)

    def total(self, groups: Groups) -> Self:
        """Return the sum of each group, in every period of it."""
        return self._along(lambda a: a.total(groups), ops.TOTAL, groups)

    def collected(self, groups: Groups) -> Self:
        """Return the sum of each group in its last period; steps of whole amounts add up to the last figure."""
        node = self._node
        if (
            node is not None
            and (node.op, node.groups) == (ops.STEPS, groups)
            and self.graph.whole(node.operands[0])
        ):
            last = self.graph.add(ops.LAST, node.operands[0], groups=groups)
            return type(self)(self.graph, None, last)
        return self._along(lambda a: a.collected(groups), ops.COLLECTED, groups)

    def later(self, periods: int | IntArray) -> Self:
        """Return the values so many periods later; 0 in the first ones."""
        if not isinstance(periods, int):
            raise Unrecordable("later")
        return self._of(lambda a: a.later(periods), ops.LATER, self, count=periods)

    def rounded(self, mode: Rounding) -> Self:
        """Return whole minor units; what is whole stays as it is."""
        if self.known is None and self.graph.whole(self.node):
            return self
        op = ops.HALF_EVEN if mode == "half_even" else ops.HALF_UP
        return self._of(lambda a: a.rounded(mode), op, self)

    def at(self, cells: IntArray) -> NoReturn:
        """Refuse: a program knows no single deals."""
        raise Unrecordable("at")

    def tallied(self, cells: IntArray, shape: tuple[int, ...]) -> NoReturn:
        """Refuse: a program knows no single deals."""
        raise Unrecordable("tallied")

    def so_far(self, cells: IntArray, shape: tuple[int, ...], groups: Groups) -> NoReturn:
        """Refuse: a simulation keeps no single deals."""
        raise Unrecordable("so_far")

    @classmethod
    def whole(cls, values: Integers) -> NoReturn:
        """Refuse: figures of teams do not belong to one person."""
        raise Unrecordable("whole")

    def fulls(self, step: Fraction) -> Self:
        """Return how many whole steps fit, counted towards 0."""
        numbers = (float(step.denominator), float(step.numerator))
        return self._of(lambda a: a.fulls(step), ops.FULLS, self, numbers=numbers)

    def summed(self, of: IntArray, count: int) -> NoReturn:
        """Refuse: the kernel settles one person at a time."""
        raise Unrecordable("summed")

    def rows(self, index: IntArray) -> NoReturn:
        """Refuse: the kernel settles one person at a time."""
        raise Unrecordable("rows")

    def places(self, unit: Self | None, of: IntArray, ranked: BoolArray) -> NoReturn:
        """Refuse: the kernel settles one person at a time."""
        raise Unrecordable("places")

    def portions(self, weights: Self, of: IntArray) -> NoReturn:
        """Refuse: the kernel settles one person at a time."""
        raise Unrecordable("portions")

    @property
    def _node(self) -> Node | None:
        return self.graph.nodes[self.node] if self.known is None else None

    def _constant(self, value: Fraction | int) -> Self:
        return type(self)(self.graph, Fast(np.full(self.graph.shape, float(value))))

    def _limit(self, limit: Self | Fraction) -> Self:
        return self._constant(limit) if isinstance(limit, Fraction) else limit

    def _along(self, work: Callable[[Fast], Fast], op: int, groups: Groups) -> Self:
        return self if groups.single else self._of(work, op, self, groups=groups)

    def _of(self, work: Callable[..., Fast], op: int, *operands: Self, **extra: Any) -> Self:
        known = [operand.known for operand in operands]
        if all(value is not None for value in known):
            return type(self)(self.graph, work(*known))
        return type(self)(self.graph, None, self.graph.add(op, *(one.place for one in operands), **extra))
