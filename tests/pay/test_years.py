"""From one year to the next: what is taken back, what still waits for cash, what is owed or held."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.comp.component import paid as settle
from engine.comp.components.commission import Commission
from engine.comp.components.draw import Draw
from engine.comp.components.holdback import Holdback
from engine.comp.components.limit import Limit
from engine.comp.scaled import Scaled
from tests.comp.adjusting import CARRIES, DRAW, GROSS, balance, book, clawed, draws, numbers, year
from tests.pay.company import Company, by_period, cents, flat, plans

FULL = {"quota_credit": "false", "take": "full"}
HEAD = "id,rep,date,amount,term_months,cash,reverses\n"
LAST = "D1,A,2025-03-10,1000,12,2025-04-01,\nD2,A,2025-12-10,2000,24,2026-02-20,\n"
PAY = "deal,person,component,earned,taken,paid\nD1,Ann,commission,100,0,100\nD2,Ann,commission,200,0,0\n"


def second_year(folder, deals="", pay=PAY, release="booking", **rule):
    made = Company(folder, HEAD + LAST + "D3,A,2026-01-10,500,12,2026-01-10,\n" + deals, deal_pay=pay)
    return made.says(crediting={"clawback": {**FULL, **rule}, "release": release})


def test_a_deal_of_last_year_is_taken_back_from_whom_it_was_paid_to(tmp_path):
    paid = second_year(tmp_path, "R1,A,2026-04-10,-1000,,,D1\n").pay()
    assert by_period(paid, "Ann") == {"2026-01": cents(250), "2026-04": cents(-100)}
    line = paid.lines[paid.lines["line"] == "clawback"].iloc[0]
    assert (line["deal"], line["amount"], line["component"]) == ("R1", cents(-100), "commission")


def test_the_unearned_share_counts_the_months_of_both_years(tmp_path):
    paid = second_year(tmp_path, "R1,A,2026-01-20,-1000,,,D1\n", take="unearned").pay()
    assert by_period(paid, "Ann", "earned") == {"2026-01": cents(50) - cents("16.67")}


def test_no_more_is_taken_back_than_what_two_years_left(tmp_path):
    pay = PAY.replace("D1,Ann,commission,100,0,100", "D1,Ann,commission,100,70,30")
    paid = second_year(tmp_path, "R1,A,2026-04-10,-500,,,D1\nR9,A,2026-05-10,-500,,,D1\n", pay).pay()
    assert by_period(paid, "Ann") == {"2026-01": cents(250), "2026-04": cents(-30)}


def test_quota_credit_falls_for_whoever_holds_the_seat_now(tmp_path):
    tiers = [{"start": 0, "rate": "10%"}, {"start": 400, "rate": "20%"}]
    made = second_year(tmp_path, "R1,A,2026-01-05,-300,,,D1\n", quota_credit="true")
    paid = made.says(comp=plans(AE=flat(tiers=tiers))).pay()
    assert by_period(paid, "Ann", "earned") == {"2026-01": cents(50) - cents(30)}


def test_pay_of_last_year_is_released_as_its_cash_comes(tmp_path):
    paid = second_year(tmp_path, release="cash").pay()
    assert by_period(paid, "Ann") == {"2026-01": cents(50), "2026-02": cents(200)}
    assert by_period(paid, "Ann", "earned") == {"2026-01": cents(50)}


def test_who_is_no_longer_there_keeps_what_they_were_paid_and_it_is_counted(tmp_path):
    pay = PAY.replace("D1,Ann", "D1,Zoe")
    paid = second_year(tmp_path, "R1,A,2026-04-10,-1000,,,D1\n", pay).pay()
    assert by_period(paid, "Ann") == {"2026-01": cents(250)}
    assert "a person who is not in the plan" in paid.summary


def test_two_years_paid_one_after_the_other_are_the_deals_paid_at_once(tmp_path):
    deals = (
        "id,rep,date,amount,cash,reverses\nD1,A,2025-03-10,1000,2025-04-01,\nD2,B,2025-11-10,2000,2026-02-20,\n"
        "R1,A,2026-04-10,-400,,D1\nD3,A,2026-05-05,700,2026-05-05,\nR2,B,2026-06-10,-2000,,D2\n"
    )
    made = Company(tmp_path, deals, receipts="deal,date,amount\n").says(
        crediting={"clawback": FULL, "release": "cash"}
    )
    del made.tables["receipts"], made.text["data"]["receipts"]
    made.says(calendar={"year": "2025"}).pay(out="first")
    made.text["data"]["deal_pay"] = "first/private/deal_pay.csv"
    second = made.says(calendar={"year": "2026"}).pay(out="second")
    assert by_period(second, "Ann") == {"2026-04": cents(-40), "2026-05": cents(70)}
    assert by_period(second, "Bob") == {"2026-02": cents(200), "2026-06": cents(-200)}
    handed = pd.read_parquet(tmp_path / "second/private/deal_pay.parquet").set_index("deal")
    assert handed.loc["D1", ["earned", "taken", "paid"]].tolist() == [cents(100), cents(40), cents(60)]


ADVANCED = {**DRAW, "amount": 50, "kind": "draw", "until": 3}
HELD = {"kind": "holdback", "share": "50%", "after": 2, "leavers": "paid"}
CUT = {"kind": "limit", "most": {"amount": 60}, "per": "period", "carry": "carried_forward"}


@pytest.mark.parametrize(
    ("part", "row", "expected"),
    [
        (ADVANCED, "Ann,draw,30,", {"2026-01": 50, "2026-02": 200 - 50 - 30, "2026-03": 50}),
        (HELD, "Ann,holdback,30,2", {"2026-02": 100 + 30, "2026-04": 100}),
        (CUT, "Ann,limit,30,", {"2026-01": 30, "2026-02": 60, "2026-03": 60, "2026-04": 60, "2026-05": 20}),
    ],
)
def test_a_balance_of_last_year_is_taken_up(tmp_path, part, row, expected):
    deals = "id,rep,date,amount\nD1,A,2026-02-10,2000\n"
    head = "person,component,amount,due_in\n"
    made = Company(
        tmp_path, deals, reps="id,manager,person,plan,start\nA,,Ann,AE,2026-01-01\n", balances=head + row
    )
    paid = made.says(comp=plans(AE=[flat(), part])).pay()
    assert by_period(paid, "Ann") == {period: cents(amount) for period, amount in expected.items()}


def test_what_a_year_hands_on_is_what_the_next_one_takes_up(tmp_path):
    deals = "id,rep,date,amount\nD1,A,2025-12-10,2000\nD2,A,2026-03-10,100\n"
    made = Company(tmp_path, deals).says(comp=plans(AE=[flat(), HELD]))
    first = made.says(calendar={"year": "2025"}).pay(out="first")
    closing = next(table for table in first.tables if table.name == "balances").frame
    assert closing.values.tolist() == [["Ann", "holdback", "holdback", 0, cents(100), 0, 0, cents(100)]]
    assert "balances" in {table.name for table in first.tables if table.private}
    made.text["data"]["balances"] = "first/private/carried.csv"
    second = made.says(calendar={"year": "2026"}).pay(out="second")
    assert by_period(second, "Ann") == {"2026-02": cents(100), "2026-03": cents(5), "2026-05": cents(5)}
    assert next(table for table in second.tables if table.name == "balances").frame.values.tolist() == [
        ["Ann", "holdback", "holdback", cents(100), cents(5), cents(105), 0, 0]
    ]


def carried(part, gross, opening, period=0):
    """Settle an adjustment with an opening balance, and return what it pays and its book."""
    ours, before = book(Scaled, gross), [0] * 12
    before[period] = opening
    ours.opening[part.label] = Scaled([before])
    source = Commission.model_validate({**GROSS, "pay": "monthly"})
    amounts = settle([source, part], ours, "monthly")
    return numbers(amounts[part.label])[0], ours


owed = st.integers(0, 3_000_000)


@settings(max_examples=120, deadline=None)
@given(draws.filter(lambda draw: draw.per == "period" and draw.carries), clawed, owed)
def test_a_draw_conserves_what_was_owed(draw, gross, opening):
    pays, ours = carried(draw, gross, opening)
    added, taken = (numbers(flow)[0].sum() for flow in draw.flows(ours))
    closing = balance(draw, ours)[-1]
    assert added - taken == pays.sum()
    if draw.type == "recoverable":
        assert opening + added - taken == closing
    else:
        assert opening + added - taken >= closing >= 0


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 14), clawed, owed, st.integers(0, 11))
def test_a_holdback_conserves_what_was_held(after, gross, opening, period):
    part = Holdback.model_validate({"share": "12.5%", "after": after, "leavers": "paid"})
    pays, ours = carried(part, gross, opening, period)
    held, let_go = (numbers(flow)[0].sum() for flow in part.flows(ours))
    assert pays.sum() == let_go - held
    assert opening + held - let_go == balance(part, ours)[-1]


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(["period", "quarter"]), year, owed, st.sampled_from(CARRIES[:1]))
def test_a_limit_pays_what_waited_where_there_is_room(per, gross, opening, carry):
    part = Limit.model_validate({"most": {"of_target": "70%"}, "per": per, "carry": carry})
    change, ours = carried(part, gross, opening)
    waiting = balance(part, ours)
    assert min(waiting) >= 0
    assert sum(gross) + change.sum() + waiting[-1] == sum(gross) + opening
    for start, end in ours.intervals.groups(per).spans:
        total = (change + gross)[start:end].sum()
        assert total <= (end - start) * 350_000
        assert waiting[end - 1] == 0 or total == (end - start) * 350_000


@settings(max_examples=60, deadline=None)
@given(year, year)
def test_two_years_of_a_recoverable_draw_are_one_that_runs_on(first, second):
    part = Draw.model_validate(DRAW)
    pays, ours = carried(part, first, 0)
    again, later = carried(part, second, balance(part, ours)[-1])
    both = pays.sum() + again.sum()
    assert both == balance(part, later)[-1]
