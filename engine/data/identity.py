"""Identity: each id once. Excluded rows go first, then exactly doubled ones; what is left must be unique."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.data.cells import keys
from engine.data.raw import BoolArray
from engine.data.rows import Rows, filled


def identify(rows: Rows, column: str = "id", *, unique: bool = True) -> pa.Array:
    """Judge the ids of a table and return them.

    Args:
        rows: the table.
        column: our name of the column of ids.
        unique: whether an id may stand in one row only.

    """
    ids = keys(rows, column)
    leave_out(rows, ids, column)
    rows.fault(
        ~filled(ids) & ~rows.refused,
        "E_REQUIRED",
        f"{column} is blank",
        column,
        lambda row: "blank",
        "Fill it, or remove the row.",
    )

    def say(row: int) -> str:
        return repr(ids[row].as_py())

    again, first = _doubled(rows, ids)
    if rows.spec.duplicates == "first":
        rows.drop(again, "row exactly doubled", say, column)
    elif not unique:
        hint = "Remove them, or keep one: duplicates: first."
        rows.fault(again | first, "E_DUPLICATE_ID", "row exactly doubled", column, say, hint)
    if unique:
        hint = "Keep one. " + (
            "Exactly doubled rows: duplicates: first." if again.any() else "The rows differ."
        )
        rows.fault(_repeated(rows, ids), "E_DUPLICATE_ID", f"{column} stands twice", column, say, hint)
    return ids


def leave_out(rows: Rows, ids: pa.Array, column: str) -> None:
    """Drop the rows that the scenario excludes, and say which of its ids are in no row."""
    if not rows.spec.exclude:
        return
    named = pa.array(rows.spec.exclude, pa.string())
    rows.drop(
        np.asarray(pc.is_in(ids, value_set=named)), "excluded by the scenario",
        lambda row: str(ids[row].as_py()), column,
    )  # fmt: skip
    absent = [name for name in rows.spec.exclude if not pc.is_in(pa.scalar(name), value_set=ids).as_py()]
    rows.verdicts.find(rows.table, "excluded, but in no row", len(absent), "kept", absent)


def _repeated(rows: Rows, ids: pa.Array) -> BoolArray:
    """Return which kept rows share their id with another one."""
    codes = np.asarray(ids.dictionary_encode().indices)
    counts = np.bincount(codes[rows.keep], minlength=1)
    repeated: BoolArray = np.zeros(len(codes), dtype=bool)
    repeated[rows.keep] = counts[codes[rows.keep]] > 1
    return repeated & filled(ids)


def _doubled(rows: Rows, ids: pa.Array) -> tuple[BoolArray, BoolArray]:
    """Return which kept rows repeat an earlier one in every column that is read, and which are so repeated."""
    again = np.zeros(len(ids), dtype=bool)
    first = np.zeros(len(ids), dtype=bool)
    suspects = np.flatnonzero(_repeated(rows, ids))
    columns = [column.take(pa.array(suspects)).to_pylist() for column in rows.raw.columns.values()]
    seen: dict[tuple[object, ...], int] = {}
    for row, content in zip(suspects.tolist(), zip(*columns, strict=True), strict=True):
        if content in seen:
            again[row] = first[seen[content]] = True
        else:
            seen[content] = row
    return again, first
