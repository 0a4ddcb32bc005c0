"""With `as_of` and quotas in force: what is over stands, the rest of the goal is spread over what is open."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.calendar import CalendarSpec, calendar
from engine.errors import BadInput
from engine.in_force import COLUMNS, InForce
from engine.inputs import Inputs
from engine.quota import doubts, violations
from engine.quota.quotas import Quotas
from tests.quota.setting import by_seat, quotas, seats, spec, table
from tests.quota.test_carry import spells


def in_force(inputs: Inputs, before: Quotas) -> InForce:
    """The tables of an earlier answer, as a run keeps them."""
    frames = {each.name: each.frame for each in before.tables}
    alignment = pd.DataFrame(
        {"account": inputs.accounts.id, "rep": [inputs.reps.id[k] for k in inputs.accounts.owner]}
    )
    tables = {**frames, "alignment": alignment}
    return InForce({name: tables[name][[c.name for c in columns]] for name, columns in COLUMNS.items()})


def in_may(inputs: Inputs, before: Quotas, as_of: str = "2027-05-01") -> Inputs:
    cut = calendar(
        CalendarSpec(year=2027, length=inputs.calendar.periods), np.datetime64(as_of).astype(object)
    )
    return replace(inputs, calendar=cut, in_force=in_force(inputs, before))


def test_a_plan_that_has_begun_without_quotas_in_force_is_warned_of() -> None:
    inputs = seats([100, 300], periods=12)
    begun = in_may(inputs, quotas(inputs, spec("4800")))
    (said,) = doubts(replace(begun, in_force=None), spec("4800"))
    assert said.startswith("W_QUOTAS_MOVE: quotas.previous: the plan has begun on 2027-01-01")
    assert doubts(begun, spec("4800")) == doubts(inputs, spec("4800")) == ()


def test_an_unchanged_plan_is_spread_as_it_was() -> None:
    inputs = seats([100, 300], periods=12)
    before = quotas(inputs, spec("4800"))
    after = quotas(in_may(inputs, before), spec("4800"))
    assert (after.cells == before.cells).all()


def test_a_raised_goal_falls_on_the_open_periods_alone() -> None:
    inputs = seats([100, 300], periods=12)
    before = quotas(inputs, spec("4800"))
    after = quotas(in_may(inputs, before), spec("5600"))
    assert (after.cells[:, :, :4] == before.cells[:, :, :4]).all()
    assert (
        after.cells[0, 0, 4:].tolist() == [12_500] * 8
    )  # 100 more than the 400 that were to come, of a quarter
    assert by_seat(after) == [1400, 4200]


def test_who_left_keeps_what_stands_and_carries_no_more() -> None:
    world = seats([100, 100], periods=12)
    everyone = replace(world, spells=spells((0, "2020-01-01", "NaT"), (1, "2020-01-01", "NaT")))
    before = quotas(everyone, spec("2400"))
    gone = replace(everyone, spells=spells((0, "2020-01-01", "NaT"), (1, "2020-01-01", "2027-05-01")))
    after = quotas(in_may(gone, before), spec("2400"))
    assert by_seat(after) == [2000, 400]
    steps = table(after, "quota_steps").set_index(["rep", "step"])["amount"]
    assert steps[gone.reps.id[1], "closed periods"] == 40_000
    assert steps[gone.reps.id[0], "time in seat"] == 80_000


@settings(max_examples=15)
@given(
    st.lists(st.integers(1, 10**5), min_size=2, max_size=5),
    st.lists(st.integers(1, 10**5), min_size=2, max_size=2),
    st.integers(10**6, 10**8),
    st.sampled_from(["0", "7", "100"]),
    st.sampled_from(["-2.3%", "0", "5.1%"]),
)
def test_what_is_over_stands_and_every_level_ties_out(
    potential: list[int], products: list[int], cents: int, step: str, over: str
) -> None:
    inputs = seats(potential, periods=4, district=["N" if k % 2 else "S" for k in range(len(potential))])
    names = inputs.products.id[:2]
    more: dict[str, Any] = {
        "step": step, "over_assignment": {"district": over, "rep": "3%"},
        "products": dict(zip(names, products, strict=False)),
    }  # fmt: skip
    before = quotas(inputs, spec(f"{cents / 100:.2f}", **more))
    turned = replace(inputs.accounts, potential=inputs.accounts.potential[::-1].copy())
    later = in_may(replace(inputs, accounts=turned), before, "2027-03-01")
    after = quotas(later, spec(f"{cents / 90:.2f}", **more))
    assert (after.cells[:, :, :2] == before.cells[:, :, :2]).all()
    assert (after.cells >= 0).all()


def test_a_moved_cell_of_a_period_that_is_over_is_found() -> None:
    inputs = seats([100, 300], periods=12)
    before = quotas(inputs, spec("4800"))
    later = in_may(inputs, before)
    cells = before.cells.copy()
    cells[0, 0, 0] += 100
    cells[1, 0, 0] -= 100
    assert any("is over" in said for said in violations(later, spec("4800"), cells))


def test_what_does_not_fit_is_refused() -> None:
    inputs = seats([100, 300], periods=12)
    before = quotas(inputs, spec("4800"))
    later = in_may(inputs, before)
    with pytest.raises(BadInput, match="already carry"):
        quotas(later, spec("1000"))
    with pytest.raises(BadInput, match="is fixed by locks"):
        quotas(later, spec("4800", locks={inputs.reps.id[0]: "100"}))
    with pytest.raises(BadInput, match="its goal hands down"):
        quotas(later, spec({"Q1": "1000", "Q2": "1000", "Q3": "1000", "Q4": "1000"}))
