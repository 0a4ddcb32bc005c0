"""Clawbacks under a limit over several components whose cuts are lost: each interval gives back what it was paid."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.pay.company import Company, by_period, cents, flat, plans

HEAD = "id,rep,date,amount,reverses\n"
LIMIT = {"kind": "limit", "most": {"amount": 100}, "per": "quarter", "carry": "lost"}
SPIF = {
    "kind": "spif", "measure": "bookings", "amount": 10, "each": {"money": 100}, "accumulate": "quarter",
    "first_day": "2026-01-01", "last_day": "2026-12-31",
}  # fmt: skip


def company(folder, deals, parts, *, falls=True, release="booking", **tables):
    rule = {"clawback": {"quota_credit": falls, "take": "full"}, "release": release}
    return Company(folder, HEAD + deals, **tables).says(crediting=rule, comp=plans(AE=parts))


def adds_up(paid):
    """Every line of every statement is in the ledger, to the cent."""
    by = ["spell", "component", "period"]
    told, kept = paid.lines.groupby(by)["amount"].sum(), paid.ledger.groupby(by)["earned"].sum()
    assert told[told != 0].to_dict() == kept[kept != 0].to_dict()
    return paid


@pytest.mark.parametrize(
    ("falls", "part", "back", "april"),
    [
        # 180 were earned in the quarter and 100 paid; without the deal of 1,200 it is 60: 40 less.
        (True, flat(), -1200, -40),
        (False, flat(), -1200, -40),
        (True, SPIF, -1200, -40),
        (False, SPIF, -1200, -40),
        (True, flat(accumulate="transaction"), -1200, -40),
        (True, flat(credit_caps=[{"amount": 9000, "per": "period", "above": "carried"}]), -1200, -40),
        # Half of it leaves 120, which is still more than the quarter may pay.
        (True, flat(), -600, 0),
    ],
)
def test_a_full_quarter_gives_back_what_it_was_paid(tmp_path, falls, part, back, april):
    deals = f"D1,A,2026-01-10,1200,\nD2,A,2026-02-10,600,\nR1,A,2026-04-10,{back},D1\n"
    paid = adds_up(company(tmp_path, deals, [part, LIMIT], falls=falls).pay())
    found = by_period(paid, "Ann")
    assert sum(found.values()) == cents(100 + april)
    assert found.get("2026-04", 0) == cents(april)


def test_what_became_due_last_is_taken_back_first(tmp_path):
    # 100 of D1 came in February and 100 in April; with 50 of D2 the first quarter was cut by 50. Half of D1 is taken of
    # April, the rest of February, whose quarter keeps 50 of 100.
    deals = (
        "D1,A,2026-01-10,2000,\nD2,A,2026-02-10,500,\nR1,A,2026-07-10,-1000,D1\nR2,A,2026-08-10,-1000,D1\n"
    )
    receipts = "deal,date,amount\nD1,2026-02-10,1000\nD1,2026-04-10,1000\nD2,2026-03-10,500\n"
    made = company(tmp_path, deals, [flat(), LIMIT], release="cash", receipts=receipts)
    assert by_period(adds_up(made.pay()), "Ann") == {
        "2026-02": cents(100), "2026-04": cents(100), "2026-07": cents(-100), "2026-08": cents(-50),
    }  # fmt: skip


def test_who_leads_gives_back_what_a_full_quarter_was_paid_on_the_team(tmp_path):
    override = {
        "kind": "override", "team": {"level": "company", "credit_of": ["AE"], "double_credit": "counted"},
        "accumulate": "period", "closed": "left", "rate": "10%",
    }  # fmt: skip
    made = company(
        tmp_path, "D1,A,2026-01-10,1200,\nD2,A,2026-02-10,600,\nR1,A,2026-04-10,-1200,D1\n", [override, LIMIT]
    )
    made.says(comp=plans(AE=flat(), Lead=[override, LIMIT]))
    made.tables["reps"] = "id,manager,person,plan\nA,B,Ann,AE\nB,,Bob,Lead\n"
    assert by_period(adds_up(made.pay()), "Bob") == {"2026-01": cents(100), "2026-04": cents(-40)}


def test_half_of_a_payout_that_was_passed_on_is_given_back_by_whoever_had_it(tmp_path):
    deals = "D1,A,2026-01-10,2400,\nD2,B,2026-02-10,500,\nR1,A,2026-04-10,-2400,D1\n"
    splits = "deal,rep,share,kind\nD1,A,50%,payout\nD1,B,50%,payout\n"
    made = company(tmp_path, deals, [flat(), LIMIT], splits=splits)
    paid = adds_up(made.pay())
    assert by_period(paid, "Ann") == {"2026-01": cents(100), "2026-04": cents(-100)}
    assert by_period(paid, "Bob") == {"2026-01": cents(100), "2026-04": cents(-50)}


@st.composite
def sold(draw):
    """Deals of two people, and what takes them back, with receipts of some."""
    rows, receipts = [], []
    for k in range(draw(st.integers(1, 6))):
        day, amount = draw(st.integers(1, 300)), draw(st.integers(3, 4000))
        rows.append((day, f"D{k},{draw(st.sampled_from('AB'))}", amount, ""))
        receipts += [(k, day + draw(st.integers(0, 60)), amount // 3) for _ in range(2)][
            : draw(st.integers(0 if k else 1, 2))
        ]
        left = amount
        for n in range(draw(st.integers(0, 2))):
            part = draw(st.integers(1, left)) if left > 1 else 0
            left -= part
            if part:
                rows.append((draw(st.integers(day, 360)), f"R{k}{n},A", -part, f"D{k}"))
    dates = pd.Timestamp("2026-01-01")
    return (
        "".join(
            f"{name},{dates + pd.Timedelta(days=day):%Y-%m-%d},{amount},{of}\n"
            for day, name, amount, of in rows
        ),
        "deal,date,amount\n"
        + "".join(
            f"D{k},{dates + pd.Timedelta(days=day):%Y-%m-%d},{amount}\n" for k, day, amount in receipts
        ),
    )


LOST = {"amount": 1500, "per": "period", "above": "lost"}
PARTS = st.fixed_dictionaries(
    {
        "cap": st.sampled_from([(), {"amount": 90, "per": "period"}, {"amount": 200, "per": "quarter"}]),
        "credit_caps": st.sampled_from([(), [LOST], [{**LOST, "per": "quarter", "above": "carried"}]]),
        "tiers": st.sampled_from(
            [[{"start": 0, "rate": "10%"}], [{"start": 0, "rate": "5%"}, {"start": 2000, "rate": "15%"}]]
        ),
        "accumulate": st.sampled_from(["year_to_date", "quarter"]),
    }
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sold(), PARTS, st.booleans(), st.sampled_from(["booking", "cash"]), st.sampled_from(["period", "quarter"]),
    st.booleans(),
)  # fmt: skip
def test_whatever_is_taken_back_statements_add_up_and_are_paid_again(
    tmp_path_factory, deals, part, falls, release, per, shared
):
    parts, folder = [flat(**part), SPIF, {**LIMIT, "per": per}], tmp_path_factory.mktemp("drawn")
    receipts = {"receipts": deals[1]} if release == "cash" else {}
    made = company(folder, deals[0], parts, falls=falls, release=release, **receipts)
    if shared:
        made.tables["splits"] = "deal,rep,share,kind\nD0,A,50%,payout\nD0,B,50%,payout\n"
        made.text["data"]["splits"] = "splits.csv"
    adds_up(made.pay())
