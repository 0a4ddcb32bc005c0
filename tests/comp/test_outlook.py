"""Budget against what the plans pay on deals that were won, and the forecast for the rest."""

import datetime as dt
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from engine import comp
from engine.calendar import CalendarSpec, calendar
from engine.comp.budget import COST, BudgetSpec, budgeted
from engine.data import frames, from_frames
from engine.errors import BadInput
from engine.inputs import Inputs, Opportunities
from engine.measures import Measure, Measures
from engine.pipeline.actual import booked
from engine.pipeline.bookings import Bookings
from tests.comp.test_groups import in_regions
from tests.comp.worlds import even_quotas, random_bookings, spec, units

TEN_PERCENT = {
    "kind": "commission", "tiers_on": "credit", "rates": "of_credit", "mode": "marginal", "closed": "left",
    "accumulate": "period", "tiers": [{"start": 0, "rate": "10%"}],
}  # fmt: skip


def deals(*rows):
    """(seat, closed, amount in currency units, product, account, won)."""
    seat, closed, amount, product, account, won = zip(*rows, strict=True)
    days = np.array(closed, dtype="datetime64[D]")
    return Opportunities(
        tuple(f"D{i}" for i in range(len(rows))), np.array(account), np.array(seat), np.array(product),
        ("Closed",) * len(rows), np.array(won, dtype=np.int8), days, days, days, np.array(amount) * 100,
    )  # fmt: skip


WON = deals(
    (0, "2027-01-10", 5_000, 0, 0, 1),
    (1, "2027-02-10", 7_000, 1, 1, 1),
    (1, "2027-02-11", 9_000, 1, 1, 0),
    (-1, "2027-02-12", 1_000, 0, 0, 1),
    (2, "2027-03-05", 2_000, 0, 1, 1),
)


def budget(**block) -> BudgetSpec:
    return BudgetSpec.model_validate(block)


def run(folder: Path, inputs: Inputs, currency: str = "USD") -> None:
    """A folder as a finished run leaves it, as far as a budget reads it."""
    (folder / "tables").mkdir(parents=True)
    labels = [*inputs.calendar.labels, "year"]
    rows = [
        (plan, label, figure, 1_200 if label == "year" else 100 + place)
        for plan in ("all", "AE")
        for figure in ("total", "variable", "salary")
        for place, label in enumerate(labels, 1)
    ]
    pd.DataFrame(rows, columns=["plan", "period", "figure", "p50"]).to_parquet(folder / COST)
    digest = hashlib.sha256((folder / COST).read_bytes()).hexdigest()
    said = {"engine": "apportion", "currency": currency, "periods": labels[:-1], "files": {COST: digest}}
    (folder / "manifest.json").write_text(json.dumps(said), encoding="utf-8")


def in_march(actuals=WON):
    inputs = in_regions(*["West"] * 6)
    return replace(inputs, calendar=calendar(CalendarSpec(year=2027), dt.date(2027, 3, 11)), actuals=actuals)


def as_it_stands(inputs: Inputs, simulated: Bookings, measures: Measures | None = None) -> Bookings:
    """The bookings that a simulation from `as_of` on gives: what was won, and what is simulated from then on."""
    so_far, plan = booked(inputs, measures or {"bookings": Measure()}), inputs.calendar
    assert so_far is not None
    cube = np.array(simulated.cube)
    cube[:, :, : plan.closed] = 0
    again = None
    if simulated.again is not None:
        deals = simulated.deals
        again = so_far.before(
            lambda numbers, seats: deals(numbers, seats).only(deals(numbers, seats).day >= plan.as_of)
        )
    return replace(simulated, cube=cube + so_far.cells, actual=so_far.cells, again=again)


def test_what_was_booked_stands_in_its_period_and_the_calendar_counts_closed_ones():
    inputs = in_march()
    so_far = booked(inputs, {"bookings": Measure()})
    assert so_far is not None
    assert inputs.calendar.closed == 2
    assert so_far.cells[..., 0][:, :3].tolist() == [
        [5_000_00, 0, 0], [0, 7_000_00, 0], [0, 0, 2_000_00], *[[0, 0, 0]] * 3,
    ]  # fmt: skip
    assert so_far.cells.sum() == 14_000_00
    assert booked(replace(inputs, actuals=None), {}) is None
    assert in_regions("West").calendar.closed == 0


def test_measures_filter_what_was_won():
    inputs = in_march()
    measures = {
        "all": Measure(),
        "wins": Measure(quantity="count"),
        "of a product": Measure(products=("S1",)),
        "of a segment": Measure(segments=("SMB",)),
        "new business": Measure(kinds=("new", "expansion")),
        "renewed": Measure(kinds=("renewal",)),
    }
    so_far = booked(inputs, measures)
    assert so_far is not None
    found = so_far.deals
    assert so_far.cells.sum(axis=(0, 1)).tolist() == [14_000_00, 3, 7_000_00, 5_000_00, 14_000_00, 0]
    assert found.day.tolist() == sorted(found.day.tolist())


def test_budget_actual_and_forecast_stand_side_by_side():
    inputs = in_march()
    inputs = budgeted(inputs, budget(variable={"periods": [600] * 12}), Path())
    now = as_it_stands(inputs, random_bookings(inputs, 200))
    payouts = comp.settle(inputs, now, even_quotas(inputs), spec(TEN_PERCENT))
    frame = units(payouts, "cost_outlook").query("figure == 'variable'").set_index("period")
    assert frame["actual"].dropna().to_dict() == {"2027-01": 500, "2027-02": 700, "to date": 1200}
    year = payouts.variable.sum(axis=2) / 100
    assert (year[:, :2] == [500, 700]).all()
    assert frame.loc["to date", ["budget", "over"]].tolist() == [1200, 0]
    assert frame.loc["rest", "budget"] == 6000
    assert frame.loc["2027-05", "p50"] == pytest.approx(np.median(year[:, 4]), abs=0.01)
    assert frame.loc["year", "mean"] == pytest.approx(1200 + frame.loc["rest", "mean"], abs=0.01)
    assert frame.loc["year", "over"] == pytest.approx(frame.loc["year", "p50"] - 7200, abs=0.01)
    assert units(payouts, "cost_outlook").query("figure == 'total'")["budget"].isna().all()


def test_a_budget_of_the_year_alone_has_no_periods():
    inputs = budgeted(in_march(), budget(total={"year": "2M"}), Path())
    now = as_it_stands(inputs, random_bookings(inputs, 20))
    payouts = comp.settle(inputs, now, even_quotas(inputs), spec(TEN_PERCENT))
    frame = units(payouts, "cost_outlook").query("figure == 'total'").set_index("period")
    assert frame["budget"].dropna().to_dict() == {"year": 2_000_000}


def test_a_budget_for_other_periods_is_refused_with_all_its_faults():
    with pytest.raises(BadInput) as caught:
        budgeted(in_march(), budget(total={"periods": [1, 2]}, variable={"periods": [1]}), Path())
    assert [fault.field for fault in caught.value.faults] == [
        "comp.budget.total.periods", "comp.budget.variable.periods",
    ]  # fmt: skip
    assert "2 amounts for 12 periods" in str(caught.value)


@pytest.mark.parametrize("block", [
    {}, {"run": "a", "total": {"year": 1}}, {"total": {}}, {"total": {"year": 1, "periods": [1]}},
    {"total": {"periods": [-1]}}, {"total": {"year": -1}},
])  # fmt: skip
def test_a_budget_that_contradicts_itself_is_refused(block):
    with pytest.raises(ValidationError):
        budget(**block)


def test_the_budget_of_an_earlier_run_is_its_median_shared_out_among_the_periods(tmp_path):
    run(tmp_path / "plan", in_march(None))
    inputs = budgeted(in_march(), budget(run="plan"), tmp_path)
    assert inputs.budget is not None
    assert inputs.budget.of("total", "2027-02") == 1_200 * 203 // 1_278 - 1_200 * 101 // 1_278
    assert sum(inputs.budget.of("total", label) for label in inputs.calendar.labels) == 1_200
    assert inputs.budget.of("variable", "year") == 1_200
    assert [name for name, _ in inputs.sources] == ["plan/tables/cost.parquet"]
    assert from_frames(frames(inputs), inputs.calendar, "USD").budget.of("total", "year") == 1_200


def test_a_run_that_is_no_budget_is_refused(tmp_path):
    run(tmp_path / "other", in_march(None), currency="EUR")
    run(tmp_path / "short", replace(in_march(None), calendar=calendar(CalendarSpec(year=2027, length=6))))
    run(tmp_path / "changed", in_march(None))
    (tmp_path / "changed" / COST).write_bytes(b"changed")
    said = []
    for name in ("other", "short", "changed", "missing"):
        with pytest.raises(BadInput) as caught:
            budgeted(in_march(), budget(run=name), tmp_path)
        (fault,) = caught.value.faults
        assert (fault.code, fault.field) == ("E_RUN", "comp.budget.run")
        said.append(fault.message)
    assert all(words in text for words, text in zip(
        ("another currency", "other periods", "is not what the run wrote", "holds no run"), said, strict=True,
    ))  # fmt: skip


def test_without_actuals_it_says_so_and_without_as_of_there_is_no_such_table():
    inputs = in_march(None)
    payouts = comp.settle(inputs, random_bookings(inputs, 10), even_quotas(inputs), spec(TEN_PERCENT))
    found = next(table for table in payouts.tables if table.name == "cost_outlook")
    assert found.frame.empty
    assert found.meaning == "Not available: no table tells which deals were won before 2027-03-11."
    whole = in_regions(*["West"] * 6)
    payouts = comp.settle(whole, random_bookings(whole, 10), even_quotas(whole), spec(TEN_PERCENT))
    assert "cost_outlook" not in {table.name for table in payouts.tables}
