"""Equal difficulty and target share through the stage."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from engine.errors import Infeasible, NoPlan
from engine.inputs import Inputs, IntArray
from engine.pipeline.bookings import Bookings
from engine.progress import Silent
from engine.quota import allocate, violations
from engine.quota.difficulty.equal import narrowly
from engine.quota.difficulty.ranking import at_share, at_total, reached
from engine.quota.difficulty.street import recalled
from engine.quota.quotas import Quotas
from engine.quota.spec import QuotaSpec
from tests.quota.setting import aligned, seats, spec, table

EQUAL = [{"kind": "equal_difficulty"}]
SCALES = np.array([100, 200, 300, 400])


def drawn(scales: IntArray = SCALES, replications: int = 400, seed: int = 1) -> IntArray:
    """Credits in minor units, shape (replication, rep): lognormal around each scale (currency units)."""
    stream = np.random.Generator(np.random.Philox(seed))
    spread = np.linspace(0.2, 0.8, len(scales))
    return np.asarray(stream.lognormal(0, spread, (replications, len(scales))) * scales * 100).astype(
        np.int64
    )


def bookings(credit: IntArray, fresh: IntArray | None = None) -> Bookings:
    made = Bookings(("bookings",), credit[:, :, None, None], np.zeros((len(credit), 0), np.int64), (), ())
    return made if fresh is None else replace(made, fresh=lambda count: fresh[:count, :, None, None])


def settled(inputs: Inputs, wanted: QuotaSpec, credit: IntArray, fresh: IntArray | None = None) -> Quotas:
    return allocate(inputs, aligned(inputs), bookings(credit, fresh), wanted, progress=Silent())


def chances(found: Quotas, credit: IntArray) -> Any:
    return reached(credit, found.cells.sum(axis=(1, 2))) / len(credit)


def test_without_bounds_all_chances_are_one() -> None:
    credit = drawn()
    found = settled(seats([1, 1, 1, 1]), spec("900", methods=EQUAL), credit)
    assert found.cells.sum() == 90_000
    assert np.ptp(chances(found, credit)) <= 1 / 400
    solve = found.solves[0]
    assert (solve.name, solve.objective >= solve.bound) == ("range of chances", True)
    even = settled(seats([1, 1, 1, 1]), spec("900", methods=[{"kind": "capacity"}]), credit)
    assert np.ptp(chances(even, credit)) > 0.05


def test_bounds_steps_levels_and_over_assignment_hold() -> None:
    credit = drawn()
    inputs = seats([1, 1, 1, 1], district=["N", "N", "S", "S"])
    wanted = spec(
        "900", methods=EQUAL, step="5", over_assignment={"district": "3%", "rep": "4%"},
        bounds={"nodes": {"R0": {"max": "80"}, "S": {"min": "700"}}},
    )  # fmt: skip
    found = settled(inputs, wanted, credit)
    assert violations(inputs, wanted, found.cells) == []
    rows = table(found, "quota_difficulty").set_index("rep")
    assert rows.loc["R0", "held_by"] == "bounds.nodes.R0.max"
    assert rows.loc[["R2", "R3"], "held_by"].tolist() == ["bounds.nodes.S.min"] * 2
    assert rows.loc["R1", "held_by"] == ""
    assert found.solves[0].objective >= found.solves[0].bound > 0
    assert rows["chance"].tolist() == chances(found, credit).tolist()


def test_the_bound_is_that_of_every_split_counted_out() -> None:
    credit = drawn(SCALES[:3], replications=30)
    inputs = seats([1, 1, 1])
    wanted = spec("600", methods=EQUAL, step="20", bounds={"nodes": {"R2": {"max": "220"}}})
    found = settled(inputs, wanted, credit)
    best = min(
        np.ptp(reached(credit, np.array([a, b, 60_000 - a - b])))
        for a in range(0, 60_001, 2000)
        for b in range(0, 60_001 - a, 2000)
        if 60_000 - a - b <= 22_000
    )
    assert found.solves[0].objective == pytest.approx(best / 30)
    assert found.solves[0].bound == pytest.approx(best / 30)


def test_steps_and_over_assignments_stand_in_the_bound() -> None:
    """Districts are multiples of 50, and their seats add up to 1.04 times as much: the range told is the least."""
    credit = drawn()
    inputs = seats([1, 1, 1, 1], district=["N", "N", "S", "S"])
    wanted = spec("900", methods=EQUAL, step="50", over_assignment={"district": "3%", "rep": "4%"})
    found = settled(inputs, wanted, credit)
    assert (found.solves[0].objective, str(found.solves[0].status)) == (found.solves[0].bound, "OPTIMAL")
    assert found.solves[0].bound > 0.05
    cents = settled(inputs, wanted.model_copy(update={"step": Decimal(0)}), credit)
    assert cents.solves[0].bound < 0.01


def test_every_level_is_told_with_its_bound() -> None:
    """R0 may carry 80 at most, R1 no less than 300: one is left behind, then the other, and two remain alike."""
    credit = drawn()
    bounds = {"nodes": {"R0": {"max": "80"}, "R1": {"min": "300"}}}
    found = settled(seats([1, 1, 1, 1]), spec("900", methods=EQUAL, bounds=bounds), credit)
    rows = table(found, "quota_difficulty_levels")
    assert rows["level"].tolist() == [*range(1, len(rows) + 1)]
    assert (rows["seats"] + rows["left"] == 4).all()
    assert rows["seats"].iloc[[0, -1]].tolist() == [4, 2]
    assert (rows["range"] >= rows["bound"] - 1e-12).all()
    assert rows["bound"].is_monotonic_decreasing
    assert rows["range"].iloc[-1] <= 1 / 400
    assert [solve.bound for solve in found.solves[:2]] == rows["bound"].iloc[[0, -1]].tolist()


def test_last_year_decides_between_quotas_that_are_equally_hard() -> None:
    """Credits with long ties leave room: quotas anywhere between two of them are equally hard."""
    credit = np.repeat([[20_000, 20_000], [60_000, 60_000]], 50, axis=0)
    inputs = seats([1, 1], history=[300, 500])
    least = settled(inputs, spec("800", methods=[{"kind": "equal_difficulty", "then": "history"}]), credit)
    assert least.cells.sum(axis=(1, 2)).tolist() == [30_000, 50_000]
    level = settled(inputs, spec("800", methods=EQUAL), credit)
    assert level.cells.sum(axis=(1, 2)).tolist() == [40_000, 40_000]
    assert chances(least, credit).tolist() == chances(level, credit).tolist() == [0.5, 0.5]


def test_a_seat_without_bookings_has_no_claim_and_no_chance() -> None:
    credit = drawn()
    credit[:, 1] = 0
    found = settled(seats([1, 1, 1, 1]), spec("700", methods=EQUAL), credit)
    assert found.cells[1].sum() == 0
    rows = table(found, "quota_difficulty")
    assert rows["chance"].isna().tolist() == [False, True, False, False]
    assert np.ptp(rows["chance"].dropna()) <= 2 / 400


def test_chances_are_held_to_fresh_replications() -> None:
    credit, other = drawn(), drawn(seed=2) * 9 // 10
    found = settled(seats([1, 1, 1, 1]), spec("900", methods=EQUAL), credit, other)
    rows = table(found, "quota_difficulty")
    expected = reached(other, found.cells.sum(axis=(1, 2))) / 400
    assert rows["fresh"].tolist() == expected.tolist()
    assert ((rows["fresh_low"] < rows["fresh"]) & (rows["fresh"] < rows["fresh_high"])).all()
    assert (rows["fresh"] < rows["chance"]).all()
    few = settled(seats([1, 1, 1, 1]), spec("900", methods=EQUAL, fresh=0), credit, other)
    assert table(few, "quota_difficulty")["fresh"].isna().all()
    checked = settled(seats([1, 1, 1, 1]), spec("900", fresh=100), credit, other)
    assert not table(checked, "quota_difficulty")["fresh"].isna().any()


def test_in_a_blend_its_targets_count() -> None:
    credit = drawn()
    inputs = seats([100, 300, 300, 300])
    blend = [{"kind": "equal_difficulty", "weight": "1"}, {"kind": "potential", "weight": "1"}]
    found = settled(inputs, spec("1000", methods=blend), credit).cells.sum(axis=(1, 2))
    alone = [float(value) for value in at_total(credit, Fraction(100_000))]
    potential = [10_000, 30_000, 30_000, 30_000]
    assert found == pytest.approx(np.add(alone, potential) / 2, abs=1.01)


def test_contradicting_bounds_are_refused_as_ever() -> None:
    bounds = {"nodes": {"R0": {"max": "10"}, "R1": {"max": "10"}}}
    with pytest.raises(Infeasible):
        settled(seats([1, 1]), spec("900", methods=EQUAL, bounds=bounds), drawn(SCALES[:2]))


@pytest.mark.parametrize("total", [1, 5_000, 90_000, 10**9])
def test_amounts_at_a_total_add_up_exactly_and_are_reached_equally_often(total: int) -> None:
    credit = drawn()
    found = at_total(credit, Fraction(total))
    assert sum(found) == total
    counts = reached(credit, np.array([int(value) for value in found]))
    assert np.ptp(counts) <= 1


def test_an_amount_at_a_share_is_the_highest_that_often_reached() -> None:
    credit = drawn()
    for share in (Fraction(1, 3), Fraction(65, 100), Fraction(1)):
        found = np.array([int(value) for value in at_share(credit, share)])
        assert (reached(credit, found) >= share * 400).all()
        assert (reached(credit, found + 1) < share * 400).all()


def test_a_share_of_the_seats_reaches_quota_however_far_above_the_goal() -> None:
    credit = drawn()
    inputs = seats([1, 1, 1, 1], district=["N", "N", "S", "S"])
    wanted = spec("800", methods=[{"kind": "target_share", "share": "40%"}], step="1")
    found = settled(inputs, wanted, credit)
    assert chances(found, credit).mean() >= 0.4
    assert chances(found, credit).mean() < 0.41
    levels = table(found, "quota_levels").set_index("node")
    assert levels.loc["company", "quota"] == 80_000
    assert levels.loc["N", "over_assignment"] == levels.loc["S", "over_assignment"] > 0.2
    as_told = recalled(inputs, wanted, table(found, "quota_levels"))
    assert violations(inputs, as_told, found.cells) == []
    promise = table(found, "quota_promises").iloc[0]
    assert (promise["asked"], promise["simulated"]) == (0.4, pytest.approx(chances(found, credit).mean()))


def test_a_goal_that_is_not_covered_is_refused_with_one_that_would_be() -> None:
    credit = drawn()
    method = {"kind": "target_share", "share": "40%", "covered": "90%"}
    covered = int(np.sort(credit.sum(axis=1))[::-1][359])
    with pytest.raises(Infeasible) as caught:
        settled(seats([1, 1, 1, 1]), spec("1200", methods=[method]), credit)
    assert f"{covered / 120_000:.1%}" in (caught.value.faults[0].hint or "")
    settled(seats([1, 1, 1, 1]), spec(f"{covered / 100}", methods=[method]), credit)


def test_bounds_that_keep_a_promise_from_holding_are_told() -> None:
    bounds = {"nodes": {"R0": {"min": "200"}}}
    method = {"kind": "target_share", "share": "60%"}
    with pytest.raises(NoPlan, match="bounds keep the share"):
        settled(seats([1, 1]), spec("300", methods=[method], bounds=bounds), drawn(SCALES[:2]))


def test_an_over_assignment_is_given_or_found() -> None:
    with pytest.raises(ValueError, match="the method finds it"):
        spec("1", methods=[{"kind": "target_share", "share": "60%"}], over_assignment={"rep": "5%"})


def test_windows_are_opened_by_the_fewest_counts_that_leave_quotas() -> None:
    """Room needs 5 counts downwards and 3 upwards: both sides are opened, then each is closed as far as it goes."""

    def solve(down: int, up: int) -> tuple[int, int]:
        if down < 5 or up < 3:
            raise NoPlan("no room")
        return down, up

    assert narrowly(solve, 20) == (5, 3)
    assert narrowly(lambda down, up: (down, up), 20) == (0, 0)
    with pytest.raises(NoPlan):
        narrowly(solve, 2)
