"""The cheapest flow against a linear program of the same table."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.inputs import FloatArray
from engine.quota.filling import Filling
from engine.quota.margins import Grid, Group, Unfillable, multiples, raked, remainders
from solvers.model import Model
from solvers.solution import SolveOptions, Status
from tests.quota.conftest import in_process

STEP = 10


def program(grid: Grid) -> float:
    """Return the least sum of |k - t| by a mixed-integer program over whole k; inf where there is none."""
    placed = remainders(grid)
    rows = multiples(grid.rows, placed.sum(axis=1), grid)
    columns = multiples(grid.columns, placed.sum(axis=0), grid)
    target: FloatArray = raked(grid.shape, rows.astype(np.float64), columns.astype(np.float64))
    model, open_cells = Model(), (grid.shape > 0).ravel()
    cell = model.add_columns("cell", target.size, upper=np.where(open_cells, np.inf, 0.0))
    off = model.add_columns("off", target.size, cost=1.0, upper=np.inf, integer=False)
    each = np.arange(target.size)
    for sign in (1.0, -1.0):
        values = np.repeat([1.0, -sign], target.size)
        model.add_rows(
            "off", np.tile(each, 2), np.concatenate([off, cell]), values, count=target.size,
            lower=-sign * target.ravel(),
        )  # fmt: skip
    place = np.indices(target.shape)
    for name, at, total in (("row", place[0], rows), ("column", place[1], columns)):
        model.add_rows(name, at.ravel(), cell, count=len(total), lower=total, upper=total)
    for group in grid.groups:
        members = cell.reshape(target.shape)[group.row, group.columns]
        stands = int(placed[group.row, group.columns].sum())
        low = max(-((stands - group.low) // grid.step), 0)
        high = np.inf if group.high is None else max((group.high - stands) // grid.step, low)
        model.add_rows("group", np.zeros(len(members)), members, count=1, lower=low, upper=high)
    answer = in_process(model, SolveOptions(gap=0.0))
    return np.inf if answer.status is Status.INFEASIBLE else answer.objective


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    """Draw a table that can be filled, with closed cells, remainders, and limits that may contradict it."""
    height, width = draw(st.integers(1, 4)), 2 * draw(st.integers(1, 3))
    flat = st.lists(st.integers(0, 60), min_size=height * width, max_size=height * width)
    table = np.array(draw(flat), dtype=np.int64).reshape(height, width)
    shape = np.array(draw(flat), dtype=np.float64).reshape(height, width) + 1.0
    shape[table == 0] = 0.0
    groups = tuple(
        Group(row, np.arange(width // 2), low, low + draw(st.integers(0, 80)))
        for row in range(height)
        if (low := draw(st.integers(-40, 60))) >= 0
    )
    return Grid(table.sum(axis=1), table.sum(axis=0), shape, STEP, 0, groups)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(grid=grids())
def test_the_cheapest_flow_is_the_optimum_of_the_program(grid: Grid) -> None:
    try:
        best = program(grid)
        found = Filling(grid).filled()
    except Unfillable:
        return
    assert (found is None) == np.isinf(best)
    if found is not None:
        assert found.deviation == pytest.approx(best, abs=1e-6)
        assert found.bound <= found.deviation
        assert found.cells.sum(axis=1).tolist() == grid.rows.tolist()
        assert found.cells.sum(axis=0).tolist() == grid.columns.tolist()
        assert (found.cells[grid.shape == 0] == 0).all()
    else:
        given_ = Filling(grid).given()
        assert given_.rows.sum() + given_.below.sum() + given_.above.sum() >= 1


def test_totals_of_periods_move_as_little_as_possible() -> None:
    """The second row is open in the second column alone, which is 20 too small for it."""
    shape = np.array([[1.0, 1.0], [0.0, 1.0]])
    grid = Grid(np.array([50, 60]), np.array([70, 40]), shape, STEP, 0)
    assert Filling(grid).filled() is None
    moved = Filling(grid, products=1).filled()
    assert moved is not None
    assert moved.cells.tolist() == [[50, 0], [0, 60]]
