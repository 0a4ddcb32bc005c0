"""Laws of any sound way to share out a goal, for bounds, seats and chances."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Infeasible
from engine.inputs import IntArray
from engine.pipeline.bookings import Bookings
from engine.progress import Silent
from engine.quota import allocate
from solvers.solution import Status
from tests.quota.setting import aligned, by_seat, quotas, seats, spec, table

potentials = st.lists(st.integers(1, 400), min_size=2, max_size=5)
EXACT = {"solver": {"gap": 0}}


@settings(max_examples=6, deadline=None, derandomize=True)
@given(potential=potentials, place=st.integers(0, 5), step=st.sampled_from(["0", "7"]))
def test_a_seat_without_potential_changes_nothing(potential: list[int], place: int, step: str) -> None:
    """Its own quota is 0; objectives and bounds stay, and so do the quotas where nothing is rounded."""
    at = min(place, len(potential))
    more = [*potential[:at], 0, *potential[at:]]
    goal = str(3 * sum(potential))
    one, other = (quotas(seats(held), spec(goal, step=step, **EXACT)) for held in (potential, more))
    assert by_seat(other)[at] == 0
    for a, b in zip(one.solves[:2], other.solves[:2], strict=True):
        assert a.objective == pytest.approx(b.objective, abs=1e-9, rel=1e-6)
    if step == "0":
        assert by_seat(one) == by_seat(other)[:at] + by_seat(other)[at + 1 :]


@pytest.mark.parametrize(
    "bounds",
    [
        {"target": {"min": "99%", "max": "101%"}},
        {"history": {"min": "40%", "max": "160%"}},
        {"change": "60%"},
        {"potential": {"max": "260%"}},
        {"absolute": {"min": "120", "max": "450"}},
        {"nodes": {"N": {"max": "450"}}},
        {"nodes": {"R0": {"min": "200"}, "S": {"min": "500"}}},
    ],
    ids=lambda bounds: next(iter(bounds)),
)
def test_no_bound_improves_what_is_least_without_it(bounds: dict[str, Any]) -> None:
    """Deviations are measured from the targets themselves, which no bound moves."""
    inputs = seats([70, 110, 160, 60], history=[200, 250, 300, 150], district=["N", "S", "N", "S"])

    def score(**given: Any) -> tuple[float, float]:
        try:
            frame = table(quotas(inputs, spec("1000", step="30", **given, **EXACT)), "quota_reps")
        except Infeasible:
            return float("inf"), float("inf")
        off = abs(frame["quota"] - frame["target"])
        return float((off / frame["target"]).max()), float(off.sum())

    free, bounded = score(), score(bounds=bounds)
    assert free <= bounded
    assert free < score(bounds=bounds, locks={"R1": "90"})


@settings(max_examples=6, deadline=None, derandomize=True)
@given(potential=potentials, data=st.data())
def test_the_order_of_seats_changes_no_objective_with_levels_products_and_bounds(
    potential: list[int], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(potential))))
    district = ["N" if seat % 2 else "S" for seat in range(len(potential))]
    wanted = spec(
        "3000", step="20", products={"S0": "60%", "S1": "40%"}, bounds={"target": {"max": "150%"}}, **EXACT
    )

    def scores(order: list[int]) -> list[float]:
        inputs = seats([potential[j] for j in order], periods=2, district=[district[j] for j in order])
        return [solve.objective for solve in quotas(inputs, wanted).solves[:2]]

    assert scores(list(order)) == pytest.approx(scores(list(range(len(potential)))), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("factor", [2, 100])
def test_scaling_all_money_keeps_every_chance_and_scales_the_quotas(factor: int) -> None:
    rng = np.random.default_rng(3)
    credit = (rng.lognormal(0, [0.3, 0.6, 0.9], (60, 3)) * [200, 300, 400]).astype(np.int64) * 100

    def found(scale: int) -> IntArray:
        inputs = seats([1, 1, 1], district=["N", "N", "S"])
        bounds = {"nodes": {"R0": {"max": str(150 * scale)}}}
        wanted = spec(
            str(900 * scale), step=str(10 * scale), methods=[{"kind": "equal_difficulty"}], bounds=bounds
        )
        none = np.zeros((60, 0), np.int64)
        made = Bookings(("bookings",), (credit * scale)[:, :, None, None], none, (), ())
        return allocate(inputs, aligned(inputs), made, wanted, progress=Silent()).cells

    assert (found(factor) == factor * found(1)).all()


def test_cells_of_a_single_seat_are_proven_though_their_shape_is_a_float() -> None:
    seasons = ["0.1", "0.7", "0.3"]
    wanted = spec("650000", step="0.01", products={"S0": "0.3", "S1": "0.7"}, seasonality=seasons)
    found = quotas(seats([3], periods=3), wanted)
    assert all(solve.status is Status.OPTIMAL for solve in found.solves)
