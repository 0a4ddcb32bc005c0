"""Direct, partner and overlay teams: each shares out its own goal; overlays are told apart from the street quota."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import BadInput, Infeasible
from engine.quota import violations
from engine.quota.teams.shared import within_ranges
from tests.quota.setting import by_seat, quotas, seats, spec, table

FIVE = seats([100, 300, 200, 200, 100], region=["E", "W", "E", "W", "E"])
PARTNERS = {"members": {"rep": ["R2", "R3"]}, "share": "25%"}
OVERLAY = {"members": {"rep": "R4"}, "share": "1", "overlay": True}


def test_teams_share_out_their_part_and_an_overlay_stands_beside_it() -> None:
    found = quotas(FIVE, spec("1000", teams={"partners": PARTNERS, "engineers": OVERLAY}))
    assert by_seat(found) == [187.5, 562.5, 125, 125, 1000]
    teams = table(found, "quota_teams").set_index("team")
    assert teams["goal"].tolist() == [25_000, 75_000, 100_000, 100_000]
    assert teams.index.tolist() == ["partners", "others", "all", "engineers"]
    assert teams["counts"].tolist() == [True, True, True, False]
    assert teams["of_goal"].tolist() == [0.25, 0.75, 1, 1]
    assert "double credit" in teams.loc["engineers", "credit"]
    assert table(found, "goals")["goal"].sum() == 100_000
    assert table(found, "quota_reps")["team"].tolist() == [
        "others",
        "others",
        "partners",
        "partners",
        "engineers",
    ]
    assert table(found, "quotas")["quota"].notna().all()
    assert len({solve.name for solve in found.solves}) == len(found.solves)


def test_levels_are_told_by_team_and_tie_out() -> None:
    over = {"rep": "10%"}
    teams = {"partners": {**PARTNERS, "over_assignment": {}}, "engineers": OVERLAY}
    levels = table(quotas(FIVE, spec("1000", teams=teams, over_assignment=over)), "quota_levels")
    assert (levels["target"] == levels["quota"]).all()
    own = levels[levels["level"] == "region"].set_index(["team", "node"])["quota"]
    assert own.to_dict() == {
        ("partners", "E"): 12_500,
        ("partners", "W"): 12_500,
        ("others", "E"): 20_625,
        ("others", "W"): 61_875,
        ("engineers", "E"): 110_000,
    }


def test_teams_may_have_their_own_methods_and_goals_of_money() -> None:
    partners = {"members": {"region": "W"}, "goal": "400", "methods": [{"kind": "even"}]}
    assert by_seat(quotas(FIVE, spec("1000", teams={"partners": partners}))) == [150, 200, 300, 200, 150]


def test_goals_by_product_and_period_are_cut_team_by_team() -> None:
    goal = {"S0": {"Q1": "100.01", "Q2": "none"}, "S1": "700"}
    inputs = seats([100, 300, 200, 200], periods=4)
    found = quotas(inputs, spec(goal, teams={"partners": {"members": {"rep": ["R2", "R3"]}, "share": "30%"}}))
    cells = found.cells.sum(axis=2)
    assert cells[:, 0].sum() == 10_001
    assert cells[2:, 0].sum() == 3_000
    assert cells[2:, 1].sum() == 21_000
    assert table(found, "goals")["goal"].sum() == 80_001


def test_bounds_of_a_node_go_to_the_team_that_has_it() -> None:
    inputs = seats([100, 300, 200, 200], region=["E", "W", "P", "P"])
    partners = {"members": {"region": "P"}, "share": "40%"}
    bounds = {"nodes": {"E": {"max": "100"}, "R2": {"max": "150"}}}
    assert by_seat(quotas(inputs, spec("1000", teams={"partners": partners}, bounds=bounds))) == [
        100,
        500,
        150,
        250,
    ]
    with pytest.raises(Infeasible, match=r"partners: company: .* 50\.00 USD too little"):
        quotas(inputs, spec("1000", teams={"partners": partners}, bounds={"target": {"max": "1"}, **bounds}))


@pytest.mark.parametrize(
    ("teams", "field", "words"),
    [
        ({"a": {**PARTNERS, "members": {"rep": ["R9"]}}}, "quotas.teams.a.members.rep", "no seat is called 'R9'"),
        ({"a": {**PARTNERS, "members": {"area": "E"}}}, "quotas.teams.a.members.area", "no level"),
        (
            {"a": PARTNERS, "b": {**PARTNERS, "members": {"region": "E"}}},
            "quotas.teams.b.members", "R2 is in the teams a and b",
        ),
        ({"a": {"members": {"region": ["E", "W"]}, "share": "90%"}}, "quotas.teams", "90.0000% of it together"),
        ({"a": {**PARTNERS, "share": "100%"}}, "quotas.teams", "R0, R1, R4: in no team"),
        ({"others": PARTNERS}, "quotas.teams.others", "is the name of the seats"),
    ],
)  # fmt: skip
def test_teams_that_do_not_fit_are_refused(teams: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(BadInput) as refused:
        quotas(FIVE, spec(teams=teams))
    assert any(fault.field == field and words in fault.message for fault in refused.value.faults)


@pytest.mark.parametrize(
    ("bounds", "kept"),
    [
        ({"E": {"max": "220"}}, {"E": 220}),
        ({"E": {"min": "400"}}, {"E": 400}),
        ({"E": {"min": "333.33", "max": "333.33"}}, {"E": 333.33}),
        ({"E": {"history": {"max": "80%"}}}, {"E": 240}),
        ({"E": {"change": "5%"}, "C": {"max": "148"}}, {"E": 285}),
        ({"E": {"max": "500"}}, {"E": 275}),
    ],
)
def test_a_bound_of_a_node_holds_over_the_teams_whose_seats_it_has(
    bounds: dict[str, Any], kept: dict[str, float]
) -> None:
    inputs = seats(
        [100, 300, 200, 200, 100], region=["E", "W", "E", "W", "C"], history=[100, 300, 200, 200, 100]
    )
    found = quotas(inputs, spec("1000", teams={"partners": PARTNERS}, bounds={"nodes": bounds}))
    of = dict(zip(inputs.reps.id, by_seat(found), strict=True))
    region = {name: sum(of[rep] for rep, at in zip(of, inputs.reps.levels["region"], strict=True) if at == name)
              for name in "EWC"}  # fmt: skip
    assert {name: pytest.approx(region[name]) for name in kept} == kept
    assert all(region[name] <= float(bound.get("max", "inf")) for name, bound in bounds.items())
    assert of["R2"] + of["R3"] == pytest.approx(250)


def test_teams_take_a_bound_in_proportion_to_what_they_would_carry() -> None:
    teams = {"partners": PARTNERS, "engineers": OVERLAY}
    free = by_seat(quotas(FIVE, spec("1000", teams=teams)))
    cut = by_seat(quotas(FIVE, spec("1000", teams=teams, bounds={"nodes": {"E": {"max": "250"}}})))
    assert (cut[0] / free[0], cut[2] / free[2]) == pytest.approx((0.8, 0.8))
    assert cut[4] == free[4]  # an overlay's quota counts in no region's


def test_a_bound_that_a_team_cannot_keep_is_refused_with_its_name() -> None:
    bounds = {"nodes": {"E": {"max": "250"}}, "target": {"min": "90%"}}
    with pytest.raises(
        Infeasible, match=r"partners: region E: below it .* from above come 73\.53"
    ) as refused:
        quotas(FIVE, spec("1000", teams={"partners": PARTNERS}, bounds=bounds))
    fault = refused.value.faults[-1]
    assert fault.message == "E: of its bound partners takes 73.53 USD, others takes 176.47 USD"
    assert fault.field == "quotas.bounds.nodes.E"


def test_a_team_whose_seats_may_not_follow_leaves_more_to_the_other() -> None:
    bounds = {"nodes": {"E": {"max": "380"}, "R2": {"min": "120"}}}
    found = by_seat(quotas(FIVE, spec("1000", teams={"partners": PARTNERS}, bounds=bounds)))
    assert found[2] == 120
    assert found[0] + found[4] == pytest.approx(260)


@pytest.mark.parametrize(
    ("total", "ranges", "parts"),
    [
        (300, [(0, None), (0, None)], [100, 200]),
        (300, [(150, None), (0, None)], [150, 150]),
        (300, [(0, 50), (0, None)], [50, 250]),
        (300, [(0, 50), (0, 240)], [100, 200]),  # none fits: as wished
        (300, [(120, 130), (170, 500)], [120, 180]),
    ],
)
def test_parts_of_a_bound_stay_within_what_each_team_can_carry(
    total: int, ranges: list[tuple[int, int | None]], parts: list[int]
) -> None:
    assert within_ranges(total, [Fraction(100), Fraction(200)], ranges) == parts


def test_the_plain_check_finds_a_bound_that_teams_break_together() -> None:
    cells = quotas(FIVE, spec("1000", teams={"partners": PARTNERS})).cells
    wanted = spec("1000", teams={"partners": PARTNERS}, bounds={"nodes": {"E": {"max": "300"}}})
    assert any(
        "E: 425.00 USD is above its maximum of 300" in said for said in violations(FIVE, wanted, cells)
    )


def test_the_plain_check_holds_every_team_to_its_goal() -> None:
    wanted = spec("1000", teams={"partners": PARTNERS, "engineers": OVERLAY})
    cells = quotas(FIVE, wanted).cells
    cells[0] += 100
    cells[2] -= 100
    said = " ".join(violations(FIVE, wanted, cells))
    assert "partners: below the company stand 249.00 USD" in said
    assert "others: below the company stand 751.00 USD" in said
    assert "engineers" not in said


@settings(max_examples=20, deadline=None, derandomize=True)
@given(
    potential=st.lists(st.integers(1, 1000), min_size=3, max_size=5),
    cents=st.integers(10_000, 10**8),
    percent=st.integers(1, 99),
    step=st.sampled_from(["0", "1", "25"]),
)
def test_the_goals_of_teams_add_up_to_the_companys(
    potential: list[int], cents: int, percent: int, step: str
) -> None:
    teams = {
        "a": {"members": {"rep": ["R0"]}, "share": f"{percent}%"},
        "b": {**OVERLAY, "members": {"rep": ["R1"]}},
    }
    found = quotas(seats(potential), spec(f"{cents / 100:.2f}", step=step, teams=teams))
    told = table(found, "quota_teams").set_index("team")["quota"]
    assert told["a"] + told["others"] == told["all"] == told["b"] == cents


def test_the_steps_of_a_team_count_the_claims_of_its_own_seats() -> None:
    steps = table(
        quotas(FIVE, spec("1000", teams={"partners": PARTNERS, "engineers": OVERLAY})), "quota_steps"
    )
    assert set(steps["step"]) == {"potential"}
    assert steps.set_index("rep")["share"].tolist() == [0.25, 0.75, 0.5, 0.5, 1]
    assert steps.set_index("rep")["amount"].tolist() == [18_750, 56_250, 12_500, 12_500, 100_000]
