"""People in seats: from the table `spells`, or from the rows of reps where there is none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from engine.calendar import DateArray
from engine.data.cells import days, keys, money
from engine.data.currencies import one_currency
from engine.data.identity import identify
from engine.data.references import Axis, reference
from engine.data.rows import Rows, filled, words
from engine.inputs import IntArray, Spells, Words

LONG_AGO = np.datetime64("1970-01-01", "D")
"""Start of a spell that nobody knows the start of: every ramp is over."""
_NO_END = np.datetime64("9999-12-31", "D")


@dataclass(frozen=True)
class SpellColumns:
    """What a row says of the person in a seat; one entry per row of the file."""

    person: pa.Array
    start: DateArray
    end: DateArray
    plan: pa.Array
    salary: IntArray
    target_incentive: IntArray
    role: pa.Array


def people(rows: Rows, axis: Axis | None, currency: str) -> Spells:
    """Return the spells of the table `spells`."""
    person = identify(rows, "person", unique=False)
    one_currency(rows, currency)
    rep = reference(rows, "rep", axis, blank=False)
    columns = spell_columns(rows, person, currency)
    _overlaps(rows, rep, columns.start, columns.end)
    return spells(rows, columns, rep)


def spell_columns(rows: Rows, person: pa.Array, currency: str) -> SpellColumns:
    """Read and judge what rows say of people."""
    start, end = days(rows, "start"), days(rows, "end")
    if rows.has("start"):
        unknown = np.isnat(start) & filled(person)
        rows.note(unknown, "no start: taken as long ago", lambda row: str(person[row]), "start")
    start = np.where(np.isnat(start), LONG_AGO, start)
    rows.contradiction(
        ~np.isnat(end) & (end <= start), "E_DATE", "the spell ends before it starts", "end",
        lambda row: f"{start[row]} to {end[row]}",
    )  # fmt: skip
    return SpellColumns(
        person, start, end, keys(rows, "plan"),
        money(rows, "salary", currency), money(rows, "target_incentive", currency), keys(rows, "role"),
    )  # fmt: skip


def spells(rows: Rows, columns: SpellColumns, rep: IntArray) -> Spells:
    """Return the spells of the kept rows, by seat and start; `rep` is the seat of each row."""
    at = np.flatnonzero(rows.keep & filled(columns.person))
    order = at[np.lexsort((columns.start[at], rep[at]))]
    persons, role = words(columns.person, order), words(columns.role, order)
    _in_two_seats(rows, persons, columns.start[order], columns.end[order])
    return Spells(
        id=_numbered(persons), person=persons, rep=rep[order], start=columns.start[order], end=columns.end[order],
        plan=words(columns.plan, order), salary=columns.salary[order],
        target_incentive=columns.target_incentive[order], role=role if any(role) else (),
    )  # fmt: skip


def _overlaps(rows: Rows, rep: IntArray, start: DateArray, end: DateArray) -> None:
    """Judge spells of a seat that begin before the one before has ended."""
    until = np.where(np.isnat(end), _NO_END, end)
    at = np.flatnonzero(rows.keep & (rep >= 0))
    order = at[np.lexsort((start[at], rep[at]))]
    before, after = order[:-1], order[1:]
    early = (rep[before] == rep[after]) & (start[after] < until[before])
    wrong = np.zeros(rows.raw.rows, dtype=bool)
    wrong[after[early]] = True
    said = filled(rows.cells("start")) if rows.has("start") else np.zeros(rows.raw.rows, dtype=bool)
    rows.contradiction(
        wrong, "E_OVERLAP", "the spell begins before the last one of its seat has ended", "start",
        lambda row: f"from {start[row]}" if said[row] else "with no day on which it begins",
    )  # fmt: skip


def _in_two_seats(rows: Rows, persons: Words, start: DateArray, end: DateArray) -> None:
    last: dict[str, np.datetime64] = {}
    twice = []
    for row in np.argsort(start, kind="stable").tolist():
        name = persons[row]
        if name in last and start[row] < last[name]:
            twice.append(name)
        last[name] = _NO_END if np.isnat(end[row]) else end[row]
    rows.verdicts.find(rows.table, "person in two seats at a time", len(twice), "kept", twice)


def _numbered(persons: Words) -> Words:
    """Return ids: the person, and `person#2` ... for further spells in the order of the table."""
    count: dict[str, int] = {}
    ids = []
    for name in persons:
        count[name] = count.get(name, 0) + 1
        ids.append(name if count[name] == 1 else f"{name}#{count[name]}")
    return tuple(ids)
