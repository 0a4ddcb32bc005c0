"""Teams in the middle of the year: quotas in force, relief within a team, and street quotas that methods find."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import BadInput
from engine.pipeline.bookings import Bookings
from engine.progress import Silent
from engine.quota import allocate, move_violations, violations
from engine.quota.difficulty.street import recalled
from tests.quota.setting import aligned, by_seat, quotas, seats, spec, table
from tests.quota.test_standing import in_may

YEAR = seats([100, 300, 200, 200, 100], periods=12, region=["E", "W", "E", "W", "E"])
TEAMS: dict[str, Any] = {
    "partners": {"members": {"rep": ["R2", "R3"]}, "share": "25%"},
    "engineers": {"members": {"rep": "R4"}, "share": "1", "overlay": True},
}


def test_what_is_over_stands_team_by_team_and_the_rest_is_spread() -> None:
    before = quotas(YEAR, spec("4800", teams=TEAMS))
    assert by_seat(before) == [900, 2700, 600, 600, 4800]
    after = quotas(in_may(YEAR, before), spec("5600", teams=TEAMS))
    assert (after.cells[:, :, :4] == before.cells[:, :, :4]).all()
    assert by_seat(after) == [1050, 3150, 700, 700, 5600]
    changes = table(after, "quota_changes").set_index("rep")
    assert changes["reason"].tolist() == ["goal"] * 5
    assert changes["effect"].tolist() == [15_000, 45_000, 10_000, 10_000, 80_000]


def test_a_goal_that_one_team_takes_from_another_is_told_as_their_goal() -> None:
    before = quotas(YEAR, spec("4800", teams=TEAMS))
    more = {**TEAMS, "partners": {**TEAMS["partners"], "share": "50%"}}
    changes = table(quotas(in_may(YEAR, before), spec("4800", teams=more)), "quota_changes")
    moved = changes[changes["reason"] == "goal"].set_index("rep")["effect"].to_dict()
    assert moved == {"R0": -30_000, "R1": -90_000, "R2": 60_000, "R3": 60_000}
    assert changes["effect"].sum() == 0


def test_a_team_whose_periods_carry_more_than_its_goal_is_named() -> None:
    before = quotas(YEAR, spec("4800", teams=TEAMS))
    less = {**TEAMS, "partners": {**TEAMS["partners"], "share": "5%"}}
    with pytest.raises(BadInput, match=r"partners: the periods that are over already carry 160\.00 USD more"):
        quotas(in_may(YEAR, before), spec("4800", teams=less))


def test_a_moved_cell_of_another_team_is_found() -> None:
    before = quotas(YEAR, spec("4800", teams=TEAMS))
    later, wanted = in_may(YEAR, before), spec("4800", teams=TEAMS)
    cells = before.cells.copy()
    cells[3, 0, 0] += 100
    cells[3, 0, 5] -= 100
    assert any(said.startswith("R3, all, 2027-01 is over") for said in violations(later, wanted, cells))


def test_relief_is_taken_by_the_seats_own_team() -> None:
    entry = {"rep": "R2", "reason": "away", "amount": "100", "taken_by": "peers"}
    inputs = seats([100, 300, 200, 200, 100], region=["E", "W", "E", "E", "E"])
    found = quotas(inputs, spec("1000", teams=TEAMS))
    relieved = allocate_with(inputs, spec("1000", teams=TEAMS, relief=[entry]))
    assert by_seat(relieved) == [187.5, 562.5, 25, 225, 1000]
    frame = table(relieved, "quota_relief")
    assert frame["who"].tolist() == ["R2", "R3"]
    levels = table(relieved, "quota_levels")
    assert (levels["target"] + levels["relief"] == levels["quota"]).all()
    assert table(relieved, "quota_steps").groupby("rep")["amount"].sum().tolist() == [
        18_750, 56_250, 2_500, 22_500, 100_000,
    ]  # fmt: skip
    wrong = frame.replace({"who": {"R3": "R0"}})
    said = move_violations(
        inputs, spec("1000", teams=TEAMS, relief=[entry]), ("all",), found.cells, {"quota_relief": wrong}
    )
    assert "relief 1: R0 is not in the team of R2" in said


def test_relief_without_anybody_in_the_team_to_take_it_is_refused() -> None:
    alone = {"partners": {"members": {"rep": "R2"}, "share": "25%"}}
    entry = {"rep": "R2", "reason": "away", "amount": "100", "taken_by": "peers"}
    with pytest.raises(BadInput, match="R2 has no peers to take it in its team, partners"):
        allocate_with(YEAR, spec("1000", teams=alone, relief=[entry]))


def allocate_with(inputs: Any, wanted: Any) -> Any:
    """Quotas with relief, which lies outside the plain check of what ties out."""
    from tests.quota.setting import booked

    return allocate(inputs, aligned(inputs), booked(inputs), wanted, progress=Silent())


def drawn(inputs: Any, replications: int = 200) -> Bookings:
    """Bookings of each seat, drawn from lognormal laws of different spread."""
    random = np.random.default_rng(7)
    count, periods = len(inputs.reps), inputs.calendar.periods
    spread = np.linspace(0.2, 0.8, count)[None, :, None]
    cube = np.exp(random.normal(9, 1, (replications, count, periods)) * spread + 7)
    return Bookings(
        ("bookings",), np.round(cube).astype(np.int64)[..., None], np.zeros((replications, 0), dtype=np.int64), (), ()
    )  # fmt: skip


def test_each_team_finds_the_over_assignment_at_which_its_share_reaches_quota() -> None:
    inputs = seats([100, 300, 200, 200, 100], region=["E", "W", "E", "W", "E"])
    booked = drawn(inputs)
    teams = {"partners": {"members": {"rep": ["R2", "R3"]}, "share": "25%"}}
    wanted = spec("1000", teams=teams, methods=[{"kind": "target_share", "share": "60%"}], fresh=0)
    found = allocate(inputs, aligned(inputs), booked, wanted, progress=Silent())
    quota, credit = found.cells.sum(axis=(1, 2)), booked.measure("bookings").sum(axis=2)
    reached = (credit >= quota).mean(axis=0)
    assert reached[2:4].mean() >= 0.6
    assert reached[[0, 1, 4]].mean() >= 0.6
    assert np.abs(reached - 0.6).max() < 0.03
    told = table(found, "quota_teams").set_index("team")["over_assignment"]
    assert told["partners"] != pytest.approx(told["others"], abs=0.01)
    known = recalled(inputs, wanted, table(found, "quota_levels"))
    assert violations(inputs, known, found.cells) == []


def test_a_method_of_one_team_looks_at_its_seats_alone() -> None:
    inputs = seats([100, 300, 200, 200], region=["E", "W", "E", "W"])
    booked = drawn(inputs)
    share = [{"kind": "target_share", "share": "60%"}]
    teams = {"partners": {"members": {"rep": ["R2", "R3"]}, "share": "25%", "methods": share}}
    found = allocate(inputs, aligned(inputs), booked, spec("1000", teams=teams, fresh=0), progress=Silent())
    reached = (booked.measure("bookings").sum(axis=2) >= found.cells.sum(axis=(1, 2))).mean(axis=0)
    assert reached[2:].mean() == pytest.approx(0.6, abs=0.03)
    assert by_seat(found)[:2] == [187.5, 562.5]
    known = recalled(inputs, spec("1000", teams=teams, fresh=0), table(found, "quota_levels"))
    assert violations(inputs, known, found.cells) == []


def test_an_over_assignment_that_a_teams_method_finds_is_not_given() -> None:
    share = [{"kind": "target_share", "share": "60%"}]
    teams = {"partners": {**TEAMS["partners"], "methods": share, "over_assignment": {"rep": "5%"}}}
    with pytest.raises(BadInput, match="the over-assignment of `rep` is given, and the method of partners"):
        quotas(YEAR, spec("1000", teams=teams))


@settings(max_examples=10, deadline=None, derandomize=True)
@given(
    potential=st.lists(st.integers(1, 1000), min_size=4, max_size=5),
    percent=st.integers(10, 90),
    step=st.sampled_from(["0", "10"]),
    raised=st.integers(100, 130),
)
def test_teams_tie_out_around_what_stands(potential: list[int], percent: int, step: str, raised: int) -> None:
    inputs = seats(potential, periods=4, district=["N", "S", "N", "S", "S"][: len(potential)])
    teams = {"a": {"members": {"rep": ["R0", "R1"]}, "share": f"{percent}%"}}
    more: dict[str, Any] = {"step": step, "teams": teams, "over_assignment": {"rep": "3%"}}
    before = quotas(inputs, spec("10000", **more))
    turned = replace(inputs.accounts, potential=inputs.accounts.potential[::-1].copy())
    later = in_may(replace(inputs, accounts=turned), before, "2027-03-01")
    after = quotas(later, spec(f"{raised}00", **more))
    assert (after.cells[:, :, :2] == before.cells[:, :, :2]).all()
    told = table(after, "quota_teams").set_index("team")
    assert told.loc["a", "goal"] + told.loc["others", "goal"] == raised * 10_000
