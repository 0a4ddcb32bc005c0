"""Recredited: the road from deals and cash to credit, gone again plainly for some deals.

From the rows of the file alone, in fractions: an amount is converted at the rate of its day, multiplied, and counted
where the measure says so; by booking it is credited in the period of the deal, by cash in those in which

    min(received, amount - taken back) / amount

grows or falls. What owners and splits are credited with in a period must be that, to the minor unit, and each of them
within a minor unit of the share. It shares no arithmetic with `engine.crediting`; rolled up credit and overlays, which
follow from these lines, are left to their own tests, and so are deals of earlier years.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from engine import amounts
from engine.comp.rounding import Rounding
from engine.crediting.credits import OWNER, SPLIT, Credited
from engine.crediting.deals import WHOLE
from engine.crediting.exchange import NANO
from engine.crediting.spec import CreditingSpec, CreditMeasure
from engine.inputs import IntArray
from engine.pay.tables import Tables

DEALS = 400
"""Deals whose credit is worked out again, about; evenly chosen, and as many again of those that cash is known of."""


def violations(spec: CreditingSpec, tables: Tables, lines: Credited, rounding: Rounding) -> Iterator[str]:
    """Yield what is wrong with the credit of deals, a sentence each.

    Args:
        spec: who is credited with what.
        tables: deals, receipts, rates and shares.
        lines: what is to be checked.
        rounding: rounding of converted and multiplied amounts.

    """
    again = _Again(spec, tables, rounding)
    order = np.flatnonzero(np.isin(lines.kind, (OWNER, SPLIT)))
    order = order[np.argsort(tables.deals.of[lines.deal[order]], kind="stable")]
    of = tables.deals.of[lines.deal[order]]
    for deal in again.chosen():
        at = order[slice(*np.searchsorted(of, [deal, deal + 1]))]
        periods, seats = tables.deals.period[lines.deal[at]].tolist(), lines.rep[at].tolist()
        shares = again.shares(deal)
        for name, measure in spec.measures.items():
            if measure.column == "id":
                continue
            wanted, found = again.credit(deal, measure), dict[int, int]()
            parts: dict[int, int] = {}
            for period, seat, amount in zip(periods, seats, lines.credit[name][at].tolist(), strict=True):
                found[period] = found.get(period, 0) + amount
                parts[seat] = parts.get(seat, 0) + amount
            for period in sorted(wanted.keys() | found.keys()):
                one, other = found.get(period, 0), wanted.get(period, 0)
                if one != other:
                    label = tables.inputs.calendar.labels[period]
                    yield f"{name} of {again.named(deal)} in {label} is {one} minor units, credited again it is {other}"
            rows = len(again.rows_of(deal))
            for seat, share in shares.items():
                if abs(parts.get(seat, 0) - sum(wanted.values()) * share) > rows:
                    seat_id = tables.inputs.reps.id[seat]
                    yield f"{name} of {again.named(deal)} for {seat_id} is {parts.get(seat, 0)}, no share of the deal"


class _Again:
    """Deals, credited again."""

    def __init__(self, spec: CreditingSpec, tables: Tables, rounding: Rounding) -> None:
        self.spec, self.tables, self.deals, self.half = spec, tables, tables.deals, rounding
        self.minor = amounts.decimals(tables.inputs.currency)
        rows = np.arange(len(self.deals))
        self.booked = (rows == self.deals.of) & ~self.deals.cash.rows & (self.deals.past < 0)
        self._order = np.argsort(self.deals.of, kind="stable")
        self._of = self.deals.of[self._order]

    def chosen(self) -> list[int]:
        """Return deals booked in the year, evenly spread, and some that cash is known of or that are taken back."""
        every = np.flatnonzero(self.booked)
        more = every[np.bincount(self.deals.of, minlength=len(self.deals))[every] > 1]
        return sorted({int(i) for some in (every, more) for i in _spread(some)})

    def named(self, deal: int) -> str:
        """Return how a deal is called in a sentence."""
        return f"deal {self.deals.id[deal]}"

    def rows_of(self, deal: int) -> IntArray:
        """Return the rows of a deal: its own, its reversals and its cash."""
        low, high = np.searchsorted(self._of, [deal, deal + 1])
        return self._order[low:high]

    def shares(self, deal: int) -> dict[int, Fraction]:
        """Return the share of each seat in the credit of a deal, the owner's where nobody else has one."""
        table = self.tables.shares
        at = np.flatnonzero((table.deal == deal) & ~table.overlay).tolist()
        found: dict[int, Fraction] = {}
        for i in at:
            seat = int(table.rep[i])
            found[seat] = found.get(seat, Fraction(0)) + Fraction(int(table.share[i]), WHOLE)
        return found or {int(self.deals.rep[deal]): Fraction(1)}

    def credit(self, deal: int, measure: CreditMeasure) -> dict[int, int]:
        """Return what a deal is credited with in each period."""
        found: dict[int, int] = {}
        if measure.basis == "booking":
            rows = [row for row in self.rows_of(deal).tolist() if not self.deals.cash.rows[row]]
            for row in rows:
                period = int(self.deals.period[row])
                found[period] = found.get(period, 0) + self._value(row, measure)
            return found
        whole, before = self._value(deal, measure), 0
        for period, paid in self._paid(deal).items():
            to_date = self._rounded(whole * paid)
            found[period] = to_date - before
            before = to_date
        return found

    def _paid(self, deal: int) -> dict[int, Fraction]:
        """Return which part of a deal is paid, and not taken back, at the end of each period."""
        edges, deals, receipts = self.tables.inputs.calendar.edges, self.deals, self.tables.receipts
        worth = Fraction(int(deals.numbers["amount"][deal]))
        back = [row for row in self.rows_of(deal).tolist() if deals.reverses[row] == deal]
        low, high = np.searchsorted(receipts.line, [deals.line[deal], deals.line[deal] + 1]).tolist()
        found = {}
        for period in range(int(deals.period[deal]), edges.size - 1):
            end = edges[period + 1]
            came = [Fraction(int(receipts.to_date[i]), int(receipts.whole[i])) for i in range(low, high)
                    if receipts.day[i] < end]  # fmt: skip
            taken = sum(-int(deals.numbers["amount"][row]) for row in back if deals.day[row] < end)
            found[period] = max(min(max(came, default=Fraction(0)), 1 - taken / worth), Fraction(0))
        return found

    def _value(self, row: int, measure: CreditMeasure) -> int:
        deals = self.deals
        if any(deals.texts[column][row] not in wanted for column, wanted in measure.where.items()):
            return 0
        value = int(deals.numbers[measure.column][row])
        if measure.column in deals.money:
            value = self._rounded(value * self._rate(row))
        return self._rounded(value * Fraction(measure.times))

    def _rate(self, row: int) -> Fraction:
        """Return minor units of pay for one minor unit of a row."""
        deals, calendar = self.deals, self.tables.inputs.calendar
        code, source = str(deals.currency[row]), int(deals.of[row])
        if code == self.tables.inputs.currency or self.spec.currency is None:
            return Fraction(1)
        day = calendar.start
        if self.spec.currency.rate == "deal_date":
            day = deals.day[source]
        elif self.spec.currency.rate == "period_end":
            day = calendar.edges[deals.period[source] + 1] - np.timedelta64(1, "D")
        rates = self.tables.rates[code]
        known = [
            int(rate) for since, rate in zip(rates.day, rates.rate.tolist(), strict=True) if since <= day
        ]
        return Fraction(known[-1], NANO) * Fraction(10) ** (self.minor - amounts.decimals(code))

    def _rounded(self, value: Fraction) -> int:
        if self.half == "half_even":
            return round(value)
        size = int(abs(value) + Fraction(1, 2))
        return size if value >= 0 else -size


def _spread(some: IntArray) -> list[int]:
    """Return some of the deals, evenly spread."""
    count = min(some.size, DEALS)
    return some[np.linspace(0, some.size - 1, count).astype(np.int64)].tolist() if count else []
