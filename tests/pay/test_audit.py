"""People are paid again plainly before anything is published."""

from __future__ import annotations

import pytest

from engine.errors import VerificationFailed
from engine.pay import settlement
from tests.pay.company import Company, flat, plans

DEALS = "id,rep,date,amount\n" + "".join(f"D{k},A,2026-0{1 + k % 9}-11,{100 * k + 7}\n" for k in range(20))
QUOTAS = "rep,period,measure,quota\nA,2026-01,,1000\nA,2026-02,wins,3\nA,2026-05,wins,4\n"
BONUS = {
    "kind": "bonus", "accumulate": "year_to_date", "quota": "interval", "closed": "left", "accelerator": 1,
    "measure": "wins", "nodes": [{"attainment": 0, "pay": 0}, {"attainment": "100%", "pay": "100%"}],
}  # fmt: skip


def company(folder):
    made = Company(folder, DEALS, quotas=QUOTAS)
    measures = {"bookings": {"column": "amount"}, "wins": {"column": "id"}}
    parts = [flat(tiers=[{"start": 0, "rate": "3%"}, {"start": 900, "rate": "7.1%"}]), BONUS]
    return made.says(crediting={"measures": measures}, comp=plans(AE=parts))


def test_what_is_paid_is_what_is_paid_again(tmp_path):
    assert company(tmp_path).pay().ledger["earned"].sum() > 0


def test_what_differs_is_not_published(tmp_path, monkeypatch):
    honest = settlement.pay

    def dear(*given, **named):
        found = honest(*given, **named)
        found.earned[0, 0, 4] += 1
        return found

    monkeypatch.setattr(settlement, "pay", dear)
    with pytest.raises(
        VerificationFailed, match=r"commission of Ann in 2026-05 is \d+ minor units, paid again"
    ):
        company(tmp_path).pay()
    assert not (tmp_path / "out").exists()
