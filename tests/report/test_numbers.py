from math import inf, nan

import pytest

from engine.report import numbers


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (950, "950"), (999.6, "1K"), (12_345, "12.3K"), (999_950, "1M"), (1_234_567, "1.23M"),
     (2e9, "2B"), (-4_500, "-4.5K"), (0.041, "0.041"), (nan, "\u2013"), (-inf, "\u2013")],
)  # fmt: skip
def test_short_keeps_three_digits_and_carries_over(value: float, text: str) -> None:
    assert numbers.short(value) == text


def test_negative_zero_is_zero() -> None:
    assert numbers.grouped(-0.004, 2) == "0.00"
    assert numbers.grouped(-0.005001, 2) == "-0.01"
    assert numbers.percent(-0.0001) == "0.0\u00a0%"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0\u00a0%"),
        (0.001, "< 1\u00a0%"),
        (0.57, "57\u00a0%"),
        (0.998, "> 99\u00a0%"),
        (1.0, "100\u00a0%"),
    ],
)
def test_a_chance_that_is_not_certain_never_reads_as_certain(value: float, text: str) -> None:
    assert numbers.chance(value) == text


def test_changes_carry_their_sign() -> None:
    assert numbers.signed(0.05) == "+5.0\u00a0%"
    assert numbers.signed(-0.05) == "-5.0\u00a0%"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0\u00a0%"), (0.00576, "0.576\u00a0%"), (1e-9, "< 0.001\u00a0%"), (inf, "unknown")],
)
def test_a_gap_is_never_rounded_to_nothing(value: float, text: str) -> None:
    assert numbers.gap(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(3.0, "3"), (0.2431, "0.243"), (21.34, "21.34"), (101.75, "101.8"), (12_345.6, "12,346")],
)
def test_reals_show_the_decimals_they_need(value: float, text: str) -> None:
    assert numbers.real(value) == text


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        ((3.0, 12.0), ["3", "12"]),
        ((0.2431, 2.0, 12.5), ["0.24", "2.00", "12.50"]),
        ((640.6, 1435.2, 151.8, 0.0), ["641", "1,435", "152", "0"]),
        ((0.0523, 0.0048, 251.0), ["0.0523", "0.0048", "251.0000"]),
        ((79.0, 100.4, nan), ["79.0", "100.4", "\u2013"]),
        ((), []),
    ],
)
def test_a_column_of_reals_has_one_number_of_decimals(column: tuple[float, ...], texts: list[str]) -> None:
    assert numbers.reals(column) == texts
