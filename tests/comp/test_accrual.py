"""Accrual schedules: published figures, what telescopes, and what a settlement makes of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from engine import comp
from engine.comp.accrual import Capitalise, accrue, amortised, in_whole_units, schedule
from tests.comp.test_groups import in_regions, table
from tests.comp.worlds import BONUS, COMMISSION, SALARY, bookings, even_quotas, random_bookings, spec, units

THREE_YEARS = {"months": 36, "expedient_months": 12, "begins": "same_period"}


def rule(**change):
    return Capitalise.model_validate({**THREE_YEARS, **change})


def year(first):
    return np.array([first] + [0] * 11, dtype=np.int64)


def test_a_tenth_of_a_contract_of_54000_is_an_asset_of_5400():
    """journalentrieshub.com/entries/startup-sales-commission-capitalization, through a plan on simulated credit."""
    tenth = {
        "kind": "commission", "tiers_on": "credit", "rates": "of_credit", "mode": "marginal", "closed": "left",
        "accumulate": "period", "tiers": [{"start": 0, "rate": "10%"}],
        "capitalise": {**THREE_YEARS, "begins": "next_period"},
    }  # fmt: skip
    inputs = in_regions(*["West"] * 5)
    credit = np.zeros((3, 5, 12))
    credit[:, 0, 0] = 54_000_00
    payouts = comp.settle(inputs, bookings(credit), even_quotas(inputs), spec(tenth))
    first = table(payouts, "accruals").set_index(["plan", "period"]).loc[("AE", "2027-01")]
    assert (first["additions"], first["closing_asset"], first["expense"]) == (5_400_00, 5_400_00, 0)


def test_15000_over_36_months_are_416_67_a_month():
    """kdeskaccounting.com/posts/how-to-capitalize-sales-commissions-asc-606."""
    monthly = amortised(year(15_000_00), rule(), "half_even")
    assert monthly[0] == 416_67
    assert set(monthly) == {416_66, 416_67}


def test_3000_over_6_months_are_expensed_at_once():
    """kdeskaccounting.com/posts/how-to-capitalize-sales-commissions-asc-606."""
    accounts = schedule(year(3_000_00), year(3_000_00), rule(months=6), "half_even")
    assert accounts.expense[0] == 3_000_00
    assert accounts.additions.sum() == 0
    held = schedule(year(3_000_00), year(3_000_00), rule(months=6, expedient_months=0), "half_even")
    assert held.additions[0] == 3_000_00
    assert held.expense.tolist() == [500_00] * 6 + [0] * 6


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(-10_000_000, 1_000_000_000), min_size=1, max_size=12),
    st.integers(1, 60),
    st.sampled_from(["same_period", "next_period"]),
    st.sampled_from(["half_even", "half_up"]),
)
def test_an_asset_is_written_off_to_the_cent_and_its_books_balance(additions, months, begins, rounding):
    whole = np.array(additions + [0] * (months + 1), dtype=np.int64)
    how = rule(months=months, expedient_months=0, begins=begins)
    accounts = schedule(whole, whole, how, rounding)
    assert accounts.asset[-1] == 0
    assert accounts.expense.sum() == whole.sum()
    assert (accounts.liability == 0).all()
    assert (np.diff(accounts.asset, prepend=0) == accounts.additions - accounts.amortisation).all()
    if begins == "next_period":
        assert accounts.amortisation[0] == 0


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(-1e6, 1e8), min_size=1, max_size=12))
def test_rounding_to_date_keeps_the_sum(amounts):
    rounded = in_whole_units(np.array(amounts))
    assert rounded.sum() == np.rint(np.cumsum(amounts)[-1])


def test_pay_accrues_with_credit_at_the_rate_of_the_whole_year():
    work = np.array([[1.0, 1, 2], [0, 0, 0], [0, 0, 0]])
    days = np.array([[31.0, 28, 31], [0, 10, 30], [0, 0, 0]])
    found = accrue(np.array([400.0, 80, 6]), work, days)
    assert found.tolist() == [[100, 100, 200], [0, 20, 60], [2, 2, 2]]


def test_an_accelerated_plan_accrues_before_it_pays_and_ends_the_year_even():
    inputs = in_regions(*["West"] * 6)
    capitalised = {**BONUS, "capitalise": THREE_YEARS}
    payouts = comp.settle(
        inputs,
        random_bookings(inputs, 50, mean=14_000_000),
        even_quotas(inputs),
        spec(SALARY, COMMISSION, capitalised),
    )
    frame = table(payouts, "accruals")
    whole = frame[frame["component"] == "all"].set_index("period")
    cost = units(payouts, "cost").query("plan == 'all' and figure == 'total'").set_index("period")["mean"]
    for period in (*inputs.calendar.labels, "year"):
        assert whole.loc[period, "cash"] / 100 == pytest.approx(cost[period], abs=0.03)
    assert abs(whole.loc["year", "closing_liability"]) <= 3
    commission = frame[frame["component"] == "commission"].set_index("period")
    assert commission.loc["2027-06", "closing_liability"] > 0
    bonus = frame[frame["component"] == "bonus"].set_index("period")
    assert bonus.loc["year", "additions"] == pytest.approx(bonus.loc["year", "cash"], abs=2)
    assert (
        bonus.loc["year", "closing_asset"]
        == bonus.loc["year", "additions"] - bonus.loc["year", "amortisation"]
    )
    assert (bonus["expense"] == bonus["amortisation"]).all()
    salary = frame[frame["component"] == "salary"]
    assert (salary["cash"] == salary["expense"]).all()
    parts = frame[frame["component"] != "all"].groupby("period")[["cash", "expense", "closing_asset"]].sum()
    assert (parts == whole[["cash", "expense", "closing_asset"]].loc[parts.index]).all().all()


def test_components_of_a_plan_of_few_people_stand_in_the_sum_alone():
    inputs = in_regions(*["West"] * 3)
    payouts = comp.settle(inputs, random_bookings(inputs, 5), even_quotas(inputs), spec())
    assert set(table(payouts, "accruals")["plan"]) == {"all"}


def test_salary_is_not_capitalised_and_what_decides_is_said():
    with pytest.raises(ValidationError, match="without any contract"):
        spec({**SALARY, "capitalise": THREE_YEARS})
    for key in THREE_YEARS:
        with pytest.raises(ValidationError, match="Field required"):
            Capitalise.model_validate({name: value for name, value in THREE_YEARS.items() if name != key})
