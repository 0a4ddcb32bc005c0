"""Bottom-up against top-down, and leave."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from engine.errors import BadInput
from engine.inputs import Inputs
from engine.quota.carry import carry
from tests.quota.setting import by_seat, quotas, seats, spec, table
from tests.worlds import with_spells


def targeted(amounts: list[int], **levels: list[str]) -> Inputs:
    inputs = seats([100, 300, 600], **levels)
    money = np.array(amounts, dtype=np.int64) * 100
    return replace(inputs, accounts=replace(inputs.accounts, extra={"target": money}))


def test_targets_of_accounts_are_held_against_the_goal_at_every_level() -> None:
    inputs = targeted([200, 300, 400], district=["N", "N", "S"])
    methods: list[dict[str, Any]] = [
        {"kind": "potential", "weight": "75%"},
        {"kind": "accounts", "column": "target", "weight": "25%"},
    ]
    found = quotas(inputs, spec("1000", methods=methods, over_assignment={"rep": "10%"}))
    told = table(found, "quota_reconciliation")
    shown = told[["level", "node", "bottom_up", "top_down", "gap"]].to_numpy().tolist()
    assert shown == [
        ["company", "company", 90_000, 100_000, -10_000],
        ["district", "N", 50_000, 40_000, 10_000],
        ["district", "S", 40_000, 60_000, -20_000],
        ["rep", "R0", 20_000, 10_000, 10_000],
        ["rep", "R1", 30_000, 30_000, 0],
        ["rep", "R2", 40_000, 60_000, -20_000],
    ]
    assert told["weight"].tolist() == [0.25] * 6
    assert told["gap_ratio"].tolist() == pytest.approx([-0.1, 0.25, -1 / 3, 1, 0, -1 / 3])
    assert told["blend"].tolist()[3:] == [13_056, 30_833, 56_111]
    assert by_seat(found) == pytest.approx([143.61, 339.17, 617.22], abs=0.02)
    assert told["quota"].tolist()[3:] == [round(100 * value) for value in by_seat(found)]


def test_a_method_of_weight_0_only_shows_the_gap() -> None:
    inputs = targeted([500, 500, 500])
    methods = [{"kind": "potential"}, {"kind": "accounts", "column": "target", "weight": "0"}]
    found = quotas(inputs, spec("1000", methods=methods))
    assert by_seat(found) == [100, 300, 600]
    assert table(found, "quota_reconciliation")["gap"].tolist() == [50_000, 40_000, 20_000, -10_000]


def test_targets_alone_are_scaled_to_the_goal_and_the_gap_is_that_of_the_company() -> None:
    found = quotas(
        targeted([200, 300, 300]), spec("1000", methods=[{"kind": "accounts", "column": "target"}])
    )
    assert by_seat(found) == [250, 375, 375]
    told = table(found, "quota_reconciliation")
    assert told["gap"].isna().tolist() == [False, True, True, True]
    assert told["gap"].tolist()[0] == -20_000


def test_a_leave_rests_the_quota_without_a_new_ramp() -> None:
    inputs = with_spells(
        seats([100, 100], periods=3), start=np.array(["2024-01-01", "2027-01-01"], dtype="datetime64[D]")
    )
    leave = {"rep": "R1", "start": dt.date(2027, 2, 1), "end": dt.date(2027, 3, 1), "carries": "25%"}
    wanted = spec("300", ramp=["50%", "80%"], leave=[leave])
    assert carry(inputs, wanted)[1] == [Fraction(1, 2), Fraction(1, 5), Fraction(1)]
    half = {**leave, "start": dt.date(2027, 2, 15), "carries": "0"}
    assert carry(inputs, spec("300", leave=[half]))[1] == [1, Fraction(1, 2), 1]
    assert carry(inputs, spec("300", leave=[half], vacant="50%"))[1] == [1, Fraction(1, 2), 1]
    gone = quotas(inputs, spec("300", leave=[{**leave, "start": dt.date(2026, 1, 1), "carries": "0"}]))
    assert gone.cells[1, 0, :2].tolist() == [0, 0]
    assert gone.cells[1, 0, 2] > 0


def test_leaves_that_overlap_or_of_nobody_are_refused() -> None:
    leave = {"rep": "R1", "start": dt.date(2027, 2, 1), "end": dt.date(2027, 3, 1)}
    with pytest.raises(BadInput) as refused:
        quotas(
            seats([1, 2]),
            spec(leave=[leave, {**leave, "start": dt.date(2027, 2, 27)}, {**leave, "rep": "R7"}]),
        )
    assert [fault.field for fault in refused.value.faults] == ["quotas.leave[1].start", "quotas.leave[2].rep"]
    with pytest.raises(ValidationError, match="not after its start"):
        spec(leave=[{**leave, "end": dt.date(2027, 2, 1)}])
