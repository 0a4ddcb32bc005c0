"""Years, products and periods at once: where the years that are best on their own leave a seat no table."""

from __future__ import annotations

from itertools import product
from math import inf
from pathlib import Path
from typing import Any

import pytest

from engine.errors import Infeasible
from engine.quota import with_adjustments
from tests.quota.setting import quotas, seats, spec

TWO: dict[str, Any] = {"products": {"S0": "50%", "S1": "50%"}}
BOUNDS = {"S0": {"absolute": {"min": "200", "max": "260"}}, "S1": {"absolute": {"min": "50"}}}
"""By its target seat R0 has a year of 250: no less than 240 of S0 (R1 may take 260 of 500), so no 50 of S1."""


def test_another_year_is_found_where_the_best_one_leaves_no_table() -> None:
    found = quotas(seats([100, 300], periods=2), spec(**TWO, step="10", bounds={"products": BOUNDS}))
    assert found.cells.sum(axis=2).tolist() == [[24_000, 12_000], [26_000, 38_000]]
    assert [solve.name for solve in found.solves] == [
        "worst deviation of a cell",
        "total deviation of the cells",
    ]
    assert all(solve.status == "OPTIMAL" for solve in found.solves)


def test_only_what_contradicts_every_year_is_refused_and_the_least_is_named() -> None:
    nodes = {"R0": {"max": "280"}}
    with pytest.raises(Infeasible) as caught:
        quotas(seats([100, 300], periods=2), spec(**TWO, bounds={"products": BOUNDS, "nodes": nodes}))
    assert sum(float(str(fault.message).split(" by ")[1].split()[0]) for fault in caught.value.faults) == 10


def test_what_is_fixed_for_products_of_two_seats_moves_their_years(tmp_path: Path) -> None:
    """With years of 500 each, R0 would sell 100 of S1 and R1 50 of S0: 450 of S0 in all, and 500 are the goal."""
    (tmp_path / "set.csv").write_text("rep,product,quota\nR0,S0,400\nR1,S1,450\n", encoding="utf-8")
    wanted = spec(**TWO, step="10", adjustments="set.csv")
    inputs = with_adjustments(seats([100, 100], periods=2), wanted, tmp_path)
    found = quotas(inputs, wanted)
    assert found.cells.sum(axis=2).tolist() == [[40_000, 5_000], [10_000, 45_000]]


@pytest.mark.parametrize(("over", "most"), [({}, "175"), ({"rep": "2%"}, "185")])
def test_remainders_leave_a_bound_that_no_quotas_are_below(over: dict[str, str], most: str) -> None:
    """A goal off the step is solved in cents; what is told of it is a bound for the quotas in steps."""
    inputs = seats([100, 300, 200], periods=2, district=["N", "N", "S"])
    bounds = {"S0": {"absolute": {"min": "150", "max": most}}, "S1": {"absolute": {"min": "40"}}}
    found = quotas(
        inputs, spec("1000.37", **TWO, step="10", over_assignment=over, bounds={"products": bounds})
    )
    assert found.solves[0].name == "worst deviation of a cell"
    assert 0 < found.solves[0].bound <= found.solves[0].objective


def least(
    ranges: dict[str, tuple[int, int]], goal: int, potential: tuple[int, int], caps: tuple[int, int]
) -> float:
    """Try every table of two seats and two products, one period; return the least worst deviation of a cell.

    A cell aims at half of its seat's target, moved into the seat's own range.
    """
    best, half = inf, goal // 2
    for first, second in product(range(half + 1), repeat=2):
        cells = ((first, second), (half - first, half - second))
        held = all(
            low <= cells[seat][k] <= high
            for k, (low, high) in enumerate(ranges[name] for name in ("S0", "S1"))
            for seat in (0, 1)
        )
        if held and all(sum(row) <= cap for row, cap in zip(cells, caps, strict=True)):
            years = [goal * own / sum(potential) for own in potential]
            floor = sum(low for low, _ in ranges.values())
            aims = [min(max(year, floor), cap) / 2 for year, cap in zip(years, caps, strict=True)]
            worst = max(abs(cell - aim) / aim for row, aim in zip(cells, aims, strict=True) for cell in row)
            best = min(best, worst)
    return best


@pytest.mark.parametrize("caps", [(30, 30), (7, 30), (6, 30), (5, 30)])
@pytest.mark.parametrize("low", [(4, 0), (4, 1), (4, 2), (3, 3)])
def test_joint_answers_are_the_best_of_all_tables_and_refusals_are_true(
    caps: tuple[int, int], low: tuple[int, int]
) -> None:
    """A yearly total that is best alone is kept where it has a table; else the worst cell is as near as any table's."""
    ranges = {"S0": (low[0], 5), "S1": (low[1], 10)}
    bounds = {
        "products": {
            name: {"absolute": {"min": str(least_), "max": str(most)}}
            for name, (least_, most) in ranges.items()
        },
        "nodes": {f"R{seat}": {"max": str(cap)} for seat, cap in enumerate(caps)},
    }
    best = least(ranges, 20, (1, 3), caps)
    wanted = spec("20", **TWO, step="1", bounds=bounds)
    if best == inf:
        with pytest.raises(Infeasible):
            quotas(seats([1, 3]), wanted)
        return
    found = quotas(seats([1, 3]), wanted)
    if found.solves[0].name == "worst deviation of a cell":
        assert found.solves[0].objective == pytest.approx(best)
        assert found.solves[0].bound == pytest.approx(best)
