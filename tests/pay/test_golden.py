"""Worked examples that others published, each through the whole command to lines of statements."""

from __future__ import annotations

from tests.pay.company import Company, by_deal, by_period, cents, flat, plans

HEAD = "id,rep,date,amount\n"


def test_a_credit_split_pays_each_by_their_own_plan(tmp_path):
    # https://www.getclearcomp.com/blog/how-commission-splits-actually-work
    people = "id,person,plan\nA,Ann,Junior\nB,Bob,Senior\n"
    shares = "deal,rep,share,kind\nD1,A,50%,credit\nD1,B,50%,credit\n"
    company = Company(tmp_path, HEAD + "D1,A,2026-03-10,20000\n", reps=people, splits=shares)
    paid = company.says(comp=plans(Junior=flat("8%"), Senior=flat("10%"))).pay()
    assert (by_deal(paid, "Ann"), by_deal(paid, "Bob")) == ({"D1": cents(800)}, {"D1": cents(1000)})


def test_shares_of_a_commission_are_rounded_for_each_rep(tmp_path):
    # https://manuals.xtuple.com/prodguide/enhanced-commissions/ch03s04s04.html
    shares = "deal,rep,share,kind\nD1,A,0.5,credit\nD1,B,0.5,credit\n"
    company = Company(tmp_path, HEAD + "D1,A,2026-03-10,88.20\n", splits=shares).says(
        comp=plans(AE=flat("2%"))
    )
    paid = company.pay()
    assert [by_deal(paid, who)["D1"] for who in ("Ann", "Bob")] == [cents("0.88")] * 2
    assert sum(paid.lines["amount"]) == cents("1.76")


def test_an_overlay_comes_on_top_of_the_whole(tmp_path):
    # https://help.salesforce.com/apex/HTViewHelpDoc?id=sales.spiff_opportunity_splits.htm
    shares = "deal,rep,share,kind\nD1,A,50%,credit\nD1,B,50%,credit\nD1,A,20%,overlay\n"
    lines = Company(tmp_path, HEAD + "D1,A,2026-03-10,100000\n", splits=shares).pay().lines
    assert lines["credit"].sum() == cents(120_000)
    assert lines[lines["role"] == "overlay"]["credit"].tolist() == [cents(20_000)]


def test_half_of_what_was_earned_is_clawed_back(tmp_path):
    # https://docs.core8.co/commission-plan-patterns/clawbacks-and-early-exit
    deals = "id,rep,date,amount,reverses\nD1,A,2026-03-10,100000,\nD2,A,2026-06-01,-100000,D1\n"
    rule = {"clawback": {"quota_credit": "false", "take": "share", "share": "50%"}}
    paid = Company(tmp_path, deals).says(crediting=rule).pay()
    assert by_deal(paid, "Ann") == {"D1": cents(10_000), "D2": cents(-5_000)}
    assert by_period(paid, "Ann") == {"2026-03": cents(10_000), "2026-06": cents(-5_000)}


def test_commission_on_invoices_is_paid_when_they_are(tmp_path):
    # https://www.lawinsider.com:443/clause/sales-credits
    deals = (
        "id,rep,date,amount,cash\nI1,A,2026-03-10,1000,2026-04-01\nI2,A,2026-03-11,1000,2026-04-30\n"
        "I3,A,2026-03-12,2000,2026-06-02\nI4,A,2026-03-13,5000,\n"
    )
    company = Company(tmp_path, deals).says(crediting={"release": "cash"}, comp=plans(AE=flat("2%")))
    paid = company.pay()
    assert by_period(paid, "Ann") == {"2026-04": cents(40), "2026-06": cents(40)}
    assert by_period(paid, "Ann", "earned") == {"2026-03": cents(180)}
    assert paid.tables[1].name == "accruals"


def test_an_invoice_that_crosses_a_tier_is_paid_by_both(tmp_path):
    # https://www.lawinsider.com/clause/sales-credits
    tiers = [
        {"start": 0, "rate": "1%"},
        {"start": "80%", "rate": "2%"},
        {"start": "100%", "rate": "3%"},
        {"start": "150%", "rate": "4%"},
    ]
    rule = flat(tiers_on="attainment", quota="interval", tiers=tiers)
    deals = HEAD + "I1,A,2026-03-10,60000\nI2,A,2026-03-20,30000\n"
    quotas = "rep,period,quota\nA,2026-03,100000\n"
    paid = Company(tmp_path, deals, quotas=quotas).says(comp=plans(AE=rule)).pay()
    assert by_deal(paid, "Ann") == {"I1": cents(600), "I2": cents(400)}
    assert paid.lines["rule"].tolist() == ["1% from 0%", "1% from 0%, then 2% from 80%"]
    assert paid.lines["attainment"].tolist() == [0.6, 0.9]


def test_of_two_instalments_the_paid_one_is_taken_back_and_the_other_is_never_paid(tmp_path):
    # https://getcentify.featurebase.app/help/articles/3446029-what-are-clawbacks-and-how-to-manage-them
    deals = (
        "id,rep,date,amount,cash,reverses\nI1,A,2026-01-10,5000,2026-02-15,\nI2,A,2026-01-10,5000,,\n"
        "R1,A,2026-04-01,-5000,,I1\nR2,A,2026-04-01,-5000,,I2\n"
    )
    rule = {"release": "cash", "clawback": {"quota_credit": "true", "take": "full"}}
    paid = Company(tmp_path, deals).says(crediting=rule).pay()
    assert by_deal(paid, "Ann") == {"I1": cents(500), "I2": cents(500), "R1": cents(-500), "R2": cents(-500)}
    assert by_period(paid, "Ann") == {"2026-02": cents(500), "2026-04": cents(-500)}


def test_the_unearned_part_of_an_advance_of_nine_months_is_charged_back(tmp_path):
    # https://www.getinsureleads.com/glossary/chargeback
    deals = "id,rep,date,amount,term_months,reverses\nP1,A,2026-03-01,612,9,\nX1,A,2026-07-01,-612,,P1\n"
    rule = {"clawback": {"quota_credit": "false", "take": "unearned"}}
    paid = Company(tmp_path, deals).says(crediting=rule, comp=plans(AE=flat("100%"))).pay()
    assert by_deal(paid, "Ann") == {"P1": cents(612), "X1": cents(-340)}


def test_a_deal_of_little_gross_pays_the_mini(tmp_path):
    # https://datafield.dev/car-sales/part-01/chapter-05/quiz.html
    deals = HEAD + "D1,A,2026-03-10,400\nD2,A,2026-03-11,1000\n"
    mini = flat("25%", accumulate="transaction", floor={"amount": 150, "per": "deal"})
    paid = Company(tmp_path, deals).says(comp=plans(AE=mini)).pay()
    assert by_deal(paid, "Ann") == {"D1": cents(150), "D2": cents(250)}


def test_a_deal_that_crosses_a_tier_pays_a_blended_rate(tmp_path):
    # https://trailhead.salesforce.com/content/learn/modules/salesforce-spiff-marginal-payout-rules/use-marginal-payout-rule-functions
    tiers = [{"start": 0, "rate": "4%"}, {"start": "150k", "rate": "6%"}, {"start": "250k", "rate": "8%"}]
    deals = HEAD + "D1,A,2026-02-10,145000\nD2,A,2026-03-10,20000\n"
    paid = Company(tmp_path, deals).says(comp=plans(AE=flat(tiers=tiers))).pay()
    assert by_deal(paid, "Ann") == {"D1": cents(5800), "D2": cents(1100)}


def test_a_cancelled_deal_is_taken_back_in_full_and_attainment_stays(tmp_path):
    # https://help.salesforce.com/s/articleView?id=sales.spiff_clawback.htm&language=en_US&type=5
    deals = "id,rep,date,amount,reverses\nD1,A,2026-06-10,5000,\nX1,A,2026-08-03,-5000,D1\nD2,A,2026-09-01,1000,\n"
    tiers = [{"start": 0, "rate": "10%"}, {"start": "100%", "rate": "20%"}]
    rule = flat(tiers_on="attainment", quota="interval", tiers=tiers)
    quotas = "rep,period,quota\nA,2026-06,5000\n"
    company = Company(tmp_path, deals, quotas=quotas).says(comp=plans(AE=rule))
    paid = company.says(crediting={"clawback": {"quota_credit": "false", "take": "full"}}).pay()
    assert by_deal(paid, "Ann") == {"D1": cents(500), "X1": cents(-500), "D2": cents(200)}


def test_a_quarter_that_is_worked_out_again_owes_back_the_tier_that_it_lost(tmp_path):
    # https://americadataset.store/viewtopic.php?t=34657 has 5 % up to 450,000 in a quarter, then 10 %; 50,000 of March
    # are cancelled in May: the additional 5 % of the last deal is owed, too. Its size is ours.
    tiers = [{"start": 0, "rate": "5%"}, {"start": "450k", "rate": "10%"}]
    rule = flat(accumulate="quarter", tiers=tiers)
    rest = "D2,A,2026-03-10,400000\nD3,A,2026-03-20,30000\n"
    company = Company(tmp_path, f"{HEAD}D1,A,2026-03-05,50000\n{rest}").says(comp=plans(AE=rule))
    before = company.pay("as_of=2026-05-01", out="april")
    assert by_deal(before, "Ann") == {"D1": cents(2500), "D2": cents(20_000), "D3": cents(3000)}
    company.tables["deals"] = HEAD + rest
    after = company.pay("as_of=2026-06-01", out="may", previous="april")
    assert by_period(after, "Ann") == {"2026-03": cents(25_500), "2026-05": cents(-2500 - 1500)}


def test_a_commission_in_pounds_at_the_rate_of_the_day(tmp_path):
    # https://docs.idynamics.es/en/commissions/settlements/currency.html
    deals = "id,rep,date,amount,currency\nD1,A,2026-03-02,1000,GBP\n"
    company = Company(tmp_path, deals, rates="currency,date,rate\nGBP,2026-03-01,1.22\n")
    paid = company.says(crediting={"currency": {"rate": "deal_date"}}).pay()
    assert by_deal(paid, "Ann") == {"D1": cents(122)}
