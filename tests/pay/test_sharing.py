"""Shares of a payout: what the owner earns is divided, and nothing is lost."""

from __future__ import annotations

from tests.pay.company import Company, by_period, cents, flat, plans

PEOPLE = "id,person,plan\nA,Ann,AE\nB,Bob,Other\nC,Cid,Other\n"
RULES = plans(AE=flat("8%"), Other=flat("10%"))
HEAD = "deal,rep,share,kind\n"


def test_half_of_what_the_owner_earns_goes_to_the_other_whatever_their_plan(tmp_path):
    # https://www.getclearcomp.com/blog/how-commission-splits-actually-work
    deals = "id,rep,date,amount\nD1,A,2026-03-10,20000\n"
    made = Company(tmp_path, deals, reps=PEOPLE, splits=HEAD + "D1,A,50%,payout\nD1,B,50%,payout\n")
    paid = made.says(comp=RULES).pay()
    assert by_period(paid, "Ann") == by_period(paid, "Bob") == {"2026-03": cents(800)}
    assert paid.lines["credit"].sum() == cents(20_000)


def test_a_cent_that_is_left_goes_to_the_largest_remainder(tmp_path):
    deals = "id,rep,date,amount\nD1,A,2026-03-10,1.25\n"
    shares = HEAD + "D1,A,33.33%,payout\nD1,B,33.33%,payout\nD1,C,33.34%,payout\n"
    paid = Company(tmp_path, deals, reps=PEOPLE, splits=shares).says(comp=RULES).pay()
    assert [sum(by_period(paid, who).values()) for who in ("Ann", "Bob", "Cid")] == [3, 3, 4]


def test_a_reversal_takes_back_from_everybody_what_they_got(tmp_path):
    deals = "id,rep,date,amount,reverses\nD1,A,2026-03-10,1000,\nD2,A,2026-05-10,-500,D1\n"
    shares = HEAD + "D1,A,60%,payout\nD1,B,40%,payout\n"
    rule = {"clawback": {"quota_credit": "true", "take": "full"}}
    paid = Company(tmp_path, deals, reps=PEOPLE, splits=shares).says(comp=RULES, crediting=rule).pay()
    assert by_period(paid, "Ann") == {"2026-03": cents(48), "2026-05": cents(-24)}
    assert by_period(paid, "Bob") == {"2026-03": cents(32), "2026-05": cents(-16)}


def test_a_share_of_a_vacant_seat_stays_with_the_owner_and_is_counted(tmp_path):
    deals = "id,rep,date,amount\nD1,A,2026-03-10,1000\n"
    people = "id,person,plan\nA,Ann,AE\nB,,\n"
    made = Company(tmp_path, deals, reps=people, splits=HEAD + "D1,A,60%,payout\nD1,B,40%,payout\n")
    paid = made.says(comp=RULES).pay()
    assert by_period(paid, "Ann") == {"2026-03": cents(80)}
    assert "left with the owner: the seat was vacant: 1 row" in paid.summary


def test_nobody_without_a_plan_shares_in_a_payout(tmp_path):
    deals = "id,rep,date,amount\nD1,A,2026-03-10,1000\n"
    people = "id,person,plan\nA,Ann,AE\nB,Bob,\n"
    made = Company(tmp_path, deals, reps=people, splits=HEAD + "D1,A,60%,payout\nD1,B,40%,payout\n")
    (fault,) = made.says(comp=RULES).faults()
    assert fault == "deals.csv:2: E_REFERENCE: deal D1 credits Bob, who has no plan"


def test_credit_and_payout_of_one_deal_are_not_divided_both(tmp_path):
    deals = "id,rep,date,amount\nD1,A,2026-03-10,1000\n"
    shares = HEAD + "D1,A,100%,credit\nD1,A,60%,payout\nD1,B,40%,payout\n"
    (fault,) = Company(tmp_path, deals, reps=PEOPLE, splits=shares).says(comp=RULES).faults()
    assert fault.startswith("splits.csv:3: E_CONFLICT")
