"""Bad input of pay files: what it is, and where it stands."""

from __future__ import annotations

import pytest

from tests.pay.company import PEOPLE, Company, flat, plans

HEAD = "id,rep,date,amount\nD1,A,2026-01-05,100\n"
BACK = "id,rep,date,amount,reverses\nD1,A,2026-01-05,100,\n"
CLAWBACK = {"clawback": {"quota_credit": "true", "take": "full"}}
ON_QUOTA = plans(AE=flat(tiers_on="attainment", quota="interval"))


@pytest.mark.parametrize(
    ("tables", "blocks", "place", "says"),
    [
        (
            {"deals": "id,rep,date,amount,currency\nD1,A,2026-01-05,100,XEU\n"},
            {},
            "deals.csv:2: E_REQUIRED",
            "XEU",
        ),
        (
            {
                "deals": "id,rep,date,amount,currency\nD1,A,2026-01-05,100,USD\nD2,A,2026-01-05,100,XEU\n",
                "rates": "currency,date,rate\nEUR,2025-01-01,1.1\n",
            },
            {"crediting": {"currency": {"rate": "plan"}}},
            "deals.csv:3: E_CURRENCY",
            "no rate of XEU to USD",
        ),
        (
            {
                "deals": "id,rep,date,amount,currency\nD1,A,2026-01-05,100,EUR\n",
                "rates": "currency,date,rate\nEUR,2026-02-01,1.1\n",
            },
            {"crediting": {"currency": {"rate": "deal_date"}}},
            "deals.csv:2: E_CURRENCY",
            "no rate yet of EUR to USD on 2026-01-05",
        ),
        (
            {"reps": "id,person,plan\nA,Ann,\nB,Bob,AE\n"},
            {},
            "deals.csv:2: E_REFERENCE",
            "Ann, who has no plan",
        ),
        ({"reps": "id,person,plan\nA,Ann,SE\nB,Bob,AE\n"}, {}, "pay.yaml", "no plan is called 'SE'"),
        (
            {"spells": "person,rep,start,end,plan\nAnn,A,2025-01-01,,AE\nAnn,B,2026-03-01,,SE\n"},
            {},
            "spells.csv:3: E_OVERLAP",
            "two plans on a day",
        ),
        (
            {"spells": "person,rep,start,end,plan\nAnn,A,2025-01-01,,AE\nBob,A,2026-03-01,,AE\n"},
            {},
            "spells.csv:3: E_OVERLAP",
            "before the last one of its seat has ended",
        ),
        (
            {"quotas": "rep,period,quota\nA,2026-01,0\n"},
            {"comp": ON_QUOTA},
            "quotas.csv:2: E_RANGE",
            "is 0 all year",
        ),
        ({}, {"comp": ON_QUOTA}, "deals.csv:2: E_RANGE", "quota of A is 0 all year"),
        (
            {"quotas": "rep,period,quota\nA,2025-01,5\n"},
            {},
            "quotas.csv:2: E_REFERENCE",
            "periods of the calendar",
        ),
        (
            {"quotas": "rep,period,quota\nA,2026-01,5\nA,2026-01,6\n"},
            {},
            "quotas.csv:3: E_DUPLICATE_ID",
            "second quota",
        ),
        (
            {"deals": BACK + "D2,A,2026-02-05,-100.01,D1\n"},
            {"crediting": CLAWBACK},
            "deals.csv:3: E_RANGE",
            "clawback larger than what was paid",
        ),
        ({"deals": BACK + "D2,A,2026-02-05,-100,D1\n"}, {}, "deals.csv:3: E_REQUIRED", "nothing says"),
        (
            {"deals": BACK + "D2,A,2026-02-05,-100,\n"},
            {"crediting": CLAWBACK},
            "deals.csv:3: E_RANGE",
            "negative amount that reverses no deal",
        ),
        (
            {"deals": BACK + "D2,A,2026-02-05,-100,D7\n"},
            {"crediting": CLAWBACK},
            "deals.csv:3: E_REFERENCE",
            "not among the deals",
        ),
        (
            {"deals": BACK + "D2,A,2026-02-05,-100,D1\n"},
            {"crediting": {"clawback": {"quota_credit": "true", "take": "unearned"}}},
            "deals.csv:3: E_REQUIRED",
            "term of a reversed deal",
        ),
        ({"deals": HEAD + "D2,C,2026-01-05,100\n"}, {}, "deals.csv:3: E_REFERENCE", "not among the reps"),
        ({"deals": HEAD + "D1,B,2026-01-05,100\n"}, {}, "deals.csv:2: E_DUPLICATE_ID", "stands twice"),
        ({"deals": HEAD + "D2,B,2026-01-05,\n"}, {}, "deals.csv:3: E_REQUIRED", "amount is blank"),
        ({"deals": HEAD + "D2,B,,7\n"}, {}, "deals.csv:3: E_REQUIRED", "date is blank"),
        (
            {"splits": "deal,rep,share,kind\nD1,A,50%,credit\nD1,B,40%,credit\n"},
            {},
            "splits.csv:2: E_RANGE",
            "D1 adds up to 90 %",
        ),
        ({"splits": "deal,rep,share,kind\nD1,A,50%,half\n"}, {}, "splits.csv:2: E_CHOICE", "neither credit"),
        (
            {"reps": PEOPLE.replace("A,,", "A,B,").replace("B,,", "B,A,")},
            {},
            "reps.csv:2: E_HIERARCHY",
            "circle",
        ),
        ({}, {"as_of": "2026-01-20"}, "pay.yaml", "a period has ended"),
        (
            {},
            {"crediting": {"measures": {"bookings": {"column": "margin"}}}},
            "pay.yaml",
            "'margin' is no number of the deals",
        ),
        ({}, {"comp": plans(AE=flat(measure="units"))}, "pay.yaml", "no measure is called 'units'"),
    ],
)
def test_it_is_refused_with_its_place(tmp_path, tables, blocks, place, says):
    company = Company(tmp_path, tables.pop("deals", HEAD), **tables)
    if "spells" in tables:
        company.tables["reps"] = "id\nA\nB\n"
    found = company.says(**blocks).faults()
    assert found
    assert place in found[0]
    assert says in found[0]
