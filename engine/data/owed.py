"""Balances of people from before the plan: a table, such as the `private/carried.csv` of a pay folder."""

from __future__ import annotations

import numpy as np

from engine.data.cells import blank, keys, money, whole
from engine.data.rows import Rows, filled, words
from engine.inputs import Spells
from engine.owed import Owed


def owed(rows: Rows, spells: Spells, currency: str) -> Owed:
    """Return the kept rows; those of people who are not in the plan are left out, and counted."""
    blank(rows, "amount")
    amount, due_in = money(rows, "amount", currency), whole(rows, "due_in")
    rows.contradiction(
        filled(rows.cells("due_in")) & (due_in == 0), "E_RANGE", "a period of release below 1", "due_in",
        lambda row: str(rows.cells("person")[row]),
    )  # fmt: skip
    unknown_people(rows, spells)
    person, component = keys(rows, "person", required=True), keys(rows, "component", required=True)
    at = np.flatnonzero(rows.keep & ~rows.refused)
    return Owed(words(person, at), words(component, at), amount[at], due_in[at], at + 2, rows.raw.file)


def unknown_people(rows: Rows, spells: Spells) -> None:
    """Leave out, and count, rows of people who are not in the plan."""
    person = np.array(rows.cells("person").to_pylist(), dtype=object)
    known = set(spells.person)
    gone = np.array([name not in known for name in person], dtype=bool)
    rows.drop(gone, "a person who is not in the plan", lambda row: str(person[row]), "person")
