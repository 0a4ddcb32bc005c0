"""Further columns: what a scenario declares beyond the columns that every table has."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from engine.data.cells import blank, money, real, text, whole
from engine.data.rows import Rows


def extra(rows: Rows, name: str, kind: str, currency: str) -> NDArray[Any]:
    """Return a declared column: text as objects, whole and money as int64, real as float64; shape (row,)."""
    if kind == "text":
        return np.array(text(rows, name).to_pylist(), dtype=object)
    if not pa.types.is_floating(rows.cells(name).type):
        blank(rows, name)
    if kind == "real":
        values = real(rows, name)
        rows.contradiction(np.isnan(values), "E_REQUIRED", f"{name} is blank", name, lambda row: "blank")
        return values
    return money(rows, name, currency) if kind == "money" else whole(rows, name)
