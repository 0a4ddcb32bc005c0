"""Goals: a table of what the company and nodes are to bring, by product and period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pyarrow as pa

from engine.calendar import Calendar
from engine.data.cells import keys, money
from engine.data.currencies import one_currency
from engine.data.deals import Axes
from engine.data.identity import leave_out
from engine.data.references import Axis, unmatched
from engine.data.rows import Rows
from engine.goals import NONE, Goals
from engine.inputs import Reps

COMPANY, SEAT = "company", "rep"
EVERY = ("all", COMPANY)
"""Cells that mean as much as a blank one: every product, or the company."""


def goals(rows: Rows, seats: Reps | None, axes: Axes, calendar: Calendar, currency: str) -> Goals:
    """Return the kept rows in the order of the file; a blank amount is no goal, and 0 is a goal of nothing."""
    one_currency(rows, currency)
    product = _named(rows, "product", axes.products)
    periods = dict.fromkeys((*calendar.labels, *(f"Q{quarter + 1}" for quarter in calendar.quarter)))
    period = _named(rows, "period", Axis("periods and quarters of the plan", _array(periods)))
    level, node = _nodes(rows, seats)
    leave_out(rows, _array(node), "node")
    amount = money(rows, "amount", currency, NONE)
    key = list(zip(level, node, product, period, strict=True))
    seen: dict[tuple[str, ...], int] = {}
    again = np.array([seen.setdefault(one, row) != row for row, one in enumerate(key)], dtype=bool)

    def say(row: int) -> str:
        return f"{', '.join(word for word in key[row] if word) or 'the whole plan'}, as in row {seen[key[row]] + 2}"

    rows.contradiction(again, "E_DUPLICATE_ID", "a goal stands twice", "amount", say)
    at = np.flatnonzero(rows.keep & ~rows.refused)
    kept = [tuple(column[row] for row in at.tolist()) for column in (level, node, product, period)]
    return Goals(kept[0], kept[1], kept[2], kept[3], amount[at], at + 2, rows.raw.file)


def _named(rows: Rows, column: str, axis: Axis | None) -> Sequence[str]:
    """Return the names of a column; '' for all of them."""
    if not rows.has(column):
        return [""] * rows.raw.rows
    cells = keys(rows, column).to_pylist()
    every = np.array([cell in EVERY for cell in cells], dtype=bool)
    if axis is not None:
        unknown = np.array([bool(cell) and cell not in set(axis.ids.to_pylist()) for cell in cells])
        unmatched(rows, column, unknown & ~every & ~rows.refused, axis, blank=False)
    return ["" if all_ else cell for cell, all_ in zip(cells, every, strict=True)]


def _nodes(rows: Rows, seats: Reps | None) -> tuple[list[str], list[str]]:
    """Return level and node of each row; '' for the company. A level that is left out is found by the node's name."""
    levels, nodes = _named(rows, "level", None), _named(rows, "node", None)
    if seats is None:
        return list(levels), list(nodes)
    known: dict[str, Iterable[str]] = {**seats.levels, SEAT: seats.id}
    above = Axis("levels of the reps", _array(known))
    unknown = np.array([bool(level) and level not in known for level in levels], dtype=bool)
    unmatched(rows, "level", unknown, above, blank=False)
    every = Axis("nodes", _array(dict.fromkeys(name for names in known.values() for name in names)))
    gone = np.array(
        [bool(node) and not _levels(known, level, node) for level, node in zip(levels, nodes, strict=True)]
    )
    unmatched(rows, "node", gone & ~rows.refused, every, blank=False)

    def say(row: int) -> str:
        return f"'{nodes[row] or levels[row]}'"

    lost = np.array([bool(level) and not node for level, node in zip(levels, nodes, strict=True)], dtype=bool)
    rows.contradiction(lost & ~unknown, "E_REQUIRED", "a level without a node", "node", say)
    found = [_levels(known, level, node) for level, node in zip(levels, nodes, strict=True)]
    twice = np.array([len(one) > 1 for one in found], dtype=bool)
    rows.contradiction(twice, "E_REQUIRED", "a node of two levels: name its level", "level", say)
    return [one[0] if one else "" for one in found], list(nodes)


def _levels(known: Mapping[str, Iterable[str]], level: str, node: str) -> list[str]:
    """Return the levels on which a node stands, of the one that is named, or of all."""
    return [name for name, names in known.items() if node and level in ("", name) and node in names]


def _array(names: Iterable[str]) -> pa.Array:
    return pa.array(list(names), pa.string())
