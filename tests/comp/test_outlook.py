"""Budget against what the plans pay on deals that were won, and the forecast for the rest."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from engine import comp
from engine.calendar import CalendarSpec, calendar
from engine.comp.actual import as_it_stands, closed_periods, won
from engine.inputs import Opportunities
from engine.measures import Measure
from tests.comp.test_groups import in_regions
from tests.comp.worlds import bookings, even_quotas, random_bookings, spec, units

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


def in_march(actuals=WON):
    inputs = in_regions(*["West"] * 6)
    return replace(inputs, calendar=calendar(CalendarSpec(year=2027), dt.date(2027, 3, 11)), actuals=actuals)


def test_closed_periods_hold_what_was_won_and_the_one_under_way_both():
    inputs = in_march()
    simulated = bookings(np.full((3, 6, 12), 31_000_00))
    now = as_it_stands(inputs, simulated, {}, "half_even")
    cube = now.measure("bookings")
    assert closed_periods(inputs.calendar) == 2
    assert (cube[:, :, :2] == np.array([[5_000_00, 0], [0, 7_000_00], *[[0, 0]] * 4])).all()
    assert (cube[:, 2, 2] == 2_000_00 + 21_000_00).all()
    assert (cube[:, 0, 2] == 21_000_00).all()
    assert (cube[:, :, 3:] == 31_000_00).all()
    assert as_it_stands(replace(inputs, actuals=None), simulated, {}, "half_even") is None
    assert as_it_stands(in_regions("West"), simulated, {}, "half_even") is None


def test_measures_filter_what_was_won():
    inputs = in_march()
    measures = {
        "all": Measure(),
        "wins": Measure(quantity="count"),
        "of a product": Measure(products=("S1",)),
        "of a segment": Measure(segments=("SMB",)),
    }
    found = won(inputs, WON, measures)
    sums = [credit.sum() for credit in found.credit.values()]
    assert sums == [14_000_00, 3, 7_000_00, 5_000_00]
    assert found.day.tolist() == sorted(found.day.tolist())


def test_budget_actual_and_forecast_stand_side_by_side():
    inputs = in_march()
    simulated = random_bookings(inputs, 200)
    payouts = comp.settle(inputs, simulated, even_quotas(inputs), spec(TEN_PERCENT))
    frame = units(payouts, "cost_outlook").query("figure == 'variable'").set_index("period")
    assert frame["actual"].dropna().to_dict() == {"2027-01": 500, "2027-02": 700, "to date": 1200}
    year = payouts.variable.sum(axis=2) / 100
    assert frame.loc["to date", "budget"] == pytest.approx(np.median(year[:, :2].sum(axis=1)))
    assert frame.loc["to date", "over"] == pytest.approx(1200 - frame.loc["to date", "budget"])
    assert frame.loc["2027-05", "p50"] == pytest.approx(frame.loc["2027-05", "budget"])
    assert frame.loc["year", "mean"] == pytest.approx(1200 + frame.loc["rest", "mean"])
    assert frame.loc["year", "over"] == pytest.approx(frame.loc["year", "p50"] - frame.loc["year", "budget"])


def test_without_actuals_it_says_so_and_without_as_of_there_is_no_such_table():
    inputs = in_march(None)
    payouts = comp.settle(inputs, random_bookings(inputs, 10), even_quotas(inputs), spec(TEN_PERCENT))
    found = next(table for table in payouts.tables if table.name == "cost_outlook")
    assert found.frame.empty
    assert found.meaning == "Not available: no table tells which deals were won before 2027-03-11."
    whole = in_regions(*["West"] * 6)
    payouts = comp.settle(whole, random_bookings(whole, 10), even_quotas(whole), spec(TEN_PERCENT))
    assert "cost_outlook" not in {table.name for table in payouts.tables}
