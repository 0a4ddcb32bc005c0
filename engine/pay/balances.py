"""Balances: what people owe, or are owed, from one year to the next.

    opening + added - taken - forgiven = closing

for every draw, holdback and limit that keeps a balance. A draw adds what it advances and takes what it recovers; a
holdback adds what it holds and takes what it releases; a limit adds what it cuts and takes what it pays later. What was
forgiven, forfeited or kept for good is told apart.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from engine.columns import Column
from engine.comp.adjustment import Adjustment
from engine.comp.components.holdback import Holdback
from engine.comp.exact import Balance
from engine.comp.spec import CompSpec
from engine.inputs import Inputs, IntArray

COLUMNS = (
    Column("person", "text", "Person"),
    Column("component", "text", "Draw, holdback or limit of the plan"),
    Column("kind", "text", "Kind of the component"),
    Column("opening", "money", "Owed by the person (draw), held (holdback) or waiting (limit) when the plan began"),
    Column("added", "money", "Advanced, held or cut since"),
    Column("taken", "money", "Recovered, released or paid later since"),
    Column("forgiven", "money", "Forgiven, forfeited or kept for good since"),
    Column("closing", "money", "What is left of it"),
)  # fmt: skip
CARRIED = (
    Column("person", "text", "Person"),
    Column("component", "text", "Draw, holdback or limit of the plan"),
    Column("amount", "money", "Owed by the person (draw), held (holdback) or waiting (limit)"),
    Column("due_in", "whole", "Holdback alone: periods from here until it is released, 1 for the next one"),
)


def balances(
    found: Mapping[int, Balance], opening: Mapping[int, IntArray], spec: CompSpec, inputs: Inputs, closed: int
) -> pd.DataFrame:
    """Return what became of the balances of people by the end of the closed periods, with the columns of `COLUMNS`."""
    parts = [part for block in spec.plans.values() for part in block.components]
    rows = []
    for k, balance in sorted(found.items()):
        shape = balance.closing.shape
        before = opening.get(k, np.zeros(shape, dtype=np.int64)).sum(axis=1)
        added, taken = (table[:, :closed].sum(axis=1) for table in (balance.added, balance.taken))
        closing = balance.closing[:, closed - 1]
        for s in np.flatnonzero(before | added | taken | closing).tolist():
            figures = int(before[s]), int(added[s]), int(taken[s])
            forgiven = figures[0] + figures[1] - figures[2] - int(closing[s])
            who = inputs.spells.person[s], parts[k].label, parts[k].kind
            rows.append((*who, *figures, forgiven, int(closing[s])))
    names = [column.name for column in COLUMNS]
    types = {**dict.fromkeys(names[:3], "str"), **dict.fromkeys(names[3:], "int64")}
    frame = pd.DataFrame(rows, columns=names).astype(types)
    return frame.groupby(names[:3], sort=True).sum().reset_index()


def carried(
    found: Mapping[int, Balance], opening: Mapping[int, IntArray], spec: CompSpec, inputs: Inputs, closed: int
) -> pd.DataFrame:
    """Return what the next year takes up, with the columns of `CARRIED`."""
    parts = [part for block in spec.plans.values() for part in block.components]
    rows: list[tuple[str, str, int, int | None]] = []
    for k, balance in sorted(found.items()):
        part = parts[k]
        if not (isinstance(part, Adjustment) and part.carries):
            continue
        for s in np.flatnonzero(balance.closing[:, closed - 1]).tolist():
            who = inputs.spells.person[s], part.label
            if not isinstance(part, Holdback):
                rows.append((*who, int(balance.closing[s, closed - 1]), None))
                continue
            due = part.after or 0
            held = [(p + due, int(amount)) for p, amount in enumerate(balance.added[s, :closed])]
            held += [(p, int(amount)) for p, amount in enumerate(opening[k][s])] if k in opening else []
            rows += [(*who, amount, p - closed + 1) for p, amount in held if amount and p >= closed]
    frame = pd.DataFrame(rows, columns=[column.name for column in CARRIED])
    frame = frame.astype({"person": "str", "component": "str", "amount": "int64", "due_in": "Int64"})
    return (
        frame.groupby(["person", "component", "due_in"], sort=True, dropna=False)["amount"]
        .sum()
        .reset_index()[[column.name for column in CARRIED]]
    )
