"""Rows as a table: each column of plain values takes the type it is described by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd

from engine.columns import Column, Table


def table_of(name: str, columns: Sequence[Column], rows: Iterable[Sequence[object]], meaning: str) -> Table:
    """Return a table; None is blank, and makes whole numbers and money nullable."""
    frame = pd.DataFrame([tuple(row) for row in rows], columns=[column.name for column in columns])
    for column in columns:
        frame[column.name] = _typed(frame[column.name], column)
    return Table(name, tuple(columns), frame, meaning)


def in_currency(columns: Sequence[Column], currency: str) -> tuple[Column, ...]:
    """Return the columns with the code of the currency in their units."""
    return tuple(replace(column, unit=column.unit.replace("currency", currency)) for column in columns)


def _typed(values: pd.Series, column: Column) -> pd.Series:
    if column.type == "text":
        return values.astype("str")
    if column.type in ("whole", "money"):
        return values.astype("Int64") if values.isna().any() else values.astype("int64")
    return values.astype("float64")
