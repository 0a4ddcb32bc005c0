"""Neighbours: which geographic units touch, one pair a row; the other direction need not stand there."""

from __future__ import annotations

from engine.data.cells import keys
from engine.data.identity import identify
from engine.data.rows import Rows, words
from engine.geography import Adjacency


def neighbours(rows: Rows) -> Adjacency:
    """Return the pairs in canonical order; a unit whose neighbour is blank has none in that row."""
    units = identify(rows, "unit", unique=False)
    others = keys(rows, "neighbour")
    order = rows.order(["unit", "neighbour"])
    return Adjacency(words(units, order), words(others, order))
