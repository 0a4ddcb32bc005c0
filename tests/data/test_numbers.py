"""Numbers of a column are exact, and those read at once agree with those read one by one."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import amounts
from engine.data import numbers


def column(*texts: str) -> pa.Array:
    return pa.array(texts, pa.string())


@given(st.lists(st.integers(-(10**15) + 1, 10**15 - 1), min_size=1), st.sampled_from(["USD", "JPY", "KWD"]))
def test_money_in_minor_units_survives_its_text(values, currency):
    texts = [format(amounts.from_minor(value, currency), "f") for value in values]
    parsed = numbers.money(column(*texts), currency)
    in_range = [abs(amounts.from_minor(value, currency)) <= amounts.MAX_MONEY for value in values]
    assert [row in parsed.wrong for row in range(len(values))] == [not inside for inside in in_range]
    assert [value for value, inside in zip(parsed.values.tolist(), in_range, strict=True) if inside] == [
        value for value, inside in zip(values, in_range, strict=True) if inside
    ]


@given(st.text("-0123456789.,$kMe ", max_size=10))
def test_reading_at_once_agrees_with_the_grammar(text):
    parsed = numbers.money(column(text), "USD")
    if not text:
        assert not parsed.wrong
        return
    try:
        expected = amounts.to_minor(amounts.money(text), "USD")
    except amounts.AmountError:
        # Only a negative zero is more welcome in a table than in a scenario.
        assert parsed.wrong or (set(text) <= set("-0.") and parsed.values[0] == 0)
    else:
        assert not parsed.wrong
        assert parsed.values[0] == expected


@pytest.mark.parametrize(
    ("text", "cents"),
    [("1054", 105400), ("-0.50", -50), ("-0.00", 0), ("-0", 0), ("1,200.5", 120050), ("$950k", 95_000_000),
     ("USD 1.2M", 120_000_000), ("0", 0), ("", 0), ("9999999999999.99", 999_999_999_999_999), ("1.500", 150)],
)  # fmt: skip
def test_money_as_people_write_it(text, cents):
    parsed = numbers.money(column(text), "USD")
    assert parsed.values.tolist() == [cents]
    assert not parsed.wrong
    assert parsed.values.dtype == np.int64


def test_each_currency_has_its_own_decimals():
    assert numbers.money(column("100"), "JPY").values.tolist() == [100]
    assert numbers.money(column("1.234"), "KWD").values.tolist() == [1234]
    assert numbers.money(column("100.5"), "JPY").wrong[0].code == "E_CURRENCY"


@pytest.mark.parametrize(
    ("text", "currency"), [("€5", "USD"), ("$5", "EUR"), ("£5", "EUR"), ("JPY 5", "USD")]
)
def test_another_currency_is_refused(text, currency):
    assert numbers.money(column(text), currency).wrong[0].code == "E_CURRENCY"


def test_a_dollar_is_the_dollar_of_the_plan():
    assert numbers.money(column("$5"), "CAD").values.tolist() == [500]


def test_whole_numbers_and_hundredths():
    assert numbers.whole(column("2", "2k", "1,000", "")).values.tolist() == [2, 2000, 1000, 0]
    assert numbers.whole(column("2.5")).wrong[0].code == "E_TYPE"
    assert numbers.hundredths(column("1.5", "2", "0.05")).values.tolist() == [150, 200, 5]
    assert numbers.hundredths(column("1.555")).wrong[0].code == "E_NUMBER_FORMAT"


@given(st.decimals(-180, 180, places=6))
def test_real_numbers_are_the_nearest_float(value):
    text = format(value, "f")
    parsed = numbers.real(column(text))
    assert not parsed.wrong
    assert parsed.values[0] == float(value)
    assert not np.signbit(parsed.values[0]) or value < 0


def test_only_wrong_rows_are_wrong():
    parsed = numbers.money(column("1", "x", "2", "x"), "USD")
    assert parsed.values.tolist() == [100, 0, 200, 0]
    assert list(parsed.wrong) == [1, 3]
