"""Margins: exact row and column totals of a table, filled with multiples of the step near a shape.

Rows are seats (or products), columns are products x periods (or periods). Rounding a table to multiples so that
both margins hold is controlled rounding (Cox 1987, JASA 82): a transportation problem, whose relaxation is integral.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from engine.inputs import FloatArray, IntArray
from solvers.model import Arrays, Model

RAKES = 200
"""Rounds of proportional fitting; it only shapes the targets, so an early stop costs no exactness."""


@dataclass(frozen=True)
class Group:
    """Cells of one row whose sum has limits. Money in minor units."""

    row: int
    columns: IntArray
    """Columns of the cells; groups of one row share none."""
    low: int
    high: int | None
    """None for no limit."""


@dataclass(frozen=True)
class Grid:
    """A table to fill. Money in minor units."""

    rows: IntArray
    """Total of each row, shape (row,)."""
    columns: IntArray
    """Total of each column, shape (column,)."""
    shape: FloatArray
    """Relative size of each cell, shape (row, column); 0 where nothing may stand."""
    step: int
    root: int
    """Column that takes remainders first."""
    groups: tuple[Group, ...] = ()
    """Limits within rows, rounded inwards to the step where there is room for that; rows, groups and columns are still
    a network, so the relaxation stays integral."""


MOVED = 1000.0
"""Price of a step moved from one period's total to another's, in steps of deviation."""


class Unfillable(Exception):
    """The margins cannot be met: `row` or `column` is what is wrong, in words."""


def raked(shape: FloatArray, rows: FloatArray, columns: FloatArray) -> FloatArray:
    """Scale rows and columns in turn until both totals hold (iterative proportional fitting); (row, column)."""
    table = shape.copy()
    for _ in range(RAKES):
        table *= _ratio(rows, table.sum(axis=1))[:, None]
        table *= _ratio(columns, table.sum(axis=0))
        if np.abs(table.sum(axis=1) - rows).max(initial=0.0) <= 1e-9 * max(float(rows.max(initial=1.0)), 1.0):
            break
    return table


def _ratio(wanted: FloatArray, found: FloatArray) -> FloatArray:
    return np.divide(wanted, found, out=np.zeros_like(wanted), where=found > 0)


def branches(allowed: NDArray[np.bool_], weight: FloatArray, root: int) -> list[tuple[int, int]]:
    """Return a spanning forest of the cells that may be filled, as (vertex, parent) from the roots down.

    Vertices are columns 0 .. C - 1 and rows C .. C + R - 1. Rows hang under the column that the largest of
    them share; columns hang under the heaviest row that reaches them. The parent of a root is -1.
    """
    height, width = allowed.shape
    heavy = sorted(range(height), key=lambda row: (-weight[row], row))
    order, parent = [], np.full(height + width, -2, dtype=np.int64)
    for start in [root, *(column for column in range(width) if column != root)]:
        if parent[start] != -2:
            continue
        parent[start], queue = -1, [start]
        while queue:
            vertex = queue.pop(0)
            order.append((vertex, int(parent[vertex])))
            if vertex < width:
                near = [width + row for row in heavy if allowed[row, vertex]]
            else:
                near = np.flatnonzero(allowed[vertex - width]).tolist()
            for other in near:
                if parent[other] == -2:
                    parent[other] = vertex
                    queue.append(other)
    return order


def remainders(grid: Grid) -> IntArray:
    """Return what stands in each cell beyond multiples of the step, shape (row, column).

    The remainders of the totals run along a spanning forest to its root, so they stand in as few cells as the
    sums force, and those cells close no loop.
    """
    width, step = len(grid.columns), grid.step
    left = np.concatenate([grid.columns, grid.rows]) % step
    placed = np.zeros(grid.shape.shape, dtype=np.int64)
    if not left.any():
        return placed
    weight = grid.rows.astype(np.float64)
    for vertex, parent in reversed(branches(grid.shape > 0, weight, grid.root)):
        if parent < 0 or not left[vertex]:
            continue
        row, column = (vertex - width, parent) if vertex >= width else (parent - width, vertex)
        placed[row, column] = left[vertex]
        left[parent] = (left[parent] - left[vertex]) % step
        left[vertex] = 0
    return placed


def fill(grid: Grid, products: int = 0) -> tuple[Arrays, IntArray, FloatArray]:
    """Return the model of the multiples, the remainders already placed, and the target of each cell in steps.

    min sum |k - t| over whole k >= 0 with the row and column totals; t is the shape raked to those totals.
    Three arcs a cell: down from floor(t), between floor and ceiling, up from the ceiling. Columns of the model:
    down, between, up, each one per allowed cell in row-major order. With `products`, column totals may move
    between the periods of a product, at a price above that of any cell; the columns of the model for that come last.

    Raises:
        Unfillable: a total is smaller than the remainders in it, or has no cell to stand in.

    """
    placed = remainders(grid)
    rows, columns = (
        _multiples(grid.rows, placed.sum(axis=1), grid),
        _multiples(grid.columns, placed.sum(axis=0), grid),
    )
    allowed = grid.shape > 0
    if (rows > 0)[~allowed.any(axis=1)].any() or (columns > 0)[~allowed.any(axis=0)].any():
        raise Unfillable("a total above 0 has no cell that may carry it")
    target = raked(grid.shape, rows.astype(np.float64), columns.astype(np.float64))
    at_row, at_column = np.nonzero(allowed)
    base = np.floor(target[allowed])
    part = target[allowed] - base
    count, model = len(base), Model()
    cells = [
        model.add_columns("below", count, cost=1.0, upper=base, integer=False),
        model.add_columns("between", count, cost=1 - 2 * part, upper=1.0, integer=False),
        model.add_columns("above", count, cost=1.0, upper=inf, integer=False),
    ]
    signs = np.repeat([-1.0, 1.0, 1.0], count)
    every = np.concatenate(cells)
    moves = _moves(model, len(columns), products)
    for name, at, totals in (("row", at_row, rows), ("column", at_column, columns)):
        rest = totals - np.bincount(at, weights=base, minlength=len(totals))
        entries, into, sign = np.tile(at, 3), every, signs
        if name == "column" and products:
            entries = np.concatenate([entries, np.tile(np.arange(len(totals)), 2)])
            into, sign = (
                np.concatenate([every, moves]),
                np.concatenate([signs, np.repeat([1.0, -1.0], len(totals))]),
            )
        model.add_rows(name, entries, into, sign, count=len(totals), lower=rest, upper=rest)
    if grid.groups:
        _groups(model, grid, placed, base, every)
    model.offset = float(part.sum())
    return model.arrays(), placed, target


def _groups(model: Model, grid: Grid, placed: IntArray, base: FloatArray, every: IntArray) -> None:
    """Add the limits of groups of cells; `base` are the cells' floors, `every` their columns: down, between, up."""
    at = np.full(grid.shape.shape, -1, dtype=np.int64)
    at[grid.shape > 0] = np.arange(len(base))
    rows, columns, signs, lower, upper = [], [], [], [], []
    for index, group in enumerate(grid.groups):
        cells_ = at[group.row, group.columns]
        cells_ = cells_[cells_ >= 0]
        stands = int(placed[group.row, group.columns].sum())
        low = -((stands - group.low) // grid.step)
        high = inf if group.high is None else (group.high - stands) // grid.step
        rest = float(base[cells_].sum())
        lower.append(low - rest)
        upper.append(max(high, low) - rest)
        columns.append(np.concatenate([every[cells_ + len(base) * arc] for arc in range(3)]))
        signs.append(np.repeat([-1.0, 1.0, 1.0], len(cells_)))
        rows.append(np.full(3 * len(cells_), index, dtype=np.int64))
    model.add_rows(
        "group",
        np.concatenate(rows),
        np.concatenate(columns),
        np.concatenate(signs),
        count=len(grid.groups),
        lower=np.array(lower),
        upper=np.array(upper),
    )


def _moves(model: Model, columns: int, products: int) -> IntArray:
    """Add what each column gives and takes; what a product's columns give, they take."""
    if not products:
        return np.empty(0, dtype=np.int64)
    moves = model.add_columns("moved", 2 * columns, cost=MOVED, upper=inf, integer=False)
    product = np.tile(np.arange(columns) // (columns // products), 2)
    signs = np.repeat([1.0, -1.0], columns)
    model.add_rows("product", product, moves, signs, count=products, lower=0.0, upper=0.0)
    return moves


def _multiples(totals: IntArray, placed: IntArray, grid: Grid) -> IntArray:
    rest = totals - placed
    if (rest < 0).any() or (rest % grid.step).any():
        raise Unfillable("a total is smaller than the remainders that it would have to hold")
    return rest // grid.step


def cells(grid: Grid, placed: IntArray, target: FloatArray, x: FloatArray) -> IntArray:
    """Return the filled table in minor units from a point of the model, shape (row, column)."""
    allowed = grid.shape > 0
    arcs = x[: 3 * int(allowed.sum())]
    down, between, up = (np.round(part).astype(np.int64) for part in np.split(arcs, 3))
    table = placed.copy()
    table[allowed] += grid.step * (np.floor(target[allowed]).astype(np.int64) - down + between + up)
    return table
