"""The books of actual pay: journal that balances, assets, on-costs with a ceiling, what stays when more is paid."""

from __future__ import annotations

import pandas as pd
import pytest

from engine.verification import accounts
from tests.pay.company import Company, cents, flat, plans

ROWS = "Ann,A,2024-01-01,,AE,60000,0\nBob,B,2024-01-01,,AE,48000,0\n"
PEOPLE = f"person,rep,start,end,plan,salary,target_incentive\n{ROWS}"
DEALS = "id,rep,date,amount\nD1,A,2026-01-05,100000\nD2,A,2026-02-05,200000\nD3,B,2026-03-05,30000.50\n"
HELD = {"months": 10, "expedient_months": 0, "begins": "same_period"}
TAX = {"name": "tax", "rate": "10%", "of": "total", "ceiling": 30_000}
LEVY = {"name": "levy", "rate": "1%", "of": "variable"}


def company(folder, **accounting):
    made = Company(folder, DEALS, reps="id\nA\nB\n", spells=PEOPLE)
    comp = plans(AE=[{"kind": "salary"}, flat(capitalise=HELD)])
    return made.says(comp={**comp, "on_costs": [TAX, LEVY], "accounting": accounting})


def frames(paid):
    return {table.name: table.frame for table in paid.tables}


def net(journal: pd.DataFrame, account: str) -> pd.Series:
    mine = journal[journal["account"] == account].groupby("period")[["debit", "credit"]].sum()
    return mine["debit"] - mine["credit"]


def test_the_journal_of_pay_balances_and_says_what_was_paid(tmp_path):
    paid = company(tmp_path).pay()
    found = frames(paid)
    journal, books = found["journal"], found["accrual_schedule"]
    assert list(accounts.journal(found)) == []
    assert list(accounts.accruals({"accruals": books})) == []
    assert -net(journal, "Cash").sum() == paid.ledger["paid"].sum()
    assert net(journal, "Cash").to_dict() == (-paid.ledger.groupby("period")["paid"].sum()).to_dict()
    commission = books[books["component"] == "commission"].set_index("period")
    assert commission.loc["2026-01", "additions"] == cents("10000")
    assert commission.loc["2026-01", "amortisation"] == cents("1000")
    assert commission.loc["2026-02", "amortisation"] == cents("3000")
    assert commission.loc["2026-02", "closing_asset"] == cents("26000")
    assert net(journal, "Contract costs").sum() == commission["closing_asset"].iloc[-1]
    assert net(journal, "Sales compensation").sum() == cents("108000")


def test_on_costs_are_due_on_what_a_person_is_paid_up_to_the_ceiling(tmp_path):
    found = frames(company(tmp_path).pay())
    due = net(found["journal"], "Employer on-costs")
    assert due["2026-01"] == cents("1500") + cents("400") + cents("100")
    assert due["2026-02"] == cents("1500") + cents("400") + cents("200")
    assert due["2026-03"] == cents("700.01") + cents("30")
    assert due.sum() == 2 * cents("3000") + cents("330")


def test_what_the_books_held_before_is_in_them(tmp_path):
    before = {
        "opening": [{"name": "old", "asset": 1200, "months": 12}],
        "clawback_reserve": {"rate": "10%", "months": 2, "opening": 0},
    }
    found = frames(company(tmp_path, **before).pay("as_of=2026-04-01"))
    books = found["accrual_schedule"]
    old = books[books["plan"] == "before"].set_index("period")
    assert old.loc["year", "closing_asset"] == cents("900")
    whole = books[books["plan"] == "all"].set_index("period")
    assert whole.loc["2026-02", "closing_reserve"] == cents("2500")
    assert (
        net(found["journal"], "Expected take-back of commissions").sum()
        == whole.loc["year", "closing_reserve"]
    )
    assert list(accounts.journal(found)) == []


def test_closed_periods_of_the_journal_stay_when_more_is_paid(tmp_path):
    made = company(tmp_path)
    first = frames(made.pay("as_of=2026-03-01", out="first"))["journal"]
    made.tables["deals"] = DEALS.replace("100000", "150000")
    paid = made.pay("as_of=2026-04-01", out="second", previous="first")
    second = frames(paid)["journal"]
    assert second[second["period"] < "2026-03"].reset_index(drop=True).equals(first)
    assert net(second, "Accrued compensation").sum() == 0
    more = paid.ledger[paid.ledger["adjusts"] == "2026-01"]
    assert more["earned"].sum() == cents("5000")


def test_the_books_are_private(tmp_path):
    company(tmp_path).pay()
    assert {path.stem for path in (tmp_path / "out/private").glob("*.csv")} >= {"journal", "accrual_schedule"}
    assert not {path.stem for path in (tmp_path / "out/tables").glob("*.csv")} & {
        "journal",
        "accrual_schedule",
    }


@pytest.mark.parametrize("number", ["70-100", "7100"])
def test_accounts_are_called_as_the_file_says(tmp_path, number):
    made = company(tmp_path, accounts={"expense": {"number": number, "name": "Provisionen"}})
    journal = frames(made.pay())["journal"]
    assert set(journal[journal["account"] == "Provisionen"]["number"]) == {number}


KEPT = {"kind": "holdback", "share": "25%", "after": 2, "leavers": "forfeited"}


def test_what_is_held_is_earned_and_owed_until_it_is_paid(tmp_path):
    made = company(tmp_path)
    made.says(comp=plans(AE=[{"kind": "salary"}, flat(), KEPT]))
    made.text["calendar"] = {"year": "2026", "length": "3"}
    paid = made.pay()
    books = frames(paid)["accrual_schedule"].set_index(["component", "period"])
    assert books.loc["holdback", "accrued"].tolist() == [0, 0, 0, 0]
    assert books.loc["holdback", "closing_liability"].tolist() == [
        cents("2500"), cents("7500"), cents("5750.01"), cents("5750.01"),
    ]  # fmt: skip
    journal = frames(paid)["journal"]
    assert (
        net(journal, "Sales compensation").sum()
        == paid.ledger["earned"].sum()
        == cents("27000") + cents("33000.05")
    )
    assert -net(journal, "Accrued compensation").sum() == cents("5750.01")
    held = paid.lines[paid.lines["component"] == "holdback"]
    assert set(held["amount"]) == {0}
    assert "5,000.00 is held, 25% of 20,000.00; 7,500.00 is held after the period" in set(held["rule"])


def test_what_somebody_who_left_forfeits_is_taken_off_what_they_earned(tmp_path):
    made = company(tmp_path)
    made.tables["spells"] = PEOPLE.replace("Ann,A,2024-01-01,,", "Ann,A,2024-01-01,2026-03-01,")
    paid = made.says(comp=plans(AE=[{"kind": "salary"}, flat(), KEPT])).pay()
    mine = paid.ledger[(paid.ledger["person"] == "Ann") & (paid.ledger["component"] == "holdback")]
    assert mine[["period", "earned", "paid"]].values.tolist() == [
        ["2026-01", 0, -cents("2500")],
        ["2026-02", 0, -cents("5000")],
        ["2026-03", -cents("2500"), 0],
        ["2026-04", -cents("5000"), 0],
    ]
    books = frames(paid)["accrual_schedule"].set_index(["component", "period"])
    assert books.loc[("holdback", "2026-04"), "closing_liability"] == cents("750.01")


def test_what_was_owed_before_the_year_is_paid_off_and_not_earned_again(tmp_path):
    made = company(tmp_path)
    made.says(comp=plans(AE=[{"kind": "salary"}, flat(), KEPT]), crediting={"release": "cash"})
    made.tables["deals"] = "id,rep,date,amount,cash\nY1,A,2025-11-05,9000,2026-02-03\n"
    made.tables["deal_pay"] = "deal,person,component,earned,paid\nY1,Ann,commission,900,0\n"
    made.tables["balances"] = "person,component,amount,due_in\nAnn,holdback,70,3\n"
    made.text["data"] |= {"deal_pay": "deal_pay.csv", "balances": "balances.csv"}
    paid = made.pay("as_of=2026-04-01")
    books = frames(paid)["accrual_schedule"].set_index(["component", "period"])
    assert books.loc[("commission", "2026-01"), ["opening_liability", "closing_liability"]].tolist() == [
        cents("900"), cents("900"),
    ]  # fmt: skip
    assert books.loc["commission", "closing_liability"].tolist()[1:] == [0, 0, 0]
    assert books.loc["holdback", "closing_liability"].tolist() == [
        cents(70),
        cents(295),
        cents(225),
        cents(225),
    ]
    assert list(accounts.accruals({"accruals": books.reset_index()})) == []
    text = (tmp_path / "out/private/statements/Ann.html").read_text("utf-8")
    assert "970.00 was owed before, 225.00 is still owed" in text
