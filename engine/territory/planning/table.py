"""A table of the plan from its columns and their values."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from engine.columns import Column, Table


def table_of(name: str, columns: Sequence[Column], values: Sequence[object], meaning: str) -> Table:
    """Return a table; `values` holds one sequence for each column, None where a cell is blank."""
    frame = pd.DataFrame(dict(zip([column.name for column in columns], values, strict=True)))
    for column in columns:
        if column.type == "text":
            frame[column.name] = frame[column.name].astype("str")
    return Table(name, tuple(columns), frame, meaning)
