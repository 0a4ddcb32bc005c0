"""Balances: what people owe, or are owed, from one year to the next.

    opening + added - taken - forgiven = closing

for every draw, holdback and limit that keeps a balance. A draw adds what it advances and takes what it recovers; a
holdback adds what it holds and takes what it releases; a limit adds what it cuts and takes what it pays later. What was
forgiven, forfeited or kept for good is told apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.columns import Column
from engine.comp.adjustment import Adjustment
from engine.comp.components.holdback import Holdback
from engine.comp.exact import Balance
from engine.comp.spec import CompSpec
from engine.data.cells import blank, money, whole
from engine.data.rows import Rows, filled
from engine.errors import BadInput, Fault
from engine.inputs import Inputs, IntArray
from engine.pay.named import Named, unknown_people

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


@dataclass(frozen=True)
class Balances:
    """Balances from before the plan. Shape (row,)."""

    named: Named
    amount: IntArray
    due_in: IntArray
    """Period in which it is released, from 1; 0 where blank."""

    def opening(self, inputs: Inputs, spec: CompSpec, head: IntArray) -> dict[int, IntArray]:
        """Return them by the place of their component, shape (spell, period), in the period in which they count."""
        component, spell = self.named.places(inputs, spec, head)
        tables: dict[int, IntArray] = {}
        for k, s, due, amount in zip(component, spell, self.due_in, self.amount, strict=True):
            if k >= 0:
                shape = (len(inputs.spells), inputs.calendar.periods)
                table = tables.setdefault(int(k), np.zeros(shape, dtype=np.int64))
                table[s, max(int(due) - 1, 0)] += amount
        return tables

    def judge(self, inputs: Inputs, spec: CompSpec) -> None:
        """Hold the rows to the plans.

        Raises:
            BadInput: a component that is not there or keeps no balance, or a day of release that is missing.

        """
        faults = list(self.named.faults(inputs, spec))
        parts = [part for block in spec.plans.values() for part in block.components]
        component, _ = self.named.places(inputs, spec, np.arange(len(inputs.spells)))
        for row in np.flatnonzero(component >= 0).tolist():
            part, due = parts[component[row]], int(self.due_in[row])
            label = part.label
            problem = ("", "", "")
            if not (isinstance(part, Adjustment) and part.carries):
                hint = "Such are recoverable draws, holdbacks `after` periods, and limits `carried_forward`."
                problem = "component", f"{label} carries nothing from year to year", hint
            elif isinstance(part, Holdback) and not 1 <= due <= inputs.calendar.periods:
                hint = f"Give the period of release: 1 to {inputs.calendar.periods}."
                problem = "due_in", f"{label} does not say in which period it is released", hint
            elif due and not isinstance(part, Holdback):
                problem = (
                    "due_in",
                    f"{label} is no holdback, and has a period of release",
                    "Leave it blank.",
                )
            if problem[0]:
                field, message, hint = problem
                place = self.named.file, int(self.named.line[row])
                faults.append(Fault("E_RANGE", message, hint, *place, field=field))
        if faults:
            raise BadInput(faults)


def read_balances(rows: Rows | None, inputs: Inputs, currency: str) -> Balances:
    """Return balances from before the plan; people who are not in it are left out."""
    none, words = np.empty(0, dtype=np.int64), np.empty(0, dtype=object)
    if rows is None:
        return Balances(Named("", none, words, words), none, none)
    blank(rows, "amount")
    amount, due_in = money(rows, "amount", currency), whole(rows, "due_in")
    rows.contradiction(
        filled(rows.cells("due_in")) & (due_in == 0), "E_RANGE", "a period of release below 1", "due_in",
        lambda row: str(rows.cells("person")[row]),
    )  # fmt: skip
    unknown_people(rows, inputs.spells)
    named, at = Named.of(rows)
    return Balances(named, amount[at], due_in[at])


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
