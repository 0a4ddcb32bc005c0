"""Managers: one extract for each, which holds the people below them and nobody else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from engine.columns import Table
from engine.comp.terms import days_in_seat
from engine.inputs import Inputs, IntArray
from engine.pay.ledger import COLUMNS
from engine.pay.names import file_names
from engine.pay.tables import below, seats_named
from engine.store.tables import spreadsheet


def extracts(ledger: pd.DataFrame, inputs: Inputs, managers: IntArray) -> dict[str, pd.DataFrame]:
    """Return the rows of the ledger that each manager may see.

    These are the rows of seats below, at any depth, of the periods in which the manager held the seat above.
    """
    first, last = days_in_seat(inputs.calendar, inputs)
    here, spells = last > first, inputs.spells
    seat = ledger["rep"].map(seats_named(inputs.reps)).fillna(-1).to_numpy(dtype=np.int64)
    labels = {label: p for p, label in enumerate(inputs.calendar.labels)}
    period = ledger["period"].map(labels).to_numpy(dtype=np.int64)
    found: dict[str, np.ndarray[tuple[int], np.dtype[np.bool_]]] = {}
    for head in sorted(set(managers[managers >= 0].tolist())):
        mine = np.isin(seat, below(managers, head))
        for spell in np.flatnonzero(spells.rep == head).tolist():
            seen = mine & here[spell][period] & (ledger["person"] != spells.person[spell]).to_numpy()
            found[spells.person[spell]] = (
                found.get(spells.person[spell], np.zeros(len(ledger), dtype=bool)) | seen
            )
    return {name: ledger[seen].reset_index(drop=True) for name, seen in found.items()}


def write_extracts(folder: Path, found: dict[str, pd.DataFrame], currency: str) -> None:
    """Write `<manager>.csv` for everybody who has people below."""
    folder.mkdir(parents=True)
    stems = file_names(found)
    for name, frame in found.items():
        shown = spreadsheet(Table("managers", COLUMNS, frame), currency)
        shown.to_csv(folder / f"{stems[name]}.csv", index=False, lineterminator="\n")
