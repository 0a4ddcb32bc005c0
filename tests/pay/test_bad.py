"""Bad input of pay files: what it is, and where it stands."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import yaml

from engine.errors import BadInput
from engine.pay.check import check
from tests.pay.company import Company, flat, plans

DEALS = "id,rep,date,amount\nD1,A,2026-01-05,100\n"
PLACE = Path(__file__).parents[1] / "cases/bad/pay/cases.yaml"
CASES = yaml.load(PLACE.read_text(encoding="utf-8"), yaml.BaseLoader)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_it_is_refused_with_its_place(tmp_path, case):
    company = Company(tmp_path, **{"deals": DEALS, **case.get("tables", {})})
    if "spells" in company.tables:
        company.tables["reps"] = "id\nA\nB\n"
    found = company.says(**case.get("blocks", {})).faults()
    with pytest.raises(BadInput) as checked:
        list(check(company.load()))
    assert len(checked.value.faults) == len(found)
    assert found
    assert case["place"] in found[0]
    assert case["says"] in found[0]
    if "alone" in case:
        assert len(found) == 1


def test_faults_of_all_tables_are_told_at_once_by_check_and_by_pay(tmp_path):
    company = Company(
        tmp_path,
        "id,rep,date,amount,currency,reverses\nD1,A,2026-01-05,100,XEU,\nD2,B,2026-01-05,100,USD,\n"
        "D3,C,2026-01-05,100,USD,\nY1,C,2025-01-05,100,USD,\nR1,C,2026-01-06,-100,USD,Y1\n",
        reps="id,person,plan\nA,Ann,AE\nB,Bob,\nC,Cleo,AE\n",
        rates="currency,date,rate\nEUR,2025-01-01,1.1\n",
        quotas="rep,period,quota\nA,2026-01,5\nC,2026-01,0\n",
        deal_pay="deal,person,component,earned,paid\nY1,Cleo,comission,10,10\n",
        balances="person,component,amount\nAnn,comission,5\n",
        adjustments="person,component,period,amount,reason,approved_by\nAnn,comission,2026-01,5,late,Zoe\n",
    )
    rules = {"currency": {"rate": "plan"}, "clawback": {"quota_credit": False, "take": "full"}}
    gate = {
        "measure": "bookings",
        "accumulate": "period",
        "closed": "left",
        "at_least": 1,
        "otherwise": "nothing",
    }
    company.says(crediting=rules, comp=plans(AE=flat(gates=[gate])))
    with pytest.raises(BadInput) as paid:
        company.pay()
    with pytest.raises(BadInput) as checked:
        list(check(company.load()))
    assert [(fault.file, fault.line, fault.field) for fault in paid.value.faults] == [
        ("deals.csv", 2, "currency"),
        ("deals.csv", 3, "rep"),
        ("quotas.csv", 3, "quota"),
        ("balances.csv", 2, "component"),
        ("adjustments.csv", 2, "component"),
        ("deal_pay.csv", 2, "component"),
    ]
    assert checked.value.faults == paid.value.faults


@pytest.mark.parametrize("column", ["id", "amount"])
def test_binary_floats_of_parquet_are_no_ids_and_no_money(tmp_path, column):
    company = Company(tmp_path, DEALS)
    rows = pd.DataFrame(
        {"id": ["1", "2"], "rep": ["A", "B"], "date": ["2026-01-05"] * 2, "amount": [100, 200]}
    )
    rows.astype({column: "float64"}).to_parquet(tmp_path / "deals.parquet")
    company.text["data"]["deals"] = "deals.parquet"
    (found,) = company.faults()
    assert found.startswith("deals.parquet:2: E_TYPE: ")
    assert f"column {column} holds binary floats in 2 rows" in found


SPIF = {
    "kind": "spif", "measure": "wins", "amount": 50, "each": {"units": 1}, "accumulate": "year_to_date",
    "first_day": "2026-05-01", "last_day": "2026-07-31",
}  # fmt: skip


@pytest.mark.parametrize(
    ("blocks", "field", "line"),
    [
        (
            {"comp": plans(AE=flat(measure="units"))},
            "comp.plans.AE.components[0].measure",
            "measure: units",
        ),
        (
            {"comp": plans(AE=[flat(), {**SPIF, "measure": "bookings"}])},
            "comp.plans.AE.components[1].measure",
            "measure: bookings",
        ),
        (
            {"comp_b": plans(AE=flat(measure="units"))},
            "comp_b.plans.AE.components[0].measure",
            "measure: units",
        ),
        (
            {"crediting": {"measures": {"bookings": {"column": "margin"}}}},
            "crediting.measures.bookings.column",
            "column: margin",
        ),
        (
            {
                "comp": plans(AE=[flat(), {**SPIF, "first_day": "2025-05-01", "last_day": "2025-07-31"}]),
                "crediting": {"measures": {"bookings": {"column": "amount"}, "wins": {"column": "id"}}},
            },
            "comp.plans.AE.components[1].last_day",
            "last_day: '2025-07-31'",
        ),
        (
            {
                "comp": plans(AE=[flat(), {**SPIF, "first_day": "2027-05-01", "last_day": "2027-07-31"}]),
                "crediting": {"measures": {"bookings": {"column": "amount"}, "wins": {"column": "id"}}},
            },
            "comp.plans.AE.components[1].first_day",
            "first_day: '2027-05-01'",
        ),
    ],
)
def test_a_fault_of_the_file_stands_at_its_field(tmp_path, blocks, field, line):
    company = Company(tmp_path, DEALS).says(**blocks)
    with pytest.raises(BadInput) as caught:
        company.pay()
    (fault,) = caught.value.faults
    assert fault.field == field
    text = (tmp_path / "pay.yaml").read_text(encoding="utf-8").splitlines()
    assert line in text[fault.line - 1]


def test_every_unknown_name_of_a_file_is_told_at_once(tmp_path):
    measures = {
        "bookings": {"column": "margin"},
        "core": {"column": "amount", "where": {"line": ["Core"]}},
        "wins": {"column": "id"},
    }
    money_of_wins = {**SPIF, "each": {"money": 100}}
    parts = [flat(measure="unitz"), flat(name="other", measure="bokings"), money_of_wins]
    company = Company(tmp_path, DEALS, receipts="deal,date,amount\n")
    company.says(
        crediting={"measures": measures}, comp=plans(AE=parts), comp_b=plans(AE=flat(measure="booking"))
    )
    with pytest.raises(BadInput) as caught:
        company.pay()
    assert [(fault.code, fault.field) for fault in caught.value.faults] == [
        ("E_REFERENCE", "comp.plans.AE.components[0].measure"),
        ("E_REFERENCE", "comp.plans.AE.components[1].measure"),
        ("E_REFERENCE", "comp_b.plans.AE.components[0].measure"),
        ("E_REFERENCE", "crediting.measures.bookings.column"),
        ("E_REFERENCE", "crediting.measures.core.where"),
        ("E_CONFLICT", "data.receipts"),
        ("E_CONFLICT", "comp.plans.AE.components[2].measure"),
    ]
    lines = [fault.line for fault in caught.value.faults]
    assert all(lines)
    assert len(set(lines)) == 7
