"""Planted amounts: every number that a folder shows to everybody, to be searched for what it must not tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd

NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
MOST = 10**12
SCALES = (1, 1_000, 1_000_000)
"""What a chart divides money by."""


def public_files(folder: Path) -> list[Path]:
    """Every file outside `private/`."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "private" not in path.relative_to(folder).parts
    ]


def shown(folder: Path) -> dict[int, set[str]]:
    """The files in which an amount in minor units stands, as itself, in currency units, or in K or M of them."""
    found: dict[int, set[str]] = {}
    for path in public_files(folder):
        for value in _values(path):
            for minor in _readings(value):
                found.setdefault(minor, set()).add(path.name)
    return found


def named(text: str) -> set[int]:
    """The whole currency units of amounts that a text names with their currency, such as `71,234 USD`."""
    return {
        round(Decimal(word.replace(",", "")))
        for word in re.findall(rf"({NUMBER.pattern})[\s\u00a0]USD", text)
    }


def words_of(folder: Path) -> str:
    """All text of the files outside `private/` that people read as text."""
    texts = [path for path in public_files(folder) if path.suffix not in {".parquet", ".xlsx"}]
    return "\n".join(path.read_text(encoding="utf-8") for path in texts)


def in_text(text: str) -> set[int]:
    """The amounts of a text, in minor units."""
    return {minor for word in NUMBER.findall(text) for minor in _readings(Decimal(word.replace(",", "")))}


def differences(amounts: Iterable[int]) -> set[int]:
    """What one amount is more than another."""
    known = list(amounts)
    return {a - b for a in known for b in known if a > b}


def _readings(value: Decimal) -> Iterator[int]:
    if value > MOST:
        return
    if value % 1 == 0:
        yield int(value)
    for scale in SCALES:
        yield round(value * scale * 100)


def _values(path: Path) -> Iterator[Decimal]:
    if path.suffix == ".parquet":
        frame = pd.read_parquet(path)
        for column in frame.select_dtypes("number"):
            yield from (Decimal(str(value)) for value in frame[column].dropna().tolist())
        words = frame.select_dtypes(exclude="number")
        yield from _words(" ".join(map(str, words.to_numpy().ravel())))
    elif path.suffix == ".xlsx":
        with closing(openpyxl.load_workbook(path, read_only=True)) as book:
            for sheet in book.worksheets:
                for row in sheet.iter_rows(values_only=True):
                    yield from _words(" ".join(str(cell) for cell in row if cell is not None))
    else:
        yield from _words(path.read_text(encoding="utf-8"))


def _words(text: str) -> Iterator[Decimal]:
    yield from (Decimal(word.replace(",", "")) for word in NUMBER.findall(text))
