"""The grammar of numbers as people write them, and currencies in minor units.

Python's own `int`, `float` and `Decimal` accept `1_000`, `nan`, Arabic digits and `1e3000000`; a plan
must not. Every number that enters, from YAML or a table cell, passes here and leaves as an exact
`Decimal` or `int`; nothing goes through a binary float.
"""

from __future__ import annotations

import re
from decimal import Decimal

MAX_CHARS = 24
MAX_MONEY = Decimal("10000000000000.00")
"""10^13: in cents below 2^53, so exact in a spreadsheet, and below 2^63."""

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_GROUPED = re.compile(r"-?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_MONEY = re.compile(
    r"(?P<sign>-?)(?:(?P<code>[A-Z]{3}) ?|[$€£])?(?P<number>[0-9][0-9,]*(?:\.[0-9]+)?)(?P<scale>[kKmMbB]?)"
)
_SCALE = {"": 1, "k": 10**3, "m": 10**6, "b": 10**9}

NO_DECIMALS = frozenset(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ]
)
THREE_DECIMALS = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])


class AmountError(ValueError):
    """Text that is no number of the wanted sort; `code` is the fault code."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.hint = hint


def _refuse(text: str) -> AmountError:
    shown = text if len(text) <= 40 else text[:37] + "..."
    lowered = text.strip().lower().lstrip("+-.")
    if lowered in {"nan", "snan", "inf", "infinity", "ninf"}:
        return AmountError(
            "E_NUMBER_NOT_FINITE", f"'{shown}' is not a finite number", "Give a number, or leave it out."
        )
    strange = next((char for char in text if ord(char) > 127), None)
    if strange is not None:
        what = (
            "use ASCII digits"
            if strange.isdigit()
            else "write a plain '-'"
            if strange == "\u2212"
            else "use ASCII"
        )
        return AmountError(
            "E_NUMBER_FORMAT",
            f"'{shown}' holds U+{ord(strange):04X}",
            f"{what[0].upper()}{what[1:]} (ASCII digits).",
        )
    if re.fullmatch(r"[+-]?[0-9.]+[eE][+-]?[0-9]{1,3}", text) and abs(int(re.split("[eE]", text)[1])) <= 15:
        plain = format(Decimal(text), "f")
        return AmountError("E_NUMBER_FORMAT", f"'{shown}' is written with an exponent", f"Write {plain}.")
    if re.fullmatch(r"\([0-9.,]+\)", text):
        return AmountError("E_NUMBER_FORMAT", f"'{shown}' is an accounting negative", f"Write -{text[1:-1]}.")
    if re.fullmatch(r"-0+(?:\.0+)?", text):
        return AmountError("E_NUMBER_FORMAT", f"'{shown}' is a negative zero", "Write 0.")
    if re.fullmatch(r"-?0[0-9]+", text):
        return AmountError(
            "E_NUMBER_FORMAT", f"'{shown}' starts with a zero", "Quote it if it is a name, or drop the zero."
        )
    return AmountError(
        "E_NUMBER_FORMAT",
        f"'{shown}' is not a number",
        "Write digits with an optional point, such as 1000 or 0.25.",
    )


def decimal(text: str) -> Decimal:
    """Read `-?digits[.digits]`, with `,` only between groups of three; exact.

    Raises:
        AmountError: the text is anything else (an exponent, `nan`, `1_000`, foreign digits ...).

    """
    if len(text) <= MAX_CHARS and (_NUMBER.fullmatch(text) or _GROUPED.fullmatch(text)):
        value = Decimal(text.replace(",", ""))
        if value.is_zero() and text.startswith("-"):
            raise _refuse(text)
        return value
    if len(text) > MAX_CHARS and re.fullmatch(r"-?[0-9.,]+", text):
        raise AmountError(
            "E_NUMBER_RANGE", f"a number of {len(text)} characters", f"Amounts may not exceed {MAX_MONEY:f}."
        )
    raise _refuse(text)


def ratio(text: str) -> Decimal:
    """Read a ratio: `0.10`, or a percentage with its sign, `10%`."""
    if text.endswith("%"):
        return decimal(text[:-1].rstrip()) / 100
    return decimal(text)


def money(text: str) -> Decimal:
    """Read an amount in currency units: `1200000`, `1,200,000`, `1.2M`, `$950k`, `USD 950k`.

    Raises:
        AmountError: no amount, or beyond 10^13.

    """
    match = _MONEY.fullmatch(text) if len(text) <= MAX_CHARS + 4 else None
    if match is None:
        return _bounded(decimal(text))
    value = decimal(match["sign"] + match["number"]) * _SCALE[match["scale"].lower()]
    return _bounded(value)


def _bounded(value: Decimal) -> Decimal:
    if abs(value) > MAX_MONEY:
        raise AmountError(
            "E_NUMBER_RANGE", f"{value:f} is out of range", f"Amounts may not exceed {MAX_MONEY:f}."
        )
    return value


def currency_of(text: str) -> str | None:
    """Return the ISO code written in front of an amount, if there is one."""
    match = _MONEY.fullmatch(text)
    return match["code"] if match else None


def decimals(currency: str) -> int:
    """Return how many decimals the minor unit of an ISO currency has (0, 2 or 3)."""
    return 0 if currency in NO_DECIMALS else 3 if currency in THREE_DECIMALS else 2


def to_minor(value: Decimal, currency: str) -> int:
    """Turn currency units into integer minor units, exactly.

    Raises:
        AmountError: the amount has more decimals than the currency.

    """
    places = decimals(currency)
    scaled = value.scaleb(places)
    if scaled != scaled.to_integral_value():
        raise AmountError(
            "E_CURRENCY", f"{value:f} has more than {places} decimals", f"{currency} has {places} decimals."
        )
    return int(scaled)


def from_minor(value: int, currency: str) -> Decimal:
    """Turn integer minor units back into currency units, exactly."""
    return Decimal(value).scaleb(-decimals(currency))
