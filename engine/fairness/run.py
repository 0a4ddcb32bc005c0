"""judge: every test on all seats and on every group, as one table."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from math import isfinite, nan
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from engine.columns import Column, Table
from engine.fairness.book import ALL, Book
from engine.fairness.finding import Check, Finding
from engine.fairness.spec import FairnessSpec

if TYPE_CHECKING:
    import pandas as pd

NAME = "fairness"
COLUMNS = (
    Column("test", "text", "Test: its file in engine/fairness/checks."),
    Column("figure", "text", "What was measured."),
    Column("by", "text", "What the group is of: `all` seats, a level of the hierarchy, role, tenure ..."),
    Column("group", "text", "The group; blank for all seats."),
    Column("seats", "whole", "Seats with a quota in it."),
    Column(
        "value",
        "real",
        "Figure: a share, a slope in attainment, a correlation or a coefficient; 0.1 is 10 %.",
    ),
    Column(
        "low", "real", "Lower end of its interval; blank for an exact figure, or with too few years or seats."
    ),
    Column("high", "real", "Upper end of its interval; likewise."),
    Column("at_least", "real", "Limit: it is fair at this value or above; blank for none."),
    Column("at_most", "real", "Limit: it is fair at this value or below; blank for none."),
    Column("unit", "text", "`ratio` where it is told in percent, else blank."),
    Column("verdict", "text", "pass, fail, unclear (the interval reaches over a limit) or told (no limit)."),
    Column("sentence", "text", "What it means."),
)


@dataclass(frozen=True)
class Row:
    """A finding with its test and its group."""

    test: str
    by: str
    group: str
    seats: int
    finding: Finding


@cache
def checks() -> dict[str, Check]:
    """Return every test by the name of its file."""
    from engine.fairness import checks as package

    for module in iter_modules(package.__path__):
        import_module(f"{package.__name__}.{module.name}")
    found = {cls.__module__.rsplit(".", 1)[1]: cls() for cls in Check.__subclasses__()}
    return {name: found[name] for name in sorted(found)}


def definitions() -> list[tuple[str, str, str]]:
    """Return name, title and definition of every test, in a line each."""
    return [
        (name, check.title, " ".join((inspect.getdoc(type(check)) or "").split()))
        for name, check in checks().items()
    ]


def judge(book: Book, spec: FairnessSpec) -> list[Row]:
    """Return what every test finds in all seats, then in each group with enough of them."""
    rows = [row for name, check in checks().items() for row in _tested(name, check, book, spec)]
    for part in book.parts(spec.smallest):
        rows += [row for name, check in checks().items() for row in _tested(name, check, part, spec)]
    return rows


def untested(book: Book) -> list[str]:
    """Return a sentence for each test that the book cannot answer, with what it lacks."""
    found = [(check.title, check.lacking(book)) for check in checks().values()]
    said = [f"{title}: not tested; it needs {lacks}." for title, lacks in found if lacks]
    if book.without:
        said.append(f"Left out: {book.without} of {len(book) + book.without} seats, which carry no quota.")
    return said


def table(rows: Sequence[Row], name: str = NAME) -> Table:
    """Return findings as a table."""
    import pandas as pd

    frame = pd.DataFrame(list(_cells(rows)), columns=[column.name for column in COLUMNS])
    frame = frame.astype(
        {"seats": "int64"} | dict.fromkeys(("value", "low", "high", "at_least", "at_most"), "float64")
    )
    return Table(name, COLUMNS, frame, "Tests of the fairness of the quotas, with intervals and verdicts.")


def _tested(name: str, check: Check, book: Book, spec: FairnessSpec) -> Iterator[Row]:
    if not len(book):
        return
    for finding in check.findings(book, spec):
        by, group = finding.of or (book.by, book.group)
        seats = len(book) if finding.of is None else book.groups[by].count(group)
        yield Row(name, by, group, seats, finding)


def _cells(rows: Sequence[Row]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        found = row.finding
        limits = (limit if isfinite(limit) else nan for limit in found.limits)
        sentence = f"{row.group}: {found.sentence}" if row.group else found.sentence
        yield (
            row.test, found.figure, row.by, row.group, row.seats, *found.found, *limits,
            "ratio" if found.share else "", found.verdict, sentence,
        )  # fmt: skip


def whole(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows on all seats."""
    return frame[frame["by"] == ALL]
