from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.quota.setting import by_seat, quotas, seats, spec, table
from tests.worlds import with_spells

potentials = st.lists(st.integers(1, 10**6), min_size=1, max_size=6)
shares = st.sampled_from(["-5%", "0%", "3%", "7.25%"])


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    potential=potentials,
    cents=st.integers(1_000_000, 10**10),
    step=st.sampled_from(["0", "0.07", "1", "25", "500"]),
    over=st.fixed_dictionaries({"district": shares, "rep": shares}),
    seasons=st.lists(st.integers(0, 5), min_size=3, max_size=3).filter(any),
    hired=st.integers(0, 80),
    split=st.booleans(),
)
def test_every_sum_ties_out_for_any_input(**drawn: Any) -> None:
    count = len(drawn["potential"])
    inputs = seats(drawn["potential"], periods=3, district=["N" if j % 2 == 0 else "S" for j in range(count)])
    start = inputs.spells.start.copy()
    if count > 1:
        start[-1] = np.datetime64("2027-01-01") + np.timedelta64(drawn["hired"], "D")
    wanted = spec(
        f"{drawn['cents'] // 100}.{drawn['cents'] % 100:02d}",
        step=drawn["step"],
        over_assignment=drawn["over"],
        seasonality=[str(weight) for weight in drawn["seasons"]],
        products={"S0": "0.7", "S1": "0.3"} if drawn["split"] else "none",
    )
    found = quotas(with_spells(inputs, start=start), wanted)  # held to the plain check there
    levels = table(found, "quota_levels")
    assert (levels["target"] == levels["quota"]).all()
    assert table(found, "goals")["goal"].sum() == drawn["cents"]
    street = int(found.cells.sum())
    assert levels.loc[levels["level"] == "product", "quota"].sum() == street
    assert levels.loc[levels["level"] == "period", "quota"].sum() == street


@settings(max_examples=12, deadline=None, derandomize=True)
@given(potential=potentials, factor=st.sampled_from([2, 10, 1000]))
def test_scaling_all_money_scales_all_quotas(potential: list[int], factor: int) -> None:
    one = quotas(seats(potential, periods=2), spec("9000", step="5"))
    many = quotas(
        seats([value * factor for value in potential], periods=2),
        spec(str(9000 * factor), step=str(5 * factor)),
    )
    assert (many.cells == one.cells * factor).all()


def test_seats_of_one_name_in_two_regions_stay_apart() -> None:
    inputs = seats([1, 2, 3, 4], region=["W", "W", "E", "E"], district=["North", "South", "North", "South"])
    found = quotas(inputs, spec("1000"))
    nodes = table(found, "quota_levels").query("level == 'district'")["node"].tolist()
    assert nodes == ["E / North", "E / South", "W / North", "W / South"]
    assert by_seat(found) == [100, 200, 300, 400]


def test_a_yen_has_no_cents() -> None:
    inputs = replace(seats([1, 1, 1]), currency="JPY")
    found = quotas(inputs, spec("100"))
    assert sorted(found.cells.sum(axis=(1, 2)).tolist()) == [33, 33, 34]
