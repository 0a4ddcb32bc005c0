"""Deals: opportunities as a table tells them, before the cut at what was known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from engine.calendar import DateArray
from engine.data.cells import days, keys
from engine.data.currencies import Exchange, converted
from engine.data.identity import identify
from engine.data.raw import BoolArray
from engine.data.references import Axis, reference
from engine.data.rows import Rows, words
from engine.errors import Fault
from engine.inputs import IntArray, Opportunities
from engine.measures import KINDS

WON, LOST, OPEN = 1, 0, -1
UNKNOWN = -1
"""Amount that nobody knows."""


@dataclass(frozen=True)
class Axes:
    """What deals may name; None where that table could not be read."""

    accounts: Axis | None
    reps: Axis | None
    products: Axis | None
    single: bool
    """Whether the scenario has no table of products, so that every deal is of the one product."""


@dataclass
class Deals:
    """The columns of a table of deals, one entry per row of the file."""

    rows: Rows
    id: pa.Array
    account: IntArray
    rep: IntArray
    product: IntArray
    stage: pa.Array
    outcome: NDArray[np.int8]
    created: DateArray
    entered: DateArray
    closed: DateArray
    amount: IntArray
    source: pa.Array | None
    """Source of the lead; None where the table tells of none."""

    def renewals(self, of: BoolArray, kind: pa.Array) -> Opportunities:
        """Return the kept rows among `of`, renewals and expansions, with their kinds."""
        order = self.rows.order(["id"])
        return replace(self.opportunities(of), kind=words(kind, order[of[order]]))

    def opportunities(self, of: BoolArray) -> Opportunities:
        """Return the kept rows among `of` in canonical order."""
        order = self.rows.order(["id"])
        order = order[of[order]]
        source = () if self.source is None else words(self.source, order)
        return Opportunities(
            id=words(self.id, order), account=self.account[order], rep=self.rep[order], product=self.product[order],
            stage=words(self.stage, order), outcome=self.outcome[order], created=self.created[order],
            entered=self.entered[order], closed=self.closed[order], amount=self.amount[order],
            source=source if any(source) else (),
        )  # fmt: skip


def deals(rows: Rows, axes: Axes, outcomes: Mapping[str, str], exchange: Exchange) -> Deals:
    """Read a table of deals; stages that `outcomes` does not name are open.

    Amounts are converted on the day of the close, of open deals at the last rate.
    """
    ids = identify(rows)
    account = reference(rows, "account", axes.accounts)
    rep = reference(rows, "rep", axes.reps)
    product = _product(rows, axes)
    stage = keys(rows, "stage", required=True)
    created, entered, closed = days(rows, "created"), days(rows, "entered"), days(rows, "closed")
    outcome = _outcome(stage, outcomes)
    closed[outcome == OPEN] = np.datetime64("NaT", "D")
    table = Deals(
        rows, ids, account, rep, product, stage, outcome, created,
        np.where(np.isnat(entered), created, entered), closed, converted(rows, "amount", exchange, closed, UNKNOWN),
        keys(rows, "source") if rows.has("source") else None,
    )  # fmt: skip
    _blanks(table, axes.products is not None)
    _order_of_days(table, np.isnat(entered))
    _notes(table)
    return table


def again(rows: Rows) -> tuple[pa.Array, BoolArray]:
    """Return the kind of each row, blank where none is told, and whether it is a renewal or an expansion."""
    if not rows.has("kind"):
        return pa.array([""] * rows.raw.rows, pa.string()), np.zeros(rows.raw.rows, dtype=bool)
    kind = keys(rows, "kind")
    known = np.asarray(pc.is_in(kind, value_set=pa.array(["", *KINDS])), dtype=bool)
    rows.fault(
        ~known, "E_CHOICE", "kind is none of new, renewal and expansion", "kind", lambda row: str(kind[row]),
        "Name one of them, or leave the cell blank for new business.",
    )  # fmt: skip
    return kind, np.asarray(pc.is_in(kind, value_set=pa.array(KINDS[1:])), dtype=bool)


def _product(rows: Rows, axes: Axes) -> IntArray:
    every: IntArray = np.zeros(rows.raw.rows, dtype=np.int64)
    if axes.single:
        if rows.source("product") in rows.raw.header:
            rows.verdicts.find(
                rows.table, "product is not read: there is no table of products", rows.raw.rows, "kept"
            )
        return every
    if axes.products is not None and not rows.has("product"):
        if len(axes.products.ids) == 1:
            return every
        message = f"column '{rows.source('product')}' is missing, and there are several products"
        hint = f"Map it under data.{rows.table}.columns."
        rows.verdicts.faults.append(
            Fault("E_CSV_HEADER", message, hint, rows.raw.file, 1, field=rows.source("product"))
        )
        return every
    return reference(rows, "product", axes.products)


def _outcome(stage: pa.Array, outcomes: Mapping[str, str]) -> NDArray[np.int8]:
    value = {"won": WON, "lost": LOST}
    at = pc.index_in(stage, value_set=pa.array(list(outcomes), pa.string()))
    codes = np.array([*(value[outcome] for outcome in outcomes.values()), OPEN], dtype=np.int8)
    return np.asarray(codes[np.asarray(pc.fill_null(at, len(outcomes)))], dtype=np.int8)


def _blanks(table: Deals, products: bool) -> None:
    """Judge closed deals that lack what every closed deal has."""
    rows, shut, won = table.rows, table.outcome != OPEN, table.outcome == WON

    def say(row: int) -> str:
        return str(table.id[row])

    for column, dates in (("created", table.created), ("closed", table.closed)):
        rows.contradiction(
            shut & np.isnat(dates), "E_REQUIRED", f"{column} is blank on a closed deal", column, say
        )
    if products:
        rows.contradiction(
            shut & (table.product < 0), "E_REQUIRED", "a closed deal without a product", "product", say
        )
    rows.contradiction(
        won & (table.amount == UNKNOWN), "E_REQUIRED", "a won deal without an amount", "amount", say
    )


def _order_of_days(table: Deals, no_entry: BoolArray) -> None:
    rows, created, entered, closed = table.rows, table.created, table.entered, table.closed
    pairs = (
        (closed < created, "closed before it was created", "closed", created, closed),
        (
            ~no_entry & (entered < created),
            "entered its stage before it was created",
            "entered",
            created,
            entered,
        ),
        (~no_entry & (closed < entered), "closed before it entered its stage", "closed", entered, closed),
    )
    for wrong, what, column, first, then in pairs:

        def say(row: int, first: DateArray = first, then: DateArray = then) -> str:
            return f"{then[row]} before {first[row]}"

        rows.contradiction(wrong, "E_DATE", what, column, say)


def _notes(table: Deals) -> None:
    rows = table.rows

    def say(row: int) -> str:
        return str(table.id[row])

    rows.note(table.account < 0, "no account", say, "account")
    rows.note(table.rep < 0, "no rep", say, "rep")
    rows.note(
        (table.outcome == OPEN) & np.isnat(table.created), "open deal without a created date", say, "created"
    )
    rows.note((table.outcome == WON) & (table.amount == 0), "won deal of amount 0", say, "amount")
    open_rows = np.flatnonzero((table.outcome == OPEN) & rows.keep)
    counts = pc.value_counts(table.stage.take(pa.array(open_rows))).to_pylist()
    for count in sorted(counts, key=lambda count: str(count["values"])):
        rows.verdicts.find(rows.table, f"stage '{count['values']}' is open", count["counts"], "kept")
