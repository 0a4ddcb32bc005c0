"""Numbers as planners read them: thousands separators, K, M and B, percentages, nothing where nothing is known."""

from __future__ import annotations

from collections.abc import Iterable
from math import floor, isfinite, log10

NOTHING = "\u2013"
"""What stands where a number is unknown."""
_STEPS = ((1e9, "B"), (1e6, "M"), (1e3, "K"))


def short(value: float) -> str:
    """Return three significant digits with K, M or B: 1234567 is `1.23M`, 999.6 is `1K`, -950 is `-950`."""
    if not isfinite(value):
        return NOTHING
    rounded = _significant(value, 3)
    for size, letter in _STEPS:
        if abs(rounded) >= size:
            return _trim(rounded / size) + letter
    return _trim(rounded)


def money(value: float, currency: str) -> str:
    """Return an amount in currency units with its code: `USD 1.23M`."""
    return NOTHING if not isfinite(value) else f"{currency}\u00a0{short(value)}"


def grouped(value: float, places: int = 0) -> str:
    """Return a number with thousands separators and a fixed number of decimals."""
    text = NOTHING if not isfinite(value) else f"{value:,.{places}f}"
    return text[1:] if text.startswith("-") and not text.strip("-0.,") else text


def real(value: float) -> str:
    """Return a measured number on its own: whole from 1,000 up, below that with the decimals it needs, up to three."""
    if not isfinite(value):
        return NOTHING
    if abs(value) >= 1000 or value == int(value):
        return grouped(value)
    return grouped(value, 1 if abs(value) >= 100 else 2 if abs(value) >= 1 else 3)


def decimals(values: Iterable[float]) -> int:
    """Return the decimals of a column of measured numbers.

    The middle one of those that are not 0 has three digits, at most four of them decimals; where all are whole, none.
    """
    sizes = sorted(abs(value) for value in values if isfinite(value) and value)
    if all(size == int(size) for size in sizes):
        return 0
    return min(max(2 - floor(log10(sizes[(len(sizes) - 1) // 2])), 0), 4)


def reals(values: Iterable[float]) -> list[str]:
    """Return a column of measured numbers with their points below each other; 0 is `0`, unknown is a dash."""
    listed = [float(value) for value in values]
    places = decimals(listed)
    return ["0" if value == 0 else grouped(value, places) for value in listed]


def percent(value: float, places: int = 1) -> str:
    """Return a ratio as a percentage: 0.123 is `12.3 %`."""
    return NOTHING if not isfinite(value) else f"{grouped(100 * value, places)}\u00a0%"


def chance(value: float) -> str:
    """Return a probability in whole percents; one that is not certain is never shown as 0 or 100 %."""
    if 0 < value < 0.005:
        return "< 1\u00a0%"
    return "> 99\u00a0%" if 0.995 <= value < 1 else percent(value, 0)


def signed(value: float, places: int = 1) -> str:
    """Return a ratio as a change: 0.05 is `+5.0 %`."""
    return f"+{percent(value, places)}" if isfinite(value) and value > 0 else percent(value, places)


def gap(value: float) -> str:
    """Return the gap of a solve; a gap too small to show is said to be, and zero is `0 %`."""
    if value == 0:
        return "0\u00a0%"
    if not isfinite(value):
        return "unknown"
    return "< 0.001\u00a0%" if value < 1e-5 else f"{100 * value:.3g}\u00a0%"


def count(number: int, one: str, many: str = "") -> str:
    """Return a count with its noun: `1 account`, `2,000 accounts`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _significant(value: float, digits: int) -> float:
    if value == 0:
        return 0.0
    places = digits - 1 - floor(log10(abs(value)))
    return float(round(value, places))


def _trim(value: float) -> str:
    places = 0 if value == 0 else min(max(2 - floor(log10(abs(value))), 0), 9)
    text = f"{value:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
