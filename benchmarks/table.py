"""How what a case yields is printed: tables of at most 100 characters for a terminal, or markdown; line by line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple


class Column(NamedTuple):
    """A column of a table."""

    title: str
    width: int
    """Characters on a terminal, with the space before it; the last column takes what it needs."""
    left: bool = False
    """Words stand at the left, figures at the right."""


Columns = tuple[Column, ...]


class Printer:
    """Print titles, rows and texts as they come; a heading stands where the columns change."""

    def __init__(
        self, write: Callable[[str], None], markdown: bool = False, draw: Path | None = None
    ) -> None:
        self.write = write
        self.markdown = markdown
        self.draw = draw
        """File for a picture, where one is wanted."""
        self._columns: Columns = ()

    def title(self, text: str) -> None:
        """Begin a part; the next row gets a heading."""
        self._columns = ()
        self.write(f"\n### {text}" if self.markdown else f"\n{text}")

    def row(self, columns: Columns, cells: Sequence[str]) -> None:
        """Print one row."""
        if columns != self._columns:
            self._columns = columns
            self._head(columns)
        self.write(piped(cells) if self.markdown else lined(columns, cells))

    def text(self, text: str) -> None:
        """Print lines as they are."""
        self._columns = ()
        self.write(f"\n```\n{text}\n```" if self.markdown else f"\n{text}")

    def _head(self, columns: Columns) -> None:
        titles = [column.title for column in columns]
        if self.markdown:
            self.write("\n" + piped(titles))
            self.write("|" + "|".join("---" if column.left else "---:" for column in columns) + "|")
        else:
            self.write(lined(columns, titles))


def piped(cells: Sequence[str]) -> str:
    """Return a row of a markdown table."""
    return "| " + " | ".join(cell.strip().replace("|", r"\|") for cell in cells) + " |"


def lined(columns: Columns, cells: Sequence[str]) -> str:
    """Return a row with fixed places; a cell that is too long takes room from the next one."""
    line, end = "", 0
    for column, cell in zip(columns, cells, strict=True):
        end += column.width
        room = end - len(line)
        apart = " " if line and not column.left and len(cell) >= room else ""
        line += apart + (cell.ljust(room) if column.left else cell.rjust(room))
    return line.rstrip()


def figure(value: float | None, digits: int) -> str:
    """Return a number with so many significant digits; - for none."""
    return "-" if value is None else f"{value:.{digits}g}"


def amount(value: float | None) -> str:
    """Return a figure of an objective: whole, or with two decimals; - for none."""
    if value is None:
        return "-"
    return f"{value:.0f}" if value == round(value) else f"{value:.2f}" if abs(value) < 1e6 else f"{value:.1f}"


def percent(value: float | None, sign: str = "") -> str:
    """Return a share in percent; - for none."""
    if value is None:
        return "-"
    return f"{value:{sign}.3%}" if abs(value) < 0.1 else f"{value:{sign}.2%}"
