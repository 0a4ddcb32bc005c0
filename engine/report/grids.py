"""Grids: tables turned into text, column by column, in the words of `Column.type`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from engine import amounts
from engine.columns import Column, ColumnType
from engine.report import numbers
from engine.report.contents import Grid, Heading
from engine.report.view import View

if TYPE_CHECKING:
    import pandas as pd

ROWS = 300
"""Rows of a table shown in the page; the files of the run hold all of them."""
_LOOSE = ("as in", "unit of the measure")
"""What stands in place of a unit where the rows, or the reader's own tables, say which: no word for a heading."""
_NUMERIC = frozenset({"money", "ratio", "real", "whole"})


def table_grid(
    view: View,
    name: str,
    columns: Sequence[str] = (),
    frame: pd.DataFrame | None = None,
    *,
    cents: bool = True,
) -> Grid:
    """Return a table as a grid: the named columns, or all, of its first rows (or of the frame given instead).

    The frame holds money in currency units, as `View.frame` gives it. Without `cents`, estimates of money are whole.
    """
    table = view.table(name)
    assert table is not None
    rows = view.frame(name) if frame is None else frame
    described = {column.name: column for column in table.columns}
    chosen = [described[column] for column in columns or described if column in described]
    shown = rows.head(ROWS)
    mixed = "unit" in shown
    cells = [_texts(shown[column.name], column, view.currency, mixed=mixed, cents=cents) for column in chosen]
    if mixed:
        cells = [
            _in_units(texts, shown[column.name], column, shown["unit"])
            for texts, column in zip(cells, chosen, strict=True)
        ]
    note = (
        ""
        if len(rows) <= ROWS
        else f"The first {ROWS} of {len(rows):,} rows; tables/{name}.csv has all of them."
    )
    headings = tuple(heading(column, view.currency) for column in chosen)
    return Grid(headings, tuple(zip(*cells, strict=True)), note=note)


def grid(headings: Iterable[str], rows: Iterable[Sequence[str]], *, text: int = 1, caption: str = "") -> Grid:
    """Return a grid of finished text; the first `text` columns are words, the others numbers."""
    heads = tuple(Heading(word, index >= text) for index, word in enumerate(headings))
    return Grid(heads, tuple(tuple(row) for row in rows), caption)


def plan_finding(plan: str, passed: bool, message: str) -> str:
    """Return a finding on a plan for a table that names the plan in a column, marked where it should be looked at."""
    bare = message.removeprefix(f"Plan {plan}: ").removeprefix(f"Plan {plan}, ")
    bare = re.sub(r"(\d)%", "\\1\u00a0%", bare)
    return bare if passed else f"look at this: {bare}"


def heading(column: Column, currency: str) -> Heading:
    """Return the head of a column with its unit, where it has one."""
    unit = currency if column.type == "money" else column.unit.replace("currency units", currency)
    unit = "" if unit.startswith(_LOOSE) else unit
    words = re.sub(r"\bp(\d\d)\b", r"P\1", column.name.replace("_", " "))
    return Heading(f"{words}, {unit}" if unit else words, column.type in _NUMERIC)


def _texts(series: pd.Series[Any], column: Column, currency: str, *, mixed: bool, cents: bool) -> list[str]:
    """Return the cells of a column; in one of `mixed` rows, each of a unit of its own, no cell looks at the others."""
    if column.type == "real" and not mixed:
        return numbers.reals(series.astype("float64"))
    split = cents and column.type == "money" and bool((series.dropna() % 1 != 0).any())
    write = _writer(column.type, amounts.decimals(currency) if split else 0)
    return [
        numbers.NOTHING if missing else write(value)
        for value, missing in zip(series, series.isna(), strict=True)
    ]


def _in_units(texts: list[str], values: pd.Series[Any], column: Column, units: pd.Series[Any]) -> list[str]:
    """Return a column whose rows have units of their own: ratios become percentages."""
    if column.type != "real":
        return texts
    rows = zip(texts, values, units, strict=True)
    return [numbers.percent(float(value)) if unit == "ratio" else text for text, value, unit in rows]


def _writer(kind: ColumnType, places: int) -> Callable[[Any], str]:
    writers: dict[str, Callable[[Any], str]] = {
        "text": str,
        "money": lambda value: numbers.grouped(float(value), places),
        "ratio": lambda value: numbers.percent(float(value)),
        "real": lambda value: numbers.real(float(value)),
        "whole": lambda value: f"{int(value):,}",
        "date": lambda value: str(value)[:10],
        "flag": lambda value: "yes" if value else "no",
    }
    return writers[kind]
