"""Check: last year's quotas, judged by what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.columns import Column, Table
from engine.fairness import run
from engine.fairness.book import ALL, Book
from engine.fairness.comparison import MARKS, WIDE
from engine.fairness.of_table import of_table
from engine.fairness.spec import FairnessSpec

if TYPE_CHECKING:
    import pandas as pd

_SEATS = (
    Column("rep", "text", "Seat."),
    Column("quota", "money", "Quota of the year."),
    Column("credit", "money", "Credit of the year."),
    Column("attainment", "ratio", "credit / quota."),
)


@dataclass(frozen=True)
class Checked:
    """Quotas of a past year, judged."""

    tables: tuple[Table, ...]
    """fairness and judged."""
    summary: str
    """At most 80 columns wide, but for sentences."""
    folder: Path | None = None
    """Where it was published."""


def check(
    file: str | Path,
    currency: str = "USD",
    by: Sequence[str] = (),
    spec: FairnessSpec | None = None,
    out: str | Path | None = None,
) -> Checked:
    """Judge the quotas of a past year.

    Args:
        file: see `engine.fairness.of_table.of_table`.
        currency: of its amounts.
        by: columns that make groups.
        spec: what counts as fair.
        out: folder to publish tables and page in; none unless given.

    Raises:
        BadInput: the table cannot be read; nothing was published.

    """
    book, sheet = of_table(file, currency, by)
    tables = (run.table(run.judge(book, spec or FairnessSpec())), _seats(book))
    missing, name = run.untested(book), Path(file).stem
    summary = _summary(name, tables[0].frame, missing)
    if out is None:
        return Checked(tables, summary)
    from engine.fairness.page import judged
    from engine.store.folder import publish, reserve
    from engine.store.study import write_study

    place = Path(out)
    with reserve(place) as temporary:
        facts = f"{len(book)} seats with a quota, money in {currency}"
        text = judged(name, currency, facts, tables, missing)
        write_study(temporary, "quotas", tables, currency, text, {"inputs": dict(sheet.source)})
        publish(temporary, place)
    return Checked(tables, summary, place)


def _seats(book: Book) -> Table:
    import pandas as pd

    frame = pd.DataFrame(
        {
            "rep": list(book.seats),
            "quota": book.quota.astype(np.int64),
            "credit": book.credit[0].astype(np.int64),
            "attainment": book.attainment[0],
        }
    )
    return Table("judged", _SEATS, frame, "Seats with a quota, and what they attained.")


def _summary(name: str, frame: pd.DataFrame, missing: Sequence[str]) -> str:
    import textwrap

    lines = [f"{name}: quotas judged by what happened", ""]
    shown = frame[(frame["by"] == ALL) | (frame["test"] == "equal_groups")]
    for mark, sentence in zip(shown["verdict"].map(MARKS), shown["sentence"], strict=True):
        lines += textwrap.wrap(f"{mark} {sentence}", WIDE, subsequent_indent="  ", drop_whitespace=True)
    for sentence in missing:
        lines += textwrap.wrap(f"  {sentence}", WIDE, subsequent_indent="  ")
    return "\n".join([*lines, "", "+ fair, - not fair, ? not clear, none: no limit is set."])
