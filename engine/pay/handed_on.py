"""Handed on: what a year earned and paid on its deals, so that the next one can take it back, or pay the rest."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.columns import Column
from engine.crediting.deals import Texts
from engine.inputs import IntArray
from engine.pay.release import Entries
from engine.pay.settlement import Settlement
from engine.pay.tables import Tables

COLUMNS = (
    Column("deal", "text", "Deal"),
    Column("person", "text", "Person"),
    Column("component", "text", "Component of the plan"),
    Column("earned", "money", "What the deal earned them, before anything was taken back"),
    Column("taken", "money", "What of that was taken back"),
    Column("paid", "money", "What became due of it so far"),
)
"""Columns of the table that a pay folder hands on to the next year."""


def deal_pay(settled: Settlement, tables: Tables, closed: int) -> pd.DataFrame:
    """Return what deals earned people, what was taken back and what became due, by the end of the closed periods."""
    found, labels = settled.on_deals, [part.label for _, part in settled.components]
    first, claws, due = found.earned.earned, found.claws, found.due
    parts = (
        (first, {"earned": first.amount, "taken": found.earned.taken, "paid": found.earned.paid}),
        (claws, {"taken": -claws.amount}),
        (due, {"paid": due.amount}),
    )
    ids = dict(zip(tables.deals.line.tolist(), tables.deals.id, strict=True))
    ids |= dict(zip(tables.deal_pay.deals.line.tolist(), tables.deal_pay.deals.id, strict=True))
    people = np.array([*tables.inputs.spells.person, ""], dtype=object)
    frame = pd.concat(
        [
            _frame(entries, figures, closed, ids, people, np.array(labels, dtype=object))
            for entries, figures in parts
        ]
    )
    by = ["deal", "person", "component"]
    return frame.groupby(by, sort=True)[["earned", "taken", "paid"]].sum().reset_index()


def _frame(
    entries: Entries,
    figures: dict[str, IntArray],
    closed: int,
    ids: dict[int, str],
    people: Texts,
    labels: Texts,
) -> pd.DataFrame:
    nothing = np.zeros(entries.amount.size, dtype=np.int64)
    columns = {
        "deal": np.array([ids[line] for line in entries.line.tolist()], dtype=object),
        "person": people[entries.spell],
        "component": labels[entries.component],
        **{name: figures.get(name, nothing) for name in ("earned", "taken", "paid")},
    }
    return pd.DataFrame(columns)[entries.period < closed]
