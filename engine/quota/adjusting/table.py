"""Tables of adjusted quotas: who was set from what to what and why, and what that did to everybody else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from engine.adjusted import NONE, Adjusted
from engine.columns import Column, Table
from engine.inputs import Inputs, IntArray
from engine.quota.adjusting.effects import Entry

ADJUSTMENTS = (
    Column("name", "text", "Seat or node whose quota is set"),
    Column("product", "text", "Product; blank for all of them together"),
    Column("period", "text", "Period; blank for the whole plan"),
    Column("before", "money", "Its quota without any adjustment; blank where there are no such quotas"),
    Column("quota", "money", "What it is set to; blank for no quota at all"),
    Column("change", "money", "quota - before"),
    Column("reason", "text", "Why, as the file says"),
    Column("from", "text", "File and row that set it"),
    Column(
        "entry",
        "whole",
        "Entry that it belongs to, from 1: rows of a file with one reason; see adjustment_effects",
    ),
    Column(
        "others",
        "money",
        "What the entry moves onto all seats that it does not set, summed; blank where unknown",
    ),
    Column(
        "others_there",
        "money",
        "What all adjustments together move onto all other seats in the same product and period; blank for nodes",
    ),
    Column("most", "text", "Seat that it does not set and whose quota it moves most; blank where none"),
    Column("most_change", "money", "By how much it changes"),
)
EFFECTS = (
    Column("entry", "whole", "Entry, from 1, in the order of the files; counted after all entries before it"),
    Column("names", "text", "Seats and nodes that it sets"),
    Column("reason", "text", "Why, as the file says; blank where it does not"),
    Column("rep", "text", "Seat whose quota it moves"),
    Column("set", "flag", "It sets the seat, or a node above it"),
    Column(
        "effect",
        "money",
        "What it does to the quota; over all entries they add up to the change in quota_effect",
    ),
)
EFFECT = (
    Column("rep", "text", "Seat"),
    Column("before", "money", "Quota of the plan without any adjustment"),
    Column("quota", "money", "Quota of the plan"),
    Column("change", "money", "quota - before"),
    Column("change_ratio", "ratio", "change / before; blank where before is 0"),
    Column("set", "flag", "The seat's own quota, or a part of it, is set by an adjustment"),
)

Place = tuple[int, slice | int, slice | int]
"""Seat, product and period of a quota."""


def tables(
    inputs: Inputs,
    products: Sequence[str],
    cells: IntArray,
    before: IntArray | None,
    own: dict[str, tuple[int, int]],
    entries: Sequence[Entry],
) -> tuple[Table, ...]:
    """Return quota_adjustments, adjustment_effects and quota_effect.

    Args:
        inputs: the tables, with what is adjusted.
        products: product axis of the quotas.
        cells: the quotas, shape (rep, product, period), minor units.
        before: the quotas without adjustments; None where no such quotas exist.
        own: quota of each node by name, before and after, minor units.
        entries: what each adjustment did.

    """
    adjusted = inputs.adjusted
    assert adjusted is not None
    ids = inputs.reps.id
    touched = np.array([name in adjusted.name for name in ids])
    change = np.zeros(len(ids), dtype=np.int64) if before is None else (cells - before).sum(axis=(1, 2))
    of = {row: index for index, entry in enumerate(entries) for row in entry.rows}
    others = [_others(inputs, adjusted, entry) for entry in entries]
    rows: list[tuple[Any, ...]] = []
    for row in range(len(adjusted)):
        name, product, period = adjusted.name[row], adjusted.product[row], adjusted.period[row]
        was: int | None = None
        if before is not None:
            at = _at(inputs, products, name, product, period)
            was = own[name][0] if at is None else int(before[at].sum())
        now = None if int(adjusted.amount[row]) == NONE else int(adjusted.amount[row])
        moved = None if was is None else (now or 0) - was
        rows.append(
            (
                name,
                product or None,
                period or None,
                was,
                now,
                moved,
                adjusted.reason[row] or None,
                adjusted.place[row],
                of[row] + 1,
                others[of[row]][0],
                None
                if before is None
                else _elsewhere(_at(inputs, products, name, product, period), cells - before),
                *others[of[row]][1:],
            )
        )
    frame = _frame(ADJUSTMENTS, rows)
    made = [
        Table(
            "quota_adjustments", ADJUSTMENTS, frame, "Quotas that people set by hand, and what that moved."
        ),
        _effects(inputs, adjusted, entries),
    ]
    if before is not None:
        was_, now_ = before.sum(axis=(1, 2)), cells.sum(axis=(1, 2))
        ratio = np.divide(change, was_, out=np.full(len(ids), np.nan), where=was_ != 0)
        effect = pd.DataFrame(
            {
                "rep": np.array(ids, dtype=object),
                "before": was_,
                "quota": now_,
                "change": change,
                "change_ratio": ratio,
                "set": touched,
            }
        )
        made.append(Table("quota_effect", EFFECT, effect, "What all adjustments together did to every seat."))
    return tuple(made)


def _mine(inputs: Inputs, adjusted: Adjusted, entry: Entry) -> list[bool]:
    """Return the seats that an entry sets, or a node above them, shape (rep,)."""
    names, levels = {adjusted.name[row] for row in entry.rows}, list(inputs.reps.levels.values())
    return [
        name in names or any(nodes[seat] in names for nodes in levels)
        for seat, name in enumerate(inputs.reps.id)
    ]


def _elsewhere(at: Place | None, change: IntArray) -> int | None:
    """Return what moved at all other seats in the same products and periods, minor units; None for a node."""
    return None if at is None else int(change[:, at[1], at[2]].sum() - change[at].sum())


def _others(inputs: Inputs, adjusted: Adjusted, entry: Entry) -> tuple[int | None, str | None, int | None]:
    """Return what an entry moves onto seats that it does not set, and at which of them most."""
    if entry.effect is None:
        return None, None, None
    free = np.where(_mine(inputs, adjusted, entry), 0, entry.effect)
    most = int(np.abs(free).argmax())
    return int(free.sum()), *((inputs.reps.id[most], int(free[most])) if free.any() else (None, None))


def _effects(inputs: Inputs, adjusted: Adjusted, entries: Sequence[Entry]) -> Table:
    rows: list[tuple[Any, ...]] = []
    for number, entry in enumerate(entries, 1):
        names = list(dict.fromkeys(adjusted.name[row] for row in entry.rows))
        said = (
            "; ".join(dict.fromkeys(adjusted.reason[row] for row in entry.rows if adjusted.reason[row]))
            or None
        )
        mine, effect = _mine(inputs, adjusted, entry), [] if entry.effect is None else entry.effect.tolist()
        rows += [
            (number, ", ".join(names), said, inputs.reps.id[seat], mine[seat], moved)
            for seat, moved in enumerate(effect)
            if moved
        ]
    return Table(
        "adjustment_effects", EFFECTS, _frame(EFFECTS, rows), "What each adjustment did to every seat."
    )


def _at(inputs: Inputs, products: Sequence[str], name: str, product: str, period: str) -> Place | None:
    """Return where the cells of a quota of a seat stand; None for a node."""
    if name not in inputs.reps.id:
        return None
    return (
        inputs.reps.id.index(name),
        products.index(product) if product in products else slice(None),
        inputs.calendar.labels.index(period) if period else slice(None),
    )


def _frame(columns: Sequence[Column], rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=[column.name for column in columns], dtype=object)
    return frame.astype({column.name: "Int64" for column in columns if column.type in ("money", "whole")})
