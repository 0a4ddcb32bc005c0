"""Receipts: when customers paid, in whole by the date of a deal or in parts by a table."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa

from engine.calendar import Calendar
from engine.crediting.cash import running
from engine.crediting.deals import Receipts
from engine.data.cells import blank, days, signed
from engine.data.currencies import in_currencies
from engine.data.references import reference
from engine.data.rows import Rows
from engine.inputs import IntArray
from engine.pay.deals import DealRows


def read_receipts(rows: Rows | None, deals: DealRows, calendar: Calendar, as_of: date | None) -> Receipts:
    """Return the receipts of all deals that are known by the end of the plan, or by `as_of`.

    Args:
        rows: the table of parts; None where there is none.
        deals: deals as read; the date of `cash` is a receipt of the whole.
        calendar: the plan.
        as_of: first day that is not known.

    """
    at = np.flatnonzero(~np.isnat(deals.cash) & ~deals.back)
    ones = np.ones(at.size, dtype=np.int64)
    if rows is None:
        return Receipts(at + 2, deals.cash[at], ones, ones)
    deal = reference(rows, "deal", deals.ids, blank=False)
    day = days(rows, "date")
    blank(rows, "date")
    blank(rows, "amount")
    known = np.maximum(deal, 0)
    amount = signed(rows, "amount", in_currencies(deals.currency.take(pa.array(known))))
    _judge(rows, deals, deal, amount)
    late = day >= (np.datetime64(as_of, "D") if as_of else calendar.end)
    rows.drop(np.asarray(late), "not known yet", lambda row: str(rows.cells("deal")[row]), "date")
    fine = np.flatnonzero(rows.keep & ~rows.refused & (deal >= 0))
    fine = fine[np.lexsort((day[fine], deal[fine]))]
    parts = Receipts(deal[fine] + 2, day[fine], running(deal[fine], amount[fine]), deals.amount[deal[fine]])
    line = np.concatenate([parts.line, at + 2])
    order = np.argsort(line, kind="stable")
    return Receipts(
        line[order],
        np.concatenate([parts.day, deals.cash[at]])[order],
        np.concatenate([parts.to_date, ones])[order],
        np.concatenate([parts.whole, ones])[order],
    )


def _judge(rows: Rows, deals: DealRows, deal: IntArray, amount: IntArray) -> None:
    """Judge receipts of reversals, of deals with a date of cash, below 0, and beyond the deal."""

    def say(row: int) -> str:
        return str(rows.cells("deal")[row])

    named, of = deal >= 0, np.maximum(deal, 0)
    rows.contradiction(amount <= 0, "E_RANGE", "cash that is not above 0", "amount", say)
    rows.contradiction(
        named & deals.back[of], "E_REFERENCE", "cash for a row that takes a deal back", "deal", say
    )
    rows.contradiction(
        named & ~np.isnat(deals.cash[of]), "E_CONFLICT", "cash in parts for a deal whose `cash` is given", "deal", say
    )  # fmt: skip
    total = np.zeros(len(deals.ids.ids), dtype=np.int64)
    np.add.at(total, deal[named], amount[named])
    rows.contradiction(
        named & (total[of] > deals.amount[of]), "E_RANGE", "more cash than the deal is worth", "amount", say
    )
