"""Sheets: a table each, with a frozen header, a filter, formats by type, and the contents in front."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

from engine import amounts
from engine.columns import Column, Table
from engine.report import numbers
from engine.report.view import View

if TYPE_CHECKING:
    import pandas as pd

ROWS = 1_048_575
"""Rows of a sheet below its header."""
MAX_TEXT = 32_767
"""Characters a cell holds; what is longer is cut, the other files have all of it."""
LOOKED_AT = 200
"""Rows of a column that its width and its decimals are chosen by."""
_WIDTHS = {"text": 18, "money": 16, "ratio": 10, "real": 14, "whole": 10, "date": 12, "flag": 8}


class Formats:
    """The cell formats of a workbook."""

    def __init__(self, book: Any, currency: str) -> None:
        places = amounts.decimals(currency)
        self.head = book.add_format(
            {
                "bold": True,
                "bg_color": "#f0f2f5",
                "bottom": 1,
                "bottom_color": "#8a929e",
                "text_wrap": True,
                "valign": "top",
            }
        )
        self.title = book.add_format({"bold": True, "font_size": 16})
        self.bold = book.add_format({"bold": True})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.of = {
            "text": book.add_format({"num_format": "@"}),
            "money": book.add_format({"num_format": "#,##0" + ("." + "0" * places if places else "")}),
            "ratio": book.add_format({"num_format": "0.0%"}),
            "real": book.add_format({"num_format": "#,##0.00"}),
            "whole": book.add_format({"num_format": "#,##0"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "flag": book.add_format(),
        }
        self.real = [
            book.add_format({"num_format": "#,##0" + ("." + "0" * count if count else "")})
            for count in range(5)
        ]
        """Measured numbers with so many decimals."""


class SheetNames:
    r"""Names of sheets: at most 31 characters, none of []:*?/\\, each once whatever its case."""

    def __init__(self, taken: tuple[str, ...]) -> None:
        self._taken = {name.lower() for name in taken}

    def name(self, wanted: str, part: int = 1) -> str:
        """Return a free name for the sheet of a table, or of its second, third ... part."""
        clean = "".join("_" if char in "[]:*?/\\'" or ord(char) < 32 else char for char in wanted) or "table"
        number = part
        while True:
            tail = f" ({number})" if number > 1 else ""
            name = clean[: 31 - len(tail)] + tail
            if name.lower() not in self._taken:
                self._taken.add(name.lower())
                return name
            number += 1


def write_table(
    book: Any, view: View, table: Table, formats: Formats, names: SheetNames, rows: int = ROWS
) -> list[str]:
    """Write a table over as many sheets as it needs; return their names."""
    frame = view.frame(table.name)
    sheets = []
    for part, start in enumerate(range(0, max(len(frame), 1), rows), 1):
        sheet = book.add_worksheet(names.name(table.name, part))
        sheets.append(sheet.get_name())
        piece = frame.iloc[start : start + rows]
        for index, column in enumerate(table.columns):
            sheet.write_string(0, index, column.name, formats.head)
            plain = _plain(piece, column, formats)
            sheet.set_column(index, index, _width(column, piece[column.name]), plain)
            _write_column(sheet, index, piece[column.name], column, _styles(piece, column, formats, plain))
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.autofilter(0, 0, max(len(piece), 1), max(len(table.columns) - 1, 0))
    return sheets


def write_contents(sheet: Any, view: View, formats: Formats, sheets: Mapping[str, list[str]]) -> None:
    """Write what the workbook holds: the sheets, and the meaning and unit of every column."""
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 24)
    sheet.set_column(2, 3, 12)
    sheet.set_column(4, 4, 90)
    sheet.write_string(0, 0, _cut(view.report.title), formats.title)
    facts = f"Money in {view.currency}. Seed {view.report.seed}; {view.report.replications:,} replications."
    sheet.write_string(1, 0, _cut(view.report.description))
    sheet.write_string(2, 0, facts)
    row = _head(sheet, 4, ("sheet", "", "rows", "", "meaning"), formats)
    for table in view.report.tables:
        sheet.write_string(row, 0, ", ".join(sheets[table.name]))
        sheet.write_number(row, 2, len(table.frame), formats.of["whole"])
        sheet.write_string(row, 4, _cut(table.meaning), formats.wrap)
        row += 1
    row = _head(sheet, row + 1, ("table", "column", "type", "unit", "meaning"), formats)
    for table in view.report.tables:
        for column in table.columns:
            unit = view.currency if column.type == "money" else column.unit
            for index, text in enumerate((table.name, column.name, column.type, unit, column.meaning)):
                sheet.write_string(row, index, _cut(text))
            row += 1


def _head(sheet: Any, row: int, words: tuple[str, ...], formats: Formats) -> int:
    for index, word in enumerate(words):
        sheet.write_string(row, index, word, formats.head)
    return row + 1


def _plain(piece: pd.DataFrame, column: Column, formats: Formats) -> Any:
    """Return the format of a column; measured numbers of one unit have the decimals that the first of them need."""
    if column.type != "real" or "unit" in piece:
        return formats.of[column.type]
    return formats.real[numbers.decimals(piece[column.name].head(LOOKED_AT).astype("float64").tolist())]


def _styles(piece: pd.DataFrame, column: Column, formats: Formats, plain: Any) -> list[Any]:
    """Return the format of each cell of a column; rows with units of their own show ratios as percentages."""
    if column.type != "real" or "unit" not in piece:
        return [plain] * len(piece)
    return [formats.of["ratio"] if unit == "ratio" else plain for unit in piece["unit"]]


def _write_column(
    sheet: Any, index: int, values: pd.Series[Any], column: Column, styles: Sequence[Any]
) -> None:
    write = _writer(sheet, column)
    rows = zip(values.tolist(), values.isna().tolist(), styles, strict=True)
    for row, (value, missing, style) in enumerate(rows, 1):
        if not missing:
            write(row, index, value, style)


def _writer(sheet: Any, column: Column) -> Callable[[int, int, Any, Any], Any]:
    if column.type == "text":
        return lambda row, index, value, style: sheet.write_string(row, index, _cut(str(value)), style)
    if column.type == "flag":
        return lambda row, index, value, style: sheet.write_boolean(row, index, bool(value), style)
    if column.type == "date":
        return lambda row, index, value, style: sheet.write_datetime(row, index, value.to_pydatetime(), style)
    return lambda row, index, value, style: (
        sheet.write_number(row, index, value, style) if isfinite(value) else 0
    )


def _width(column: Column, values: pd.Series[Any]) -> int:
    least = max(_WIDTHS[column.type], len(column.name) + 3)
    if column.type != "text":
        return least
    longest = max((len(str(value)) for value in values.head(LOOKED_AT).dropna()), default=0)
    return min(max(least, longest + 2), 60)


def _cut(text: str) -> str:
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "\u2026"
