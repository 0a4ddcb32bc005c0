from __future__ import annotations

from engine.letters.words import amounts, chance


def test_decimals_stand_in_all_amounts_or_in_none() -> None:
    assert amounts([13_000_000, 0, -100], "USD") == ["130,000", "0", "-1"]
    assert amounts([13_000_000, 50], "USD") == ["130,000.00", "0.50"]
    assert amounts([1_200], "JPY") == ["1,200"]
    assert amounts([1_000], "KWD") == ["1"]
    assert amounts([], "USD") == []


def test_a_chance_says_which_years_it_is_of() -> None:
    fresh = chance(0.634, 0.6, 0.66, 1000, fresh=True)
    assert "In 63% of 1,000 fresh simulated years" in fresh
    assert "between 60% and 66%" in fresh
    assert "drawn anew" in fresh
    same = chance(0.634, 0.6, 0.66, 500, fresh=False)
    assert "500 simulated years" in same
    assert "set with the same years" in same
