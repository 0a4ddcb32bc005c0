"""References: cells that name a row of another table, and what becomes of those that name nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.data.cells import keys
from engine.data.raw import BoolArray
from engine.data.rows import Rows, filled
from engine.data.verdicts import listed
from engine.errors import Fault, did_you_mean
from engine.inputs import IntArray


@dataclass(frozen=True)
class Axis:
    """The names that other tables may use: ids in canonical order, or segments."""

    what: str
    """In words: `accounts`."""
    ids: pa.Array
    excluded: tuple[str, ...] = ()
    """Ids that the scenario leaves out."""


def reference(rows: Rows, column: str, axis: Axis | None, *, blank: bool = True) -> IntArray:
    """Return the row of each named id in another table; -1 where blank.

    Args:
        rows: the table.
        column: our name of the column.
        axis: the ids that exist; None when that table could not be read, and nothing can be said.
        blank: whether a cell may be blank.

    """
    cells = keys(rows, column, required=not blank)
    if axis is None:
        return np.full(rows.raw.rows, -1, dtype=np.int64)
    there = filled(cells)
    found = np.asarray(pc.fill_null(pc.index_in(cells, value_set=axis.ids), -1)).astype(np.int64)
    found[~there] = -1
    wrong = (found < 0) & there & ~rows.refused
    unmatched(rows, column, wrong, axis, blank=blank)
    return found


def unmatched(rows: Rows, column: str, wrong: BoolArray, axis: Axis, *, blank: bool = True) -> None:
    """Judge rows that name what does not exist: refused, dropped, or the name taken as blank."""
    cells = rows.cells(column)
    at = np.flatnonzero(wrong & rows.keep)
    if not len(at):
        return

    def say(row: int) -> str:
        return repr(cells[row].as_py())

    what = f"{column} is not among the {axis.what}"
    if rows.spec.unmatched == "drop":
        rows.drop(wrong, what, say, column)
    elif rows.spec.unmatched == "blank" and blank:
        rows.note(wrong, f"{what}: taken as blank", say, column, "mapped")
    else:
        rows.refused[at] = True
        names: Sequence[str] = [cells[row].as_py() for row in at.tolist()]
        hint = (
            "It is excluded there. "
            if names[0] in axis.excluded
            else did_you_mean(names[0], axis.ids.to_pylist())
        )
        examples = listed(rows.examples(at, say, column), len(at))
        message = f"{what} in {len(at):,} rows: {examples}" if len(at) > 1 else f"{what}: {examples}"
        hint += " Map such names with aliases, or leave the rows out: unmatched: drop."
        source = rows.source(column)
        rows.verdicts.faults.append(
            Fault("E_REFERENCE", message, hint, rows.raw.file, int(at[0]) + 2, field=source)
        )
