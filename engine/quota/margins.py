"""Margins: exact row and column totals of a table, filled with multiples of the step near a shape.

Rows are seats (or products), columns are products x periods (or periods). Rounding a table to multiples so that
both margins hold is controlled rounding (Cox 1987, JASA 82): a transportation problem, whose relaxation is integral.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.inputs import FloatArray, IntArray

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
    """Limits within rows, rounded inwards to the step where there is room for that."""
    odd: IntArray | None = None
    """What stood in each cell beyond multiples of the step, shape (row, column): it stays there where that is all that
    the totals hold beyond them."""


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
    if grid.odd is not None:
        sums = np.concatenate([grid.odd.sum(axis=0), grid.odd.sum(axis=1)])
        if not ((left - sums) % step).any():
            return grid.odd.copy()
    weight = grid.rows.astype(np.float64)
    for vertex, parent in reversed(branches(grid.shape > 0, weight, grid.root)):
        if parent < 0 or not left[vertex]:
            continue
        row, column = (vertex - width, parent) if vertex >= width else (parent - width, vertex)
        placed[row, column] = left[vertex]
        left[parent] = (left[parent] - left[vertex]) % step
        left[vertex] = 0
    return placed


def multiples(totals: IntArray, placed: IntArray, grid: Grid) -> IntArray:
    """Return totals in steps without the remainders placed in them.

    Raises:
        Unfillable: a total is smaller than the remainders in it.

    """
    rest = totals - placed
    if (rest < 0).any() or (rest % grid.step).any():
        raise Unfillable("a total is smaller than the remainders that it would have to hold")
    return rest // grid.step


def loops(cells: NDArray[np.bool_]) -> bool:
    """Whether cells close a loop of rows and columns, shape (row, column): a forest has fewer cells than vertices."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    height, width = cells.shape
    row, column = np.nonzero(cells)
    graph = csr_array((np.ones(len(row)), (row, height + column)), shape=(height + width, height + width))
    trees, _ = connected_components(graph, directed=False)
    return bool(len(row) > height + width - trees)
