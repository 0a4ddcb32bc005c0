"""Cashed: rows of cash among those of deals, for measures whose credit falls when it comes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.calendar import Calendar
from engine.crediting.cash import Steps, steps
from engine.crediting.deals import Cash, Deals, Receipts
from engine.inputs import IntArray
from engine.pay.deals import DealRows
from engine.pay.money import money


def with_cash(deals: DealRows, receipts: Receipts, calendar: Calendar, known: np.datetime64) -> DealRows:
    """Return the deals with a row for each day on which what is paid of one changes.

    Args:
        deals: deals as read.
        receipts: when customers paid.
        calendar: the plan.
        known: first day that is not known.

    """
    back = np.flatnonzero(deals.back & (deals.day < known))
    found = steps(receipts, back, deals.reverses, deals.amount, deals.day)
    kept = (deals.place[found.deal] >= 0) | (deals.past_place[found.deal] >= 0)
    seat = deals.rep[found.deal] >= 0
    found = found.take(np.flatnonzero(kept & seat & (found.day >= calendar.start)))
    found = found.take(np.argsort(found.day, kind="stable"))
    ours, more = deals.kept, _rows(deals, found, calendar)
    order = np.argsort(np.concatenate([ours.day, more.day]), kind="stable")
    place = np.empty(order.size, dtype=np.int64)
    place[order] = np.arange(order.size)
    where = np.where(deals.place >= 0, place[deals.place], -1)
    # Shares of a deal of an earlier year stand with the first row of its cash.
    rows = place[len(ours) + np.arange(len(more))]
    early = np.flatnonzero(where[found.deal] < 0)[::-1]
    where[found.deal[early]] = rows[early]
    source = np.concatenate([place[ours.of], where[found.deal]])
    reverses = np.where(ours.reverses >= 0, place[np.maximum(ours.reverses, 0)], -1)
    both = _joined(ours, more)
    both = replace(both, of=source, reverses=np.concatenate([reverses, more.reverses]))
    return replace(deals, kept=both.take(order), place=where)


def _rows(deals: DealRows, found: Steps, calendar: Calendar) -> Deals:
    """Return rows of cash, which say of all else what their deals say."""
    rows, none = deals.taken(found.deal), np.full(found.deal.size, -1)
    early = deals.place[found.deal] < 0
    return replace(
        rows,
        day=found.day,
        period=calendar.period_of(calendar.day(found.day)),
        reverses=none,
        past=none,
        held=np.where(early, found.day, rows.day),
        cash=Cash(
            found.before, found.after, found.whole, found.gross, found.number,
            np.where(early, deals.past_place[found.deal], -1),
        ),
    )  # fmt: skip


def _joined(one: Deals, other: Deals) -> Deals:
    """Return the rows of both, one after the other."""

    def both(name: str) -> Any:
        return np.concatenate([getattr(one, name), getattr(other, name)])

    names = (
        "line",
        "id",
        "rep",
        "day",
        "period",
        "currency",
        "reverses",
        "past",
        "term",
        "of",
        "booked",
        "held",
    )
    columns = {name: both(name) for name in names}
    return replace(
        one,
        **columns,
        numbers={name: np.concatenate([values, other.numbers[name]]) for name, values in one.numbers.items()},
        texts={name: np.concatenate([values, other.texts[name]]) for name, values in one.texts.items()},
        cash=Cash(
            *(
                np.concatenate([getattr(one.cash, name), getattr(other.cash, name)])
                for name in ("before", "after", "whole", "gross", "number", "past")
            )
        ),
    )


def told(deals: Deals, of: IntArray) -> NDArray[Any]:
    """Say which receipt some rows are; blank where they are none. Shape (row,)."""
    words = np.full(of.size, "", dtype=object)
    cash = deals.cash
    for i in np.flatnonzero(cash.rows[of]).tolist():
        row = int(of[i])
        code = str(deals.currency[row])
        after, whole = (money(int(value), code) for value in (cash.after[row], cash.whole[row]))
        if cash.after[row] > cash.before[row]:
            words[i] = f"receipt {cash.number[row]}: {after} of {whole} {code} is paid"
        else:
            words[i] = f"{after} of {whole} {code} is paid and not taken back"
    return words
