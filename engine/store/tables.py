"""Tables to disk: Parquet exact, CSV for spreadsheets, and the dictionary that explains every column."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from engine.amounts import decimals
from engine.columns import Column, Table

PRIVATE_INPUTS = frozenset({"spells", "balances"})
"""Input tables that say what a single person earns."""

_ACTIVE = ("=", "+", "-", "@", "\t", "\r")


def write(folder: Path, tables: Iterable[Table], currency: str) -> None:
    """Write each table as `<name>.parquet` and `<name>.csv`, private ones below `private/`."""
    for table in tables:
        place = folder / ("private" if table.private else "tables")
        place.mkdir(parents=True, exist_ok=True)
        table.frame.to_parquet(place / f"{table.name}.parquet", index=False, compression="zstd")
        spreadsheet(table, currency).to_csv(place / f"{table.name}.csv", index=False, lineterminator="\n")


def spreadsheet(table: Table, currency: str) -> pd.DataFrame:
    """Return the table as text for a spreadsheet: money in currency units, text that cannot become a formula."""
    return pd.DataFrame(
        {c.name: _shown(table.frame[c.name], c, currency) for c in table.columns},
        columns=[c.name for c in table.columns],
    )


def _shown(values: pd.Series, column: Column, currency: str) -> pd.Series:
    if column.type == "money":
        return values.map(lambda minor: "" if pd.isna(minor) else minor_text(int(minor), currency)).astype(
            object
        )
    if column.type == "date":
        return pd.to_datetime(values).dt.strftime("%Y-%m-%d").astype(object).where(values.notna(), "")
    if column.type == "text":
        return values.map(lambda text: "" if pd.isna(text) else escaped(str(text))).astype(object)
    if column.type in ("real", "ratio"):
        return values.map(lambda number: "" if pd.isna(number) else f"{number + 0.0:.10g}").astype(object)
    if column.type == "flag":
        return values.map(lambda flag: "" if pd.isna(flag) else "true" if flag else "false").astype(object)
    return values.map(lambda whole: "" if pd.isna(whole) else str(int(whole))).astype(object)


def minor_text(minor: int, currency: str) -> str:
    """Return minor units as text in currency units: 123456 is `1234.56` in USD."""
    places = decimals(currency)
    if not places:
        return str(minor)
    whole, part = divmod(abs(minor), 10**places)
    return f"{'-' if minor < 0 else ''}{whole}.{part:0{places}d}"


def escaped(text: str) -> str:
    """Return text that a spreadsheet shows instead of running it: a leading apostrophe where it must."""
    return f"'{text}" if text.startswith(_ACTIVE) else text


def write_inputs(folder: Path, frames: dict[str, pd.DataFrame]) -> None:
    """Write the tables as read and typed, for `verify`: Parquet alone, exact; who earns what is private."""
    for name, frame in frames.items():
        place = folder / "private" / "inputs" if name in PRIVATE_INPUTS else folder / "inputs"
        place.mkdir(parents=True, exist_ok=True)
        frame.to_parquet(place / f"{name}.parquet", index=False, compression="zstd")


def read_inputs(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the tables as read and typed, from a run folder."""
    places = [*(folder / "inputs").glob("*.parquet"), *(folder / "private" / "inputs").glob("*.parquet")]
    return {path.stem: pd.read_parquet(path) for path in sorted(places, key=lambda path: path.stem)}


def write_dictionary(
    path: Path, described: Iterable[tuple[str, Iterable[Column]]], layout: int, currency: str
) -> None:
    """Write `dictionary.csv`: every column of every table with type, unit and meaning."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["layout", "table", "column", "type", "unit", "meaning"])
        for table, columns in described:
            for column in columns:
                unit = column.unit or (
                    f"{currency}; Parquet in minor units" if column.type == "money" else ""
                )
                writer.writerow([layout, table, column.name, column.type, unit, escaped(column.meaning)])


def sums(frame: pd.DataFrame) -> dict[str, float]:
    """Return the total of every number column, to compare two forms of one table."""
    numbers = frame.select_dtypes(include=[np.number])
    return {str(name): float(numbers[name].sum()) for name in numbers.columns}
