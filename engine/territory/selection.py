"""Selection: accounts and seats by id, and the columns that rules read; with faults where they do not exist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from engine.data.dictionary import SEPARATOR
from engine.errors import Fault, did_you_mean
from engine.inputs import Inputs, IntArray, Words
from engine.territory.target import SHOWN


def account_faults(inputs: Inputs, names: Iterable[str], field: str) -> list[Fault]:
    """Return a fault for each id that is no account."""
    known = set(inputs.accounts.id)
    return [
        Fault("E_REFERENCE", f"no account has the id '{name}'.", _near(inputs, name), field=field)
        for name in names
        if name not in known
    ]


def _near(inputs: Inputs, name: str) -> str:
    return did_you_mean(name, inputs.accounts.id)


def places_of(inputs: Inputs, names: Iterable[str]) -> IntArray:
    """Return the rows of accounts by id, in the order of the names."""
    wanted = list(names)
    row = {name: i for i, name in enumerate(inputs.accounts.id)}
    return np.array([row[name] for name in wanted], dtype=np.int64)


def seats_of(inputs: Inputs, names: Iterable[str]) -> IntArray:
    """Return the rows of seats by id, in the order of the names."""
    row = {name: j for j, name in enumerate(inputs.reps.id)}
    return np.array([row[name] for name in names], dtype=np.int64)


def column_faults(columns: Mapping[str, Any], name: str, field: str, whose: str = "accounts") -> list[Fault]:
    """Return a fault when a table has no further column of that name."""
    if name in columns:
        return []
    hint = f"Declare it under data, among the further columns of the {whose}. {did_you_mean(name, columns)}"
    return [Fault("E_REFERENCE", f"the {whose} have no column '{name}'.", hint.strip(), field=field)]


def texts(cells: Iterable[Any]) -> Words:
    """Return the cells of a further column as text; '' where blank."""
    return tuple("" if cell is None or cell != cell else str(cell) for cell in cells)


def lists(cells: Iterable[Any]) -> tuple[frozenset[str], ...]:
    """Return the cells of a further column as sets of words separated by `;`; empty where blank."""
    return tuple(
        frozenset(word for part in cell.split(SEPARATOR) if (word := part.strip())) for cell in texts(cells)
    )


def labels_of(words: Words) -> IntArray:
    """Return a number for each distinct word in the order of their first use, -1 for a blank; shape (account,)."""
    number: dict[str, int] = {}
    return np.array([number.setdefault(word, len(number)) if word else -1 for word in words], dtype=np.int64)


def listed(names: Iterable[str]) -> str:
    """Return the first names in words."""
    every = list(names)
    return ", ".join(every[:SHOWN]) + " ..." * (len(every) > SHOWN)
