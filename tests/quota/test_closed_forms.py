from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from engine.quota.shape import largest_remainder
from tests.quota.setting import by_seat, quotas, seats, spec, table
from tests.worlds import with_spells


def test_without_bounds_the_split_is_proportional() -> None:
    found = quotas(seats([100, 300, 600]), spec("1000"))
    assert by_seat(found) == [100, 300, 600]
    assert [solve.objective for solve in found.solves[:2]] == [0, 0]


def test_what_a_ceiling_cuts_off_goes_to_the_others_in_proportion() -> None:
    # Seat 2 is held at 50 % of its 600; the other two share the 300 in the ratio 100 : 300.
    found = quotas(seats([100, 300, 600]), spec("1000", bounds={"nodes": {"R2": {"max": "300"}}}))
    assert by_seat(found) == [175, 525, 300]
    assert found.solves[0].objective == pytest.approx(0.75)


def test_what_a_floor_takes_comes_from_the_others_in_proportion() -> None:
    found = quotas(seats([100, 300, 600]), spec("1000", bounds={"nodes": {"R0": {"min": "190"}}}))
    assert by_seat(found) == [190, 270, 540]


def test_equal_weights_fall_as_by_largest_remainder() -> None:
    # 100.00 in three: 33.34, 33.33, 33.33, as case I001 of the bad inputs has it.
    found = quotas(seats([5, 5, 5]), spec("100"))
    assert sorted(by_seat(found), reverse=True) == [33.34, 33.33, 33.33]
    assert largest_remainder(10_000, [Fraction(1)] * 3) == [3334, 3333, 3333]


def test_seven_seats_with_weights_short_of_one_tie_out_to_the_cent() -> None:
    methods = [{"kind": "potential", "weight": "0.3333333"}, {"kind": "even", "weight": "0.6666666"}]
    found = quotas(seats([3, 1, 4, 1, 5, 9, 2], periods=12), spec("1,000,000.01", methods=methods))
    assert int(found.cells.sum()) == 100_000_001
    odd = quotas(seats([3, 1, 4, 1, 5, 9, 2], periods=12), spec("1000000.01", methods=methods, step="500"))
    assert int(odd.cells.sum()) == 100_000_001
    assert int((odd.cells % 50_000 != 0).sum()) == 1
    company = table(odd, "quota_levels").iloc[0]
    assert (company["remainder"], company["carrier"]) == (1, "R5")


def test_two_levels_with_over_assignment_compound() -> None:
    inputs = seats([100, 300, 600], district=["N", "N", "S"])
    found = quotas(inputs, spec("1000", over_assignment={"district": "10%", "rep": "5%"}))
    assert by_seat(found) == [115.5, 346.5, 693]
    levels = table(found, "quota_levels").set_index("node")
    assert levels.loc[["company", "N", "S"], "assigned"].tolist() == [100_000, 44_000, 66_000]
    assert levels.loc[["company", "N", "S"], "target"].tolist() == [110_000, 46_200, 69_300]
    assert (levels["target"] == levels["quota"]).all()


def test_the_largest_child_carries_what_is_no_multiple_of_the_step() -> None:
    found = quotas(seats([100, 300, 600], district=["N", "N", "S"]), spec("1030", step="100"))
    assert by_seat(found) == [100, 300, 630]
    levels = table(found, "quota_levels").set_index("node")
    assert levels.loc["company", "carrier"] == "S"
    assert levels.loc["S", "remainder"] == 3000
    assert levels.loc["N", "remainder"] == 0


def test_a_lock_holds_and_the_rest_is_shared() -> None:
    found = quotas(seats([100, 300, 600]), spec("1000", step="10", locks={"R0": "203.33"}))
    assert by_seat(found)[0] == 203.33
    assert by_seat(found)[1] % 10 == 0


def test_methods_blend_by_their_weights() -> None:
    inputs = seats([100, 300], history=[300, 100])
    wanted = spec("1000", methods=[{"kind": "potential", "weight": "3"}, {"kind": "history", "weight": "1"}])
    assert by_seat(quotas(inputs, wanted)) == [375, 625]
    grown = spec("1000", methods=[{"kind": "history", "growth": {"R1": "200%"}}])
    assert by_seat(quotas(inputs, grown)) == [500, 500]
    capacity = spec("1000", methods=[{"kind": "capacity"}])
    assert by_seat(quotas(inputs, capacity, yearly=[10, 30])) == [250, 750]


def test_a_quota_is_last_times_one_plus_the_growth_of_its_seat() -> None:
    # https://blog.salescookie.com/2024/07/17/ramped-quotas-strategies-for-new-hire-commission-plans
    inputs = seats([1, 1], history=[100_000, 100_000])
    grown = spec("215k", methods=[{"kind": "history", "growth": {"R1": "15%"}}])
    assert by_seat(quotas(inputs, grown)) == [100_000, 115_000]


def test_a_seat_without_last_year_claims_its_potential_at_the_rate_of_the_others() -> None:
    found = quotas(seats([100, 300, 100], history=[50, 150, 0]), spec("1000", methods=[{"kind": "history"}]))
    assert by_seat(found) == [200, 600, 200]


def test_a_ramp_and_a_hire_date_shape_the_year_and_the_periods() -> None:
    # R1 starts in March: nothing in January and February, half in March, full in April.
    inputs = seats([100, 100], periods=4)
    inputs = with_spells(inputs, start=np.array(["2024-01-01", "2027-03-01"], dtype="datetime64[D]"))
    found = quotas(inputs, spec("1100", ramp=["50%"], step="1"))
    assert by_seat(found) == [800, 300]
    assert found.by_period[1][:2].tolist() == [0, 0]
    assert 0 < found.by_period[1][2] < found.by_period[1][3]
    assert (found.by_period.sum(axis=0) == 27_500).all()
    assert table(found, "quota_reps")["ramp"].tolist() == [1.0, 0.375]


def test_an_open_seat_carries_what_the_scenario_says() -> None:
    inputs = seats([100, 100])
    inputs = replace(
        inputs, spells=replace(inputs.spells, end=np.array(["NaT", "2026-06-01"], dtype="datetime64[D]"))
    )
    assert by_seat(quotas(inputs, spec("900"))) == [900, 0]
    assert by_seat(quotas(inputs, spec("900", vacant="50%"))) == [600, 300]


def test_goals_per_quarter_and_per_product_hold_to_the_cent() -> None:
    inputs = seats([100, 300, 600], periods=6)
    found = quotas(inputs, spec({"Q1": "1000.01", "Q2": "2000.02"}, products={"S0": "1", "S1": "2"}))
    assert found.by_period.sum(axis=0)[:3].sum() == 100_001
    assert found.by_period.sum(axis=0)[3:].sum() == 200_002
    split = quotas(
        inputs, spec({"S0": "1000.01", "S1": "500"}, step="5", seasonality=["1", "1", "2", "2", "3", "3"])
    )
    assert split.cells.sum(axis=(0, 2)).tolist() == [100_001, 50_000]
    assert table(split, "goals")["goal"].sum() == 150_001


def test_seasons_products_and_seats_tie_out_in_steps() -> None:
    inputs = seats([130, 220, 370, 80], periods=12, district=["N", "N", "S", "S"])
    wanted = spec(
        "1M", step="500", products={"S0": "60%", "S1": "40%"}, seasonality={"Q1": "10%", "Q4": "90%"}
    )
    found = quotas(inputs, wanted)
    assert not (found.cells % 50_000).any()
    assert found.cells.sum(axis=(0, 2)).tolist() == [60_000_000, 40_000_000]
    quarter = [int(found.by_period[:, 3 * q : 3 * q + 3].sum()) for q in range(4)]
    assert quarter == [10_000_000, 0, 0, 90_000_000]


def test_a_season_that_late_hires_cannot_meet_gives_way_as_little_as_possible() -> None:
    # R1 is filled in April alone and locked at 400, of 250 a month: the other months give 50 each.
    inputs = seats([100, 300], periods=4)
    inputs = with_spells(inputs, start=np.array(["2024-01-01", "2027-04-01"], dtype="datetime64[D]"))
    found = quotas(inputs, spec("1000", step="10", products={"S0": "1", "S1": "1"}, locks={"R1": "400"}))
    assert found.by_period[1].tolist() == [0, 0, 0, 40_000]
    assert found.by_period[0][3] == 0
    assert found.by_period[0].sum() == 60_000
    assert found.cells.sum(axis=(0, 2)).tolist() == [50_000, 50_000]


def test_what_a_district_cannot_take_is_shared_in_proportion_by_all_others() -> None:
    inputs = seats([100, 300, 200, 200, 200], district=["N", "N", "S", "S", "T"])
    found = quotas(inputs, spec("1000", bounds={"nodes": {"N": {"max": "300"}}}))
    assert by_seat(found)[:2] == [75, 225]
    assert by_seat(found)[2:] == pytest.approx([700 / 3] * 3, abs=0.05)
    assert found.solves[0].objective == pytest.approx(1 / 6, abs=1e-4)
    assert table(found, "quota_reps")["target"].tolist() == [10_000, 30_000, 20_000, 20_000, 20_000]
