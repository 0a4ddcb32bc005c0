"""Program: a graph as arrays that the kernel reads, one row an operation.

Registers are rows of scratch: the sum of a spell's pay, working rows that are used again as soon as nobody needs them,
known amounts, and credits. A result never lands in a row that its operation reads, so that loops vectorise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from engine.comp.tape import ops
from engine.comp.tape.graph import CONSTANT, CREDIT, Graph, Node
from engine.inputs import BoolArray, FloatArray, IntArray

PIECES = 7
"""Numbers of a table before those of its knots, three each."""


class Program(NamedTuple):
    """What the kernel runs for each spell."""

    code: IntArray
    """Operation, result, three operands, number of a table or of groups or of a component; shape (operation, 6)."""
    numbers: FloatArray
    """Numerator and denominator of a ratio, shape (operation, 2)."""
    tables: FloatArray
    """Tables one after the other, shape (number,)."""
    starts: BoolArray
    """Whether a group starts in a period, shape (groups, period)."""
    constants: FloatArray
    """Amounts known beforehand, shape (constant, spell, period)."""
    rows: int
    """Working rows, the sum of pay included."""


def program(graph: Graph, pays: Sequence[int]) -> Program:
    """Return the program that hands over the nodes of `pays`, one each component."""
    return _Writer(graph, pays).program()


class _Writer:
    def __init__(self, graph: Graph, pays: Sequence[int]) -> None:
        self.graph, self.pays = graph, pays
        self.code: list[tuple[int, ...]] = []
        self.numbers: list[tuple[float, float]] = []
        self.tables: list[float] = []
        self.starts: dict[tuple[int, ...], int] = {}
        self.last = self._last_uses()

    def _last_uses(self) -> Mapping[int, int]:
        """Return the last node that needs each node; a node that is handed over is needed by itself."""
        needed, last = set(self.pays), {node: node for node in self.pays}
        for place in range(len(self.graph.nodes) - 1, -1, -1):
            if place in needed:
                for operand in self.graph.nodes[place].operands:
                    needed.add(operand)
                    last.setdefault(operand, place)
                    last[operand] = max(last[operand], place)
        return last

    def program(self) -> Program:
        work = [place for place in sorted(self.last) if self.graph.nodes[place].op >= 0]
        row: dict[int, int] = {}
        free: list[int] = []
        rows = 1
        for place in work:
            if free:
                row[place] = free.pop()
            else:
                row[place], rows = rows, rows + 1
            node = self.graph.nodes[place]
            ends = {*node.operands, place}
            free += [row[one] for one in ends if one in row and self.last[one] == place]
        return self._written(work, row, rows)

    def _written(self, work: Sequence[int], row: Mapping[int, int], rows: int) -> Program:
        def at(place: int) -> int:
            node = self.graph.nodes[place]
            if node.op == CONSTANT:
                return rows + node.count
            if node.op == CREDIT:
                return rows + len(self.graph.constants) + node.count
            return row[place]

        for place in sorted(self.last):
            node = self.graph.nodes[place]
            if node.op >= 0:
                self._row(node, row[place], [at(operand) for operand in node.operands])
            for k, pays in enumerate(self.pays):
                if pays == place:
                    self.code.append((ops.PAY, 0, at(place), 0, 0, k))
                    self.numbers.append((0.0, 0.0))
        periods = self.graph.shape[1]
        starts = np.array(list(self.starts), dtype=np.bool_).reshape(-1, periods)
        constants = np.array(self.graph.constants).reshape(-1, *self.graph.shape)
        return Program(
            np.array(self.code, dtype=np.int64).reshape(-1, 6),
            np.array(self.numbers).reshape(-1, 2),
            np.array(self.tables),
            starts,
            constants,
            rows,
        )

    def _row(self, node: Node, result: int, operands: list[int]) -> None:
        more = node.count
        if node.table is not None:
            more = self._table(node)
        elif node.groups is not None:
            key = tuple(int(p in {a for a, _ in node.groups.spans}) for p in range(len(node.groups.of)))
            more = self.starts.setdefault(key, len(self.starts))
        self.code.append((node.op, result, *operands, *[0] * (3 - len(operands)), more))
        self.numbers.append(node.numbers)

    def _table(self, node: Node) -> int:
        """Write a table.

        Its numbers are: how many knots, whether the left side is closed, first intercept and slope, scale of knots,
        scale, 1 / scale where that is exact (a power of two) and else 0; then three for each knot.
        """
        assert node.table is not None
        table, place = node.table.scaled, len(self.tables)
        exact = table.scale & (table.scale - 1) == 0
        self.tables += [float(len(table.knots)), float(node.table.closed == "left")]
        self.tables += [float(table.intercepts[0]), float(table.slopes[0]), float(table.knot_scale)]
        self.tables += [float(table.scale), 1 / table.scale if exact else 0.0]
        for k, knot in enumerate(table.knots):
            more = table.intercepts[k + 1] - table.intercepts[k], table.slopes[k + 1] - table.slopes[k]
            self.tables += [float(knot), float(more[0]), float(more[1])]
        return place
