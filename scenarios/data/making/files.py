"""Rows into CSV files, the same bytes on every system."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

Row = Sequence[object]


def write(path: Path, header: Sequence[str], rows: Iterable[Row]) -> None:
    """Write a header and rows; None and 0-length texts are blank cells."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(["" if cell is None else cell for cell in row] for row in rows)


def read(path: Path) -> list[list[str]]:
    """Return the rows below the header."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]
