"""Measures of cash: credit that falls when the customer pays, read by tiers, and what takes it back."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.crediting.cash import steps
from engine.crediting.deals import Receipts
from tests.pay.company import Company, by_deal, by_period, cents, flat, plans

DEALS = "id,rep,date,amount,cash,reverses,term_months\n"
MEASURES = {"bookings": {"column": "amount"}, "cash": {"column": "amount", "basis": "cash"}}
ON_CASH = flat(measure="cash", name="paid")
FULL = {"quota_credit": "true", "take": "full"}


def company(folder, deals, receipts="", *parts, **rule):
    tables = {"receipts": "deal,date,amount\n" + receipts} if receipts else {}
    made = Company(folder, DEALS + deals, **tables)
    crediting = {"measures": MEASURES, **rule}
    return made.says(crediting=crediting, comp=plans(AE=list(parts) or [ON_CASH]))


HALF_BACK = "D1,A,2026-01-10,1000,,,\nR1,A,2026-06-10,-500,,D1,\n"


def test_a_reversal_cancels_what_is_not_paid_before_it_takes_credit_back(tmp_path):
    # 300 of 1,000 are paid; half is reversed: 300 of 500 still stand, and 200 of the 700 that come later count.
    made = company(tmp_path, HALF_BACK, "D1,2026-02-01,300\nD1,2026-08-01,700\n", clawback=FULL)
    assert by_period(made.pay(), "Ann") == {"2026-02": cents(30), "2026-08": cents(20)}


def test_a_reversal_takes_back_what_was_paid_beyond_what_is_left(tmp_path):
    # 800 of 1,000 are paid; half is reversed: 300 too much, of the 80 that they earned 30.
    made = company(tmp_path, HALF_BACK, "D1,2026-02-01,300\nD1,2026-03-01,500\n", clawback=FULL)
    paid = made.pay()
    assert by_period(paid, "Ann") == {"2026-02": cents(30), "2026-03": cents(50), "2026-06": cents(-30)}
    (claw,) = paid.lines[paid.lines["line"] == "clawback"].to_dict("records")
    assert (claw["deal"], claw["rule"]) == ("D1", "500.00 of 1,000.00 USD is paid and not taken back")


@pytest.mark.parametrize(
    ("rule", "taken"),
    [
        ({"quota_credit": "true", "take": "share", "share": "40%"}, 12),
        ({"quota_credit": "false", "take": "full"}, 30),
        ({"quota_credit": "true", "take": "unearned"}, 20),
    ],
)
def test_what_is_taken_back_follows_the_rule_of_clawbacks(tmp_path, rule, taken):
    deals = "D1,A,2026-01-10,1000,2026-02-01,,15\nR1,A,2026-06-10,-300,,D1,\n"
    paid = company(tmp_path, deals, clawback=rule).pay()
    assert by_period(paid, "Ann") == {"2026-02": cents(100), "2026-06": cents(-taken)}


def test_pay_by_cash_does_not_wait_for_the_cash_again_while_pay_by_booking_does(tmp_path):
    parts = [ON_CASH, flat(name="booked")]
    made = company(tmp_path, "D1,A,2026-01-10,1000,,,\n", "D1,2026-02-01,400\n", *parts, release="cash")
    ledger = made.pay().ledger
    paid = {(row.component, row.period): row.paid for row in ledger.itertuples() if row.paid}
    assert paid == {("paid", "2026-02"): cents(40), ("booked", "2026-02"): cents(40)}


def test_statement_lines_name_the_receipt(tmp_path):
    made = company(tmp_path, "D1,A,2026-01-10,1000,,,\n", "D1,2026-02-01,400\nD1,2026-03-09,600\n")
    lines = made.pay().lines
    assert list(zip(lines["date"].dt.date.astype(str), lines["credit"], lines["rule"], strict=True)) == [
        ("2026-02-01", 40000, "10% from 0; receipt 1: 400.00 of 1,000.00 USD is paid"),
        ("2026-03-09", 60000, "10% from 0; receipt 2: 1,000.00 of 1,000.00 USD is paid"),
    ]


def test_cash_is_credited_to_whoever_sold_the_deal_and_at_its_rate(tmp_path):
    made = Company(
        tmp_path,
        "id,rep,date,amount,currency\nD1,A,2026-01-10,1000,EUR\n",
        reps="id\nA\n",
        spells="person,rep,start,end,plan\nAnn,A,2026-01-01,2026-02-01,AE\nCem,A,2026-02-01,,AE\n",
        receipts="deal,date,amount\nD1,2026-03-01,333.33\nD1,2026-04-01,333.33\nD1,2026-05-01,333.34\n",
        rates="currency,date,rate\nEUR,2026-01-01,1.1\nEUR,2026-03-01,2\n",
    )
    made.says(
        crediting={"measures": MEASURES, "currency": {"rate": "deal_date"}},
        comp=plans(AE=flat("100%", measure="cash")),
    )
    paid = made.pay()
    assert by_period(paid, "Ann") == {"2026-03": 36666, "2026-04": 36667, "2026-05": 36667}
    assert by_period(paid, "Cem") == {}


def test_a_deal_of_an_earlier_year_gives_back_what_either_year_earned_on_its_cash(tmp_path):
    deals = "D0,A,2025-11-10,1000,,,\nR0,A,2026-06-10,-1000,,D0,\n"
    made = company(tmp_path, deals, "D0,2025-12-01,300\nD0,2026-02-01,500\n", clawback=FULL)
    made.tables["deal_pay"] = "deal,person,component,earned,taken,paid\nD0,Ann,paid,30,,30\n"
    made.text["data"]["deal_pay"] = "deal_pay.csv"
    paid = made.pay()
    assert by_period(paid, "Ann") == {"2026-02": cents(50), "2026-06": cents(-80)}
    left = paid.tables[[table.name for table in paid.tables].index("deal_pay")].frame
    assert left.iloc[0].tolist() == ["D0", "Ann", "paid", cents(80), cents(80), 0]


def test_by_an_earlier_day_only_the_cash_until_then_counts(tmp_path):
    made = company(tmp_path, "D1,A,2026-01-10,1000,2026-03-01,,\nD2,A,2026-01-10,500,2026-02-28,,\n")
    assert by_deal(made.pay("as_of=2026-03-01"), "Ann", "paid") == {"D2": cents(50)}


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        ({"measures": {"cash": {"column": "id", "basis": "cash"}}}, "a count does not come in parts"),
        (
            {"part": flat(measure="cash", windfall={"above": 10, "counts": "50%"})},
            "windfall rule looks at whole deals",
        ),
        (
            {"part": flat(measure="cash", credit_caps=[{"amount": 10, "per": "deal", "above": "lost"}])},
            "a limit per deal, and cash is cash",
        ),
        (
            {"part": flat(measure="cash", credit_caps=[{"amount": 10, "per": "period", "above": "lost"}])},
            "which receipt counted is not known",
        ),
        (
            {"part": flat(measure="cash", placed_by={"measure": "bookings", "levels_in": "money"})},
            "'cash' counts when a customer pays, 'bookings' when the deal is won",
        ),
    ],
)
def test_what_does_not_go_with_parts_is_refused_in_words(tmp_path, blocks, words):
    part = blocks.get("part", ON_CASH)
    made = company(tmp_path, HALF_BACK, "", part, clawback=FULL, measures=blocks.get("measures", MEASURES))
    assert any(words in fault for fault in made.faults())


def test_without_a_word_on_cash_a_measure_of_it_is_refused(tmp_path):
    made = Company(tmp_path, "id,rep,date,amount\nD1,A,2026-01-10,1000\n")
    made.says(crediting={"measures": MEASURES}, comp=plans(AE=ON_CASH))
    assert any("nothing says when cash came" in fault for fault in made.faults())


def test_the_release_of_simulated_pay_is_no_word_of_a_pay_file(tmp_path):
    made = Company(tmp_path, "id,rep,date,amount\nD1,A,2026-01-10,1000\n")
    made.says(comp=plans(AE=flat()) | {"release": "cash"})
    assert any("stands under `crediting:`" in fault for fault in made.faults())


AMOUNTS = st.integers(1, 400)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 300), AMOUNTS, st.booleans()), max_size=8), st.integers(1, 1000))
def test_what_is_paid_is_what_was_received_of_what_is_left(events, worth):
    """Each step leads to min(received, left), and they add up to it."""
    start = np.datetime64("2026-01-01", "D")
    got, gone, cash, back = 0, 0, [], []
    for day, amount, reversal in sorted(events):
        room = worth - (gone if reversal else got)
        amount = min(amount, room)
        if amount and reversal:
            gone += amount
            back.append((day, amount))
        elif amount:
            got += amount
            cash.append((day, amount))
    total = np.cumsum([amount for _, amount in cash]).astype(np.int64)
    receipts = Receipts(
        np.full(len(cash), 2),
        start + np.array([day for day, _ in cash], dtype=np.int64),
        total,
        np.full(len(cash), worth),
    )
    rows = np.arange(1, len(back) + 1)
    days = start + np.array([0, *(day for day, _ in back)], dtype=np.int64)
    amount = np.array([worth, *(-amount for _, amount in back)])
    found = steps(receipts, rows, np.array([-1, *[0] * len(back)]), amount, days)
    for last in range(301):
        known = found.day <= start + last
        received = sum(amount for day, amount in cash if day <= last)
        left = worth - sum(amount for day, amount in back if day <= last)
        assert int((found.after - found.before)[known].sum()) == min(received, left)
    falls = [
        Fraction(int(b - a), int(g))
        for b, a, g in zip(found.before, found.after, found.gross, strict=True)
        if a < b
    ]
    assert sum(falls) <= 1
