"""What was paid stays paid: changes show up as differences in the current period."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import BadInput
from tests.pay.company import Company, by_period, cents, flat, plans

HEAD = "id,rep,date,amount\n"
DEALS = HEAD + "D1,A,2026-01-10,1000\nD2,A,2026-02-10,2000\nD3,B,2026-02-11,500\nD4,A,2026-03-10,4000\n"


def test_months_paid_one_after_the_other_are_the_year_paid_at_once(tmp_path):
    deals = HEAD + "".join(
        f"D{k},{'AB'[k % 2]},2026-{1 + k % 12:02d}-{1 + k % 28:02d},{1000 + 37 * k}\n" for k in range(60)
    )
    tiers = [{"start": 0, "rate": "5%"}, {"start": 9000, "rate": "8%"}]
    company = Company(tmp_path, deals).says(comp=plans(AE=flat(tiers=tiers)))
    year = company.pay(out="year").ledger
    before = None
    for month in range(1, 13):
        day = "2027-01-01" if month == 12 else f"2026-{month + 1:02d}-01"
        last = company.pay(f"as_of={day}", out=f"m{month}", previous=before)
        before = f"m{month}"
    pd.testing.assert_frame_equal(last.ledger, year)


def test_a_changed_deal_is_a_difference_now(tmp_path):
    company = Company(tmp_path, DEALS)
    first = company.pay("as_of=2026-03-01", out="feb")
    company.tables["deals"] = DEALS.replace("2026-01-10,1000", "2026-01-10,1500")
    second = company.pay("as_of=2026-04-01", out="mar", previous="feb")
    kept = second.ledger[second.ledger["period"] < "2026-03"].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, first.ledger)
    rows = second.ledger[second.ledger["adjusts"] != ""]
    assert rows[["person", "period", "adjusts", "paid"]].values.tolist() == [
        ["Ann", "2026-03", "2026-01", cents(50)]
    ]
    assert "adjustment of 2026-01" in set(second.lines["line"])
    assert set(second.lines["period"]) == {"2026-03"}
    third = company.pay("as_of=2026-05-01", out="apr", previous="mar")
    assert (third.ledger["period"] <= "2026-03").all()


def test_a_changed_plan_is_a_difference_now(tmp_path):
    company = Company(tmp_path, DEALS)
    company.pay("as_of=2026-03-01", out="feb")
    company.says(comp=plans(AE=flat("20%", name="new")))
    second = company.pay("as_of=2026-04-01", out="mar", previous="feb")
    assert by_period(second, "Ann") == {
        "2026-01": cents(100),
        "2026-02": cents(200),
        "2026-03": cents(800 + 200 + 400 - 100 - 200),
    }


def test_what_is_held_of_a_changed_deal_is_told_with_its_amount(tmp_path):
    held = {"kind": "holdback", "share": "20%", "after": 6, "leavers": "paid"}
    company = Company(tmp_path, DEALS).says(comp=plans(AE=[flat(), held]))
    company.pay("as_of=2026-03-01", out="feb")
    company.tables["deals"] = DEALS.replace("2026-01-10,1000", "2026-01-10,1500")
    later = company.pay("as_of=2026-04-01", out="mar", previous="feb")
    rows = later.lines[
        (later.lines["component"] == "holdback") & (later.lines["line"] == "adjustment of 2026-01")
    ]
    assert rows[["amount", "rule"]].values.tolist() == [[0, "-10.00 is paid of it now"]]


def test_a_deal_booked_late_into_a_closed_period_is_a_difference_now(tmp_path):
    company = Company(tmp_path, DEALS)
    company.pay("as_of=2026-03-01", out="feb")
    company.tables["deals"] = DEALS + "D9,B,2026-01-31,700\n"
    second = company.pay("as_of=2026-04-01", out="mar", previous="feb")
    assert by_period(second, "Bob") == {"2026-02": cents(50), "2026-03": cents(70)}


def test_an_earlier_folder_must_be_what_it_was(tmp_path):
    company = Company(tmp_path, DEALS)
    company.pay("as_of=2026-03-01", out="feb")
    with pytest.raises(BadInput, match="no later period has ended"):
        company.pay("as_of=2026-03-01", out="again", previous="feb")
    path = tmp_path / "feb/private/ledger.parquet"
    frame = pd.read_parquet(path)
    frame.assign(paid=frame["paid"] + np.int64(1)).to_parquet(path, index=False)
    with pytest.raises(BadInput, match="not what was written"):
        company.pay("as_of=2026-04-01", out="mar", previous="feb")
    with pytest.raises(BadInput, match="holds no pay"):
        company.pay("as_of=2026-04-01", out="mar", previous=".")


def test_days_from_as_of_on_are_not_known(tmp_path):
    deals = "id,rep,date,amount,cash\nD1,A,2026-01-10,1000,2026-02-20\nD2,A,2026-02-10,9000,2026-02-11\n"
    company = Company(tmp_path, deals).says(crediting={"release": "cash"})
    paid = company.pay("as_of=2026-02-01")
    assert by_period(paid, "Ann", "earned") == {"2026-01": cents(100)}
    assert by_period(paid, "Ann") == {}
    later = company.pay("as_of=2026-03-01", out="feb", previous="out")
    assert by_period(later, "Ann") == {"2026-02": cents(1000)}


QUOTAS = "rep,period,quota\n" + "".join(f"A,2026-{month:02d},1000\n" for month in range(1, 13))
ATTAINED = flat("10%", tiers_on="attainment", quota="interval", tiers=[
    {"start": 0, "rate": "10%"}, {"start": "20%", "rate": "20%"},
])  # fmt: skip
RATES = "currency,date,rate\nEUR,2025-01-01,1.1\n"


def changed(folder, before, change, deals=DEALS, **tables):
    """What Ann is paid by period, and for which periods, after something changed in March."""
    made = before(Company(folder, deals, **tables))
    made.pay("as_of=2026-03-01", out="feb")
    change(made)
    paid = made.pay("as_of=2026-04-01", out="mar", previous="feb")
    rows = paid.ledger[(paid.ledger["adjusts"] != "") & (paid.ledger["person"] == "Ann")]
    anew = made.pay("as_of=2026-04-01", out="anew")
    assert int(paid.ledger["paid"].sum()) == int(anew.ledger["paid"].sum())
    assert set(rows["period"]) <= {"2026-03"}
    return dict(zip(rows["adjusts"], rows["paid"].tolist(), strict=True))


def test_a_deal_that_is_gone_is_taken_out_now(tmp_path):
    def gone(made):
        made.tables["deals"] = DEALS.replace("D2,A,2026-02-10,2000\n", "")

    assert changed(tmp_path, lambda made: made, gone) == {"2026-02": cents(-200)}


def test_a_changed_quota_is_a_difference_in_every_period_that_it_moved(tmp_path):
    def lower(made):
        made.tables["quotas"] = QUOTAS.replace("1000", "500")

    def held_to_it(made):
        return made.says(comp=plans(AE=ATTAINED))

    reps = "id,manager,person,plan\nA,,Ann,AE\nB,,Bob,\n"
    deals = "\n".join(line for line in DEALS.splitlines() if ",B," not in line)
    found = changed(tmp_path, held_to_it, lower, deals, quotas=QUOTAS, reps=reps)
    assert found == {"2026-02": cents(120)}


def test_a_person_who_moved_earlier_than_was_known_gives_up_what_another_gets(tmp_path):
    spells = "person,rep,start,end,plan\nAnn,A,,,AE\nBob,B,,,AE\n"

    def moved(made):
        made.tables["spells"] = (
            "person,rep,start,end,plan\nAnn,A,,2026-02-01,AE\nEve,A,2026-02-01,,AE\nBob,B,,,AE\n"
        )

    assert changed(tmp_path, lambda made: made, moved, reps="id\nA\nB\n", spells=spells) == {
        "2026-02": cents(-200)
    }


def test_a_corrected_exchange_rate_is_a_difference_now(tmp_path):
    deals = "id,rep,date,amount,currency\nD1,A,2026-01-10,1000,EUR\nD2,A,2026-02-10,2000,USD\n"

    def in_euros(made):
        return made.says(crediting={"currency": {"rate": "deal_date"}})

    def corrected(made):
        made.tables["rates"] = RATES.replace("1.1", "1.2")

    assert changed(tmp_path, in_euros, corrected, deals, rates=RATES) == {"2026-01": cents(10)}


def test_a_lower_rate_takes_back_in_the_current_period_what_was_paid_too_much(tmp_path):
    def lower(made):
        made.says(comp=plans(AE=flat("5%")))

    assert changed(tmp_path, lambda made: made, lower) == {"2026-01": cents(-50), "2026-02": cents(-100)}


worlds = st.lists(
    st.lists(
        st.tuples(st.sampled_from("AB"), st.integers(1, 3), st.integers(1, 28), st.integers(1, 9000)),
        min_size=1,
        max_size=6,
    ),
    min_size=3,
    max_size=3,
)


@settings(max_examples=5, deadline=None)
@given(worlds, st.lists(st.sampled_from(["5%", "10%", "12.5%"]), min_size=3, max_size=3), st.booleans())
def test_three_months_of_changes_telescope_to_the_last_settlement(tmp_path_factory, deals, rates, drawn):
    folder = tmp_path_factory.mktemp("chain")
    draw = {"kind": "draw", "type": "recoverable", "form": "floor", "amount": 200, "per": "period"}
    before = None
    for month, (known, rate) in enumerate(zip(deals, rates, strict=True), start=1):
        rows = "".join(
            f"D{k},{rep},2026-{m:02d}-{day:02d},{amount}\n" for k, (rep, m, day, amount) in enumerate(known)
        )
        company = Company(folder, HEAD + rows).says(comp=plans(AE=[flat(rate), *([draw] if drawn else [])]))
        day = f"as_of=2026-{month + 1:02d}-01"
        last = company.pay(day, out=f"m{month}", previous=before)
        before = f"m{month}"
    whole = company.pay(day, out="whole").ledger
    of = last.ledger["adjusts"].where(last.ledger["adjusts"] != "", last.ledger["period"])
    chained = last.ledger.assign(of=of).groupby(["spell", "component", "of"])[["earned", "paid"]].sum()
    chained = chained[(chained != 0).any(axis=1)]
    at_once = whole.assign(of=whole["period"]).groupby(["spell", "component", "of"])[["earned", "paid"]].sum()
    pd.testing.assert_frame_equal(chained, at_once[(at_once != 0).any(axis=1)])


def adjusting(paid):
    lines = paid.lines[paid.lines["line"].str.startswith("adjustment")]
    return lines[["line", "deal", "rule", "amount"]].values.tolist()


def test_an_adjustment_says_which_deals_differ_and_adds_up(tmp_path):
    company = Company(tmp_path, DEALS)
    company.pay("as_of=2026-03-01", out="feb")
    changed = DEALS.replace("D1,A,2026-01-10,1000", "D1,A,2026-01-10,1500").replace(
        "D3,B,2026-02-11,500\n", "D9,A,2026-01-31,700\n"
    )
    company.tables["deals"] = changed
    second = company.pay("as_of=2026-04-01", out="mar", previous="feb")
    assert adjusting(second) == [
        ["adjustment of 2026-01", "D1", "was 100.00, is 150.00 (10% from 0)", cents(50)],
        ["adjustment of 2026-01", "D9", "new: 70.00 (10% from 0)", cents(70)],
        ["adjustment of 2026-02", "D3", "was 50.00 (10% from 0), is gone", cents(-50)],
    ]
    rows = second.ledger[second.ledger["adjusts"] != ""]
    assert rows["earned"].tolist() == [cents(120), cents(-50)]
    company.tables["deals"] = changed.replace("D1,A,2026-01-10,1500", "D1,A,2026-01-10,1400")
    third = company.pay("as_of=2026-05-01", out="apr", previous="mar")
    assert adjusting(third) == [
        ["adjustment of 2026-01", "D1", "was 150.00, is 140.00 (10% from 0)", cents(-10)]
    ]


def test_an_adjustment_says_which_rate_was_and_which_rule_of_a_period(tmp_path):
    company = Company(tmp_path, HEAD + "D1,A,2026-01-10,1000\nD4,A,2026-03-10,4000\n")
    company.pay("as_of=2026-03-01", out="feb")
    company.says(comp=plans(AE=flat("20%", cap={"amount": 150, "per": "period"})))
    second = company.pay("as_of=2026-04-01", out="mar", previous="feb")
    assert adjusting(second) == [
        ["adjustment of 2026-01", "D1", "was 100.00 (10% from 0), is 200.00 (20% from 0)", cents(100)],
        [
            "adjustment of 2026-01",
            "",
            "cap: new: -50.00 (200.00 to date without it, 150.00 at most in the period)",
            cents(-50),
        ],
    ]
