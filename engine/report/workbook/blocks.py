"""Blocks of the sheet `Chart data`: what a native chart draws must lie in one piece, so it is laid out there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.report.workbook.sheets import Formats

SHEET = "Chart data"
Values = Sequence[float] | np.ndarray[Any, Any]


@dataclass(frozen=True)
class Block:
    """Columns that stand side by side: the categories first, then the series."""

    top: int
    left: int
    rows: int

    def categories(self) -> list[Any]:
        """Return the range of the categories."""
        return [SHEET, self.top + 1, self.left, self.top + self.rows, self.left]

    def values(self, series: int) -> list[Any]:
        """Return the range of a series, counted from 1."""
        return [SHEET, self.top + 1, self.left + series, self.top + self.rows, self.left + series]

    def name(self, series: int) -> list[Any]:
        """Return the cell that names a series."""
        return [SHEET, self.top, self.left + series]


class Blocks:
    """Lays blocks out from left to right with an empty column between them."""

    def __init__(self, sheet: Any, formats: Formats) -> None:
        self._sheet = sheet
        self._formats = formats
        self._left = 0

    def add(
        self, category: str, names: Sequence[Any], series: Sequence[tuple[str, Values]], kind: str = "real"
    ) -> Block:
        """Write one block; `kind` is the type whose number format it takes."""
        left = self._left
        for index, word in enumerate((category, *(name for name, _ in series))):
            self._sheet.write_string(0, left + index, word, self._formats.head)
        for row, name in enumerate(names, 1):
            if isinstance(name, str):
                self._sheet.write_string(row, left, name)
            else:
                self._sheet.write_number(row, left, float(name))
        for index, (_, values) in enumerate(series, 1):
            for row, value in enumerate(values, 1):
                if np.isfinite(value):
                    self._sheet.write_number(row, left + index, float(value), self._formats.of[kind])
        self._sheet.set_column(left, left, 18)
        self._sheet.set_column(left + 1, left + len(series), 13)
        self._left += len(series) + 2
        return Block(0, left, len(names))
