"""Crediting: measures, currencies, vacant seats, changes of people."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.pay.company import Company, by_deal, by_period, by_unit, cents, flat, plans

HEAD = "id,rep,date,amount\n"


@pytest.mark.parametrize(
    ("rate", "amount"), [("plan", "110.00"), ("deal_date", "120.00"), ("period_end", "130.00")]
)
def test_the_rate_of_the_plan_of_the_day_or_of_the_end_of_the_period(tmp_path, rate, amount):
    deals = "id,rep,date,amount,currency\nD1,A,2026-03-10,1000,EUR\nD2,A,2026-03-10,1000,\n"
    rates = "currency,date,rate\nEUR,2025-12-01,1.1\nEUR,2026-03-01,1.2\nEUR,2026-03-31,1.3\n"
    made = Company(tmp_path, deals, rates=rates).says(crediting={"currency": {"rate": rate}})
    assert by_deal(made.pay(), "Ann") == {"D1": cents(amount), "D2": cents("100.00")}


def test_yen_have_no_decimals_and_dinars_three(tmp_path):
    deals = "id,rep,date,amount,currency\nD1,A,2026-03-10,150001,JPY\nD2,A,2026-03-11,10.005,BHD\n"
    rates = "currency,date,rate\nJPY,2025-12-01,0.006543\nBHD,2025-12-01,2.65\n"
    made = Company(tmp_path, deals, rates=rates).says(crediting={"currency": {"rate": "plan"}})
    assert made.pay().lines["credit"].tolist() == [cents("981.46"), cents("26.51")]


def test_measures_count_filter_and_multiply(tmp_path):
    deals = "id,rep,date,amount,product,seats,margin\nD1,A,2026-03-10,100,Core,7,40.50\nD2,A,2026-03-11,100,Plus,2,-3\n"
    measures = {
        "yearly": {"column": "amount", "times": 12},
        "core": {"column": "amount", "where": {"product": ["Core"]}},
        "units": {"column": "seats"},
        "wins": {"column": "id"},
        "margin": {"column": "margin"},
    }
    counts = ("units", "wins")
    parts = [(by_unit if name in counts else flat)(measure=name, name=name) for name in measures]
    made = Company(tmp_path, deals).says(crediting={"measures": measures}, comp=plans(AE=parts))
    made.text["data"]["deals"] = {"path": "deals.csv", "extra": {"seats": "whole", "margin": "money"}}
    lines = made.pay().lines
    credit = {name: rows["credit"].tolist() for name, rows in lines.groupby("measure")}
    assert credit == {
        "yearly": [cents(1200)] * 2,
        "core": [cents(100)],
        "units": [cents(7), cents(2)],
        "wins": [cents(1)] * 2,
        "margin": [cents("40.50"), cents(-3)],
    }


def test_tcv_acv_arr_and_new_logos_are_measures_of_one_deal(tmp_path):
    # Three years at 1,000 a month, of which the first at 800; then an expansion of a year and a renewal.
    deals = (
        "id,rep,date,amount,type,monthly,first_year\nD1,A,2026-03-10,33600,new,1000,9600\n"
        "D2,A,2026-04-10,2400,expansion,200,2400\nD3,A,2026-05-10,12000,renewal,1000,12000\n"
    )
    measures = {
        "tcv": {"column": "amount"},
        "acv": {"column": "first_year"},
        "arr": {"column": "monthly", "times": 12, "where": {"type": ["new", "expansion"]}},
        "logos": {"column": "id", "where": {"type": ["new"]}},
    }
    parts = [(by_unit if name == "logos" else flat)(measure=name, name=name) for name in measures]
    made = Company(tmp_path, deals).says(crediting={"measures": measures}, comp=plans(AE=parts))
    extra = {"type": "text", "monthly": "money", "first_year": "money"}
    made.text["data"]["deals"] = {"path": "deals.csv", "extra": extra}
    credit = made.pay().lines.groupby("measure")["credit"].sum()
    assert credit.to_dict() == {
        "tcv": cents(48000),
        "acv": cents(24000),
        "arr": cents(14400),
        "logos": cents(1),
    }


def test_a_deal_counts_until_nothing_of_it_is_left(tmp_path):
    deals = (
        "id,rep,date,amount,reverses\nD1,A,2026-01-10,100,\nD2,A,2026-01-11,100,\nR1,A,2026-02-10,-40,D1\n"
        "R2,A,2026-03-10,-100,D2\nR3,A,2026-04-10,-60,D1\nD3,A,2026-05-10,100,\n"
    )
    won = {
        "kind": "spif", "measure": "wins", "amount": 50, "each": {"units": 1}, "accumulate": "year_to_date",
        "first_day": "2026-01-01", "last_day": "2026-12-31",
    }  # fmt: skip
    rules = {
        "measures": {"wins": {"column": "id"}},
        "clawback": {"quota_credit": "true", "take": "full"},
    }
    paid = Company(tmp_path, deals).says(crediting=rules, comp=plans(AE=won)).pay()
    wins = {"2026-01": 2, "2026-03": -1, "2026-04": -1, "2026-05": 1}
    assert by_period(paid, "Ann", "earned") == {period: cents(50 * many) for period, many in wins.items()}


def test_a_vacant_seat_pays_nobody_and_is_counted(tmp_path):
    made = Company(tmp_path, HEAD + "D1,A,2026-03-10,100\nD2,A,2026-05-10,100\nD3,A,2026-08-10,100\n")
    made.tables["reps"] = "id\nA\n"
    made.tables["spells"] = "person,rep,start,end,plan\nAnn,A,,2026-04-01,AE\nEve,A,2026-06-01,,AE\n"
    made.text["data"]["spells"] = "spells.csv"
    paid = made.pay()
    assert (by_deal(paid, "Ann"), by_deal(paid, "Eve")) == ({"D1": cents(10)}, {"D3": cents(10)})
    assert "the seat was vacant: 1 row kept" in paid.summary
    assert "the seat was vacant" in (tmp_path / "out/report.html").read_text(encoding="utf-8")


def test_a_new_plan_from_a_day_on(tmp_path):
    made = Company(tmp_path, HEAD + "D1,A,2026-03-15,100\nD2,A,2026-03-16,100\n")
    made.tables["reps"] = "id\nA\n"
    made.tables["spells"] = "person,rep,start,end,plan\nAnn,A,,2026-03-16,Old\nAnn,A,2026-03-16,,New\n"
    made.text["data"]["spells"] = "spells.csv"
    paid = made.says(comp=plans(Old=flat("10%"), New=flat("20%"))).pay()
    assert by_deal(paid, "Ann") == {"D1": cents(10), "D2": cents(20)}
    assert by_period(paid, "Ann") == {"2026-03": cents(30)}


def test_cash_waits_for_the_end_of_a_quarterly_payment(tmp_path):
    deals = "id,rep,date,amount,cash\nD1,A,2026-01-10,100,2026-04-10\nD2,A,2026-01-11,100,2025-12-01\n"
    rules = plans(AE=flat())
    rules["plans"]["AE"]["pay"] = "quarterly"
    paid = Company(tmp_path, deals).says(crediting={"release": "cash"}, comp=rules).pay()
    assert by_period(paid, "Ann") == {"2026-03": cents(10), "2026-06": cents(10)}


def test_credit_runs_on_through_a_transfer_where_the_plan_says_so(tmp_path):
    made = Company(tmp_path, HEAD + "D1,A,2026-03-15,1000\nD2,B,2026-05-16,1000\n")
    made.tables["reps"] = "id,manager\nA,M\nB,N\nM,\nN,\n"
    made.tables["spells"] = (
        "person,rep,start,end,plan\nAnn,A,,2026-04-01,AE\nAnn,B,2026-04-01,,AE\nMia,M,,,AE\nNed,N,,,AE\n"
    )
    made.text["data"]["spells"] = "spells.csv"
    tiers = [{"start": 0, "rate": "5%"}, {"start": 1000, "rate": "10%"}]
    for carry, second in (("spell", 50), ("person", 100)):
        paid = made.says(comp={**plans(AE=flat(tiers=tiers)), "carry": carry}).pay()
        assert by_deal(paid, "Ann") == {"D1": cents(50), "D2": cents(second)}
        folder = tmp_path / "out/private/managers"
        assert pd.read_csv(folder / "Mia.csv")["period"].tolist() == ["2026-03"]
        assert pd.read_csv(folder / "Ned.csv")["period"].tolist() == ["2026-05"]
