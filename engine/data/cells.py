"""One column of a table at a time: its cells as names, text, money, numbers or days, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.amounts import AmountError
from engine.calendar import DateArray
from engine.data import dates, numbers
from engine.data.characters import MAX_CELL, first_in, forbidden
from engine.data.numbers import Parsed
from engine.data.rows import Rows, filled
from engine.inputs import FloatArray, IntArray


def keys(rows: Rows, column: str, *, required: bool = False) -> pa.Array:
    """Return a column of names: no spaces around them, because `A1 ` is not `A1`."""
    cells = _text_cells(rows, column)
    spaced = np.asarray(pc.not_equal(pc.utf8_trim_whitespace(cells), cells))
    rows.fault(
        spaced, "E_TEXT", f"a space before or after the text of {column}", column, lambda row: repr(cells[row].as_py()),
        "Remove it, or map the text with an alias.",
    )  # fmt: skip
    if required:
        blank(rows, column)
    return cells


def text(rows: Rows, column: str) -> pa.Array:
    """Return a column of free text without spaces around it."""
    cells = _text_cells(rows, column)
    trimmed = pc.utf8_trim_whitespace(cells)
    rows.note(
        np.asarray(pc.not_equal(trimmed, cells)), f"spaces around {column} removed",
        lambda row: repr(cells[row].as_py()), column, "mapped",
    )  # fmt: skip
    return trimmed


def blank(rows: Rows, column: str) -> None:
    """Judge blank cells where there must be none."""
    rows.fault(
        ~filled(rows.cells(column)), "E_REQUIRED", f"{column} is blank", column, lambda row: "blank",
        "Fill it, or give a value under defaults.",
    )  # fmt: skip


def money(rows: Rows, column: str, currency: str, missing: int = 0) -> IntArray:
    """Return amounts in minor units, at least 0; `missing` where a cell is blank."""
    return _whole(rows, column, lambda cells: numbers.money(cells, currency), missing)


def read_by(rows: Rows, column: str, read: Callable[[pa.Array], Parsed], missing: int) -> IntArray:
    """Return whole numbers of at least 0, as `read` reads them; `missing` where a cell is blank."""
    return _whole(rows, column, read, missing)


def signed(rows: Rows, column: str, read: Callable[[pa.Array], Parsed], missing: int = 0) -> IntArray:
    """Return whole numbers of any sign, as `read` reads them; `missing` where a cell is blank."""
    return _whole(rows, column, read, missing, negative=True)


def fixed(rows: Rows, column: str, places: int, missing: int = 0) -> IntArray:
    """Return numbers or percentages of at least 0 in 10^-places; `missing` where a cell is blank."""
    return _whole(rows, column, lambda cells: numbers.fixed(cells, places), missing)


def whole(rows: Rows, column: str, missing: int = 0) -> IntArray:
    """Return whole numbers, at least 0; `missing` where a cell is blank."""
    return _whole(rows, column, numbers.whole, missing)


def hundredths(rows: Rows, column: str, missing: int) -> IntArray:
    """Return numbers in hundredths, at least 0; `missing` where a cell is blank."""
    return _whole(rows, column, numbers.hundredths, missing)


def _whole(
    rows: Rows, column: str, read: Callable[[pa.Array], Parsed], missing: int, *, negative: bool = False
) -> IntArray:
    if not rows.has(column):
        return np.full(rows.raw.rows, missing, dtype=np.int64)
    cells = rows.cells(column)
    if pa.types.is_floating(cells.type):
        rows.fault(
            np.ones(len(cells), dtype=bool), "E_TYPE", f"column {rows.source(column)} holds binary floats", column,
            lambda row: str(cells[row].as_py()), "Write it as a decimal or an integer.",
        )  # fmt: skip
        return np.full(len(cells), missing, dtype=np.int64)
    values = _checked(rows, column, read(cells))
    if not negative:
        _negative(rows, column, values)
    return np.where(filled(cells), values, missing)


def _negative(rows: Rows, column: str, values: Any) -> None:
    def say(row: int) -> str:
        return str(rows.cells(column)[row].as_py())

    with np.errstate(invalid="ignore"):
        rows.fault(
            values < 0, "E_RANGE", f"{column} is negative", column, say, "Give a number of at least 0."
        )


def real(rows: Rows, column: str, lower: float = -np.inf, upper: float = np.inf) -> FloatArray:
    """Return real numbers within bounds; NaN where a cell is blank."""
    if not rows.has(column):
        return np.full(rows.raw.rows, np.nan)
    cells = rows.cells(column)
    if pa.types.is_floating(cells.type):
        values = np.asarray(pc.fill_null(cells, np.nan))
        infinite = ~np.isfinite(np.asarray(pc.fill_null(cells, 0.0)))
        rows.fault(
            infinite, "E_NUMBER_NOT_FINITE", f"{column} is no finite number", column,
            lambda row: str(cells[row].as_py()), "Leave the cell empty (null).",
        )  # fmt: skip
    else:
        values = np.where(filled(cells), _checked(rows, column, numbers.real(cells)), np.nan)
    with np.errstate(invalid="ignore"):
        outside = (values < lower) | (values > upper)
    rows.fault(
        outside, "E_RANGE", f"{column} lies outside {lower:g} to {upper:g}", column,
        lambda row: str(cells[row].as_py()), "Check the sign and the order of the columns.",
    )  # fmt: skip
    return values


def days(rows: Rows, column: str) -> DateArray:
    """Return days; NaT where a cell is blank."""
    cells = _text_cells(rows, column)
    values = _checked(rows, column, dates.days(cells, rows.spec.dates, rows.spec.time_zone), numeric=False)
    return np.asarray(values, dtype="datetime64[D]")


def _text_cells(rows: Rows, column: str) -> pa.Array:
    cells = rows.cells(column)
    if pa.types.is_floating(cells.type):
        rows.fault(
            np.ones(len(cells), dtype=bool), "E_TYPE", f"column {rows.source(column)} holds binary floats", column,
            lambda row: str(cells[row].as_py()), "Write it as text.",
        )  # fmt: skip
        return pa.array([""] * len(cells), pa.string())
    rows.fault(
        np.asarray(pc.greater(pc.utf8_length(cells), MAX_CELL)), "E_LIMIT_FIELD", f"{column} is too long", column,
        lambda row: f"{len(cells[row].as_py()):,} characters", f"At most {MAX_CELL:,} are read.",
    )  # fmt: skip
    rows.fault(
        np.asarray(forbidden(cells)), "E_TEXT", f"{column} holds a character that cannot be shown", column,
        lambda row: first_in(cells[row].as_py()), "Remove it.",
    )  # fmt: skip
    return cells


def _checked(rows: Rows, column: str, parsed: Parsed, *, numeric: bool = True) -> Any:
    """Report what could not be read, one fault per code, and return the values."""
    texts = rows.raw.texts.get(rows.source(column))
    if numeric and texts is not None and texts.any():
        cells = rows.cells(column)
        rows.fault(
            texts & filled(cells), "E_NUMBER_FORMAT", f"{column} is text in the workbook", column,
            lambda row: repr(cells[row].as_py()), "Turn the cell into a number.",
        )  # fmt: skip
    by_code: dict[str, list[int]] = {}
    for row, error in parsed.wrong.items():
        by_code.setdefault(error.code, []).append(row)
    for code, at in by_code.items():
        first: AmountError = parsed.wrong[at[0]]
        mask = np.zeros(rows.raw.rows, dtype=bool)
        mask[at] = True
        rows.fault(
            mask, code, f"{column} cannot be read", column, lambda row: str(parsed.wrong[row]), first.hint
        )
    return parsed.values
