"""Seats: the table `reps`, with the hierarchy above them and the segments they may own."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.data.cells import keys, money, text, whole
from engine.data.currencies import one_currency
from engine.data.dictionary import SEPARATOR
from engine.data.extras import extra
from engine.data.identity import identify
from engine.data.people import SpellColumns, spell_columns, spells
from engine.data.places import coordinates
from engine.data.references import Axis, unmatched
from engine.data.rows import Rows, filled, named, words
from engine.data.spec import RepsTable
from engine.inputs import Reps, Spells


def reps(
    rows: Rows, spec: RepsTable, segments: Axis | None, currency: str, *, people: bool
) -> tuple[Reps, Spells | None]:
    """Return the seats in canonical order and, when their rows hold `people`, the spells."""
    ids = identify(rows)
    one_currency(rows, currency)
    names = text(rows, "name")
    levels = {level: keys(rows, level, required=True) for level in spec.levels}
    _one_parent(rows, levels)
    latitude, longitude = coordinates(rows)
    serves = _serves(rows, segments)
    slots = whole(rows, "slots", missing=-1)
    rows.fault(
        slots == 0, "E_RANGE", "slots is 0", "slots", lambda row: "0", "Give at least 1, or leave it blank."
    )
    history = money(rows, "history", currency)
    columns = _person_columns(rows, ids, currency) if people else None
    more = {name: extra(rows, name, kind, currency) for name, kind in spec.extra.items()}
    order = rows.order(["id"])
    seats = Reps(
        id=words(ids, order), name=named(names, ids, order),
        levels={level: words(cells, order) for level, cells in levels.items()},
        latitude=latitude[order], longitude=longitude[order],
        serves=tuple(serves[row] for row in order.tolist()), slots=slots[order], history=history[order],
        extra={name: values[order] for name, values in more.items()},
    )  # fmt: skip
    place = np.full(rows.raw.rows, -1, dtype=np.int64)
    place[order] = np.arange(len(order))
    return seats, spells(rows, columns, place) if columns else None


def _one_parent(rows: Rows, levels: Mapping[str, pa.Array]) -> None:
    """Judge levels: a district lies in one region."""
    names = list(levels)
    for above, below in pairwise(names):
        pairs = list(zip(levels[below].to_pylist(), levels[above].to_pylist(), strict=True))
        parents: dict[str, str] = {}
        for row in np.flatnonzero(rows.keep).tolist():
            parents.setdefault(*pairs[row])
        wrong = np.array([parents.get(node, parent) != parent for node, parent in pairs], dtype=bool)

        def say(row: int, pairs: list[tuple[str, str]] = pairs, parents: dict[str, str] = parents) -> str:
            node, parent = pairs[row]
            return f"{node!r} in {parent!r}, elsewhere in {parents[node]!r}"

        hint = f"Give each {below} one {above}, or names of its own."
        rows.fault(wrong, "E_HIERARCHY", f"one {below} lies in two of {above}", below, say, hint)


def _serves(rows: Rows, segments: Axis | None) -> list[frozenset[str]]:
    """Return the segments that each row may own; those of no account are judged."""
    cells = keys(rows, "serves")
    wanted = [frozenset(name.strip() for name in cell.split(SEPARATOR)) - {""} for cell in cells.to_pylist()]
    if segments is None:
        return wanted
    known = frozenset(segments.ids.to_pylist())
    unmatched(rows, "serves", np.array([not names <= known for names in wanted], dtype=bool), segments)
    return [names & known for names in wanted]


def _person_columns(rows: Rows, ids: pa.Array, currency: str) -> SpellColumns:
    person = keys(rows, "person") if rows.has("person") else ids
    rows.note(~filled(person), "open position: no person", lambda row: str(ids[row]), "person")
    return spell_columns(rows, person, currency)


def segments_of(rows: Rows, default: str) -> Axis:
    """Return the segments that the accounts name, before their rows are judged."""
    cells = rows.cells("segment")
    if pa.types.is_floating(cells.type):
        return Axis("segments of the accounts", pa.array([default], pa.string()))
    return Axis("segments of the accounts", pc.unique(pc.if_else(pc.equal(cells, ""), default, cells)))
