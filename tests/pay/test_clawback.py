"""Clawbacks: how much is taken back, when, from whom, and what attainment has to do with it."""

from __future__ import annotations

import numpy as np
import pytest

from engine.pay.clawbacks import months
from tests.pay.company import Company, by_deal, by_period, cents, flat, plans

TIERS = [{"start": 0, "rate": "5%"}, {"start": 1000, "rate": "10%"}]
DEALS = (
    "id,rep,date,amount,term_months,reverses\nD1,A,2026-01-10,1000,12,\nD2,A,2026-02-10,1000,12,\n"
    "R2,A,2026-05-09,-1000,,D2\nD3,A,2026-06-10,1000,12,\n"
)


def company(folder, **rule):
    return Company(folder, DEALS).says(crediting={"clawback": rule}, comp=plans(AE=flat(tiers=TIERS)))


@pytest.mark.parametrize(("falls", "third"), [("true", 100), ("false", 100)])
def test_a_deal_gives_back_what_it_was_paid_whatever_tier_the_credit_is_in_now(tmp_path, falls, third):
    paid = company(tmp_path, quota_credit=falls, take="full").pay()
    found = by_deal(paid, "Ann")
    assert found == {"D1": cents(50), "D2": cents(100), "R2": cents(-100), "D3": cents(third)}


def test_credit_that_falls_moves_later_deals_into_lower_tiers(tmp_path):
    made = company(tmp_path, quota_credit="true", take="full")
    made.tables["deals"] += "R1,A,2026-05-20,-1000,,D1\n"
    assert by_deal(made.pay(), "Ann")["D3"] == cents(50)
    made.says(crediting={"clawback": {"quota_credit": "false", "take": "full"}})
    assert by_deal(made.pay(), "Ann")["D3"] == cents(100)


def test_the_unearned_share_of_the_term(tmp_path):
    # Two whole months of twelve have passed between 10 February and 9 May.
    paid = company(tmp_path, quota_credit="false", take="unearned").pay()
    assert by_deal(paid, "Ann")["R2"] == cents("-83.33")


def test_half_a_deal_reversed_gives_back_half(tmp_path):
    made = company(tmp_path, quota_credit="true", take="full")
    made.tables["deals"] = made.tables["deals"].replace("-1000", "-500")
    assert by_deal(made.pay(), "Ann")["R2"] == cents(-50)


def test_whoever_was_credited_gives_back_also_after_they_left(tmp_path):
    made = company(tmp_path, quota_credit="true", take="full")
    made.tables["reps"] = "id\nA\nB\n"
    made.tables["spells"] = "person,rep,start,end,plan\nAnn,A,,2026-04-01,AE\nEve,A,2026-04-01,,AE\n"
    made.text["data"]["spells"] = "spells.csv"
    paid = made.pay()
    assert by_deal(paid, "Ann") == {"D1": cents(50), "D2": cents(100), "R2": cents(-100)}
    assert by_deal(paid, "Eve") == {"D3": cents(50)}


def test_a_reversal_concerns_the_seat_of_its_deal_whichever_it_names(tmp_path):
    made = company(tmp_path, quota_credit="true", take="full")
    made.tables["deals"] = made.tables["deals"].replace("R2,A", "R2,B")
    paid = made.pay()
    assert by_deal(paid, "Ann")["R2"] == cents(-100)
    assert by_period(paid, "Bob") == {}


@pytest.mark.parametrize("rate", ["deal_date", "period_end"])
def test_a_reversal_is_converted_at_the_rate_of_its_deal(tmp_path, rate):
    made = Company(
        tmp_path,
        "id,rep,date,amount,currency,reverses\nD1,A,2026-01-10,100,EUR,\nR1,A,2026-03-10,-100,EUR,D1\n",
        rates="currency,date,rate\nEUR,2026-01-01,1.1\nEUR,2026-03-01,1.2\n",
    )
    rules = {"clawback": {"quota_credit": "true", "take": "full"}, "currency": {"rate": rate}}
    assert made.says(crediting=rules).pay().lines["credit"].tolist() == [cents(110), cents(-110)]


def test_a_deal_whose_cash_never_came_gives_back_nothing_that_was_paid(tmp_path):
    made = company(tmp_path, quota_credit="true", take="full")
    made.tables["deals"] = (
        "id,rep,date,amount,cash,reverses\nD1,A,2026-01-10,1000,2026-03-01,\nD2,A,2026-02-10,1000,,\n"
        "R2,A,2026-05-09,-1000,,D2\n"
    )
    paid = made.says(crediting={**made.text["crediting"], "release": "cash"}).pay()
    assert by_period(paid, "Ann") == {"2026-03": cents(50)}
    assert paid.ledger["earned"].sum() == cents(50)


def test_a_capped_deal_gives_back_what_was_paid_after_the_cap(tmp_path):
    capped = flat("10%", cap={"per": "year", "amount": 150})
    made = company(tmp_path, quota_credit="false", take="full").says(comp=plans(AE=capped))
    made.tables["deals"] = made.tables["deals"].replace("D3,A,2026-06-10,1000,12,\n", "")
    paid = made.pay()
    assert by_deal(paid, "Ann") == {"D1": cents(100), "D2": cents(100), "R2": cents(-50)}
    assert paid.lines[paid.lines["line"] == "cap"]["amount"].tolist() == [cents(-50)]
    assert by_period(paid, "Ann") == {"2026-01": cents(100), "2026-02": cents(50), "2026-05": cents(-50)}


@pytest.mark.parametrize(
    ("start", "end", "passed"),
    [
        ("2026-01-31", "2026-02-27", 0),
        ("2026-01-31", "2026-02-28", 1),
        ("2026-01-31", "2026-03-30", 1),
        ("2026-01-31", "2026-03-31", 2),
        ("2026-01-31", "2026-04-30", 3),
        ("2026-01-30", "2026-02-28", 1),
        ("2026-01-10", "2026-02-09", 0),
        ("2026-01-10", "2027-01-10", 12),
    ],
)
def test_whole_months(start, end, passed):
    assert months(np.datetime64(start, "D"), np.datetime64(end, "D")) == passed


def test_a_spif_follows_the_credit_that_a_reversal_takes_away(tmp_path):
    spif = {
        "kind": "spif", "measure": "bookings", "amount": 50, "each": {"money": 1000}, "accumulate": "year_to_date",
        "first_day": "2026-01-01", "last_day": "2026-12-31",
    }  # fmt: skip
    deals = "id,rep,date,amount,reverses\nD1,A,2026-02-01,1000,\nR1,A,2026-05-01,-1000,D1\n"
    clawback = {"quota_credit": True, "take": "share", "share": "10%"}
    made = Company(tmp_path, deals).says(crediting={"clawback": clawback}, comp=plans(AE=[flat(), spif]))
    lines = made.pay().lines
    lines = lines[lines["component"] == "spif"]
    assert dict(zip(lines["period"], lines["amount"].tolist(), strict=True)) == {
        "2026-02": cents(50),
        "2026-05": cents(-50),
    }


SPIF = {
    "kind": "spif", "name": "spif", "measure": "bookings", "amount": 50, "each": {"money": 1500},
    "accumulate": "quarter", "first_day": "2026-01-01", "last_day": "2026-12-31",
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "more", "taken"),
    [
        ({"take": "full"}, "", {"2026-05": -50}),
        ({"take": "share", "share": "40%"}, "", {"2026-05": -20}),
        ({"take": "unearned"}, "", {"2026-05": "-41.67"}),
        ({"take": "full"}, "R1,A,2026-07-09,-1000,,D1\n", {"2026-05": -50}),
    ],
)
def test_what_earns_by_the_period_gives_back_the_difference_that_the_deal_made(tmp_path, rule, more, taken):
    made = company(tmp_path, quota_credit="false", **rule).says(comp=plans(AE=[flat(), SPIF]))
    made.tables["deals"] += more
    paid = made.pay()
    lines = paid.lines[paid.lines["component"] == "spif"]
    assert int(lines[lines["line"] != "clawback"]["amount"].sum()) == cents(50)
    back = lines[lines["line"] == "clawback"]
    assert dict(zip(back["period"], back["amount"].tolist(), strict=True)) == {
        period: cents(amount) for period, amount in taken.items()
    }


def test_where_credit_falls_it_follows_the_credit_that_is_left(tmp_path):
    to_date = {**SPIF, "accumulate": "year_to_date"}
    made = company(tmp_path, quota_credit="true", take="share", share="10%").says(
        comp=plans(AE=[flat(), to_date])
    )
    lines = made.pay().lines
    lines = lines[lines["component"] == "spif"]
    assert "clawback" not in set(lines["line"])
    found = lines.groupby("period")["amount"].sum()
    assert found[found != 0].to_dict() == {
        "2026-02": cents(50), "2026-05": cents(-50), "2026-06": cents(50),
    }  # fmt: skip


def test_who_leads_a_team_gives_back_the_override_on_a_deal(tmp_path):
    override = {
        "kind": "override", "team": {"level": "company", "credit_of": ["AE"], "double_credit": "counted"},
        "accumulate": "period", "closed": "left", "rate": "1%",
    }  # fmt: skip
    made = company(tmp_path, quota_credit="false", take="full").says(comp=plans(AE=flat(), Lead=override))
    made.tables["reps"] = "id,manager,person,plan\nA,B,Ann,AE\nB,,Bob,Lead\n"
    assert by_period(made.pay(), "Bob") == {
        "2026-01": cents(10), "2026-02": cents(10), "2026-05": cents(-10), "2026-06": cents(10),
    }  # fmt: skip


PARTS = (
    "id,rep,date,amount,reverses\nD1,A,2026-01-10,1000,\nR1,A,2026-02-10,-500,D1\nR2,A,2026-03-10,-500,D1\n"
    "D2,A,2026-04-10,100,\n"
)


@pytest.mark.parametrize(
    "size",
    [
        {"credit_caps": [{"amount": 400, "per": "deal", "above": "lost"}]},
        {"windfall": {"above": 400, "counts": "50%"}},
        {
            "windfall": {"above": 400, "counts": "50%"},
            "credit_caps": [{"amount": 600, "per": "deal", "above": "lost"}],
        },
    ],
)
def test_parts_of_a_reversal_take_in_all_the_credit_that_the_deal_counted(tmp_path, size):
    made = Company(tmp_path, PARTS).says(
        crediting={"clawback": {"quota_credit": True, "take": "full"}}, comp=plans(AE=flat(**size))
    )
    lines = made.pay().lines
    assert lines[lines["deal"] == "D2"]["to_date"].tolist() == [cents(100)]


@pytest.mark.parametrize(("amount", "counted"), [(-300, 400), (-700, 300), (-1000, 0)])
def test_a_part_of_a_reversal_counts_what_the_rest_of_the_deal_counts_less(tmp_path, amount, counted):
    cap = {"credit_caps": [{"amount": 400, "per": "deal", "above": "lost"}]}
    deals = f"id,rep,date,amount,reverses\nD1,A,2026-01-10,1000,\nR1,A,2026-02-10,{amount},D1\nD2,A,2026-04-10,100,\n"
    made = Company(tmp_path, deals).says(
        crediting={"clawback": {"quota_credit": True, "take": "full"}}, comp=plans(AE=flat(**cap))
    )
    lines = made.pay().lines
    assert lines[lines["deal"] == "D2"]["to_date"].tolist() == [cents(counted + 100)]


@pytest.mark.parametrize(("per", "month"), [("period", "03"), ("quarter", "05"), ("period", "01")])
def test_a_reversal_after_a_full_interval_takes_back_the_credit_that_its_deal_counted(tmp_path, per, month):
    cap = {"credit_caps": [{"amount": 400, "per": per, "above": "lost"}]}
    deals = f"id,rep,date,amount,reverses\nD1,A,2026-01-10,1000,\nR1,A,2026-{month}-10,-1000,D1\nD2,A,2026-07-10,100,\n"
    made = Company(tmp_path, deals).says(
        crediting={"clawback": {"quota_credit": True, "take": "full"}}, comp=plans(AE=flat(**cap))
    )
    paid = made.pay()
    lines = paid.lines
    assert lines[lines["deal"] == "D2"]["to_date"].tolist() == [cents(100)]
    assert sum(by_period(paid, "Ann", "earned").values()) == cents(10)


CARRIED = {"credit_caps": [{"amount": 400, "per": "period", "above": "carried"}]}


@pytest.mark.parametrize("falls", [True, False])
@pytest.mark.parametrize(
    ("rows", "pays"),
    [
        (
            "R1,A,2026-04-10,-1000,D1\n",
            {"2026-01": 40, "2026-02": 40, "2026-03": 20, "2026-04": -100},
        ),
        (
            "R1,A,2026-04-10,-500,D1\nR2,A,2026-05-10,-500,D1\n",
            {"2026-01": 40, "2026-02": 40, "2026-03": 20, "2026-04": -50, "2026-05": -50},
        ),
    ],
)
def test_what_carried_credit_earned_is_taken_back_with_its_deal(tmp_path, rows, pays, falls):
    deals = f"id,rep,date,amount,reverses\nD1,A,2026-01-10,1000,\n{rows}"
    made = Company(tmp_path, deals).says(
        crediting={"clawback": {"quota_credit": falls, "take": "full"}}, comp=plans(AE=flat(**CARRIED))
    )
    assert by_period(made.pay(), "Ann", "earned") == {month: cents(x) for month, x in pays.items()}


@pytest.mark.parametrize(
    ("falls", "rows", "total"),
    [
        # What is still carried goes first; of 1,000 less 300 nothing but 700 earns.
        (True, "R1,A,2026-02-10,-300,D1\n", 70),
        (False, "R1,A,2026-02-10,-300,D1\n", 70),
        # The room that D1 leaves goes to D2, which is carried behind it.
        (True, "D2,A,2026-01-11,500,\nR1,A,2026-01-20,-1000,D1\n", 50),
        (False, "D2,A,2026-01-11,500,\nR1,A,2026-01-20,-1000,D1\n", 50),
    ],
)
def test_a_deal_taken_back_while_its_credit_waits_leaves_what_the_others_earn(tmp_path, falls, rows, total):
    deals = f"id,rep,date,amount,reverses\nD1,A,2026-01-10,1000,\n{rows}"
    made = Company(tmp_path, deals).says(
        crediting={"clawback": {"quota_credit": falls, "take": "full"}}, comp=plans(AE=flat(**CARRIED))
    )
    paid = made.pay()
    assert sum(by_period(paid, "Ann", "earned").values()) == cents(total)
    assert int(paid.lines["amount"].sum()) == cents(total)


@pytest.mark.parametrize("falls", [True, False])
def test_a_share_is_taken_of_carried_credit_and_each_gives_back_their_share_of_the_payout(tmp_path, falls):
    made = Company(
        tmp_path,
        "id,rep,date,amount,reverses\nD1,A,2026-01-10,1000,\nR1,A,2026-04-10,-1000,D1\n",
        splits="deal,rep,share,kind\nD1,A,60%,payout\nD1,B,40%,payout\n",
    ).says(
        crediting={"clawback": {"quota_credit": falls, "take": "share", "share": "50%"}},
        comp=plans(AE=flat(**CARRIED)),
    )
    paid = made.pay()
    assert by_period(paid, "Bob", "earned") == {"2026-01": cents(16), "2026-04": cents(-8)}
    assert by_period(paid, "Ann", "earned")["2026-04"] == cents(-42)
