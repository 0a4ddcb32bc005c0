"""Splits: the table of who shares in deals."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.crediting.deals import WHOLE, Shares
from engine.data.cells import blank, fixed, keys
from engine.data.raw import BoolArray
from engine.data.references import Axis, reference
from engine.data.rows import Rows, filled
from engine.inputs import IntArray
from engine.pay.deals import DealRows

KINDS = ("credit", "overlay", "payout")
"""How a deal may be shared."""


def read_shares(rows: Rows, deals: DealRows, seats: Axis | None) -> tuple[Shares, Shares]:
    """Read the splits of deals, of credit and of payout; the shares of a whole add up to it."""
    deal = reference(rows, "deal", deals.ids, blank=False)
    rep = reference(rows, "rep", seats, blank=False)
    kind = keys(rows, "kind", required=True)
    known = np.asarray(pc.is_in(kind, value_set=pa.array(KINDS)))
    rows.fault(
        ~known & filled(kind), "E_CHOICE", "kind is neither credit nor overlay nor payout", "kind",
        lambda row: repr(kind[row].as_py()), "credit is part of the whole, overlay comes on top.",
    )  # fmt: skip
    blank(rows, "share")
    share = fixed(rows, "share", 8)
    overlay, payout = (np.asarray(pc.equal(kind, word)) for word in KINDS[1:])
    fine = rows.keep & ~rows.refused & (deal >= 0) & (rep >= 0)
    of_credit = fine & ~overlay & ~payout
    _once(rows, fine, (deal, rep, overlay + 2 * payout))
    _whole(rows, deal, share, of_credit, deals)
    _whole(rows, deal, share, fine & payout, deals)
    both = fine & payout & np.isin(deal, deal[of_credit])
    rows.fault(
        both, "E_CONFLICT", "shares of credit and of payout for one deal", "kind",
        lambda row: str(rows.cells("deal")[row]), "Divide either.",
    )  # fmt: skip
    place = deals.place[np.maximum(deal, 0)]

    def taken(of: BoolArray) -> Shares:
        at = np.flatnonzero(of & rows.keep & (place >= 0))
        at = at[np.lexsort((at, place[at]))]
        return Shares(place[at], rep[at], share[at], overlay[at])

    return taken(fine & ~payout), taken(fine & payout)


def _once(rows: Rows, fine: BoolArray, key: tuple[IntArray, ...]) -> None:
    """Judge second shares of one seat in one deal."""
    at = np.flatnonzero(fine)
    _, first = np.unique(np.stack([part[at] for part in key]), axis=1, return_index=True)
    again = np.zeros(rows.raw.rows, dtype=bool)
    again[np.delete(at, first)] = True
    rows.fault(
        again, "E_DUPLICATE_ID", "a second share of a seat in a deal", "rep",
        lambda row: f"{rows.cells('deal')[row]} {rows.cells('rep')[row]}", "Add them up in one row.",
    )  # fmt: skip


def _whole(rows: Rows, deal: IntArray, share: IntArray, of: BoolArray, deals: DealRows) -> None:
    """Judge deals whose shares of credit are not the whole of it."""
    total = np.zeros(len(deals.ids.ids), dtype=np.int64)
    np.add.at(total, deal[of], share[of])
    wrong = np.zeros(len(of), dtype=bool)
    at = np.flatnonzero(of)
    _, first = np.unique(deal[at], return_index=True)
    wrong[at[first]] = total[deal[at[first]]] != WHOLE

    def say(row: int) -> str:
        return f"{deals.ids.ids[deal[row]]} adds up to {100 * total[deal[row]] / WHOLE:.8g} %"

    rows.fault(wrong, "E_RANGE", "shares are not 100 %", "share", say, "What comes on top is kind overlay.")


def no_shares() -> Shares:
    """Return no splits at all."""
    none = np.empty(0, dtype=np.int64)
    return Shares(none, none, none, none.astype(bool))
