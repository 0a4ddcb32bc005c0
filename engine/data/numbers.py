"""Columns of text into numbers, exactly: whole columns at once, and cell by cell only what is unusual.

Each different text is read once. Plain digits go through Arrow; everything else through the grammar of
`engine.amounts`, which also words what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from engine import amounts
from engine.amounts import AmountError

_PLAIN_WHOLE = r"^-?(0|[1-9][0-9]{0,14})$"
_PLAIN_REAL = r"^-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,10})?$"
_NEGATIVE_ZERO = re.compile(r"-0(?:\.0+)?")
_SYMBOLS = {
    "€": ("EUR",),
    "£": ("GBP",),
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "TWD", "BRL", "CLP"),
}


@dataclass(frozen=True)
class Parsed:
    """Values of a column; where a cell is blank or wrong the value is 0 (NaT for days)."""

    values: NDArray[Any]
    wrong: Mapping[int, AmountError]
    """What is wrong, by row."""


def money(cells: pa.Array, currency: str) -> Parsed:
    """Read amounts in currency units into int64 minor units."""
    places = amounts.decimals(currency)
    plain = rf"^-?(0|[1-9][0-9]{{0,11}})(\.[0-9]{{1,{places}}})?$" if places else r"^-?(0|[1-9][0-9]{0,11})$"
    return _scaled(cells, plain, places, lambda text: amounts.to_minor(_amount(text, currency), currency))


def hundredths(cells: pa.Array) -> Parsed:
    """Read numbers with at most two decimals into int64 hundredths."""

    def exact(text: str) -> int:
        value = amounts.money(_unsigned_zero(text)) * 100
        if value != value.to_integral_value():
            raise AmountError("E_NUMBER_FORMAT", f"'{text}' has more than 2 decimals", "Round it.")
        return int(value)

    return _scaled(cells, r"^-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,2})?$", 2, exact)


def fixed(cells: pa.Array, places: int) -> Parsed:
    """Read numbers, or percentages with their sign, with at most so many decimals into int64 of 10^-places."""

    def exact(text: str) -> int:
        value = amounts.ratio(_unsigned_zero(text)).scaleb(places)
        if value != value.to_integral_value():
            raise AmountError("E_NUMBER_FORMAT", f"'{text}' has more than {places} decimals", "Round it.")
        if abs(value) >= 2**62:
            raise AmountError("E_NUMBER_RANGE", f"'{text}' is out of range", "Check it.")
        return int(value)

    return _scaled(cells, rf"^(0|[1-9][0-9]{{0,7}})(\.[0-9]{{1,{places}}})?$", places, exact)


def whole(cells: pa.Array) -> Parsed:
    """Read whole numbers into int64."""

    def exact(text: str) -> int:
        value = amounts.money(_unsigned_zero(text))
        if value != value.to_integral_value():
            raise AmountError("E_TYPE", f"'{text}' is no whole number", "Give a number without decimals.")
        return int(value)

    return by_text(cells, _PLAIN_WHOLE, lambda plain: plain.cast(pa.int64()), exact, np.int64)


def real(cells: pa.Array) -> Parsed:
    """Read real numbers into float64."""

    def exact(text: str) -> float:
        return float(amounts.decimal(_unsigned_zero(text)))

    # Adding 0 turns a negative zero into zero.
    return by_text(cells, _PLAIN_REAL, lambda plain: pc.add(plain.cast(pa.float64()), 0.0), exact, np.float64)


def _unsigned_zero(text: str) -> str:
    return text[1:] if _NEGATIVE_ZERO.fullmatch(text) else text


def _amount(text: str, currency: str) -> Decimal:
    text = _unsigned_zero(text)
    code = amounts.currency_of(text)
    symbol = text.lstrip("-")[:1]
    if (code and code != currency) or currency not in _SYMBOLS.get(symbol, (currency,)):
        hint = f"Convert it to {currency}, the plan's currency."
        raise AmountError("E_CURRENCY", f"'{text}' is not in {currency}", hint)
    return amounts.money(text)


def _scaled(cells: pa.Array, plain: str, places: int, exact: Callable[[str], int]) -> Parsed:
    def shift(texts: pa.Array) -> pa.Array:
        if not places:
            return texts.cast(pa.int64())
        units = pc.replace_substring_regex(texts, r"\..*$", "")
        after = pc.replace_substring_regex(texts, r"^[^.]*\.?", "")
        return pc.binary_join_element_wise(units, pc.utf8_rpad(after, places, "0"), "").cast(pa.int64())

    return by_text(cells, plain, shift, exact, np.int64)


def by_text(
    cells: pa.Array, plain: str | None, fast: Callable[[pa.Array], pa.Array] | None,
    exact: Callable[[str], int | float], dtype: type[np.int64] | type[np.float64],
) -> Parsed:  # fmt: skip
    """Read each different text once: those that match `plain` by `fast`, the others by `exact`."""
    coded = cells.dictionary_encode()
    texts = coded.dictionary
    values = np.zeros(len(texts), dtype=dtype)
    easy = np.zeros(len(texts), dtype=bool)
    if plain is not None and fast is not None:
        easy = np.asarray(pc.match_substring_regex(texts, plain))
        values[easy] = np.asarray(fast(texts.filter(pa.array(easy))))
    errors: dict[int, AmountError] = {}
    for index in np.flatnonzero(~easy).tolist():
        text = texts[index].as_py()
        try:
            if text:
                values[index] = exact(text)
        except AmountError as error:
            errors[index] = error
    codes = np.asarray(coded.indices)
    wrong: dict[int, AmountError] = {}
    if errors:
        for row in np.flatnonzero(np.isin(codes, list(errors))).tolist():
            wrong[row] = errors[int(codes[row])]
    return Parsed(values[codes], wrong)
