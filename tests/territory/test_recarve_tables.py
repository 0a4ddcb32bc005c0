"""What a re-carve reads, what a run folder keeps of it, and the sample scenario."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.calendar import CalendarSpec, calendar
from engine.data import read
from engine.errors import BadInput
from engine.inputs import Edits, Inputs
from engine.progress import Silent
from engine.runs import Results, carry
from engine.scenario import Scenario
from engine.territory import table_violations, violations
from engine.territory.planning.rules import seen
from tests.data.company import company, spec, write
from tests.data.test_frames import assert_same, through_parquet

ROOT = Path(__file__).resolve().parents[2]
ACTUALS = """\
id,account,rep,product,stage,created,entered,closed,amount
N1,A1,R1,P1,Won,2026-11-05,,2027-02-01,900
N2,A2,R1,P2,Won,2027-01-05,,2027-06-30,"1,000.50"
N3,A2,R2,P2,Lost,2027-01-05,,2027-03-01,
N4,A1,R1,P1,Won,2026-01-05,,2026-12-31,7
N5,A1,R1,P1,Won,2027-06-05,,2027-07-01,8
N6,A3,R2,P1,Propose,2027-06-05,,2027-08-01,9
"""


def midyear(folder: Path, actuals: str = ACTUALS, day: dt.date | None = dt.date(2027, 7, 1)) -> Inputs:
    """The company with half a year of closed deals."""
    write(folder, {"actuals": actuals})
    plan = calendar(CalendarSpec(year=2027), day)
    return read(spec({"actuals": {}}), plan, "USD", folder)


def test_actuals_are_the_deals_closed_in_the_plan_before_the_day(tmp_path: Path) -> None:
    inputs = midyear(tmp_path)
    assert inputs.actuals is not None
    assert inputs.actuals.id == ("N1", "N2", "N3")
    assert inputs.actuals.amount.tolist() == [90_000, 100_050, -1]
    told = {
        (finding.what, finding.action): finding.rows
        for finding in inputs.findings
        if finding.table == "actuals"
    }
    assert told["still open", "dropped"] == 1
    assert told["closed before 2027-01-01", "dropped"] == 1
    assert told["closed on or after 2027-07-01", "dropped"] == 1
    assert inputs.history.id == company(tmp_path).history.id


def test_actuals_without_a_day_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="does not say how far") as caught:
        midyear(tmp_path, day=None)
    assert caught.value.faults[0].field == "data.actuals"


def test_a_deal_of_an_unknown_seat_is_refused_with_its_row(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        midyear(tmp_path, ACTUALS.replace("N2,A2,R1", "N2,A2,R9"))
    (fault,) = caught.value.faults
    assert (fault.file, fault.line, fault.field) == ("actuals.csv", 3, "rep")


def test_a_run_folder_keeps_actuals_edits_and_start(tmp_path: Path) -> None:
    inputs = midyear(tmp_path)
    edits = Edits(("e.csv",), np.array([1]), np.array([0]), ("e.csv row 2",), ("",))
    inputs = replace(inputs, edits=edits, start=np.array([1, -1, 0], dtype=np.int64))
    assert_same(inputs, through_parquet(inputs))


OWNERS = "account,rep,since\nA2,R1,2027-03-01\nA2,R2,2025-01-01\nA3,R2,2027-07-01\nA3,R1,2027-07-02\nA1,,2027-05-01\n"


def owned(folder: Path, owners: str = OWNERS, day: dt.date | None = dt.date(2027, 7, 1)) -> list[int]:
    """The incumbents of A1, A2 and A3; their column says R1, R2 and nobody."""
    write(folder, {"owners": owners})
    return read(
        spec({"owners": {}}), calendar(CalendarSpec(year=2027), day), "USD", folder
    ).accounts.owner.tolist()


def test_the_last_owner_on_the_day_is_the_incumbent(tmp_path: Path) -> None:
    assert owned(tmp_path) == [-1, 0, 1]
    assert owned(tmp_path, day=None) == [0, 1, -1]
    assert owned(tmp_path, "account,rep,since\nA1,R2,2026-01-01\n") == [1, 1, -1]


@pytest.mark.parametrize(
    ("row", "line", "field", "word"),
    [
        ("A1,R9,2026-01-01", 2, "rep", "R9"),
        ("A9,R1,2026-01-01", 2, "account", "A9"),
        ("A1,R1,", 2, "since", "since is blank"),
        ("A1,R1,2026-01-01\nA1,R2,2026-01-01", 3, "since", "two owners from the same day"),
    ],
)
def test_an_owner_that_nobody_can_place_is_refused(
    tmp_path: Path, row: str, line: int, field: str, word: str
) -> None:
    with pytest.raises(BadInput) as caught:
        owned(tmp_path, f"account,rep,since\n{row}\n")
    (fault,) = caught.value.faults
    assert (fault.file, fault.line, fault.field) == ("owners.csv", line, field)
    assert word in fault.message


@pytest.mark.slow
def test_the_sample_re_carve_closes_a_seat_fills_two_and_loses_nothing() -> None:
    scenario, results = Scenario.load(ROOT / "scenarios" / "recarve.yaml"), Results()
    carry(scenario, results, "territories", 1, Silent())
    inputs, alignment = results.inputs, results.alignment
    assert inputs is not None
    assert alignment is not None
    assert violations(inputs, scenario.territories, alignment.rep_of) == []
    assert all(solve.gap <= 0.01 for solve in alignment.solves)
    tables: dict[str, Any] = {table.name: table.frame for table in alignment.tables}
    recarve, history = tables["recarve"].set_index("rep"), tables["history"].set_index("rep")
    assert recarve["status"][["EC2", "SE5", "WC7"]].tolist() == ["closed", "new", "new"]
    assert recarve["accounts"]["EC2"] == 0
    assert recarve["accounts"][["SE5", "WC7"]].min() > 5
    assert history["booked"]["EC2"] > 0
    assert inputs.actuals is not None
    won = inputs.actuals.outcome == 1
    assert int(history["booked"].sum()) == int(inputs.actuals.amount[won].sum())
    assert table_violations(inputs, scenario.territories, alignment.rep_of, tables) == []
    left, _ = seen(inputs, scenario.territories)
    assert int(recarve["remaining"].sum()) == int(left.accounts.potential.sum())
    # Before, two seats had nothing to win and one had too much; now every seat lies in its district's band.
    weight = recarve["share"] * recarve.index.map(
        lambda seat: 0.6 if seat in ("WC6", "CC6", "SC6", "EC6") else 1.0
    )
    district = tables["territories"].set_index("rep")["district"]
    for name in set(district):
        mine = recarve[district == name]
        target = mine["remaining"].sum() * weight[mine.index] / weight[mine.index].sum()
        assert ((mine["remaining"] - target).abs() <= 0.1201 * target).all(), name
