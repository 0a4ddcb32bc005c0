"""Pay when paid: attainment at booking, payment as cash comes, and what limits and draws see of it."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.crediting.deals import Receipts
from engine.pay.release import Entries, Waiting, released
from tests.pay.company import Company, by_deal, by_period, cents, flat, plans

DEALS = "id,rep,date,amount,cash\nD1,A,2026-01-10,1000,\nD2,A,2026-02-10,2000,2026-05-02\n"
DRAW = {"kind": "draw", "type": "recoverable", "form": "floor", "amount": 120, "per": "period", "until": 3}
EDGES = np.arange("2026-01", "2027-02", dtype="datetime64[M]").astype("datetime64[D]")
SHAPE = (1, 1, 12)


NEW = "id,manager,person,plan,target_incentive,start\nA,,Ann,AE,12000,2026-01-01\nB,,Bob,AE,0,\n"


def company(folder, receipts="", *beside, **rule):
    tables = {"receipts": "deal,date,amount\n" + receipts} if receipts else {}
    made = Company(folder, DEALS, reps=NEW, **tables)
    return made.says(crediting={"release": "cash", **rule}, comp=plans(AE=[flat(), *beside]))


def test_parts_of_the_cash_release_parts_of_the_pay_to_the_cent(tmp_path):
    paid = company(tmp_path, "D1,2026-03-01,333.33\nD1,2026-06-30,333.33\nD1,2026-07-01,333.34\n").pay()
    assert by_period(paid, "Ann", "earned") == {"2026-01": cents(100), "2026-02": cents(200)}
    assert by_period(paid, "Ann") == {
        "2026-03": cents("33.33"), "2026-05": cents(200), "2026-06": cents("33.34"), "2026-07": cents("33.33"),
    }  # fmt: skip


def test_cash_before_the_booking_counts_at_the_booking(tmp_path):
    paid = company(tmp_path, "D1,2025-12-01,400\n").pay()
    assert by_period(paid, "Ann") == {"2026-01": cents(40), "2026-05": cents(200)}


def test_a_draw_bridges_the_time_until_cash_comes_and_is_recovered_then(tmp_path):
    paid = company(tmp_path, "D1,2026-04-01,1000\n", DRAW).pay()
    lines = paid.ledger[paid.ledger["component"] == "draw"]
    assert dict(zip(lines["period"], lines["paid"].tolist(), strict=True)) == {
        "2026-01": cents(120), "2026-02": cents(120), "2026-03": cents(120), "2026-04": cents(-100),
        "2026-05": cents(-200),
    }  # fmt: skip
    assert by_period(paid, "Ann") == {"2026-01": cents(120), "2026-02": cents(120), "2026-03": cents(120)}


def test_at_booking_the_same_draw_is_recovered_a_month_later(tmp_path):
    made = company(tmp_path, "", DRAW).says(crediting={"release": "booking"})
    assert by_period(made.pay(), "Ann") == {
        "2026-01": cents(120), "2026-02": cents(180), "2026-03": cents(120),
    }  # fmt: skip


def test_a_guarantee_compares_with_what_is_paid_in_the_interval(tmp_path):
    made = company(
        tmp_path, "", {"kind": "guarantee", "least": {"amount": 150}, "periods": 6, "per": "period"}
    )
    paid = made.pay()
    assert by_period(paid, "Ann") == {
        **{f"2026-0{month}": cents(150) for month in (1, 2, 3, 4, 6)}, "2026-05": cents(200),
    }  # fmt: skip


def test_a_limit_holds_for_what_is_due_and_not_for_what_waits(tmp_path):
    most = {"kind": "limit", "most": {"amount": 150}, "per": "period", "carry": "lost"}
    paid = company(tmp_path, "D1,2026-05-20,1000\n", most).pay()
    assert by_period(paid, "Ann") == {"2026-05": cents(150)}
    assert by_period(paid, "Ann", "earned") == {
        "2026-01": cents(100), "2026-02": cents(200), "2026-05": cents(-150),
    }  # fmt: skip


def test_a_holdback_holds_a_share_of_cash_as_it_comes(tmp_path):
    held = {"kind": "holdback", "share": "10%", "after": 1, "leavers": "paid"}
    paid = company(tmp_path, "D1,2026-03-20,1000\n", held).pay()
    assert by_period(paid, "Ann") == {
        "2026-03": cents(90), "2026-04": cents(10), "2026-05": cents(180), "2026-06": cents(20),
    }  # fmt: skip


def test_a_clawback_cancels_what_waits_before_it_takes_back_what_was_paid(tmp_path):
    made = company(tmp_path, "D1,2026-03-20,600\n", clawback={"quota_credit": "false", "take": "full"})
    made.tables["deals"] = (
        "id,rep,date,amount,cash,reverses\nD1,A,2026-01-10,1000,,\nR1,A,2026-04-10,-400,,D1\nR2,A,2026-05-10,-100,,D1\n"
    )
    paid = made.pay()
    assert by_deal(paid, "Ann") == {"D1": cents(100), "R1": cents(-40), "R2": cents(-10)}
    assert by_period(paid, "Ann") == {"2026-03": cents(60), "2026-05": cents(-10)}


amounts = st.integers(-(10**6), 10**9)


@st.composite
def paid_in_parts(draw):
    """A deal, its receipts by period, and clawbacks of no more than it earned."""
    earned, booked = draw(amounts), draw(st.integers(0, 11))
    parts = draw(st.lists(st.integers(1, 10**7), min_size=1, max_size=5))
    days = sorted(draw(st.lists(st.integers(0, 330), min_size=len(parts), max_size=len(parts))))
    left, claws = earned, []
    for _ in range(draw(st.integers(0, 3))):
        claw = draw(st.integers(min(0, left), max(0, left)))
        claws.append((draw(st.integers(booked, 11)), -claw))
        left -= claw
    return earned, booked, parts, days, claws


def entries(rows):
    period, amount = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    nothing = np.zeros(period.size, dtype=np.int64)
    return Entries(nothing, nothing, nothing + 2, period, amount)


def by_rule(earned, booked, claws, receipts):
    nothing = np.zeros(1, dtype=np.int64)
    waiting = Waiting(entries([(booked, earned)]), nothing, nothing)
    return released(waiting, entries(claws), receipts, EDGES, "half_up", SHAPE).table(SHAPE)[0, 0]


@settings(max_examples=200, deadline=None)
@given(paid_in_parts())
def test_what_is_released_is_within_what_is_left_and_adds_up_to_it(case):
    earned, booked, parts, days, claws = case
    to_date = np.cumsum(parts)
    receipts = Receipts(
        np.full(len(parts), 2), EDGES[0] + np.array(days), to_date, np.full(len(parts), to_date[-1])
    )
    found = np.cumsum(by_rule(earned, booked, claws, receipts))
    left = earned + sum(amount for _, amount in claws)
    assert found[-1] == left
    for period, amount in enumerate(found.tolist()):
        there = earned * (period >= booked) + sum(claw for p, claw in claws if p <= period)
        assert min(0, there) <= amount <= max(0, there)
    at_once = by_rule(earned, booked, claws, None)
    assert np.cumsum(at_once)[-1] == left


def test_a_statement_says_which_deals_made_up_the_pay_of_a_period(tmp_path):
    paid = company(tmp_path, "D1,2026-03-01,400\nD1,2026-05-30,600\n").pay()
    frame = next(table.frame for table in paid.tables if table.name == "released")
    assert frame[["person", "period", "deal", "due"]].values.tolist() == [
        ["Ann", "2026-03", "D1", cents(40)], ["Ann", "2026-05", "D1", cents(60)], ["Ann", "2026-05", "D2", cents(200)],
    ]  # fmt: skip
    assert frame.groupby("period")["due"].sum().to_dict() == by_period(paid, "Ann")
    page = (tmp_path / "out/private/statements/Ann.html").read_text(encoding="utf-8")
    assert "<td>2026-05</td><td>commission</td><td>D2</td><td>200.00</td>" in page
    assert "Due on deals" not in (tmp_path / "out/private/statements/Bob.html").read_text(encoding="utf-8")
