"""Graph: the operations of a plan as nodes, equal ones once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.comp.intervals import Groups
from engine.comp.pieces import Pieces
from engine.comp.tape import ops
from engine.inputs import BoolArray, FloatArray

CREDIT, CONSTANT = -1, -2
"""Nodes that are no operation: credit of a measure, and amounts known beforehand."""


KEEP_WHOLE = {
    *(ops.PLUS, ops.MINUS, ops.LEAST, ops.MOST),
    *(ops.LATER, ops.RUNNING, ops.STEPS, ops.LOWEST, ops.TOTAL, ops.COLLECTED, ops.LAST),
}
"""Operations that make whole amounts of whole ones."""


@dataclass(frozen=True)
class Node:
    """One operation on other nodes."""

    op: int
    operands: tuple[int, ...] = ()
    numbers: tuple[float, float] = (0.0, 0.0)
    """Numerator and denominator of a ratio."""
    table: Pieces | None = None
    groups: Groups | None = None
    count: int = 0
    """Periods of delay; number of a measure; number of known amounts."""


@dataclass
class Graph:
    """Nodes in an order in which each stands after those it needs."""

    shape: tuple[int, int]
    """(spell, period)."""
    nodes: list[Node] = field(default_factory=list)
    constants: list[FloatArray] = field(default_factory=list)
    """Amounts known beforehand, shape (spell, period) each."""
    _place: dict[Any, int] = field(default_factory=dict)

    def add(self, op: int, *operands: int, **extra: Any) -> int:
        """Return the node of an operation."""
        node = Node(op, operands, **extra)
        if node not in self._place:
            self._place[node] = len(self.nodes)
            self.nodes.append(node)
        return self._place[node]

    def credit(self, measure: int) -> int:
        """Return the node of simulated credit, by the number of its measure."""
        return self.add(CREDIT, count=measure)

    def whole(self, place: int) -> bool:
        """Say whether a node surely holds whole amounts; sums of such are exact in float64, in any order."""
        node = self.nodes[place]
        if node.op == CONSTANT:
            values = self.constants[node.count]
            return bool((values == np.rint(values)).all())
        if node.op in (CREDIT, ops.HALF_EVEN, ops.HALF_UP):
            return True
        return node.op in KEEP_WHOLE and all(self.whole(operand) for operand in node.operands)

    def constant(self, values: FloatArray | BoolArray) -> int:
        """Return the node of amounts known beforehand; conditions are 1 where they hold."""
        whole = np.ascontiguousarray(np.broadcast_to(values, self.shape), dtype=np.float64)
        key = whole.tobytes()
        if key not in self._place:
            self._place[key] = self.add(CONSTANT, count=len(self.constants))
            self.constants.append(whole)
        return self._place[key]
