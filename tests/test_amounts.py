"""The grammar of numbers: exact, ASCII, finite, and nothing that would have to be guessed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import amounts
from engine.amounts import AmountError


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"),
        ("1000", "1000"),
        ("1,000", "1000"),
        ("12,345,678.90", "12345678.90"),
        ("-0.25", "-0.25"),
        ("0.10", "0.10"),
    ],
)
def test_numbers_keep_what_was_written(text, value):
    read = amounts.decimal(text)
    assert read == Decimal(value)
    assert read.as_tuple().exponent == Decimal(value).as_tuple().exponent


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("1e6", "E_NUMBER_FORMAT", "1000000"),
        ("1e3000000", "E_NUMBER_FORMAT", "not a number"),
        ("nan", "E_NUMBER_NOT_FINITE", "finite"),
        ("-Infinity", "E_NUMBER_NOT_FINITE", "finite"),
        ("1_000", "E_NUMBER_FORMAT", "not a number"),
        ("١٢", "E_NUMBER_FORMAT", "ASCII digits"),
        ("\u22125", "E_NUMBER_FORMAT", "U+2212"),
        ("(500.00)", "E_NUMBER_FORMAT", "-500.00"),
        ("-0", "E_NUMBER_FORMAT", "-0"),
        ("-0.00", "E_NUMBER_FORMAT", "-0.00"),
        ("007", "E_NUMBER_FORMAT", "zero"),
        ("1,00", "E_NUMBER_FORMAT", "not a number"),
        ("1.234,56", "E_NUMBER_FORMAT", "not a number"),
        (".5", "E_NUMBER_FORMAT", "not a number"),
        ("5.", "E_NUMBER_FORMAT", "not a number"),
        ("+5", "E_NUMBER_FORMAT", "not a number"),
        (" 5", "E_NUMBER_FORMAT", "not a number"),
        ("0xff", "E_NUMBER_FORMAT", "0xff"),
        ("9" * 30, "E_NUMBER_RANGE", "10000000000000.00"),
        ("", "E_NUMBER_FORMAT", "not a number"),
    ],
)
def test_what_is_no_number_is_told_in_words(text, code, words):
    with pytest.raises(AmountError) as caught:
        amounts.decimal(text)
    assert caught.value.code == code
    assert words in f"{caught.value} {caught.value.hint}"


@given(st.decimals(-(10**12), 10**12, places=4, allow_nan=False))
def test_every_plain_decimal_is_read_exactly(value):
    text = format(value, "f")
    if value == 0 and text.startswith("-"):
        return
    assert amounts.decimal(text) == value
    assert amounts.decimal(format(value, ",f")) == value


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_an_amount_error(text):
    for read in (amounts.decimal, amounts.ratio, amounts.money):
        code = ""
        try:
            value = read(text)
        except AmountError as error:
            code, value = error.code, Decimal("NaN")
        assert value.is_finite() or code.startswith("E_")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.2M", 1_200_000),
        ("$950k", 950_000),
        ("USD 950k", 950_000),
        ("-3B", -(3 * 10**9)),
        ("1,200,000", 1_200_000),
    ],
)
def test_money_as_people_write_it(text, value):
    assert amounts.money(text) == value


@pytest.mark.parametrize("text", ["10000000000000.01", "11000B", "99,999,999,999,999"])
def test_money_beyond_ten_to_the_thirteenth_is_refused(text):
    with pytest.raises(AmountError, match="out of range"):
        amounts.money(text)


def test_ratios_may_be_percentages():
    assert amounts.ratio("10%") == amounts.ratio("0.10") == Decimal("0.1")
    assert amounts.ratio("2.5 %") == Decimal("0.025")


@given(st.integers(-(10**15), 10**15), st.sampled_from(["USD", "JPY", "KWD"]))
def test_minor_units_go_there_and_back(value, currency):
    assert amounts.to_minor(amounts.from_minor(value, currency), currency) == value


def test_more_decimals_than_the_currency_has_are_refused():
    with pytest.raises(AmountError) as caught:
        amounts.to_minor(Decimal("0.5"), "JPY")
    assert caught.value.code == "E_CURRENCY"
    assert amounts.to_minor(Decimal("5.00"), "JPY") == 5


def test_the_code_in_front_of_an_amount_is_known():
    assert amounts.currency_of("EUR 5") == "EUR"
    assert amounts.currency_of("5") is None
