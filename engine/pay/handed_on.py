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
    ids, people = _ids(tables), _people(tables)
    frame = pd.concat(
        [
            _frame(entries, figures, closed, ids, people, np.array(labels, dtype=object))
            for entries, figures in parts
        ]
    )
    by = ["deal", "person", "component"]
    return frame.groupby(by, sort=True)[["earned", "taken", "paid"]].sum().reset_index()


RELEASED = (
    Column("person", "text", "Person"),
    Column("period", "text", "Period in which it became due"),
    Column("component", "text", "Component of the plan"),
    Column("deal", "text", "Deal"),
    Column("due", "money", "What became due on the deal, below 0 where it was taken back"),
)
"""Columns of what made up the pay of a period, deal by deal."""


def released(settled: Settlement, tables: Tables, closed: int) -> pd.DataFrame:
    """Return what became due on each deal, by person, period and component, up to the end of the closed periods."""
    due, labels = settled.on_deals.due, [part.label for _, part in settled.components]
    frame = _frame(
        due, {"due": due.amount}, closed, _ids(tables), _people(tables), np.array(labels, dtype=object)
    )
    periods = np.array(tables.inputs.calendar.labels, dtype=object)[due.period[due.period < closed]]
    by = ["person", "period", "component", "deal"]
    sums = frame.assign(period=periods).groupby(by, sort=True)["due"].sum().reset_index()
    return sums[sums["due"] != 0].reset_index(drop=True)


def _ids(tables: Tables) -> dict[int, str]:
    """Return the ids of deals by their rows of the file."""
    ids = dict(zip(tables.deals.line.tolist(), tables.deals.id, strict=True))
    return ids | dict(zip(tables.deal_pay.deals.line.tolist(), tables.deal_pay.deals.id, strict=True))


def _people(tables: Tables) -> Texts:
    return np.array([*tables.inputs.spells.person, ""], dtype=object)


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
        **{name: figures.get(name, nothing) for name in ("earned", "taken", "paid", "due")},
    }
    return pd.DataFrame(columns)[entries.period < closed]
