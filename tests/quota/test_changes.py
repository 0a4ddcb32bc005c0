"""Changes against the quotas in force: reasons in the right place, and effects that add up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.inputs import Inputs
from engine.quota.quotas import Quotas
from tests.quota.setting import quotas, seats, spec, table
from tests.quota.test_carry import spells
from tests.quota.test_standing import in_force, in_may


def changed(found: Quotas) -> dict[tuple[str, str], float]:
    """Effect by seat and reason, currency units; the sums are held to the quotas."""
    frame = table(found, "quota_changes")
    for _, rows in frame.groupby("rep"):
        assert int(rows["effect"].sum()) == int(rows["quota"].iloc[0] - rows["previous"].iloc[0])
    told = frame[["rep", "reason", "effect"]].itertuples(index=False)
    return {(rep, reason): effect / 100 for rep, reason, effect in told}


def after(inputs: Inputs, before: Quotas) -> Inputs:
    return replace(inputs, in_force=in_force(inputs, before))


def test_nothing_changed_says_nothing() -> None:
    inputs = seats([100, 300])
    before = quotas(inputs, spec("400"))
    assert changed(quotas(after(inputs, before), spec("400"))) == {}


def test_a_raised_goal_is_the_only_reason() -> None:
    inputs = seats([100, 300])
    first, second = inputs.reps.id
    before = quotas(inputs, spec("400", over_assignment={"rep": "10%"}))
    found = changed(quotas(after(inputs, before), spec("500", over_assignment={"rep": "10%"})))
    assert found == {(first, "goal"): 27.5, (second, "goal"): 82.5}


def test_an_account_that_moved_is_named() -> None:
    inputs = seats([100, 100, 200])
    before = quotas(inputs, spec("400"))
    moved = replace(after(inputs, before), accounts=replace(inputs.accounts, owner=np.array([0, 2, 2])))
    found = quotas(moved, spec("400"))
    assert changed(found) == {(inputs.reps.id[1], "potential"): -100, (inputs.reps.id[2], "potential"): 100}
    notes = table(found, "quota_changes").set_index("rep")["note"].to_dict()
    assert notes == {
        inputs.reps.id[1]: "accounts: 0 came, 1 went",
        inputs.reps.id[2]: "accounts: 1 came, 0 went",
    }


def test_weights_bounds_ramp_and_seats_are_told_apart() -> None:
    inputs = seats([100, 300], history=[200, 200])
    first, second = inputs.reps.id
    both: list[dict[str, Any]] = [{"kind": "potential"}, {"kind": "history"}]
    before = quotas(inputs, spec("400", methods=both))
    one = changed(quotas(after(inputs, before), spec("400", methods=both[:1])))
    assert one == {(first, "weights"): -50, (second, "weights"): 50}
    held = changed(
        quotas(after(inputs, before), spec("400", methods=both, bounds={"nodes": {first: {"max": "100"}}}))
    )
    assert held == {(first, "bounds"): -50, (second, "rounding"): 50}
    late = replace(inputs, spells=spells((0, "2027-01-16", "NaT"), (1, "2020-01-01", "NaT")))
    ramp = changed(quotas(after(late, before), spec("400", methods=both)))
    assert set(ramp) == {(first, "time in seat"), (second, "time in seat")}


def test_with_periods_that_are_over_the_goal_is_what_is_left() -> None:
    inputs = seats([100, 300], periods=12)
    first, second = inputs.reps.id
    before = quotas(inputs, spec("4800"))
    found = changed(quotas(in_may(inputs, before), spec("5600")))
    assert found == {(first, "goal"): 200, (second, "goal"): 600}


@settings(max_examples=12)
@given(
    st.lists(st.integers(1, 10**5), min_size=2, max_size=4),
    st.integers(10**5, 10**8),
    st.integers(10**5, 10**8),
    st.sampled_from(["0", "7"]),
)
def test_effects_add_up_whatever_changed(potential: list[int], old: int, new: int, step: str) -> None:
    inputs = seats(potential, history=potential[::-1])
    both = [{"kind": "potential", "weight": 2}, {"kind": "history"}]
    before = quotas(inputs, spec(f"{old / 100:.2f}", methods=both, step=step))
    turned = replace(inputs.accounts, potential=inputs.accounts.potential[::-1].copy())
    later = after(replace(inputs, accounts=turned), before)
    changed(quotas(later, spec(f"{new / 100:.2f}", methods=both[:1], over_assignment={"rep": "3%"})))
