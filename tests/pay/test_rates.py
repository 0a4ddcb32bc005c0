"""Plans that look rates and weights up by what a deal is: product, contract term, discount, kind of deal."""

from __future__ import annotations

import pytest

from tests.pay.company import Company, by_deal, cents, flat, plans

DEALS = """\
id,rep,date,amount,product,term_months,discount,kind,reverses
D1,A,2026-01-05,50000,Core,12,0%,new,
D2,A,2026-01-15,60000,Services,12,25%,new,
D3,A,2026-02-05,20000,Core,36,10%,renewal,
D4,A,2026-02-25,-20000,Core,,,,D3
"""
TIERS = [{"start": 0, "rate": "10%"}, {"start": 80_000, "rate": "20%"}]
SERVICES = [{"start": 0, "rate": "5%"}, {"start": 100_000, "rate": "8%"}]
BY_PRODUCT = {"by": "product", "tables": {"Services": SERVICES}}
DISCOUNT = {
    "by": "discount",
    "closed": "left",
    "bands": [{"start": 0, "times": 1}, {"start": "20%", "times": "0.8"}],
}
TERM = {
    "by": "term_months",
    "closed": "left",
    "bands": [{"start": 0, "times": 1}, {"start": 24, "times": "1.2"}],
}
KIND = {"by": "kind", "times": {"renewal": "0.5"}, "otherwise": 1}
PART = flat(tiers=TIERS, tiers_by=BY_PRODUCT, factors=[DISCOUNT], weights=[TERM, KIND])


@pytest.fixture
def company(tmp_path):
    """Two sellers; deals say their product, term, discount and kind, and one is taken back."""
    made = Company(tmp_path, DEALS).says(
        comp=plans(AE=PART), crediting={"clawback": {"quota_credit": True, "take": "full"}}
    )
    made.text["data"]["deals"] = {"path": "deals.csv", "extra": {"discount": "ratio", "kind": "text"}}
    return made


def test_a_deal_is_paid_at_the_rates_of_its_product_and_its_factors(company):
    assert by_deal(company.pay(), "Ann") == {
        "D1": cents("5000"),  # 10% of 50,000
        "D2": cents("2640"),  # 5% of 50,000 and 8% of 10,000, both at 0.8
        "D3": cents("2400"),  # 20% of 20,000 at 0.6
        "D4": cents("-2400"),
    }


def test_a_reversal_is_weighed_as_its_deal_was(company):
    company.tables["deals"] = DEALS.replace("D4,A,2026-02-25", "D4,A,2026-02-05")
    lines = company.pay().lines
    counted = lines.set_index("deal")["to_date"]
    assert counted["D3"] == cents(110_000) + cents(12_000)


def test_the_line_says_the_rate_and_why(company):
    rule = company.pay().lines.set_index("deal")["rule"]
    assert rule["D1"] == "10% from 0"
    assert rule["D2"] == "Services: 5% from 0, then 8% from 100,000; x 0.8 for discount 25%"
    assert rule["D3"] == "20% from 80,000; credit x 1.2 for term_months 36; credit x 0.5 for kind renewal"


def test_lines_add_up_to_what_is_earned(company):
    paid = company.pay()
    assert paid.lines["amount"].sum() == paid.ledger["earned"].sum() == cents(7640)


def test_a_word_of_no_deal_is_counted_and_not_refused(company):
    tables = {"Services": SERVICES, "Service": [{"start": 0, "rate": "5%"}]}
    company.says(comp=plans(AE={**PART, "tiers_by": {"by": "product", "tables": tables}}))
    assert "plans know a product of no deal: 1 row kept" in company.pay().summary


def test_money_in_another_currency_is_looked_up_in_that_of_the_plan(company):
    company.tables["deals"] = (
        "id,rep,date,amount,currency\nD1,A,2026-01-05,900,EUR\nD2,A,2026-01-06,900,USD\n"
    )
    company.tables["rates"] = "currency,date,rate\nEUR,2025-01-01,1.2\n"
    size = {
        "by": "amount",
        "closed": "left",
        "bands": [{"start": 0, "times": 1}, {"start": 1000, "times": 2}],
    }
    company.text["data"] |= {"deals": "deals.csv", "rates": "rates.csv"}
    company.says(comp=plans(AE=flat(factors=[size])), crediting={"currency": {"rate": "plan"}})
    assert by_deal(company.pay(), "Ann") == {"D1": cents(216), "D2": cents(90)}


def test_other_plans_may_ask_for_other_columns(company):
    company.says(comp=plans(AE=flat()), comp_b=plans(AE=PART))
    frame = {table.name: table.frame for table in company.pay().tables}["plan_b_people"]
    ann = frame[(frame["person"] == "Ann") & (frame["period"] == "year")]
    assert ann["difference"].tolist() == [cents(7640) - cents(11_000)]
