"""The book of a past year: a table of quotas and credits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa

from engine.amounts import AmountError, money, to_minor
from engine.data.files import Files
from engine.data.raw import Raw
from engine.errors import BadInput, Fault, did_you_mean
from engine.fairness.book import Book, book
from engine.inputs import FloatArray, Words

KNOWN = {"potential": "potential", "last_year": "volume", "last_quota": "last_quota"}
"""Columns of the table beside rep, quota and credit, and what they are called in a book."""
GROUPS = ("region", "district", "team", "role", "tenure")
"""Columns that make groups, where the table has them and none are named."""


@dataclass(frozen=True)
class Sheet:
    """A table of seats: their names, the amounts by column (minor units, NaN where blank), and words by column."""

    rep: Words
    amounts: dict[str, FloatArray]
    words: dict[str, Words]
    source: tuple[tuple[str, str], ...]
    """The file with the SHA-256 of its bytes."""

    def column(self, name: str) -> FloatArray:
        """Return amounts; NaN where the table has no such column."""
        return self.amounts.get(name, np.full(len(self.rep), np.nan))


def read_sheet(file: str | Path, currency: str, needed: Sequence[str], groups: Sequence[str] = ()) -> Sheet:
    """Read a table (.csv, .xlsx, .parquet) of seats.

    Args:
        file: the table; column `rep` names the seats.
        currency: of its amounts.
        needed: columns of amounts that must be there and filled.
        groups: columns of words that must be there.

    Raises:
        BadInput: every missing column, seat named twice, and cell that is no amount of at least 0.

    """
    path = Path(file)
    if not path.exists():
        hint = "Check the path; it is relative to the folder where you are."
        raise BadInput([Fault("E_PATH_MISSING", f"there is no file '{file}'", hint)])
    files = Files(path.parent)
    wanted = ("rep", *needed, *KNOWN, *GROUPS, *groups)
    raw = _raw(files.read(path.name, ""), str(file), wanted)
    faults = [
        Fault(
            "E_CSV_HEADER",
            f"column '{name}' is missing",
            did_you_mean(name, raw.header),
            raw.file,
            1,
            field=name,
        )
        for name in ("rep", *needed, *groups)
        if name not in raw.columns
    ]
    if faults:
        raise BadInput(faults)
    names = _cells(raw, "rep")
    for row, name in enumerate(names):
        if not name or name in names[:row]:
            code, what = (
                ("E_DUPLICATE", f"'{name}' stands twice") if name else ("E_REQUIRED", "no seat is named")
            )
            hint = "Give a row for each seat."
            faults.append(Fault(code, what, hint, raw.file, row + 2, field="rep"))
    amounts = {
        name: _amounts(raw, name, currency, faults, filled=name in needed)
        for name in (*needed, *KNOWN)
        if name in raw.columns
    }
    if faults:
        raise BadInput(faults)
    words = {name: tuple(_cells(raw, name)) for name in groups or GROUPS if name in raw.columns}
    return Sheet(tuple(names), amounts, words, files.sources)


def of_table(file: str | Path, currency: str, by: Sequence[str] = ()) -> tuple[Book, Sheet]:
    """Return the book of a past year from a table.

    Args:
        file: columns rep, quota and credit; if known potential, last_year (bookings of the year before) and
            last_quota; and words that make groups: region, district, team, role, tenure.
        currency: of its amounts.
        by: columns that make groups instead.

    Raises:
        BadInput: as for `read_sheet`; no seat with a quota above 0.

    """
    sheet = read_sheet(file, currency, ("quota", "credit"), by)
    if not (sheet.column("quota") > 0).any():
        raise BadInput(
            [Fault("E_EMPTY", "no seat has a quota above 0", "Name last year's table.", str(file))]
        )
    groups = {name: words for name, words in sheet.words.items() if len(set(words)) > 1}
    known = {ours: sheet.column(theirs) for theirs, ours in KNOWN.items()}
    found = book(
        sheet.rep, sheet.column("quota"), sheet.column("credit")[None, :], observed=True, known=known, groups=groups
    )  # fmt: skip
    return found, sheet


def credits_of(file: str | Path, sheet: Sheet, seats: Words) -> FloatArray:
    """Return what was credited to the seats of a plan, minor units, from a table with columns rep and credit.

    Raises:
        BadInput: seats of the plan without a row, or rows of seats that it does not have.

    """
    at = {name: row for row, name in enumerate(sheet.rep)}
    faults = [
        Fault(
            "E_MISSING",
            f"seat '{seat}' has no row",
            "Give 0 where nothing was credited.",
            str(file),
            field="rep",
        )
        for seat in seats
        if seat not in at
    ]
    faults += [
        Fault(
            "E_REFERENCE",
            f"the plan has no seat '{name}'",
            did_you_mean(name, seats),
            str(file),
            row + 2,
            field="rep",
        )
        for row, name in enumerate(sheet.rep)
        if name not in seats
    ]
    if faults:
        raise BadInput(faults)
    return sheet.column("credit")[[at[seat] for seat in seats]]


def _raw(data: bytes, file: str, wanted: Sequence[str]) -> Raw:
    suffix = file.lower().rpartition(".")[2]
    if suffix == "xlsx":
        from engine.data.workbook import read_workbook

        return read_workbook(data, file, "", wanted)
    if suffix == "parquet":
        from engine.data.parquet import read_parquet

        return read_parquet(data, file, wanted)
    from engine.data.delimited import read_csv

    return read_csv(data, file, wanted)


def _cells(raw: Raw, name: str) -> list[str]:
    cells = raw.columns[name]
    if pa.types.is_floating(cells.type):
        return ["" if value is None else format(Decimal(repr(value)), "f") for value in cells.to_pylist()]
    return ["" if value is None else str(value) for value in cells.to_pylist()]


def _amounts(raw: Raw, name: str, currency: str, faults: list[Fault], *, filled: bool) -> FloatArray:
    found = np.full(raw.rows, np.nan)
    for row, text in enumerate(_cells(raw, name)):
        if not text and not filled:
            continue
        try:
            if not text:
                raise AmountError("E_REQUIRED", f"{name} is blank", "Fill it; 0 is 0.")
            amount = to_minor(money(text), currency)
            if amount < 0:
                raise AmountError("E_RANGE", f"{name} is negative: {text}", "Give at least 0.")
        except AmountError as error:
            faults.append(Fault(error.code, str(error), error.hint, raw.file, row + 2, field=name))
            continue
        found[row] = amount
    return found
