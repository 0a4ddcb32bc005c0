"""The text of an LP file for a model, for reading, reviewing and bug reports.

Rows and columns carry the names of their blocks: `balance[rep_07]`, `assign[12]`. A block of one row or column
without a label is named by the block alone. A row with two different sides is written as two rows. CBC and
Gurobi read the brackets; the LP reader of HiGHS wants round ones in their place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from math import inf
from typing import TYPE_CHECKING

from solvers.model import Arrays

if TYPE_CHECKING:
    from solvers.model import Model

WIDTH = 100
KEYWORDS = re.compile(
    r"st|s\.t\.|subject|free|inf(inity)?|bounds?|general?s?|gen|bin(ary|aries)?|end", re.IGNORECASE
)
"""Words that an LP reader takes for its own, where a name of one word may stand."""


def written(model: Model) -> str:
    """Return the LP file of a model."""
    arrays = model.arrays()
    columns = _names((name, (), first, count) for name, first, count in model.column_blocks)
    rows = _names(model.row_blocks)
    return "\n".join(
        [*_objective(arrays, columns), *_rows(arrays, rows, columns), *_columns(arrays, columns), "End", ""]
    )


def _names(blocks: Iterable[tuple[str, tuple[str, ...], int, int]]) -> list[str]:
    names: list[str] = []
    for block, labels, _, count in blocks:
        alone = count == 1 and not labels and not KEYWORDS.fullmatch(block)
        names += (
            [_word(block)] if alone else [f"{_word(block)}[{_label(str(k))}]" for k in labels or range(count)]
        )
    return names


def _label(text: str) -> str:
    return re.sub(r"[^\w.]", "_", text)


def _word(text: str) -> str:
    word = re.sub(r"[^\w.]", "_", text)
    return f"_{word}" if re.match(r"[\d.]|[eE]\d*$|$", word) else word


def _objective(arrays: Arrays, columns: list[str]) -> Iterator[str]:
    yield "Minimize"
    terms = [(float(c), name) for c, name in zip(arrays.cost, columns, strict=True) if c]
    constant = [f"{_signed(arrays.offset)}"] if arrays.offset else []
    yield from _wrapped("cost:", [*_terms(terms), *constant] or ["0"])


def _rows(arrays: Arrays, rows: list[str], columns: list[str]) -> Iterator[str]:
    yield "Subject To"
    matrix = arrays.matrix
    for i, name in enumerate(rows):
        entries = slice(matrix.indptr[i], matrix.indptr[i + 1])
        pairs = zip(matrix.data[entries].tolist(), matrix.indices[entries].tolist(), strict=True)
        terms = _terms((value, columns[j]) for value, j in pairs if value) or ["0"]
        low, high = float(arrays.row_lower[i]), float(arrays.row_upper[i])
        if low == high:
            yield from _wrapped(f"{name}:", [*terms, f"= {low:.17g}"])
            continue
        both = low > -inf and high < inf
        if low > -inf:
            yield from _wrapped(f"{name}{'.min' if both else ''}:", [*terms, f">= {low:.17g}"])
        if high < inf:
            yield from _wrapped(f"{name}{'.max' if both else ''}:", [*terms, f"<= {high:.17g}"])


def _columns(arrays: Arrays, columns: list[str]) -> Iterator[str]:
    yield "Bounds"
    for low, high, name in zip(arrays.lower, arrays.upper, columns, strict=True):
        yield f" {_side(low)} <= {name} <= {_side(high)}"
    integers = [name for name, integer in zip(columns, arrays.integer, strict=True) if integer]
    if integers:
        yield "General"
        yield from _wrapped("", integers)


def _terms(pairs: Iterable[tuple[float, str]]) -> list[str]:
    return [f"{_signed(value)} {name}" for value, name in pairs]


def _signed(value: float) -> str:
    return f"{'-' if value < 0 else '+'} {abs(value):.17g}"


def _side(value: float) -> str:
    return f"{value:.17g}" if abs(value) < inf else ("-inf" if value < 0 else "+inf")


def _wrapped(head: str, words: Iterable[str]) -> Iterator[str]:
    line = f" {head}".rstrip()
    for word in words:
        if len(line) + len(word) >= WIDTH:
            yield line
            line = "  "
        line = f"{line} {word}"
    yield line
