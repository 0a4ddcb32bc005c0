"""Catch-up: what a seat did not reach in periods that are over, carried over to its open ones.

    shortfall = quota that stands in periods that are over - what was credited in them, at least 0
    carried   = shortfall rounded to the step, a half up; at most what the bounds of the seat leave room for

It comes on top of quotas that tie out, as relief does, and before it: at every level, what is handed down plus what
catch-up and relief moved is the street quota, which then exceeds the goal by what is carried. Each seat carries its
own, in proportion to its quotas in open periods; a seat that is locked, or carries nothing any more, carries none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.columns import Column, Table
from engine.errors import Fault
from engine.inputs import Inputs, IntArray
from engine.quota.in_force.relief import room, taken
from engine.quota.limits import Limit
from engine.quota.spec import QuotaSpec
from engine.quota.tree import step_of
from engine.quota.words import amount

if TYPE_CHECKING:
    import pandas as pd

CARRY = "carry"
COLUMNS = (
    Column("rep", "text", "Seat that fell short."),
    Column("stood", "money", "Its quotas in periods that are over."),
    Column("credited", "money", "What it was credited with in them."),
    Column("shortfall", "money", "stood - credited."),
    Column("carried", "money", "What its open periods carry of it; the rest is dropped."),
    Column("product", "text", "Product, or `all`; blank where nothing is carried."),
    Column("period", "text", "Open period that carries it; blank where nothing is."),
    Column("effect", "money", "What is added to the quota there; the effects of a seat add up to carried."),
)


def faults(inputs: Inputs, spec: QuotaSpec) -> Iterator[Fault]:
    """Yield what is missing where shortfalls are carried: quotas of periods that are over, and what was won in them."""
    if spec.shortfall != CARRY:
        return
    if inputs.in_force is None or not inputs.calendar.closed:
        message = "a shortfall is carried, and no quotas in force of periods that are over say what was to be reached"
        yield Fault("E_REQUIRED", message, "Give `previous` and `as_of`.", field="quotas.shortfall")
    elif inputs.actuals is None:
        message = "a shortfall is carried, and no table tells what was reached since the plan began"
        yield Fault("E_REQUIRED", message, "Give `data.actuals`.", field="quotas.shortfall")


def table(
    inputs: Inputs,
    spec: QuotaSpec,
    products: Sequence[str],
    cells: IntArray,
    credit: IntArray,
    limits: Sequence[Limit],
) -> Table:
    """Return the table `quota_catch_up`.

    Args:
        inputs: seats and calendar.
        spec: the scenario's block.
        products: product axis of the quotas.
        cells: quotas without it, minor units, shape (rep, product, period).
        credit: what each seat was credited with, minor units, shape (rep, period); only what is over is read.
        limits: of each seat in the plan, shape (rep,).

    """
    import pandas as pd

    closed, step = inputs.calendar.closed, step_of(inputs, spec)
    stood, got = cells[:, :, :closed].sum(axis=(1, 2)), credit[:, :closed].sum(axis=1)
    rows: list[tuple[Any, ...]] = []
    for seat, name in enumerate(inputs.reps.id):
        short = int(stood[seat] - got[seat])
        if short <= 0:
            continue
        own, space = cells[seat, :, closed:], room(limits[seat], int(cells[seat].sum()))
        carried = (2 * short + step) // (2 * step) * step
        if space is not None and carried > space:
            carried = space // step * step
        carried = carried if own.any() else 0
        told = (name, int(stood[seat]), int(got[seat]), short, carried)
        added = taken(own, carried, step, most=False) if carried else np.zeros_like(own)
        rows += [(*told, products[k], inputs.calendar.labels[closed + p], int(added[k, p]))
                 for k, p in np.argwhere(added > 0).tolist()] or [(*told, None, None, 0)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=[column.name for column in COLUMNS])
    whole = {column.name: np.int64 for column in COLUMNS if column.type == "money"}
    meaning = "What seats did not reach in periods that are over, and carry in open ones."
    return Table("quota_catch_up", COLUMNS, frame.astype(whole), meaning)


def violations(
    inputs: Inputs, spec: QuotaSpec, products: Sequence[str], before: IntArray, frame: pd.DataFrame
) -> Iterator[str]:
    """Yield what is wrong with a catch-up, in plain integers; `before` are the quotas without it, by cell."""
    plan, step = inputs.calendar, step_of(inputs, spec)
    over = set(plan.labels[: plan.closed])
    for name, rows in frame.groupby("rep", sort=False):
        first, seat = rows.iloc[0], inputs.reps.id.index(str(name))
        stood, short, carried = (int(first[column]) for column in ("stood", "shortfall", "carried"))
        found = int(before[seat, :, : plan.closed].sum())
        if stood != found or short != stood - int(first["credited"]) or short <= 0:
            yield f"catch-up of {name}: a shortfall of {amount(short, inputs.currency)} does not follow from its quotas"
        if int(rows["effect"].sum()) != carried or (rows["effect"] < 0).any() or 2 * (carried - short) > step:
            yield f"catch-up of {name}: {amount(carried, inputs.currency)} is not carried, or too much"
        if over & set(rows["period"].dropna()):
            yield f"catch-up of {name}: touches periods that are over"
