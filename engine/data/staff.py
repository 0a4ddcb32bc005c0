"""Staff: who came and left, for attrition."""

from __future__ import annotations

import numpy as np

from engine.data.cells import days
from engine.data.identity import identify
from engine.data.rows import Rows, words
from engine.history import Staff


def staff(rows: Rows) -> Staff:
    """Return the kept rows by person and start."""
    person = identify(rows, "person", unique=False)
    start, end = days(rows, "start"), days(rows, "end")

    def say(row: int) -> str:
        return str(person[row].as_py())

    rows.contradiction(np.isnat(start), "E_REQUIRED", "start is blank", "start", say)
    rows.contradiction(
        ~np.isnat(end) & (end <= start), "E_DATE", "leaves before coming", "end",
        lambda row: f"{start[row]} to {end[row]}",
    )  # fmt: skip
    names = np.array(person.to_pylist(), dtype=object)
    at = np.flatnonzero(rows.keep)
    order = at[np.lexsort((start[at], names[at].astype(str)))]
    return Staff(words(person, order), start[order], end[order])
