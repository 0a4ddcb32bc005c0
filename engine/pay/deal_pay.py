"""Pay on deals: what earlier years earned and paid on deals that may still be taken back or wait for cash."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.comp.spec import CompSpec
from engine.crediting.deals import PastDeals
from engine.data import numbers
from engine.data.cells import blank, signed
from engine.data.owed import unknown_people
from engine.data.references import reference
from engine.data.rows import Rows
from engine.inputs import Inputs, IntArray
from engine.pay.deals import DealRows
from engine.pay.named import Named
from engine.pay.release import Entries, Waiting


@dataclass(frozen=True)
class DealPay:
    """What earlier years earned and paid. Shape (entry,); amounts are minor units of the currency of pay."""

    deals: PastDeals
    named: Named
    deal: IntArray
    """Deal of each entry, by its place in `deals`."""
    earned: IntArray
    taken: IntArray
    paid: IntArray
    component: IntArray
    """Component and spell of each entry in a settlement; -1 until it is placed."""
    spell: IntArray

    def placed(self, inputs: Inputs, spec: CompSpec, head: IntArray) -> DealPay:
        """Return the entries that have a place under some plans."""
        component, spell = self.named.places(inputs, spec, head)
        at = np.flatnonzero(component >= 0)
        return replace(
            self,
            deal=self.deal[at],
            earned=self.earned[at],
            taken=self.taken[at],
            paid=self.paid[at],
            component=component[at],
            spell=spell[at],
        )

    def waiting(self, touched: IntArray) -> Waiting:
        """Return the entries of which a part was not paid yet, or that are touched: shape (place,)."""
        open_ = np.flatnonzero(self.earned - self.taken != self.paid)
        at = np.union1d(open_, touched)
        start = np.zeros(at.size, dtype=np.int64)
        line = self.deals.line[self.deal[at]]
        entries = Entries(self.component[at], self.spell[at], line, start, self.earned[at])
        return Waiting(entries, self.taken[at], self.paid[at])


def read_deal_pay(rows: Rows | None, deals: DealRows, inputs: Inputs, currency: str) -> DealPay:
    """Return what earlier years paid; people who are not in the plan are left out."""
    none = np.empty(0, dtype=np.int64)
    if rows is None:
        words = np.empty(0, dtype=object)
        return DealPay(deals.past, Named("", none, words, words), none, none, none, none, none, none)
    deal = reference(rows, "deal", deals.ids, blank=False)
    past = np.where(deal >= 0, deals.past_place[np.maximum(deal, 0)], -1)
    rows.contradiction(
        (deal >= 0) & (past < 0), "E_REFERENCE", "pay of an earlier year on a deal that was not booked before the plan",
        "deal", lambda row: str(rows.cells("deal")[row]),
    )  # fmt: skip
    for column in ("earned", "paid"):
        blank(rows, column)
    earned, taken, paid = (
        signed(rows, column, lambda cells: numbers.money(cells, currency))
        for column in ("earned", "taken", "paid")
    )
    unknown_people(rows, inputs.spells)
    named, at = Named.of(rows)
    return DealPay(
        deals.past, named, past[at], earned[at], taken[at], paid[at], np.full(at.size, -1), np.full(at.size, -1)
    )  # fmt: skip
