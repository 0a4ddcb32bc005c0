"""Products and periods of tiny companies against every table with the same margins."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from math import inf

import numpy as np
import pytest

from engine.inputs import FloatArray, IntArray
from engine.quota.carry import carry
from tests.quota.setting import quotas, seats, spec
from tests.worlds import with_spells


def fitted(shape: FloatArray, rows: IntArray, columns: IntArray) -> FloatArray:
    """Scale rows and columns in turn until both totals hold."""
    table = shape.astype(np.float64)
    for _ in range(3000):
        for axis, totals in ((1, rows), (0, columns)):
            sums = table.sum(axis=axis, keepdims=True)
            wanted = totals.reshape(sums.shape)
            table = table * np.divide(wanted, sums, out=np.zeros_like(sums), where=sums > 0)
    return table


def parts(total: int, room: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    if len(room) == 1:
        if total <= room[0]:
            yield (total,)
        return
    for first in range(min(total, room[0]) + 1):
        yield from ((first, *rest) for rest in parts(total - first, room[1:]))


def least(target: FloatArray, rows: IntArray, columns: IntArray) -> float:
    """Return the smallest sum of |whole - target| over all tables with the margins; 0 stands where the target is 0."""

    @cache
    def from_row(row: int, left: tuple[int, ...]) -> float:
        if row == len(rows):
            return inf if any(left) else 0.0
        room = tuple(amount if target[row, k] > 0 else 0 for k, amount in enumerate(left))
        return min(
            (
                float(np.abs(np.array(cells) - target[row]).sum())
                + from_row(row + 1, tuple(a - b for a, b in zip(left, cells, strict=True)))
                for cells in parts(int(rows[row]), room)
            ),
            default=inf,
        )

    return from_row(0, tuple(int(amount) for amount in columns))


@pytest.mark.parametrize("seed", range(16))
def test_cells_stand_as_near_to_their_shape_as_any_table_with_the_same_totals(seed: int) -> None:
    rng = np.random.default_rng(seed)
    count, periods = int(rng.integers(2, 4)), int(rng.integers(2, 4))
    inputs = seats([int(v) for v in rng.integers(1, 9, count)], periods=periods)
    if seed % 2:  # one seat is filled late
        start = inputs.spells.start.copy()
        start[0] = np.datetime64("2027-01-01") + int(rng.integers(5, 50))
        inputs = with_spells(inputs, start=start)
    shares, seasons = rng.integers(1, 4, 2), rng.integers(1, 4, periods)
    wanted = spec(
        str(rng.integers(5, 13)),
        step="1",
        products={"S0": str(shares[0]), "S1": str(shares[1])},
        seasonality=[str(weight) for weight in seasons],
        solver={"gap": 0},
    )
    found = quotas(inputs, wanted)
    cells = found.cells // 100
    assert (found.cells % 100 == 0).all()
    time = np.array([[float(share) for share in row] for row in carry(inputs, wanted)])
    shape = time[:, None, :] * (shares[:, None] * seasons)[None]
    rows, columns = cells.sum(axis=(1, 2)), cells.sum(axis=0).reshape(-1)
    target = fitted(shape.reshape(count, -1), rows, columns)
    off = float(np.abs(cells.reshape(count, -1) - target).sum())
    assert off == pytest.approx(least(target, rows, columns), abs=1e-5)
    of_seats = next(solve for solve in found.solves if solve.name == "cells of each seat")
    assert of_seats.objective == pytest.approx(100 * off, abs=1e-3)
    assert of_seats.bound <= 100 * off + 1e-3
