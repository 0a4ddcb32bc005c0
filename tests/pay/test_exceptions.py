"""Approved exceptions: lines of their own, with a reason, that no plan explains."""

from __future__ import annotations

from tests.pay.company import Company, by_period, cents, flat, plans

DEALS = "id,rep,date,amount\nD1,A,2026-01-10,1000\n"
HEAD = "person,component,period,amount,reason,approved_by\n"
DRAW = {"kind": "draw", "type": "recoverable", "form": "floor", "amount": 150, "per": "period"}


def company(folder, rows, *beside):
    return Company(folder, DEALS, adjustments=HEAD + rows).says(comp=plans(AE=[flat(), *beside]))


def test_an_exception_is_a_row_of_its_own_with_its_reason(tmp_path):
    paid = company(tmp_path, "Ann,commission,2026-02,250.50,deal booked late,Cleo\n").pay()
    row = paid.ledger[paid.ledger["reason"] != ""].iloc[0]
    assert row[["person", "period", "component", "earned", "paid", "reason", "approved_by"]].tolist() == [
        "Ann", "2026-02", "commission", cents("250.5"), cents("250.5"), "deal booked late", "Cleo",
    ]  # fmt: skip
    assert paid.lines["line"].tolist()[-1] == "exception: deal booked late (approved by Cleo)"
    assert int(paid.lines["amount"].sum()) == int(paid.ledger["earned"].sum())
    assert "deal booked late" in (tmp_path / "out/private/statements/Ann.html").read_text(encoding="utf-8")


def test_no_draw_is_recovered_out_of_an_exception(tmp_path):
    paid = company(tmp_path, "Ann,commission,2026-02,500,make-good,Cleo\n", DRAW).pay("as_of=2026-03-01")
    assert by_period(paid, "Ann") == {"2026-01": cents(150), "2026-02": cents(650)}


def test_a_correction_of_a_closed_period_is_a_difference_that_keeps_its_reason(tmp_path):
    made = company(tmp_path, "Bob,commission,2026-02,10,seen before,Cleo\n")
    made.pay("as_of=2026-03-01", out="feb")
    made.tables["adjustments"] += "Ann,commission,2026-01,-40,paid twice,Cleo\n"
    paid = made.pay("as_of=2026-04-01", out="mar", previous="feb")
    rows = paid.ledger[paid.ledger["reason"] != ""]
    assert rows[["person", "period", "adjusts", "paid", "reason"]].values.tolist() == [
        ["Ann", "2026-03", "2026-01", cents(-40), "paid twice"],
        ["Bob", "2026-02", "", cents(10), "seen before"],
    ]


def test_later_periods_are_not_paid_yet(tmp_path):
    paid = company(tmp_path, "Ann,commission,2026-06,99,later,Cleo\n").pay("as_of=2026-03-01")
    assert by_period(paid, "Ann") == {"2026-01": cents(100)}


def test_it_stands_in_the_seat_that_the_person_holds_in_its_period(tmp_path):
    made = company(tmp_path, "Ann,commission,2026-05,10,moved,Cleo\n")
    made.tables["reps"] = "id\nA\nB\n"
    made.tables["spells"] = "person,rep,start,end,plan\nAnn,A,,2026-04-01,AE\nAnn,B,2026-04-01,,AE\n"
    made.text["data"]["spells"] = "spells.csv"
    made.text["comp"]["carry"] = "spell"
    rows = made.pay().ledger
    assert rows[rows["reason"] != ""]["rep"].tolist() == ["B"]
