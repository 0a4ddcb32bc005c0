"""Accrual schedules: published figures, what telescopes, and what a settlement makes of it."""

from collections import defaultdict

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from engine import comp
from engine.calendar import CalendarSpec, calendar
from engine.comp.accounting import Accounting, ClawbackReserve
from engine.comp.accrual import Capitalise, accrue, amortised, in_whole_units, schedule
from engine.comp.journal import entries
from engine.comp.tables.schedule import together
from engine.verification import accounts
from tests.comp.test_groups import in_regions, table
from tests.comp.worlds import BONUS, COMMISSION, SALARY, bookings, even_quotas, random_bookings, spec, units

YEAR = calendar(CalendarSpec(year="2027"))
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
    whole = schedule(year(3_000_00), year(3_000_00), rule(months=6), "half_even")
    assert whole.expense[0] == 3_000_00
    assert whole.additions.sum() == 0
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
    its = schedule(whole, whole, how, rounding)
    assert its.asset[-1] == 0
    assert its.expense.sum() == whole.sum()
    assert (its.liability == 0).all()
    assert (np.diff(its.asset, prepend=0) == its.additions - its.amortisation).all()
    if begins == "next_period":
        assert its.amortisation[0] == 0


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


def test_what_a_holdback_holds_at_the_end_of_the_year_is_owed():
    flat = {
        "kind": "commission", "tiers_on": "credit", "rates": "of_credit", "mode": "marginal", "closed": "left",
        "accumulate": "period", "tiers": [{"start": 0, "rate": "10%"}],
    }  # fmt: skip
    held = {"kind": "holdback", "share": "20%", "after": 2, "leavers": "forfeited"}
    inputs = in_regions(*["West"] * 5)
    credit = np.zeros((3, 5, 12))
    credit[:, 0, [0, 11]] = 50_000_00
    payouts = comp.settle(inputs, bookings(credit), even_quotas(inputs), spec(flat, held))
    books = table(payouts, "accruals").set_index(["component", "period"])
    assert (books.loc["holdback", "accrued"] == 0).all()
    owed = books.loc["holdback", "closing_liability"]
    assert owed[["2027-01", "2027-02", "2027-03", "2027-12"]].tolist() == [1_000_00, 1_000_00, 0, 1_000_00]
    assert books.loc[("all", "year"), "expense"] == 10_000_00


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


OPENING = {"name": "commissions 2026", "asset": "36000.01", "months": 30}


def amounts(number=12, least=-10_000_000):
    return st.lists(st.integers(least, 1_000_000_000), min_size=number, max_size=number).map(
        lambda row: np.array(row, dtype=np.int64)
    )


@settings(max_examples=100, deadline=None)
@given(
    amounts(),
    amounts(),
    amounts(),
    st.integers(1, 60),
    st.integers(0, 100),
    st.integers(1, 24),
    st.integers(0, 10**8),
)
def test_every_entry_of_the_journal_balances_in_every_period(
    cash, accrued, on_costs, months, percent, window, brought
):
    books = Accounting.model_validate({
        "opening": [OPENING, {**OPENING, "name": "lost", "lost": "2027-05-31"}],
        "clawback_reserve": {"rate": f"{percent}%", "months": window, "opening": str(brought)},
    })  # fmt: skip
    pay = books.reserved(
        schedule(cash, accrued, rule(months=months, expedient_months=0), "half_up"), "half_up"
    )
    whole = together({("AE", "commission"): pay, **books.before(YEAR, 100, "half_up")})
    balance = defaultdict(lambda: np.zeros(12, dtype=np.int64))
    for text, lines in entries(whole, on_costs, books.accounts).items():
        assert (sum(line.amounts for line in lines) == 0).all(), text
        for line in lines:
            balance[line.account.name] = balance[line.account.name] + line.amounts
    named = books.accounts
    expense = sum(balance[account.name] for account in (named.expense, named.amortisation, named.impairment))
    assert (expense == whole.expense).all()
    assert (whole.opening_asset + np.cumsum(balance[named.asset.name]) == whole.asset).all()
    assert (np.cumsum(-balance[named.accrued.name]) == whole.liability).all()
    assert (whole.opening_reserve + np.cumsum(balance[named.reserve.name]) == whole.reserve).all()
    assert (balance[named.cash.name] == -cash).all()
    assert (balance[named.payable.name] == -on_costs).all()


def test_what_was_capitalised_before_is_written_off_over_the_months_that_are_left():
    its = Accounting.model_validate({"opening": [{**OPENING, "asset": "6000", "months": 6}]})
    found = its.before(YEAR, 100, "half_even")["before", "commissions 2026"]
    assert found.amortisation.tolist() == [1_000_00] * 6 + [0] * 6
    assert found.asset.tolist() == [5_000_00, 4_000_00, 3_000_00, 2_000_00, 1_000_00] + [0] * 7
    assert (found.expense == found.amortisation).all()


@pytest.mark.parametrize(("lost", "period"), [("2027-03-31", 2), ("2027-04-01", 3), ("2026-11-05", 0)])
def test_the_asset_of_a_lost_customer_is_impaired_in_its_period(lost, period):
    its = Accounting.model_validate({"opening": [{**OPENING, "asset": "6000", "months": 6, "lost": lost}]})
    found = its.before(YEAR, 100, "half_even")["before", "commissions 2026"]
    assert found.amortisation.tolist() == [1_000_00] * period + [0] * (12 - period)
    assert found.impairment.tolist() == [0] * period + [(6 - period) * 1_000_00] + [0] * (11 - period)
    assert found.asset[-1] == 0


def test_a_customer_lost_after_the_year_is_still_an_asset():
    its = Accounting.model_validate({"opening": [{**OPENING, "lost": "2028-01-01"}]})
    assert its.before(YEAR, 100, "half_even")["before", "commissions 2026"].impairment.sum() == 0


def test_a_reserve_is_the_share_of_what_may_still_be_taken_back():
    reserve = ClawbackReserve.model_validate({"rate": "6%", "months": 3, "opening": "300"})
    assert reserve.of(year(1_000_00), "half_even").tolist() == [60_00, 40_00, 20_00] + [0] * 9
    assert reserve.brought(YEAR, 100, "half_even").reserve.tolist() == [200_00, 100_00] + [0] * 10
    assert reserve.of(-year(1_000_00), "half_even").tolist() == [0] * 12
    steady = reserve.of(np.full(12, 1_000_00), "half_even")
    assert steady[2:].tolist() == [120_00] * 10


def test_a_settlement_keeps_books_that_balance_with_what_stood_in_them_before():
    inputs = in_regions(*["West"] * 6)
    books = {
        "opening": [OPENING],
        "clawback_reserve": {"rate": "5%", "months": 6, "opening": "1000"},
        "accounts": {"expense": {"number": "70-100", "name": "Commissions"}},
    }
    tax = {"name": "tax", "rate": "10%", "of": "total"}
    held = {**BONUS, "capitalise": THREE_YEARS}
    rules = spec(SALARY, COMMISSION, held, on_costs=[tax], accounting=books)
    payouts = comp.settle(inputs, random_bookings(inputs, 30), even_quotas(inputs), rules)
    tables = {each.name: each.frame for each in payouts.tables}
    assert list(accounts.accruals(tables)) == list(accounts.journal(tables)) == []
    lines = tables["journal"].groupby("account")[["debit", "credit"]].sum()
    net = lines["debit"] - lines["credit"]
    whole = tables["accruals"].query("plan == 'all' and period == 'year'").iloc[0]
    costs = tables["cost"].query("plan == 'all' and period == 'year'").set_index("figure")["mean"]
    assert net["Commissions"] + net["Amortisation of contract costs"] == whole["expense"]
    assert net["Employer on-costs"] == pytest.approx(costs["on-costs"], abs=1)
    assert -net["Cash"] == pytest.approx(costs["total"], abs=len(rules.plans["AE"].components))
    assert whole["opening_asset"] == 36_000_01
    assert whole["opening_reserve"] == 1_000_00
    assert {"before"} < set(tables["accruals"]["plan"])


def test_an_entry_that_does_not_balance_is_told():
    tables = {
        "journal": pd.DataFrame(
            {"period": ["2027-01"] * 2, "text": "Pay paid", "debit": [7, 0], "credit": [0, 8]}
        )
    }
    assert list(accounts.journal(tables)) == ["Pay paid in 2027-01: debit 7, credit 8 minor units"]


@pytest.mark.parametrize(
    ("block", "says"),
    [
        ({"opening": [OPENING, OPENING]}, "two rows of the schedule are called"),
        ({"opening": [{**OPENING, "name": "clawback reserve"}]}, "two rows of the schedule are called"),
        ({"opening": [{**OPENING, "months": 0}]}, "greater than or equal to 1"),
        ({"clawback_reserve": {"rate": "5%", "months": 6}}, "Field required"),
        ({"clawback_reserve": {"rate": "500%", "months": 6, "opening": 0}}, "above 100%"),
    ],
)
def test_books_that_cannot_be_kept_are_refused(block, says):
    with pytest.raises(ValidationError) as caught:
        Accounting.model_validate(block)
    assert says in str(caught.value)
