"""Pages: a pay file explained in plain text, from the docstrings of its blocks and the columns of its tables."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterator

from engine.columns import Column
from engine.data.dictionary import READ
from engine.data.table_spec import TableSpec
from engine.explain import WIDTH, blocks_of, fields, paragraphs
from engine.pay import tables
from engine.pay.data_spec import COLUMNS, PayData, PayTable
from engine.pay.spec import PayScenario

ELSEWHERE = ("data", "comp", "comp_b")
"""Keys that have a section, or a page, of their own."""


def overview() -> str:
    """Return the page on pay files: their fields, their tables, and what odd input means."""
    parts = [
        "pay",
        *paragraphs(inspect.getdoc(PayScenario) or ""),
        "Fields (those of comp and comp_b: apportion explain comp)",
        *fields(PayScenario, leave_out=ELSEWHERE),
        "Tables, under data (* a column that must be there, without a blank cell)",
        *_tables(),
        "What may be said of every table",
        *fields(PayTable),
        "Odd input",
        *list(paragraphs(inspect.getdoc(tables) or ""))[1:],
    ]
    return "\n\n".join(parts)


def _tables() -> Iterator[str]:
    for name, field in PayData.model_fields.items():
        (cls,) = (block for block in blocks_of(field.annotation) if issubclass(block, TableSpec))
        need = "required" if field.is_required() else "optional"
        yield _filled(f"{name}: {need}. {' '.join((field.description or '').split())}", 2, 6)
        for paragraph in paragraphs(inspect.getdoc(cls) or ""):
            yield _filled(" ".join(paragraph.split()), 6, 6)
        yield "\n".join(_column(column) for column in COLUMNS.get(name, READ.get(name, ())))


def _column(column: Column) -> str:
    head = f"{column.name}{' *' if column.required else ''}  ({column.type})"
    return _filled(f"{head} {column.meaning}", 6, 10)


def _filled(text: str, first: int, rest: int) -> str:
    return textwrap.fill(
        text, WIDTH, initial_indent=" " * first, subsequent_indent=" " * rest, break_on_hyphens=False
    )
