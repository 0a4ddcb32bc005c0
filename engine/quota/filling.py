"""Filling: the table of whole steps nearest to its raked shape, as the cheapest flow of a network.

    ground -> row -> (group of the row) -> column -> ground                       min  sum |k - t|,  k whole

t is the shape raked to the totals. Each cell is three arcs: up to floor(t), between floor and ceiling, and beyond. A
network with whole limits has whole cheapest flows (Ahuja, Magnanti and Orlin, 1993, Network Flows, theorem 9.10), so
nothing is rounded and the cost is the proven least. Where column totals may move, a column runs into a vertex of its
product, whose total holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.inputs import BoolArray, FloatArray, IntArray
from engine.quota.margins import Grid, Unfillable, multiples, raked, remainders
from solvers.quotas.flow import Arcs, cheapest

MOVED = 1000.0
"""Price of a step moved from one period's total to another's, in steps of deviation."""
NOISE = 1e-6
"""Steps; a deviation below this is arithmetic noise of the shape."""
OPEN = 2**50


@dataclass(frozen=True)
class Filled:
    """A filled table."""

    cells: IntArray
    """Minor units, shape (row, column)."""
    deviation: float
    """Sum of |k - t| and of what moving totals costs, in steps."""
    bound: float
    """No table has less: the deviation but for what rounding the costs to whole numbers can have lost."""


@dataclass(frozen=True)
class Given:
    """What keeps a table from being filled, in steps."""

    rows: FloatArray
    """What each row falls short, shape (row,)."""
    below: FloatArray
    """What each group lies below its least, shape (group,)."""
    above: FloatArray
    """What each group lies above its most, shape (group,)."""


@dataclass(frozen=True)
class Filling:
    """A grid as a network. With `products`, column totals may move between the periods of a product.

    Raises:
        Unfillable: a total is smaller than the remainders in it, or has no cell to stand in.

    """

    grid: Grid
    products: int = 0

    def filled(self) -> Filled | None:
        """Return the cheapest table; None where none keeps the totals."""
        cells, cost = self._cells
        groups = Arcs.of(self._row_of_groups, self._group, *self._ranges)
        parts = [self._supply, groups, self._into_ground, *cells]
        least = np.zeros(len(parts[0].tail) + len(parts[1].tail))
        found = cheapest(
            Arcs.joined(parts), np.concatenate([least, self._column_cost, cost]), self._vertices, self._most
        )
        if found is None:
            return None
        flow, lost = found
        table = self._placed.copy()
        whole = flow[len(flow) - len(cost) :].reshape(3, -1).sum(axis=0)
        table[self._allowed] += self.grid.step * whole
        deviation = float(np.abs(whole - self._target).sum()) + MOVED * self._moved(whole)
        deviation = deviation if deviation > NOISE else 0.0
        return Filled(table, deviation, max(deviation - lost, 0.0))

    def given(self) -> Given:
        """Return what would have to give: rows and columns may fall short and groups leave their range, at 1 a step."""
        (cells, _), count = self._cells, len(self.grid.groups)
        low, high = self._ranges
        short, row, column = self._vertices, self._row, self._column
        totals = self._totals
        parts = [
            Arcs.of(row, short, 0, totals[0]),
            Arcs.of(short, column, 0, OPEN),
            Arcs.of(self._row_of_groups, self._group, 0, low),
            Arcs.of(self._row_of_groups, self._group, 0, np.minimum(high, OPEN) - low),
            Arcs.of(self._row_of_groups, self._group, 0, OPEN),
            self._supply,
            self._into_ground,
            *cells,
        ]
        size = [len(part.tail) for part in parts]
        price = np.repeat([1.0, 1.0, -1.0, 0.0, 1.0], size[:5])
        cost = np.concatenate([price, np.zeros(sum(size[5:]))])
        found = cheapest(Arcs.joined(parts), cost, self._vertices + 1, self._most)
        if found is None:
            raise ArithmeticError("a table in which every total may fall short could not be filled")
        flow = np.split(found[0], np.cumsum(size[:5]))
        rows, below, above = flow[0], low - flow[2], flow[4]
        return Given(
            rows.astype(np.float64), below.astype(np.float64)[:count], above.astype(np.float64)[:count]
        )

    @cached_property
    def _allowed(self) -> BoolArray:
        return self.grid.shape > 0

    @cached_property
    def _placed(self) -> IntArray:
        return remainders(self.grid)

    @cached_property
    def _totals(self) -> tuple[IntArray, IntArray]:
        """Totals of rows and columns in steps, without the remainders."""
        grid, placed, allowed = self.grid, self._placed, self._allowed
        rows, columns = (
            multiples(total, placed.sum(axis=axis), grid)
            for axis, total in ((1, grid.rows), (0, grid.columns))
        )
        if (rows > 0)[~allowed.any(axis=1)].any() or (columns > 0)[~allowed.any(axis=0)].any():
            raise Unfillable("a total above 0 has no cell that may carry it")
        return rows, columns

    @cached_property
    def _target(self) -> FloatArray:
        """Target of each allowed cell, in steps."""
        rows, columns = self._totals
        return np.asarray(
            raked(self.grid.shape, rows.astype(np.float64), columns.astype(np.float64))[self._allowed]
        )

    @cached_property
    def _cells(self) -> tuple[list[Arcs], FloatArray]:
        """The arcs of the allowed cells and their costs: to the floor of the target, above it, and beyond."""
        at_row, at_column = np.nonzero(self._allowed)
        tail = self._row[at_row]
        place = np.full(self.grid.shape.shape, -1, dtype=np.int64)
        for index, group in enumerate(self.grid.groups):
            place[group.row, group.columns] = index
        mine = place[self._allowed]
        tail = np.where(mine >= 0, self._group[mine] if len(self._group) else tail, tail)
        head, base = self._column[at_column], np.floor(self._target).astype(np.int64)
        ones = np.ones(len(base))
        arcs = [Arcs.of(tail, head, 0, most) for most in (base, 1, OPEN)]
        return arcs, np.concatenate([-ones, 1 - 2 * (self._target - base), ones])

    @cached_property
    def _row(self) -> IntArray:
        return 1 + np.arange(len(self.grid.rows), dtype=np.int64)

    @cached_property
    def _group(self) -> IntArray:
        return 1 + len(self.grid.rows) + np.arange(len(self.grid.groups), dtype=np.int64)

    @cached_property
    def _column(self) -> IntArray:
        first = 1 + len(self.grid.rows) + len(self.grid.groups)
        return first + np.arange(len(self.grid.columns), dtype=np.int64)

    @property
    def _product(self) -> IntArray:
        """Vertex of the product of each column, where totals may move."""
        count = len(self.grid.columns)
        return np.asarray(self._column[-1] + 1 + np.arange(count, dtype=np.int64) // (count // self.products))

    @property
    def _vertices(self) -> int:
        return int(self._column[-1]) + 1 + self.products

    @property
    def _most(self) -> int:
        return int(self._totals[0].sum()) + 1

    @property
    def _supply(self) -> Arcs:
        return Arcs.of(0, self._row, self._totals[0], self._totals[0])

    @cached_property
    def _into_ground(self) -> Arcs:
        columns = self._totals[1]
        if not self.products:
            return Arcs.of(self._column, 0, columns, columns)
        each = columns.reshape(self.products, -1).sum(axis=1)
        return Arcs.joined(
            [
                Arcs.of(self._column, self._product, 0, columns),
                Arcs.of(self._column, self._product, 0, OPEN),
                Arcs.of(np.unique(self._product), 0, each, each),
            ]
        )

    @property
    def _column_cost(self) -> FloatArray:
        count = len(self.grid.columns)
        if not self.products:
            return np.zeros(count)
        return np.repeat([-MOVED, MOVED, 0.0], [count, count, self.products])

    def _moved(self, whole: IntArray) -> float:
        """Return by how many steps columns miss their totals."""
        at_column = np.nonzero(self._allowed)[1]
        found = np.bincount(at_column, whole, len(self.grid.columns))
        return float(np.abs(found - self._totals[1]).sum())

    @cached_property
    def _row_of_groups(self) -> IntArray:
        return self._row[np.array([group.row for group in self.grid.groups], dtype=np.int64)]

    @cached_property
    def _ranges(self) -> tuple[IntArray, IntArray]:
        """Least and most of each group in steps, inwards, without the remainders placed in it."""
        lows, highs = [], []
        for group in self.grid.groups:
            stands = int(self._placed[group.row, group.columns].sum())
            low = max(-((stands - group.low) // self.grid.step), 0)
            high = OPEN if group.high is None else (group.high - stands) // self.grid.step
            lows.append(low)
            highs.append(max(high, low))
        return np.array(lows, dtype=np.int64), np.array(highs, dtype=np.int64)
