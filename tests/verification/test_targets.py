"""Bounds relative to targets, by tables alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.adjusted import Adjusted
from engine.quota.spec import QuotaSpec
from engine.verification.targets import target_faults
from tests.quota.setting import quotas, seats, spec

BOUNDS = {"target": {"min": "80%", "max": "120%"}}


def tables_of(wanted: QuotaSpec) -> tuple[Any, dict[str, pd.DataFrame]]:
    inputs = seats([100, 200, 300])
    found = quotas(inputs, wanted)
    return inputs, {made.name: made.frame for made in found.tables}


@pytest.mark.parametrize(("share", "words"), [("1.3", "above 1.2"), ("0.7", "below 0.8")])
def test_a_quota_outside_a_bound_of_its_target_is_named(share: str, words: str) -> None:
    wanted = spec("600", bounds=BOUNDS)
    inputs, tables = tables_of(wanted)
    assert list(target_faults(inputs, wanted, tables)) == []
    tables["quota_reps"].loc[1, "quota"] = int(20_000 * float(share))
    said = list(target_faults(inputs, wanted, tables))
    assert len(said) == 1
    assert said[0].startswith("R1: ")
    assert words in said[0]


def test_locked_seats_and_seats_that_carry_nothing_have_no_bounds() -> None:
    wanted = spec("600", bounds=BOUNDS, locks={"R1": "10", "R2": None})
    inputs, tables = tables_of(spec("600", locks={"R1": "10", "R2": None}))
    tables["quota_reps"].loc[0, "target"] = tables["quota_reps"].loc[0, "quota"]
    assert [text for text in target_faults(inputs, wanted, tables) if "of its target" in text] == []


def test_a_quota_that_was_set_by_hand_has_no_bounds() -> None:
    inputs = seats([100, 200, 300])
    rows = Adjusted(("f",), ("R1",), ("",), ("",), np.array([1_000]), ("f row 2",), ("lost its account",))
    inputs = replace(inputs, adjusted=rows)
    wanted = spec("600", bounds={"target": {"min": "50%", "max": "150%"}}, adjustments="f")
    found = quotas(inputs, wanted)
    assert found.cells.sum(axis=(1, 2))[1] == 1_000
    assert list(target_faults(inputs, wanted, {made.name: made.frame for made in found.tables})) == []


def test_a_share_of_the_potential_is_computed_anew() -> None:
    wanted = spec("600")
    inputs, tables = tables_of(wanted)
    steps = tables["quota_steps"]
    steps.loc[steps["step"] == "potential", "share"] += 0.01
    assert (
        len([text for text in target_faults(inputs, wanted, tables) if "share of the potential" in text]) == 3
    )


def test_bounds_of_products_relative_to_the_target_hold_for_their_share() -> None:
    bounds = {"products": {"S0": {"target": {"max": "110%"}}}}
    wanted = spec("600", products={"S0": "50%", "S1": "50%"}, bounds=bounds)
    inputs, tables = tables_of(wanted)
    assert list(target_faults(inputs, wanted, tables)) == []
    rows = tables["quotas"]
    rows.loc[rows.index[(rows["rep"] == "R2") & (rows["product"] == "S0")][0], "quota"] += 2_000
    assert ["R2, S0" in text for text in target_faults(inputs, wanted, tables)] == [True]
