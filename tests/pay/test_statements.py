"""Statements: who has one, and what a line and the head of a component say."""

from __future__ import annotations

from tests.pay.company import Company, cents, flat, plans

QUOTAS = "rep,period,quota\n" + "".join(
    f"{seat},2026-{month:02d},{0 if month == 1 else 2000}\n" for seat in "AB" for month in range(1, 13)
)
ATTAINED = flat(
    rates="individual", tiers_on="attainment", quota="interval", accumulate="period", tiers=[{"start": 0, "rate": 1}]
)  # fmt: skip
CARRIED = flat(credit_caps=[{"amount": 400, "per": "period", "above": "carried"}])


def statement(folder, person):
    return (folder / f"out/private/statements/{person}.html").read_text(encoding="utf-8")


def test_who_earned_nothing_has_a_statement_as_well(tmp_path):
    deals = "id,rep,date,amount\nD1,A,2026-01-10,100\n"
    paid = Company(tmp_path, deals, quotas=QUOTAS).says(comp=plans(AE=ATTAINED)).pay()
    assert paid.ledger.empty
    assert "2 statements, 1 line" in paid.summary
    assert "no quota" in statement(tmp_path, "Ann")
    assert "seat B" in statement(tmp_path, "Bob")


def test_who_has_no_plan_has_none(tmp_path):
    made = Company(tmp_path, "id,rep,date,amount\nD1,A,2026-01-10,100\n")
    made.tables["reps"] = "id,person,plan\nA,Ann,AE\nB,Bob,\n"
    assert "1 statement, " in made.pay().summary


def test_a_statement_says_the_quota_the_target_incentive_and_the_target_rate(tmp_path):
    deals = "id,rep,date,amount\nD1,A,2026-02-10,100\n"
    paid = Company(tmp_path, deals, quotas=QUOTAS).says(comp=plans(AE=ATTAINED)).pay()
    assert paid.lines[["quota", "target"]].values.tolist() == [[cents(2000), cents(1000)]]
    text = statement(tmp_path, "Ann")
    assert "Quota 2,000.00, target incentive 1,000.00" in text
    assert "1 x 50% from 0%" in text


def test_the_target_rate_of_a_count_is_an_amount(tmp_path):
    quotas = "rep,period,measure,quota\nA,2026-02,wins,4\nB,2026-02,wins,4\n"
    made = Company(tmp_path, "id,rep,date,amount\nD1,A,2026-02-10,100\n", quotas=quotas).says(
        crediting={"measures": {"wins": {"column": "id"}}}, comp=plans(AE={**ATTAINED, "measure": "wins"})
    )
    assert made.pay().lines["rule"].tolist() == ["1 x 250.00 from 0%"]


def test_a_share_of_payout_says_to_whom_and_from_whom_and_its_clawback_credits_nothing(tmp_path):
    made = Company(
        tmp_path,
        "id,rep,date,amount,reverses\nD1,A,2026-01-10,1000,\nR1,A,2026-04-10,-1000,D1\n",
        splits="deal,rep,share,kind\nD1,A,60%,payout\nD1,B,40%,payout\n",
    ).says(crediting={"clawback": {"quota_credit": True, "take": "full"}})
    lines = made.pay().lines
    told = lines[["person", "line", "role", "credit", "to_date", "rule", "amount"]].values.tolist()
    assert told == [
        ["Ann", "deal", "owner", cents(1000), cents(1000), "10% from 0", cents(100)],
        ["Ann", "share of payout", "", 0, 0, "to Bob", cents(-40)],
        ["Ann", "clawback", "owner", cents(-1000), 0, "", cents(-100)],
        ["Ann", "clawback of a share", "", 0, 0, "to Bob", cents(40)],
        ["Bob", "share of payout", "", 0, 0, "from Ann", cents(40)],
        ["Bob", "clawback of a share", "", 0, 0, "from Ann", cents(-40)],
    ]


def test_a_clawback_says_the_credit_to_date_after_it(tmp_path):
    deals = (
        "id,rep,date,amount,reverses\nD1,A,2026-01-10,1000,\nD2,A,2026-02-10,500,\nR1,A,2026-04-10,-1000,D1\n"
    )
    made = Company(tmp_path, deals).says(crediting={"clawback": {"quota_credit": True, "take": "full"}})
    lines = made.pay().lines
    assert lines[lines["line"] == "clawback"]["to_date"].tolist() == [cents(500)]


def test_credit_carried_into_a_period_is_told_with_its_tier(tmp_path):
    deals = "id,rep,date,amount\nD1,A,2026-01-10,1000\n"
    lines = Company(tmp_path, deals).says(comp=plans(AE=CARRIED)).pay().lines
    told = lines[["period", "line", "credit", "to_date", "rule", "amount"]].values.tolist()
    assert told[1:] == [
        ["2026-02", "credit carried from earlier", cents(400), cents(800), "10% from 0", cents(40)],
        ["2026-03", "credit carried from earlier", cents(200), cents(1000), "10% from 0", cents(20)],
    ]


def test_who_has_no_plan_is_counted(tmp_path):
    made = Company(tmp_path, "id,rep,date,amount\nD1,A,2026-01-10,100\n")
    made.tables["reps"] = "id,person,plan\nA,Ann,AE\nB,Bob,\n"
    assert "people: have no plan, and are paid nothing: 1 row kept" in made.pay().summary
