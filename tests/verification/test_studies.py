"""A changed cell in what stands beside an alignment is found by the plain checks, though its digest is right."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from engine.verification import verify
from tests.verification.runs import BALANCE, COST, TRAVEL, Change, becomes, exchanged, made, more, told


def test_untouched_runs_hold(balance: Path, tmp_path: Path) -> None:
    assert len(verify(balance)) == 7
    frame = pd.read_parquet(balance / "tables" / "frontier.parquet")
    assert {"plan", "1", "2", "none"} <= set(frame["point"])
    for frontier in (COST, TRAVEL):
        assert verify(made(tmp_path / frontier[14:18], frontier))


FRONTIER = "limit reached moved_accounts moved_potential deviation_potential travel cost objective bound gap"
FRONTIER_SAYS = {"limit": "allowed", "bound": "apart"}
ALTERNATIVES = "cost over_best accounts_differ potential_differs moved_accounts difference bound gap"
ALTERNATIVE_SAYS = {"bound": "apart"}


@pytest.mark.parametrize("column", FRONTIER.split())
def test_a_changed_figure_of_a_point_is_found(balance: Path, tmp_path: Path, column: str) -> None:
    change = becomes(2, "limit", 0.01) if column == "limit" else more(2, column)
    said = told(balance, tmp_path, "frontier", change)
    assert "frontier, point 2: " in said
    assert FRONTIER_SAYS.get(column, f"{column} is given as") in said


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (becomes(2, "cost_bound", 1e9), "cost_bound 1e+09 lies above cost"),
        (becomes(2, "minimised", "cost"), "that is not its limit"),
        (becomes(2, "limited", "potential within 1%"), "that is not its limit"),
        (becomes(0, "point", "1"), "does not start with the plan"),
        (becomes(-1, "limit", 0.5), "said to have no plan"),
        (becomes(1, "point", "2"), "does not start with the plan"),
    ],
)
def test_a_point_that_contradicts_itself_or_another_is_found(
    balance: Path, tmp_path: Path, change: Change, says: str
) -> None:
    assert says in told(balance, tmp_path, "frontier", change)


def test_a_bound_above_what_another_point_reached_is_found(balance: Path, tmp_path: Path) -> None:
    def change(frame: pd.DataFrame) -> None:
        value = frame.loc[frame.index[1], "objective"] * 1e9
        frame.loc[frame.index[1], ["objective", "bound"]] = value
        frame.loc[frame.index[1], "gap"] = 0.0

    said = told(balance, tmp_path, "frontier", change)
    assert "its bound lies above point 2, which keeps its limit" in said
    assert "its bound lies below that of the looser point 1" in said


@pytest.mark.parametrize(
    ("column", "says"), [("plan", "not the alignment of the run"), ("point_2", "frontier, point 2")]
)
def test_a_changed_seat_in_the_frontier_is_found(
    balance: Path, tmp_path: Path, column: str, says: str
) -> None:
    assert says in told(balance, tmp_path, "frontier_accounts", exchanged(column))


@pytest.mark.parametrize("column", ALTERNATIVES.split())
def test_a_changed_figure_of_an_alternative_is_found(balance: Path, tmp_path: Path, column: str) -> None:
    said = told(balance, tmp_path, "alternatives", more(2, column))
    assert "alternative 2: " in said
    assert ALTERNATIVE_SAYS.get(column, f"{column} is given as") in said


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (exchanged("best"), "not the alignment of the run"),
        (exchanged("plan_2"), "alternative 2: "),
        (becomes(0, "account", "nobody"), "its accounts do not exist"),
        (becomes(0, "plan_1", "nobody"), "a seat that does not exist"),
    ],
)
def test_a_changed_seat_in_the_alternatives_is_found(
    balance: Path, tmp_path: Path, change: Change, says: str
) -> None:
    assert says in told(balance, tmp_path, "alternative_accounts", change)


def test_an_alternative_beyond_the_cost_is_found(balance: Path, tmp_path: Path) -> None:
    def change(frame: pd.DataFrame) -> None:
        frame["plan_1"] = frame["plan_1"].iloc[0]

    said = told(balance, tmp_path, "alternative_accounts", change)
    assert "alternative 1: it costs" in said
    assert "alternative 1: potential_band: seat" in said


@pytest.mark.parametrize("column", ["seats", "value", "lower", "upper"])
def test_a_changed_level_is_found(balance: Path, tmp_path: Path, column: str) -> None:
    frame = pd.read_parquet(balance / "tables" / "levels.parquet")
    row = int(frame.index[frame["measure"] == "potential"][0])
    said = told(balance, tmp_path, "levels", more(row, column))
    assert f"potential: {column} is given as" in said


def test_a_level_that_is_missing_is_found(balance: Path, tmp_path: Path) -> None:
    said = told(balance, tmp_path, "levels", becomes(0, "node", "Nowhere"))
    assert "the levels are not those of the seats" in said


@pytest.mark.parametrize("column", ["territories", "accounts", "potential", "workload"])
def test_a_changed_figure_of_an_overlay_is_found(balance: Path, tmp_path: Path, column: str) -> None:
    said = told(balance, tmp_path, "overlay_seats", more(0, column))
    assert f"specialists, seat S1: {column} is given as" in said


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("overlay_seats", becomes(0, "overlay_seat", "S9"), "not those of their teams"),
        ("overlay_alignment", exchanged("overlay_seat"), "specialists, seat S1: accounts is given as"),
        ("overlay_alignment", exchanged("rep"), "is said to belong to"),
    ],
)
def test_a_changed_seat_of_an_overlay_is_found(
    balance: Path, tmp_path: Path, name: str, change: Change, says: str
) -> None:
    assert says in told(balance, tmp_path, name, change)


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("certificates", more(0, "certified"), "its multipliers prove"),
        ("certificates", more(0, "objective"), "its cost is given as"),
        ("multipliers", more(0, "multiplier"), "its multipliers prove"),
        ("certificate_seats", more(0, "part"), "not all seats, each in one part"),
    ],
)
def test_a_changed_certificate_is_found(
    balance: Path, tmp_path: Path, name: str, change: Change, says: str
) -> None:
    assert says in told(balance, tmp_path, name, change)


RANKED = "{kind: band, measure: count, within: 20%, rank: 1}"
PIECES = "{kind: contiguous, neighbours: points, islands: join_nearest}"


@pytest.mark.parametrize("of", ["cost", "disruption"])
@pytest.mark.parametrize(("rule", "solve"), [(RANKED, "in_one"), (PIECES, "top_down")])
def test_studies_beside_ranks_levels_and_pieces_hold(tmp_path: Path, rule: str, solve: str, of: str) -> None:
    asked = BALANCE.replace("disruption", of).replace("20%, 15%, 0.0001%", "40%, 30%")
    constraints = f"constraints: [{{kind: band, within: 40%}}, {rule}]"
    folder = made(tmp_path, f"{asked}\n  {constraints}", solve)
    assert len(verify(folder)) == 7
