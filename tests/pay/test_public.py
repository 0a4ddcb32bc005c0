"""What two public figures of pay differ by is the pay of enough people as well."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from engine.pay.run import Paid
from tests.pay.company import Company, cents, flat, plans

SPELLS = "person,rep,start,end,plan,salary\n" + "".join(
    f"Person {k},S{k},2024-01-01,,AE,{60000 + 1200 * k}\n" for k in range(8)
)
SEATS = "id\n" + "".join(f"S{k}\n" for k in range(8))
DEALS = "id,rep,date,amount\n" + "".join(
    f"D{month}{k},S{k},2026-{month:02d}-05,{1000 * (month + 9) + 37 * k}\n"
    for month in (1, 3)
    for k in range(8)
)
ALONE = "X,S3,2026-02-05,4321.7\n"
"""The one deal of February."""
QUARTERS = {"calendar": {"year": "2026", "length": "3"}}


def company(folder: Path, *components: dict[str, object], deals: str = DEALS) -> Company:
    made = Company(folder, deals, reps=SEATS, spells=SPELLS)
    return made.says(comp=plans(AE=[{"kind": "salary"}, *components]), **QUARTERS)


def told(paid: Paid, name: str) -> pd.DataFrame:
    (frame,) = (table.frame for table in paid.tables if table.name == name)
    return frame[frame["plan"] == "all"]


def test_what_one_person_alone_is_owed_is_not_told(tmp_path):
    paid = company(tmp_path, flat(pay="quarterly"), deals=DEALS.replace("-01-05", "-03-04") + ALONE).pay()
    owed = told(paid, "accruals")
    assert owed["period"].tolist() == ["2026-01", "2026-02 to 2026-03"]
    assert owed["owed"].tolist() == [0, 0]
    assert told(paid, "payouts")["period"].tolist() == ["2026-01", "2026-02", "2026-03", "year"]


def test_where_one_person_is_owed_something_at_the_end_nothing_owed_is_told(tmp_path):
    made = company(tmp_path, flat(), flat("1%", name="late", pay="quarterly"), deals=DEALS)
    made.tables["deals"] = DEALS.splitlines()[0] + "\n" + ALONE.replace("2026-02", "2026-01")
    paid = made.pay("as_of=2026-02-01")
    assert told(paid, "accruals").empty
    assert told(paid, "payouts").empty


def test_the_words_for_what_few_are_owed(tmp_path):
    late = flat("1%", name="late", pay="quarterly", measure="services")
    made = company(tmp_path, flat(), late, deals=DEALS.replace("amount\n", "amount,services\n"))
    made.text["data"]["deals"] = {"path": "deals.csv", "extra": {"services": "money"}}
    made.tables["deals"] = "\n".join(
        row if k == 0 else f"{row},{77700 if k == 4 else 0}"
        for k, row in enumerate(made.tables["deals"].splitlines())
    )
    measures = {"bookings": {"column": "amount"}, "services": {"column": "services"}}
    paid = made.says(crediting={"measures": measures}).pay("as_of=2026-02-01")
    assert told(paid, "accruals").empty
    assert told(paid, "payouts")["people"].tolist() == [8, 8]
    assert "tells of fewer than 5 people" in paid.summary
    assert "777.00" not in (tmp_path / "out/report.html").read_text("utf-8")


def test_a_month_in_which_one_person_earns_more_than_a_salary_is_told_with_others(tmp_path):
    paid = company(tmp_path, flat(), deals=DEALS + ALONE).pay()
    assert told(paid, "payouts")["period"].tolist() == ["2026-01", "2026-02 to 2026-03", "year"]
    assert told(paid, "accruals")["period"].tolist() == ["2026-01", "2026-02 to 2026-03"]


def test_what_is_paid_later_to_one_person_is_no_difference_to_plan_b(tmp_path):
    made = company(tmp_path, flat())
    made.says(comp_b=plans(AE=[{"kind": "salary"}, flat("12%")]))
    made.pay("as_of=2026-02-01", out="january")
    made.tables["deals"] = DEALS + ALONE.replace("2026-02", "2026-01")
    later = made.pay("as_of=2026-04-01", out="march", previous="january")
    amount = cents("432.17")
    assert later.ledger.loc[later.ledger["adjusts"] != "", "paid"].tolist() == [amount]
    both = told(later, "plan_b")
    assert both["period"].tolist() == ["2026-01 to 2026-03", "year"]
    figures = [*told(later, "payouts")["mean"] * 8, *both["a"]]
    assert all(abs(abs(a - b) - amount) > 8 for a in figures for b in figures)


@pytest.mark.parametrize("changed", ["12%", "10%"])
def test_plan_b_that_changes_the_pay_of_one_is_not_told(tmp_path, changed):
    one = "person,rep,start,end,plan,salary\nPerson 0,S0,2024-01-01,,Solo,60000\n"
    made = company(tmp_path, flat())
    made.tables["spells"] = one + "\n".join(SPELLS.splitlines()[2:]) + "\n"
    parts = [{"kind": "salary"}, flat()]
    solo = [{"kind": "salary"}, flat(changed)]
    made.says(comp=plans(AE=parts, Solo=parts), comp_b=plans(AE=parts, Solo=solo))
    paid = made.pay()
    assert told(paid, "plan_b").empty == (changed == "12%")
    assert ("plan B changes the pay of fewer than 5" in paid.summary) == (changed == "12%")


def test_exceptions_stand_beside_plan_b_as_well(tmp_path):
    made = company(tmp_path, flat())
    made.tables["adjustments"] = (
        "person,component,period,amount,reason,approved_by\nPerson 1,commission,2026-01,500,late,Cleo\n"
    )
    made.text["data"]["adjustments"] = "adjustments.csv"
    same = made.says(comp_b=made.text["comp"]).pay()
    assert told(same, "plan_b")["difference"].tolist() == [0, 0, 0, 0]
    assert told(same, "plan_b")["a"].iloc[-1] == same.ledger["paid"].sum()
    people = next(table.frame for table in same.tables if table.name == "plan_b_people")
    assert not people["difference"].any()
