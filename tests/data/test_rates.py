"""Deals in several currencies: converted at the rate of their day, to the minor unit, or refused in words."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.data.currencies import Exchange
from tests.data.company import company, faults, found

DEALS = """\
id,account,rep,product,stage,created,closed,amount,currency
O1,A1,R1,P1,Won,2026-01-05,2026-03-01,100.10,EUR
O2,A1,R1,P1,Won,2026-01-05,2026-07-01,100.10,EUR
O3,A1,R1,P1,Won,2026-01-05,2026-07-01,1001,JPY
O4,A1,R1,P1,Won,2026-01-05,2026-07-01,5.01,
O5,A1,R1,P1,Won,2026-01-05,2026-07-01,1.234,KWD
O6,A1,R1,P1,Propose,2026-01-05,,10,EUR
"""
RATES: dict[str, Any] = {
    "EUR": {"2026-01-01": "1.05", "2026-07-01": "1.25"}, "JPY": "0.0065", "KWD": "3.25", "GBP": 1.3,
}  # fmt: skip


def test_each_amount_is_converted_at_the_rate_of_its_day(tmp_path: Path) -> None:
    """100.10 at 1.05 is 105.105, half a cent up; 1,001 yen are 6.5065, 1.234 dinars 4.0105; open deals: the last."""
    inputs = company(tmp_path, {"opportunities": DEALS}, {"rates": RATES})
    assert inputs.history.amount.tolist() == [10_511, 12_513, 651, 501, 401]
    assert inputs.pipeline.amount.tolist() == [1_250]
    assert found(inputs, "amounts in EUR converted to USD").rows == 3
    assert not [one for one in inputs.findings if "GBP" in one.what]


def test_what_cannot_be_converted_is_refused(tmp_path: Path) -> None:
    (none,) = faults(tmp_path, {"opportunities": DEALS}, {"rates": {"EUR": 1, "JPY": 1}})
    assert (none.code, none.line) == ("E_CURRENCY", 6)
    assert "KWD" in none.message
    assert "data.rates" in none.hint
    late = RATES | {"EUR": {"2026-07-01": "1.25"}}
    (early,) = faults(tmp_path, {"opportunities": DEALS}, {"rates": late})
    assert (early.code, early.line) == ("E_CURRENCY", 2)
    assert "no rate of EUR before 2026-07-01" in early.message
    (own,) = faults(tmp_path, {"opportunities": DEALS}, {"rates": RATES | {"USD": 1}})
    assert (own.code, own.field) == ("E_CONFLICT", "data.rates.USD")
    longer = DEALS.replace("1001,JPY", "1001.5,JPY")
    (places,) = faults(tmp_path, {"opportunities": longer}, {"rates": RATES})
    assert (places.line, places.field) == (4, "amount")


@pytest.mark.parametrize(("day", "rate"), [
    (dt.date(2025, 12, 31), None), (dt.date(2026, 1, 1), "1.05"), (dt.date(2026, 6, 30), "1.05"),
    (dt.date(2026, 7, 1), "1.25"), (None, "1.25"),
])  # fmt: skip
def test_a_rate_holds_from_its_day_until_the_next(day: dt.date | None, rate: str | None) -> None:
    steps = {dt.date(2026, 7, 1): Decimal("1.25"), dt.date(2026, 1, 1): Decimal("1.05")}
    assert Exchange("USD", {"EUR": steps}).at("EUR", day) == (None if rate is None else Decimal(rate))
