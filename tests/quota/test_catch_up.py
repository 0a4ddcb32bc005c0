"""A past shortfall: dropped, or carried over to the open periods of the seat that fell short."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.known import NO_DEALS
from engine.errors import BadInput
from engine.inputs import Inputs
from engine.progress import Silent
from engine.quota import allocate, move_violations, moves, violations
from engine.quota.quotas import Quotas
from engine.quota.spec import QuotaSpec
from tests.quota.setting import aligned, booked, by_seat, quotas, seats, spec, table
from tests.quota.test_carry import spells
from tests.quota.test_standing import in_may

YEAR = seats([100, 300], periods=12)
CARRY: dict[str, Any] = {"shortfall": "carry"}


def later(
    wanted: QuotaSpec, monthly: list[int], inputs: Inputs = YEAR, before: Quotas | None = None
) -> Quotas:
    """Quotas on 1 May after quotas of 4,800 a year; seats booked so much a month, in currency units."""
    stood = before or quotas(inputs, spec("4800"))
    now = replace(in_may(inputs, stood), actuals=NO_DEALS)
    return allocate(now, aligned(now), booked(now, monthly), wanted, progress=Silent())


def test_a_shortfall_is_dropped_unless_it_is_to_be_carried() -> None:
    found = later(spec("4800"), [80, 250])
    assert by_seat(found) == [1200, 3600]
    assert all(made.name != "quota_catch_up" for made in found.tables)


def test_each_seat_carries_its_own_over_its_open_periods() -> None:
    found = later(spec("4800", **CARRY), [80, 250])  # 100 and 300 a month were to be reached, four times
    assert by_seat(found) == [1280, 3800]
    assert found.cells[0, 0].tolist() == [10_000] * 4 + [11_000] * 8
    assert found.cells[1, 0].tolist() == [30_000] * 4 + [32_500] * 8
    told = table(found, "quota_catch_up").drop_duplicates("rep")
    assert told[["rep", "stood", "credited", "shortfall", "carried"]].values.tolist() == [
        ["R0", 40_000, 32_000, 8_000, 8_000], ["R1", 120_000, 100_000, 20_000, 20_000],
    ]  # fmt: skip
    steps = table(found, "quota_steps").set_index(["rep", "step"])["amount"]
    assert steps["R0", "catch-up"] == 8_000
    assert steps.groupby("rep").sum().tolist() == [128_000, 380_000]
    levels = table(found, "quota_levels")
    assert (levels["target"] + levels["relief"] == levels["quota"]).all()
    changes = table(found, "quota_changes")
    assert changes[["rep", "reason", "effect"]].values.tolist() == [
        ["R0", "catch-up", 8_000], ["R1", "catch-up", 20_000],
    ]  # fmt: skip


def test_who_reached_it_carries_nothing_and_no_good_month_is_lost() -> None:
    found = later(spec("4800", **CARRY), [150, 250])
    assert by_seat(found) == [1200, 3800]


def test_it_is_rounded_to_the_step_and_stops_at_the_bounds() -> None:
    stepped = later(spec("4800", step="100", **CARRY), [87, 299])  # 52 and 4 short
    assert by_seat(stepped) == [1300, 3600]
    bounded = later(spec("4800", bounds={"target": {"max": "1.02"}}, **CARRY), [80, 250])
    assert by_seat(bounded) == [1224, 3672]
    told = table(bounded, "quota_catch_up").drop_duplicates("rep").set_index("rep")
    assert told["shortfall"].tolist() == [8_000, 20_000]
    assert told["carried"].tolist() == [2_400, 7_200]


def test_who_is_locked_or_gone_carries_none() -> None:
    locked = later(spec("4800", locks={"R0": "1200"}, **CARRY), [80, 250])
    assert by_seat(locked) == [1200, 3800]
    world = seats([100, 300], periods=12)
    everyone = replace(world, spells=spells((0, "2020-01-01", "NaT"), (1, "2020-01-01", "NaT")))
    before = quotas(everyone, spec("4800"))
    gone = replace(everyone, spells=spells((0, "2020-01-01", "2027-05-01"), (1, "2020-01-01", "NaT")))
    found = later(spec("4800", **CARRY), [80, 300], gone, before)
    assert by_seat(found) == [400, 4400]
    (row,) = table(found, "quota_catch_up").to_dict("records")
    assert (row["rep"], row["shortfall"], row["carried"], row["period"]) == ("R0", 8_000, 0, None)


def test_relief_takes_its_share_of_what_is_carried_as_well() -> None:
    entry = {"rep": "R0", "reason": "away", "share": "50%", "taken_by": "company"}
    found = later(spec("4800", relief=[entry], **CARRY), [80, 300])
    assert by_seat(found) == [840, 3600]


def test_the_plain_check_knows_what_was_moved_and_finds_what_was_not() -> None:
    wanted = spec("4800", **CARRY)
    found = later(wanted, [80, 250])
    frames = {"quota_catch_up": table(found, "quota_catch_up")}
    now = replace(in_may(YEAR, quotas(YEAR, spec("4800"))), actuals=NO_DEALS)
    caught, relieved = moves(now, ("all",), frames)
    assert violations(now, wanted, found.cells - caught - relieved) == []
    assert move_violations(now, wanted, ("all",), found.cells - caught, frames) == []
    for column, value in (("effect", 1), ("credited", 39_000), ("period", "2027-02"), ("stood", 50_000)):
        wrong = {"quota_catch_up": frames["quota_catch_up"].assign(**{column: value})}
        assert move_violations(now, wanted, ("all",), found.cells - caught, wrong), column


def test_without_quotas_in_force_nothing_says_what_was_to_be_reached() -> None:
    with pytest.raises(BadInput, match="Give `previous` and `as_of`") as refused:
        quotas(YEAR, spec("4800", **CARRY))
    assert refused.value.faults[0].field == "quotas.shortfall"
    with pytest.raises(BadInput, match=r"Give `data\.actuals`"):
        quotas(in_may(YEAR, quotas(YEAR, spec("4800"))), spec("4800", **CARRY))


@settings(max_examples=12, deadline=None, derandomize=True)
@given(
    st.lists(st.integers(1, 500), min_size=2, max_size=4),
    st.lists(st.integers(0, 900), min_size=4, max_size=4),
    st.sampled_from(["0", "7", "100"]),
)
def test_every_level_ties_out_with_what_is_carried(
    potential: list[int], monthly: list[int], step: str
) -> None:
    inputs = seats(potential, periods=12, district=["N", "S", "N", "S"][: len(potential)])
    before = quotas(inputs, spec("9600"))
    found = later(spec("9600", step=step, **CARRY), monthly[: len(potential)], inputs, before)
    levels = table(found, "quota_levels")
    assert (levels["target"] + levels["relief"] == levels["quota"]).all()
    assert (found.cells[:, :, :4] == before.cells[:, :, :4]).all()
