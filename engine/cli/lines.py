"""Lines of text for people: as wide as the terminal, 80 columns where there is none."""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Iterable

import click


def columns() -> int:
    """Return the width of the terminal, or of the variable COLUMNS; 80 without either."""
    return shutil.get_terminal_size().columns


def folded(line: str, width: int, further: str = "") -> str:
    """Return a line broken between words at a width, its rest below its beginning and `further` in; 0 leaves it.

    What has no space, such as a path, stays whole.
    """
    if not 0 < width < len(line):
        return line
    indent = line[: len(line) - len(line.lstrip())]
    return textwrap.fill(
        line.strip(), width, initial_indent=indent, subsequent_indent=indent + further, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


def second(line: str) -> str:
    """Return the blanks by which a line of two columns goes on below its second one; four for any other."""
    found = re.match(r"\s*(\S.{0,30}?\s{2,})(?=\S)", line)
    return " " * (len(found[1]) if found else 4)


def tell(lines: Iterable[str], further: str = "  ", *, err: bool = False) -> None:
    """Print lines, each folded at the width of the terminal."""
    width = columns()
    for line in lines:
        click.echo(folded(line, width, further), err=err)
