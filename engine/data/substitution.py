"""What a scenario puts in the place of a cell: defaults for blank ones, aliases for names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from engine.data.rows import Rows

NAMING = ("id", "account", "rep", "product", "owner", "segment", "stage", "plan", "person", "serves")
"""Columns that name something; aliases without a column apply to them and to the levels."""


def substituted(rows: Rows, column: str) -> pa.Array:
    """Return a column of a table as text with defaults and aliases applied, each counted as a finding."""
    source, raw = rows.source(column), rows.raw
    cells = raw.columns.get(source)
    default = rows.spec.defaults.get(column)
    if cells is None:
        return pa.array([default or ""], pa.string()).take(pa.array(np.zeros(raw.rows, dtype=np.int64)))
    if pa.types.is_floating(cells.type):
        return cells
    if default is not None:
        blank = pc.equal(cells, "")
        rows.note(
            np.asarray(blank),
            f"blank {column} filled with '{default}'",
            lambda row: "blank",
            column,
            "mapped",
        )
        cells = pc.if_else(blank, default, cells)
    return _aliased(rows, column, cells)


def _aliased(rows: Rows, column: str, cells: pa.Array) -> pa.Array:
    named = column in NAMING or column in getattr(rows.spec, "levels", ())
    aliases = rows.spec.aliases_of(column) if named or column in rows.spec.aliases else {}
    if not aliases:
        return cells
    at = pc.index_in(cells, value_set=pa.array(list(aliases), pa.string()))
    for index, (wrong, right) in enumerate(aliases.items()):
        hit = np.asarray(pc.fill_null(pc.equal(at, index), False))
        rows.note(
            hit,
            f"{column} '{wrong}' read as '{right}'",
            lambda row: repr(cells[row].as_py()),
            column,
            "mapped",
        )
    return pc.coalesce(pc.take(pa.array(list(aliases.values()), pa.string()), at), cells)
