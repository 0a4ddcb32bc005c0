"""Rows: one table while it is judged; which rows stay, and what is said of the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from engine.data.raw import BoolArray, Raw
from engine.data.substitution import substituted
from engine.data.table_spec import TableSpec
from engine.data.verdicts import SHOWN, Verdicts, listed
from engine.errors import Fault
from engine.inputs import Words

Say = Callable[[int], str]
"""The example of a row in words, without its place."""


class Rows:
    """The rows of one table. A row is kept, dropped (by the scenario's word) or refused (a fault)."""

    def __init__(self, raw: Raw, spec: TableSpec, verdicts: Verdicts) -> None:
        self.raw = raw
        self.spec = spec
        self.verdicts = verdicts
        self.keep: BoolArray = np.ones(raw.rows, dtype=bool)
        self.refused: BoolArray = np.zeros(raw.rows, dtype=bool)
        self._cells: dict[str, pa.Array] = {}

    @property
    def table(self) -> str:
        """Name of the table."""
        return self.spec.table

    def source(self, column: str) -> str:
        """Name of a column in the file."""
        return self.spec.columns.get(column, column)

    def has(self, column: str) -> bool:
        """Whether the file, or the scenario, says something of a column."""
        return self.source(column) in self.raw.columns or column in self.spec.defaults

    def cells(self, column: str) -> pa.Array:
        """Return the text of a column after defaults and aliases ('' is blank), or float64 as it came."""
        if column not in self._cells:
            self._cells[column] = substituted(self, column)
        return self._cells[column]

    def fault(self, wrong: BoolArray, code: str, what: str, column: str, say: Say, hint: str = "") -> None:
        """Judge rows that cannot be read or contradict themselves: refused, or set aside by the scenario's word.

        Args:
            wrong: the rows; those that are already gone do not count.
            code: code of the fault.
            what: what is wrong with them, in words after which examples follow.
            column: our name of the column.
            say: the example of a row, without its place.
            hint: what to do about it.

        """
        rows = np.flatnonzero(wrong & self.keep)
        if not len(rows):
            return
        source = self.source(column)
        examples = [f"{self.raw.place(row, source)}: {say(row)}" for row in rows[:SHOWN].tolist()]
        if self.spec.faulty == "set_aside":
            self.keep[rows] = False
            self.verdicts.find(self.table, what, len(rows), "set aside", examples)
            return
        self.refused[rows] = True
        counted = f"{what} in {len(rows):,} rows" if len(rows) > 1 else what
        message = f"{counted}: {listed(examples, len(rows))}"
        self.verdicts.faults.append(Fault(code, message, hint, self.raw.file, int(rows[0]) + 2, field=source))

    def contradiction(self, wrong: BoolArray, code: str, what: str, column: str, say: Say) -> None:
        """Judge rows whose cells can be read but do not go together."""
        hint = "Correct the rows, or set them aside: faulty: set_aside."
        self.fault(wrong & ~self.refused, code, what, column, say, hint)

    def drop(self, gone: BoolArray, what: str, say: Say, column: str = "") -> None:
        """Leave rows out by the scenario's word, and count them."""
        rows = np.flatnonzero(gone & self.keep)
        self.keep[rows] = False
        self.verdicts.find(self.table, what, len(rows), "dropped", self.examples(rows, say, column))

    def note(self, seen: BoolArray, what: str, say: Say, column: str = "", action: str = "kept") -> None:
        """Count something about rows that stay."""
        rows = np.flatnonzero(seen & self.keep)
        self.verdicts.find(self.table, what, len(rows), action, self.examples(rows, say, column))

    def examples(self, rows: NDArray[np.int64], say: Say, column: str = "") -> list[str]:
        """Return the first rows in words."""
        source = self.source(column)
        return [f"{self.raw.place(row, source)}: {say(row)}" for row in rows[:SHOWN].tolist()]

    def order(self, by: Sequence[str]) -> NDArray[np.int64]:
        """Return the kept rows in canonical order: by the given columns of text."""
        rows = np.flatnonzero(self.keep)
        table = pa.table({name: self.cells(name).take(pa.array(rows)) for name in by})
        order = pc.sort_indices(table, sort_keys=[(name, "ascending") for name in by])
        return np.asarray(rows[np.asarray(order)], dtype=np.int64)


def filled(cells: pa.Array) -> BoolArray:
    """Return which cells are not blank: text that is not empty, or a float that is there."""
    if pa.types.is_floating(cells.type):
        return np.asarray(cells.is_valid(), dtype=bool)
    return np.asarray(pc.not_equal(cells, ""), dtype=bool)


def words(cells: pa.Array, order: NDArray[np.int64]) -> Words:
    """Return cells in an order, as a tuple of text."""
    return tuple(cells.take(pa.array(order)).to_pylist())


def named(names: pa.Array, ids: pa.Array, order: NDArray[np.int64]) -> Words:
    """Return names in an order, the id where a name is blank."""
    return words(pc.if_else(pc.equal(names, ""), ids, names), order)
