"""Origins: month ends, horizons to the end of the quarter, and nothing of what came later."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from engine.backtest.forecasts import fitted
from engine.backtest.origins import Origin, known, month_ends, refuse_unusable, seats_of
from engine.backtest.spec import BacktestSpec, Candidate, Origins
from engine.calendar import CalendarSpec
from engine.calibration.spec import CalibrationSpec
from engine.data.spec import DataSpec
from engine.errors import BadInput
from engine.pipeline.spec import Estimate
from tests.backtest.company import deals, load
from tests.pipeline.settings import spec

DAYS = Origins(first=dt.date(2026, 6, 30), last=dt.date(2026, 9, 30))


def test_origins_are_the_ends_of_months_with_those_of_the_warm_up_ahead() -> None:
    found = month_ends(DAYS, 2, 1)
    assert [str(origin.day) for origin in found] == [
        "2026-04-30", "2026-05-31", "2026-06-30", "2026-07-31", "2026-08-31", "2026-09-30",
    ]  # fmt: skip
    assert [origin.months("quarter") for origin in found] == [2, 1, 3, 2, 1, 3]
    assert {origin.months("month") for origin in found} == {1}


def test_quarters_are_those_of_the_fiscal_year() -> None:
    assert [origin.months("quarter") for origin in month_ends(DAYS, 0, 2)] == [1, 3, 2, 1]


@pytest.mark.parametrize("first", ["2026-06-29", "2026-07-01"])
def test_an_origin_within_a_month_is_refused(first: str) -> None:
    with pytest.raises(ValueError, match="not the last day of a month"):
        Origins(first=dt.date.fromisoformat(first), last=dt.date(2026, 9, 30))


def tampered(rows: list[str], after: str) -> list[str]:
    """The export with another future: all that closed later is won in January for a fortune."""
    changed = []
    for row in rows:
        *head, _, created, closed, amount = row.split(",")
        stage = row.split(",")[4]
        end = (
            (stage, created, closed, amount) if closed <= after else ("Won", created, "2027-01-31", "999999")
        )
        changed.append(",".join((*head, *end)))
    return changed


WAYS = (
    Candidate(estimate=Estimate(uncertainty=True)),
    Candidate(estimate=Estimate(leads_from="closes", uncertainty=True)),
    Candidate(calibration=CalibrationSpec()),
)


@pytest.mark.parametrize("way", WAYS, ids=["created", "closes", "calibration"])
def test_another_future_changes_no_bit_of_the_fit(tmp_path: Path, way: Candidate) -> None:
    origin = Origin(dt.date(2026, 8, 31), 2)
    rows = deals(3)
    late = [f"N{i},A0,R1,Core,Won,2026-09-02,2026-09-20,5" for i in range(200)]
    found = []
    for name, export in (("one", rows), ("other", [*tampered(rows, "2026-08-31"), *late])):
        (tmp_path / name).mkdir()
        scenario = load(tmp_path / name, export)
        inputs = known(scenario, origin, 1)
        found.append((fitted(inputs, scenario.pipeline, way), seats_of(inputs), inputs.pipeline))
    (fit, seats, open_), (other_fit, other_seats, other_open) = found
    assert fit == other_fit
    assert fit[0].model_dump_json() == other_fit[0].model_dump_json()
    assert seats.tolist() == other_seats.tolist()
    assert open_.id == other_open.id
    assert np.array_equal(open_.created, other_open.created)
    assert (open_.amount == -1).all()
    assert (other_open.amount == -1).all()


def test_an_account_is_with_the_seat_of_its_latest_deal_by_then(tmp_path: Path) -> None:
    rows = [
        "D0,A0,R1,Core,Won,2026-01-10,2026-02-01,10",
        "D1,A0,R0,Core,Lost,2026-03-10,2026-04-01,",
        "D2,A0,R1,Core,Lost,2026-09-10,2026-10-01,",
    ]
    inputs = known(load(tmp_path, rows), Origin(dt.date(2026, 8, 31), 2), 1)
    assert seats_of(inputs)[0] == inputs.reps.id.index("R0")


def test_what_cannot_be_looked_back_on_is_refused_at_once(tmp_path: Path) -> None:
    scenario = load(tmp_path, deals(3))
    weeks = CalendarSpec(periods="4-4-5", year=2027, ends_on="saturday", ends="last")
    tables = DataSpec(accounts="accounts.csv", reps="reps.csv", open_deals="open.csv")
    changes = {"calendar": weeks, "data": tables, "pipeline": spec()}
    broken = scenario.model_copy(update=changes)
    assert isinstance(broken.backtest, BacktestSpec)
    with pytest.raises(BadInput) as told:
        refuse_unusable(broken, broken.backtest)
    assert [fault.code for fault in told.value.faults] == [
        "E_REQUIRED", "E_CONFLICT", "E_REQUIRED", "E_UNSUPPORTED",
    ]  # fmt: skip
