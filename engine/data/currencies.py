"""Currencies of a table: amounts are in the plan's currency, or converted at rates that the scenario gives."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine import amounts
from engine.calendar import DateArray
from engine.data import numbers
from engine.data.cells import keys, read_by
from engine.data.dictionary import READ
from engine.data.numbers import Parsed
from engine.data.raw import BoolArray
from engine.data.rows import Rows, filled
from engine.inputs import IntArray

Rates = Mapping[str, Mapping[dt.date, Decimal]]


@dataclass(frozen=True)
class Exchange:
    """The plan's currency, and what a unit of others is worth in it."""

    currency: str
    rates: Rates = field(default_factory=dict)

    def steps(self, code: str) -> list[tuple[dt.date, Decimal]]:
        """Return the rates of a currency by the first day on which each holds."""
        return sorted(self.rates[code].items())

    def worth(self, amount: int, code: str, day: dt.date | None) -> int:
        """Return what minor units of a currency are worth in those of the plan's; 0 where there is no rate."""
        rate = self.at(code, day) if code in self.rates else None
        scale = Fraction(10) ** (amounts.decimals(self.currency) - amounts.decimals(code))
        return 0 if rate is None else int(amount * Fraction(rate) * scale + Fraction(1, 2))

    def at(self, code: str, day: dt.date | None) -> Decimal | None:
        """Return the rate on a day, the last one without a day; None before the first."""
        steps = self.steps(code)
        place = len(steps) if day is None else bisect_right([first for first, _ in steps], day)
        return steps[place - 1][1] if place else None


def one_currency(rows: Rows, currency: str) -> None:
    """Judge rows in another currency than the plan's."""
    _judge(rows, Exchange(currency))


def in_currencies(codes: pa.Array) -> Callable[[pa.Array], Parsed]:
    """Return a reader of amounts in the currency of their row, in its minor units."""

    def read(cells: pa.Array) -> Parsed:
        found = [code for code in pc.unique(codes).to_pylist() if re.fullmatch("[A-Z]{3}", code)]
        if len(found) == 1:
            return numbers.money(cells, found[0])
        values = np.zeros(len(cells), dtype=np.int64)
        wrong = {}
        for code in found:
            at = np.flatnonzero(np.asarray(pc.equal(codes, code)))
            part = numbers.money(cells.take(pa.array(at)), code)
            values[at] = part.values
            wrong.update({int(at[row]): error for row, error in part.wrong.items()})
        return Parsed(values, wrong)

    return read


def converted(rows: Rows, column: str, exchange: Exchange, day: DateArray, missing: int) -> IntArray:
    """Return amounts in minor units of the plan's currency; `missing` where a cell is blank.

    Amounts in another currency are converted at its rate of the row's day, NaT for the last rate, half a minor unit up;
    a currency without a rate, or a day before its first one, is a fault of the row.

    """
    _judge(rows, exchange)
    if not exchange.rates or not rows.has("currency"):
        return read_by(rows, column, lambda cells: numbers.money(cells, exchange.currency), missing)
    cells = rows.cells("currency")
    codes = pc.if_else(pc.equal(cells, ""), exchange.currency, cells)
    for code in exchange.rates:
        _tell(rows, exchange, code, (np.asarray(pc.equal(codes, code), dtype=bool), day))

    def read(cells: pa.Array) -> Parsed:
        parsed = in_currencies(codes)(cells)
        values = parsed.values.copy()
        for row in np.flatnonzero(np.asarray(pc.not_equal(codes, exchange.currency)) & (values != 0)):
            values[row] = exchange.worth(int(values[row]), codes[row].as_py(), day[row].item())
        return Parsed(values, parsed.wrong)

    return read_by(rows, column, read, missing)


def _tell(rows: Rows, exchange: Exchange, code: str, where: tuple[BoolArray, DateArray]) -> None:
    """Note what is converted, and judge rows before the first rate."""
    mine, day = where
    first = exchange.steps(code)[0][0]
    early = mine & np.asarray(day < np.datetime64(first, "D"))
    rows.fault(
        early, "E_CURRENCY", f"no rate of {code} before {first}", "currency", lambda row: str(day[row]),
        f"Give data.rates.{code} a rate from an earlier day on.",
    )  # fmt: skip
    what = f"amounts in {code} converted to {exchange.currency}"
    rows.note(mine & ~early, what, lambda row: str(rows.cells("id")[row]), "currency", "mapped")


def _judge(rows: Rows, exchange: Exchange) -> None:
    """Judge rows in a currency that is neither the plan's nor has a rate."""
    if not rows.has("currency"):
        return
    cells = keys(rows, "currency")
    money = [column.name for column in READ[rows.table] if column.type == "money" and rows.has(column.name)]

    def say(row: int) -> str:
        code = cells[row].as_py()
        if not re.fullmatch("[A-Z]{3}", code):
            return f"'{code}' is no ISO code"
        places = amounts.decimals(code)
        longer = [text for text in (str(rows.cells(name)[row]) for name in money) if _decimals(text) > places]
        return f"{code}, which has {places} decimals, not {longer[0]}" if longer else code

    known = pa.array([exchange.currency, *exchange.rates])
    wrong = filled(cells) & ~np.asarray(pc.is_in(cells, value_set=known), dtype=bool)
    hint = "Convert them, or leave the rows out."
    if rows.table in ("opportunities", "open_deals", "actuals"):
        hint = "Give what a unit is worth under data.rates, such as EUR: 1.08; or leave the rows out."
    rows.fault(
        wrong,
        "E_CURRENCY",
        f"amounts are not in {exchange.currency}, the plan's currency",
        "currency",
        say,
        hint,
    )


def _decimals(text: str) -> int:
    return len(text.partition(".")[2])
