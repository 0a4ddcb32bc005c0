"""A changed cell in what stands beside an alignment is found by the plain checks, though its digest is right."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from engine import Scenario, run
from engine.errors import VerificationFailed
from engine.store.manifest import digests
from engine.verification import verify

ROOT = Path(__file__).parents[2]
ASKED = """
extends: ./quickstart.yaml
territories:
  hierarchy:
    levels: [region]
    solve: in_one
    bands: [{level: region, measure: potential, within: 30%}]
  overlays:
    - name: specialists
      seats:
        roster:
          - {id: S1, latitude: 39.7, longitude: -105.0}
          - {id: S2, latitude: 40.7, longitude: -74.0}
      constraints: [{kind: band, measure: workload, within: 60%}]
      objectives: [{kind: travel, price_per_km: 0.60, visits: 4}]
  explain: {accounts: none}
  FRONTIER
  alternatives: {count: 2, within: 3%, measure: potential}
  solver: {gap: 3%}
"""
BALANCE = "frontier: {of: disruption, against: balance, widths: [20%, 15%, 0.0001%], gap: 20%}"
COST = "frontier: {of: cost, against: disruption, moved: count, limits: [12, 8], gap: 5%}"
TRAVEL = "frontier: {of: disruption, moved: count, against: travel, points: 3, gap: 50%}"
Change = Callable[[pd.DataFrame], None]


def made(folder: Path, frontier: str, solve: str = "in_one") -> Path:
    shutil.copytree(ROOT / "scenarios", folder / "scenarios")
    path = folder / "scenarios" / "asked.yaml"
    path.write_text(ASKED.replace("FRONTIER", frontier).replace("in_one", solve), encoding="utf-8")
    return run(Scenario.load(str(path)), out=folder / "run", until="territories").folder


@pytest.fixture(scope="module")
def balance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that asks for everything; nobody keeps its tightest band."""
    return made(tmp_path_factory.mktemp("balance"), BALANCE)


def resigned(folder: Path) -> None:
    """Give every file the digest it has now, so that only the plain checks can object."""
    said = json.loads((folder / "manifest.json").read_text())
    said["files"] = digests(folder)
    (folder / "manifest.json").write_text(json.dumps(said))


def told(folder: Path, tmp_path: Path, name: str, change: Change) -> str:
    """Change a table, repair the digests, and return what `verify` says."""
    copy = tmp_path / "run"
    shutil.copytree(folder, copy)
    path = copy / "tables" / f"{name}.parquet"
    frame = pd.read_parquet(path)
    change(frame)
    frame.to_parquet(path, index=False)
    resigned(copy)
    with pytest.raises(VerificationFailed) as caught:
        verify(copy)
    return " ".join(fault.message for fault in caught.value.faults if fault.code == "V_CHECK")


def more(row: int, column: str, by: float = 1) -> Change:
    """Add to a cell."""

    def change(frame: pd.DataFrame) -> None:
        frame.loc[frame.index[row], column] += by

    return change


def becomes(row: int, column: str, value: object) -> Change:
    """Replace a cell."""

    def change(frame: pd.DataFrame) -> None:
        assert frame.loc[frame.index[row], column] != value
        frame.loc[frame.index[row], column] = value

    return change


def exchanged(column: str) -> Change:
    """Give the first account of another seat than the first one's to that one."""

    def change(frame: pd.DataFrame) -> None:
        first = frame[column].iloc[0]
        other = frame.index[frame[column] != first][0]
        frame.loc[other, column] = first

    return change


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


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("alignment", more(3, "workload", 0.01), "workload is given as"),
        ("alignment", becomes(3, "segment", "Nobody"), "segment is given as Nobody"),
        ("alignment", becomes(3, "incumbent", "E9"), "incumbent is given as E9"),
        ("territories", more(1, "accounts_before"), "accounts_before is given as"),
        ("territories", more(1, "potential_before"), "its accounts add up to"),
        ("territories", more(1, "workload", 0.01), "workload is given as"),
        ("territories", becomes(1, "rep", "E9"), "not those of the seats"),
        ("moves", becomes(0, "to_rep", "E9"), "the alignment says"),
        ("moves", more(0, "potential"), "the alignment says"),
        ("balance", more(0, "value", 0.01), "value is given as"),
        ("balance", more(0, "before", 0.01), "before is given as"),
        ("balance", becomes(0, "upper", 1.0), "lies above upper"),
    ],
)
def test_a_changed_cell_of_the_alignment_is_found(
    balance: Path, tmp_path: Path, name: str, change: Change, says: str
) -> None:
    assert says in told(balance, tmp_path, name, change)


@pytest.mark.parametrize(
    "name", ["certificate_seats", "multipliers", "frontier_accounts", "alternative_accounts"]
)
def test_a_table_that_is_needed_to_check_another_is_missed(balance: Path, tmp_path: Path, name: str) -> None:
    copy = tmp_path / "run"
    shutil.copytree(balance, copy)
    for suffix in (".parquet", ".csv"):
        (copy / "tables" / f"{name}{suffix}").unlink()
    resigned(copy)
    with pytest.raises(VerificationFailed, match=f"the table {name} is missing"):
        verify(copy)


@pytest.mark.parametrize("name", ["objective", "bound", "certified"])
def test_a_manifest_that_says_another_bound_is_found(balance: Path, tmp_path: Path, name: str) -> None:
    copy = tmp_path / "run"
    shutil.copytree(balance, copy)
    said = json.loads((copy / "manifest.json").read_text())
    said["stages"]["territories"]["solves"][0][name] *= 0.99
    (copy / "manifest.json").write_text(json.dumps(said))
    with pytest.raises(VerificationFailed, match=f"{name} of the territories is given as"):
        verify(copy)


RANKED = "{kind: band, measure: count, within: 20%, rank: 1}"
PIECES = "{kind: contiguous, neighbours: points, islands: join_nearest}"


@pytest.mark.parametrize("of", ["cost", "disruption"])
@pytest.mark.parametrize(("rule", "solve"), [(RANKED, "in_one"), (PIECES, "top_down")])
def test_studies_beside_ranks_levels_and_pieces_hold(tmp_path: Path, rule: str, solve: str, of: str) -> None:
    asked = BALANCE.replace("disruption", of).replace("20%, 15%, 0.0001%", "40%, 30%")
    constraints = f"constraints: [{{kind: band, within: 40%}}, {rule}]"
    folder = made(tmp_path, f"{asked}\n  {constraints}", solve)
    assert len(verify(folder)) == 7
