"""Every line says why it is there, and the lines of a period add up to what it earns."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.pay.company import Company, by_deal, by_period, cents, flat, plans

DEALS = (
    "id,rep,date,amount\nD1,A,2026-01-10,1000\nD2,A,2026-01-20,9000\nD3,A,2026-02-10,100\n"
    "D4,A,2026-03-01,20000\nD5,A,2026-03-02,10\n"
)


def lines_of(paid):
    told = paid.lines.groupby(["spell", "component", "period"])["amount"].sum()
    kept = paid.ledger.groupby(["spell", "component", "period"])["earned"].sum()
    pd.testing.assert_series_equal(told[told != 0], kept[kept != 0], check_names=False)
    return paid.lines


def test_caps_floors_and_draws_stand_in_lines_of_their_own(tmp_path):
    capped = flat(
        accumulate="period", cap={"per": "period", "amount": 800}, floor={"per": "period", "amount": 50}
    )
    draw = {"kind": "draw", "type": "recoverable", "form": "floor", "per": "period", "amount": 300}
    lines = lines_of(Company(tmp_path, DEALS).says(comp=plans(AE=[capped, draw])).pay("as_of=2026-04-01"))
    ann = lines[lines["person"] == "Ann"]
    rows = [
        list(row) for row in ann[["period", "component", "line", "deal", "amount"]].itertuples(index=False)
    ]
    assert rows == [
        ["2026-01", "commission", "deal", "D1", cents(100)],
        ["2026-01", "commission", "deal", "D2", cents(900)],
        ["2026-01", "commission", "cap", "", cents(-200)],
        ["2026-01", "draw", "draw", "", 0],
        ["2026-02", "commission", "deal", "D3", cents(10)],
        ["2026-02", "commission", "floor", "", cents(40)],
        ["2026-02", "draw", "draw", "", cents(250)],
        ["2026-03", "commission", "deal", "D4", cents(2000)],
        ["2026-03", "commission", "deal", "D5", cents(1)],
        ["2026-03", "commission", "cap", "", cents(-1201)],
        ["2026-03", "draw", "recovered", "", cents(-250)],
    ]
    assert ann.loc[ann["line"].isin(["cap", "floor", "draw", "recovered"]), "rule"].tolist() == [
        "1,000.00 to date without it, 800.00 at most in the period",
        "pay of the period 800.00, draw 300.00; balance 0.00, then 0.00",
        "10.00 without it, 50.00 at least in the period",
        "pay of the period 50.00, draw 300.00; balance 0.00, then 250.00",
        "2,001.00 to date without it, 800.00 at most in the period",
        "pay of the period 800.00, draw 300.00; balance 250.00, then 0.00",
    ]


def test_a_growing_quota_is_a_line_of_its_own(tmp_path):
    tiers = [{"start": 0, "rate": "1%"}, {"start": "100%", "rate": "2%"}]
    rule = flat(tiers_on="attainment", quota="to_date", mode="retroactive", tiers=tiers)
    quotas = "rep,period,quota\nA,2026-01,5000\nA,2026-02,6000\n"
    made = Company(tmp_path, DEALS, quotas=quotas).says(comp=plans(AE=rule))
    lines = lines_of(made.pay("as_of=2026-03-01"))
    told = lines[["period", "line", "deal", "amount"]].values.tolist()
    assert told == [
        ["2026-01", "deal", "D1", cents(10)],
        ["2026-01", "deal", "D2", cents(190)],
        ["2026-02", "quota and target of the period", "", cents(-100)],
        ["2026-02", "deal", "D3", cents(1)],
    ]
    assert lines["rule"].tolist() == ["1% from 0%", "1% from 0%, then 2% from 100%", "", "1% from 0%"]
    assert lines["attainment"].round(4).tolist()[:2] == [0.2, 2.0]


def test_each_transaction_by_itself(tmp_path):
    tiers = [{"start": 0, "rate": "1%"}, {"start": 1000, "rate": "2%"}]
    made = Company(tmp_path, DEALS).says(comp=plans(AE=flat(accumulate="transaction", tiers=tiers)))
    lines = lines_of(made.pay())
    assert dict(zip(lines["deal"], lines["amount"], strict=True)) == {
        "D1": cents(10),
        "D2": cents(170),
        "D3": cents(1),
        "D4": cents(390),
        "D5": cents("0.10"),
    }


def test_counted_credit_is_what_tiers_are_read_by(tmp_path):
    rule = flat(windfall={"above": 10_000, "counts": "50%"}, tiers=[{"start": 0, "rate": "1%"}])
    lines = lines_of(Company(tmp_path, DEALS).says(comp=plans(AE=rule)).pay())
    large = lines[lines["deal"] == "D4"].iloc[0]
    assert (large["credit"], large["to_date"], large["amount"]) == (cents(20_000), cents(25_100), cents(150))


def test_a_spif_tells_its_deals_and_an_override_the_credit_of_the_team(tmp_path):
    spif = {
        "kind": "spif", "measure": "wins", "amount": 500, "each": {"units": 1}, "accumulate": "period",
        "first_day": "2026-01-15", "last_day": "2026-02-28",
    }  # fmt: skip
    team = {"level": "company", "credit_of": ["AE"], "double_credit": "once"}
    lead = {
        "kind": "override", "team": team, "accumulate": "period", "closed": "left", "rate": "3%",
        "above": {"credit": 5000, "pays_on": "excess"},
    }  # fmt: skip
    people = "id,person,plan\nA,Ann,AE\nB,Bob,AE\nL,Lea,Lead\n"
    shares = "deal,rep,share,kind\nD2,A,100%,credit\nD2,B,100%,overlay\n"
    measures = {"bookings": {"column": "amount"}, "wins": {"column": "id"}}
    made = Company(tmp_path, DEALS, reps=people, splits=shares)
    made.says(crediting={"measures": measures}, comp=plans(AE=spif, Lead=lead))
    lines = lines_of(made.pay())
    told = lines[["person", "period", "line", "deal", "rule", "amount"]].values.tolist()
    outside, each = "not from 2026-01-15 to 2026-02-28", "1 to date at 500.00 each"
    assert told == [
        ["Ann", "2026-01", "deal of a SPIF", "D1", outside, 0],
        ["Ann", "2026-01", "deal of a SPIF", "D2", each, cents(500)],
        ["Ann", "2026-02", "deal of a SPIF", "D3", each, cents(500)],
        ["Ann", "2026-03", "deal of a SPIF", "D4", outside, 0],
        ["Ann", "2026-03", "deal of a SPIF", "D5", outside, 0],
        ["Bob", "2026-01", "deal of a SPIF", "D2", each, cents(500)],
        ["Lea", "2026-01", "credit of a member", "", "Ann", 0],
        ["Lea", "2026-01", "credit of the team", "", "0% from 0, then 3% from 5,000", cents(150)],
        ["Lea", "2026-02", "credit of a member", "", "Ann", 0],
        ["Lea", "2026-02", "credit of the team", "", "0% from 0", 0],
        ["Lea", "2026-03", "credit of a member", "", "Ann", 0],
        ["Lea", "2026-03", "credit of the team", "", "0% from 0, then 3% from 5,000", cents("450.30")],
    ]


def test_a_spif_above_the_quota_tells_how_many_are_above_it(tmp_path):
    spif = {
        "kind": "spif", "measure": "wins", "amount": 50, "each": {"units": 1}, "accumulate": "quarter",
        "above": "quota",
        "first_day": "2026-01-01", "last_day": "2026-12-31",
    }  # fmt: skip
    deals = "id,rep,date,amount\nD1,A,2026-01-10,10\nD2,A,2026-02-10,10\nD3,A,2026-03-10,10\n"
    made = Company(tmp_path, deals, quotas="rep,period,measure,quota\nA,2026-01,wins,1\nA,2026-03,wins,1\n")
    measures = {"bookings": {"column": "amount"}, "wins": {"column": "id"}}
    lines = made.says(crediting={"measures": measures}, comp=plans(AE=spif)).pay().lines
    told = lines[lines["deal"] != ""]
    assert told["rule"].tolist() == [f"{n} above the quota to date at 50.00 each" for n in (0, 0, 1)]
    assert told["amount"].tolist() == [0, 0, 5000]


MONTHLY = "rep,period,quota\n" + "".join(f"{rep},2026-{m:02d},1000\n" for rep in "AB" for m in range(1, 13))
MONTH = {"measure": "bookings", "accumulate": "period", "quota": "to_date", "closed": "left"}


def test_a_deal_by_itself_shows_what_the_individual_rate_pays_on_it(tmp_path):
    part = flat(rates="individual", tiers_on="attainment", accumulate="transaction")
    part["tiers"] = [{"start": 0, "rate": 1}]
    deals = "id,rep,date,amount\nD1,A,2026-01-10,500\nD2,A,2026-01-20,700\n"
    made = Company(tmp_path, deals, quotas=MONTHLY).says(comp=plans(AE=part))
    assert by_deal(made.pay(), "Ann") == {"D1": cents(500), "D2": cents(700)}


STEP = {"shape": "steps", "nodes": [{"ratio": 0, "factor": 1}, {"ratio": 1, "factor": 2}]}


@pytest.mark.parametrize(
    ("rule", "back"),
    [
        ({"gates": [{**MONTH, "at_least": 1, "otherwise": "nothing"}]}, -70),
        # Of 120 earned the target incentive of the month, 100, is paid: 50 on the first deal, 50 on the second.
        ({"weight": "10%", "gates": [{**MONTH, "at_least": 2, "otherwise": "target"}]}, -50),
        ({"modifiers": [{**MONTH, **STEP}]}, -140),
    ],
)
def test_a_deal_gives_back_what_its_period_let_it_pay(tmp_path, rule, back):
    deals = (
        "id,rep,date,amount,reverses\nD1,A,2026-01-10,500,\nD2,A,2026-01-20,700,\nR2,A,2026-03-01,-700,D2\n"
    )
    made = Company(tmp_path, deals, quotas=MONTHLY)
    made.says(
        crediting={"clawback": {"quota_credit": True, "take": "full"}},
        comp=plans(AE=flat(accumulate="transaction", **rule)),
    )
    paid = made.pay()
    lines_of(paid)
    assert by_deal(paid, "Ann") == {"D1": cents(50), "D2": cents(70), "R2": cents(back)}
    assert by_period(paid, "Ann")["2026-03"] == cents(back)
