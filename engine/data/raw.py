"""Raw: a table as it lies in its file, before anything is known of its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from engine.errors import BadInput, Fault

MAX_COLUMNS = 1000

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Raw:
    """Cells by column of the file. A column is an array of text ('' is blank), or of float64 from Parquet."""

    file: str
    """File as the scenario names it, with its sheet if it has several."""
    header: tuple[str, ...]
    columns: Mapping[str, pa.Array]
    """The columns asked for that the file has."""
    rows: int
    texts: Mapping[str, BoolArray] = field(default_factory=dict)
    """For a workbook: which cells hold text rather than a number or a date."""

    def place(self, row: int, column: str = "") -> str:
        """Say where a cell stands: `row 7`, and in a workbook its address as well; the header is row 1."""
        if column in self.texts:
            return f"row {row + 2} ({letters(self.header.index(column))}{row + 2})"
        return f"row {row + 2}"


def letters(index: int) -> str:
    """Return the letters of a spreadsheet column, from 0: A, B, ... Z, AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def refuse(code: str, message: str, hint: str, file: str, line: int = 0, field: str = "") -> BadInput:
    """Return the error for a table that cannot be read at all."""
    return BadInput([Fault(code, message, hint, file=file, line=line, field=field)])


def checked_header(names: Sequence[str], file: str) -> tuple[str, ...]:
    """Return the header of a table after checks.

    Raises:
        BadInput: too many columns, or a name that stands twice.

    """
    if len(names) > MAX_COLUMNS:
        message = f"the header has {len(names):,} columns"
        raise refuse("E_LIMIT_COLUMNS", message, f"At most {MAX_COLUMNS} are read.", file, 1)
    seen: dict[str, None] = {}
    faults = []
    for name in names:
        if name and name in seen:
            message = f"column '{name}' stands twice in the header"
            faults.append(
                Fault("E_CSV_HEADER", message, "Rename or remove one.", file=file, line=1, field=name)
            )
        seen[name] = None
    if faults:
        raise BadInput(faults)
    return tuple(names)
