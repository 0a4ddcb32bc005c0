"""Relief: what one seat loses others gain, cell by cell, up to their bounds; what the company takes nobody carries."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import BadInput, Infeasible
from engine.quota.in_force import relief_table
from tests.quota.setting import by_seat, seats, spec, table
from tests.quota.setting import quotas as checked
from tests.quota.test_standing import in_may


def quotas(inputs: Any, wanted: Any) -> Any:
    """Allocate; the plain checks run inside, on the quotas without relief, as `violations` knows none."""
    from engine.progress import Silent
    from engine.quota import allocate
    from tests.quota.setting import aligned, booked

    return allocate(inputs, aligned(inputs), booked(inputs), wanted, progress=Silent())


def entry(**fields: Any) -> dict[str, Any]:
    return {"rep": "R0", "reason": "lost its largest account", "amount": "120", "taken_by": "peers", **fields}


def world(periods: int = 12) -> Any:
    found = seats(
        [100, 100, 200, 400], periods=periods, region=["E", "E", "E", "W"], district=["A", "A", "B", "C"]
    )
    names = tuple(f"R{k}" for k in range(4))
    return replace(found, reps=replace(found.reps, id=names))


def test_the_company_takes_it_and_the_street_quota_falls() -> None:
    found = quotas(world(), spec("9600", relief=[entry(taken_by="company")]))
    assert by_seat(found) == [1080, 1200, 2400, 4800]
    relief = table(found, "quota_relief")
    assert relief.groupby("who")["effect"].sum().to_dict() == {"R0": -12_000, "company": 12_000}
    levels = table(found, "quota_levels")
    assert (levels["target"] + levels["relief"] == levels["quota"]).all()
    assert levels.set_index("node").loc["A", "relief"] == -12_000


def test_peers_are_the_same_district_and_a_region_is_shared_in_proportion() -> None:
    assert by_seat(quotas(world(), spec("9600", relief=[entry()]))) == [1080, 1320, 2400, 4800]
    assert by_seat(quotas(world(), spec("9600", relief=[entry(taken_by="region")]))) == [
        1080,
        1240,
        2480,
        4800,
    ]


def test_only_open_periods_of_the_window_give_relief() -> None:
    later = in_may(world(), checked(world(), spec("9600")))
    asked = entry(amount=None, share="50%", end="2027-08-31")
    del asked["amount"]
    found = quotas(later, spec("9600", relief=[asked]))
    assert found.cells[0, 0].tolist() == [10_000] * 4 + [5_000] * 4 + [10_000] * 4
    assert found.cells[1, 0].tolist() == [10_000] * 4 + [15_000] * 4 + [10_000] * 4
    steps = table(found, "quota_steps").set_index(["rep", "step"])["amount"]
    assert (steps["R0", "relief"], steps["R1", "relief"]) == (-20_000, 20_000)


def test_bounds_of_those_who_take_it_hold() -> None:
    bounds = {"nodes": {"R1": {"max": "1210"}}}
    found = quotas(world(), spec("9600", bounds=bounds, relief=[entry(taken_by="region")]))
    assert by_seat(found) == [1080, 1210, 2510, 4800]
    with pytest.raises(Infeasible, match=r"leave room for 10\.00 USD"):
        quotas(world(), spec("9600", bounds=bounds, relief=[entry()]))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"rep": "R9"}, "no seat is called 'R9'"),
        ({"taken_by": "friends"}, "nobody is meant by 'friends'"),
        ({"amount": "1300"}, "but carries 1,200.00"),
        ({"amount": "1", "start": "2027-12-02"}, "no whole period from 2027-12-02 to the last is still open"),
    ],
)
def test_what_does_not_fit_is_refused(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        quotas(world(), spec("9600", relief=[entry(**fields)]))


def test_all_entries_that_take_too_much_are_told_at_once() -> None:
    with pytest.raises(BadInput) as refused:
        quotas(world(), spec("9600", relief=[entry(amount="1300"), entry(), entry(amount="1201")]))
    assert [fault.field for fault in refused.value.faults] == ["quotas.relief[0]", "quotas.relief[2]"]


def test_a_share_and_an_amount_are_one_too_many() -> None:
    with pytest.raises(ValueError, match="either amount or share"):
        spec("9600", relief=[entry(share="10%")])


@settings(max_examples=20)
@given(
    st.integers(1, 120_000),
    st.sampled_from(["company", "peers", "region"]),
    st.sampled_from(["0", "1", "50"]),
    st.booleans(),
)
def test_every_product_and_period_loses_what_it_gains(
    cents: int, taken_by: str, step: str, twice: bool
) -> None:
    entries = [entry(amount=f"{cents / 100:.2f}", taken_by=taken_by)]
    if twice:
        entries.append(entry(rep="R2", amount="7.31", taken_by="company", reason="leave"))
    inputs = world(3)
    wanted = spec("9600", step=step, relief=entries)
    found = quotas(inputs, wanted)
    frame = table(found, "quota_relief")
    assert (frame.groupby(["entry", "product", "period"])["effect"].sum() == 0).all()
    moved = relief_table.moved(inputs, ("all",), frame)
    assert list(relief_table.violations(inputs, wanted, ("all",), found.cells - moved, frame)) == []
    assert (found.cells >= 0).all()
    if step == "1" and cents % 100 == 0 and not twice:
        assert (found.cells % 100 == 0).all()


def test_the_plain_check_finds_what_does_not_add_up() -> None:
    inputs, wanted = world(), spec("9600", relief=[entry()])
    found = quotas(inputs, wanted)
    frame = table(found, "quota_relief")
    before = found.cells - relief_table.moved(inputs, ("all",), frame)
    spoiled = frame.copy()
    spoiled.loc[0, "effect"] -= 1
    said = list(relief_table.violations(inputs, wanted, ("all",), before, spoiled))
    assert any("add up to" in each for each in said)
    assert any("not of 120.00" in each for each in said)
    strange = frame.assign(who=frame["who"].replace("R1", "R3"))
    said = list(relief_table.violations(inputs, wanted, ("all",), before, strange))
    assert any("R3 is none of the peers" in each for each in said)
