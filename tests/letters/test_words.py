from __future__ import annotations

from engine.letters.words import amounts


def test_decimals_stand_in_all_amounts_or_in_none() -> None:
    assert amounts([13_000_000, 0, -100], "USD") == ["130,000", "0", "-1"]
    assert amounts([13_000_000, 50], "USD") == ["130,000.00", "0.50"]
    assert amounts([1_200], "JPY") == ["1,200"]
    assert amounts([1_000], "KWD") == ["1"]
    assert amounts([], "USD") == []
