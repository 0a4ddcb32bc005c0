"""Tables of adjusted quotas: who was set from what to what and why, and what that did to everybody else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from engine.adjusted import NONE
from engine.columns import Column, Table
from engine.inputs import Inputs, IntArray

ADJUSTMENTS = (
    Column("name", "text", "Seat or node whose quota is set"),
    Column("product", "text", "Product; blank for all of them together"),
    Column("period", "text", "Period; blank for the whole plan"),
    Column("before", "money", "Its quota without any adjustment; blank where there are no such quotas"),
    Column("quota", "money", "What it is set to; blank for no quota at all"),
    Column("change", "money", "quota - before"),
    Column("reason", "text", "Why, as the file says"),
    Column("from", "text", "File and row that set it"),
    Column("others", "money", "What all adjustments together move onto all seats that nobody set, summed"),
    Column("most", "text", "Seat that nobody set and whose quota changes most by all adjustments together"),
    Column("most_change", "money", "By how much it changes"),
)
EFFECT = (
    Column("rep", "text", "Seat"),
    Column("before", "money", "Quota of the plan without any adjustment"),
    Column("quota", "money", "Quota of the plan"),
    Column("change", "money", "quota - before"),
    Column("change_ratio", "ratio", "change / before; blank where before is 0"),
    Column("set", "flag", "The seat's own quota, or a part of it, is set by an adjustment"),
)


def tables(
    inputs: Inputs,
    products: Sequence[str],
    cells: IntArray,
    before: IntArray | None,
    own: dict[str, tuple[int, int]],
) -> tuple[Table, ...]:
    """Return quota_adjustments and quota_effect.

    Args:
        inputs: the tables, with what is adjusted.
        products: product axis of the quotas.
        cells: the quotas, shape (rep, product, period), minor units.
        before: the quotas without adjustments; None where no such quotas exist.
        own: quota of each node by name, before and after, minor units.

    """
    adjusted = inputs.adjusted
    assert adjusted is not None
    ids = inputs.reps.id
    touched = np.array([name in adjusted.name for name in ids])
    change = np.zeros(len(ids), dtype=np.int64) if before is None else (cells - before).sum(axis=(1, 2))
    free = np.where(touched, 0, change)
    most = int(np.abs(free).argmax()) if len(free) else 0
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
            )
        )
    others = [None if before is None else int(free.sum()), ids[most] if free.any() else None]
    frame = _frame(ADJUSTMENTS, [(*row, *others, int(free[most]) if free.any() else None) for row in rows])
    made = [
        Table("quota_adjustments", ADJUSTMENTS, frame, "Quotas that people set by hand, and what that moved.")
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


def _at(
    inputs: Inputs, products: Sequence[str], name: str, product: str, period: str
) -> tuple[int, slice | int, slice | int] | None:
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
    return frame.astype({column.name: "Int64" for column in columns if column.type == "money"})
