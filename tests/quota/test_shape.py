from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.inputs import Inputs, Opportunities
from engine.quota.margins import Grid, branches, raked, remainders
from engine.quota.shape import largest_remainder, shape
from tests.quota.setting import quotas, seats, spec

NONE = np.zeros(2, dtype=np.int64)


def won(inputs: Inputs, *deals: tuple[str, int, int]) -> Inputs:
    """Closed deals as (day, product, amount in currency units), all won."""
    count = len(deals)
    at = np.array([day for day, _, _ in deals], dtype="datetime64[D]")
    zero, ids = np.zeros(count, dtype=np.int64), tuple(f"O{i}" for i in range(count))
    products, money = np.array([p for _, p, _ in deals]), np.array([a for _, _, a in deals]) * 100
    rows = Opportunities(
        ids, zero, zero, products, ("Won",) * count, np.ones(count, np.int8), at, at, at, money
    )
    return replace(inputs, history=rows)


def test_past_years_fall_on_the_same_time_of_the_plan() -> None:
    inputs = won(seats([1], periods=12), ("2025-01-15", 0, 1), ("2026-01-20", 0, 2), ("2026-12-31", 1, 6))
    form = shape(inputs, spec(seasonality="history", products="history"), NONE)
    assert form.seasons == (Fraction(1, 3), *[0] * 10, Fraction(2, 3))
    assert form.product_shares == (Fraction(1, 3), Fraction(2, 3))


def test_simulated_seasons_and_days_are_weights() -> None:
    inputs = seats([1], periods=2)
    assert shape(inputs, spec(seasonality="simulated"), np.array([1, 3])).seasons == (
        Fraction(1, 4),
        Fraction(3, 4),
    )
    assert shape(inputs, spec(seasonality="days"), NONE).seasons == (Fraction(31, 59), Fraction(28, 59))
    quotas(inputs, spec(seasonality="simulated", products={"S1": "1"}))


@given(st.integers(0, 10**9), st.lists(st.integers(0, 100), min_size=1, max_size=8).filter(any))
def test_largest_remainder_keeps_the_sum_and_quota(total: int, weights: list[int]) -> None:
    parts = largest_remainder(total, [Fraction(weight) for weight in weights])
    assert sum(parts) == total
    assert all(
        abs(part - Fraction(total * w, sum(weights))) < 1 for part, w in zip(parts, weights, strict=True)
    )


@settings(deadline=None)
@given(st.integers(1, 4), st.integers(1, 4), st.integers(2, 9), st.data())
def test_remainders_leave_multiples_and_close_no_loop(
    height: int, width: int, step: int, data: st.DataObject
) -> None:
    cells = np.array(
        data.draw(st.lists(st.integers(0, 50), min_size=height * width, max_size=height * width))
    )
    table = cells.reshape(height, width)
    root = data.draw(st.integers(0, width - 1))
    grid = Grid(table.sum(axis=1), table.sum(axis=0), np.ones((height, width)), step, root)
    placed = remainders(grid)
    assert not ((grid.rows - placed.sum(axis=1)) % step).any()
    assert not ((grid.columns - placed.sum(axis=0)) % step).any()
    assert (placed > 0).sum() <= height + width - 1
    assert len(branches(grid.shape > 0, grid.rows.astype(float), grid.root)) == height + width


def test_raking_meets_both_totals() -> None:
    table = raked(np.array([[1.0, 2.0], [3.0, 0.0]]), np.array([10.0, 6.0]), np.array([9.0, 7.0]))
    np.testing.assert_allclose(table.sum(axis=0), [9, 7])
    np.testing.assert_allclose(table.sum(axis=1), [10, 6])
    assert table[1, 1] == 0
