"""What was paid stays paid: changes show up as differences in the current period."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

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
