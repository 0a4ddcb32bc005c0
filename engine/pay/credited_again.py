"""Credited again: a deal, its reversals and its cash turned into credited lines in fractions, one row at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from engine import amounts
from engine.comp.plain.pool import largest_remainders
from engine.comp.rounding import Rounding
from engine.crediting.credits import OVERLAY, OWNER, SPLIT, TEAM
from engine.crediting.deals import WHOLE
from engine.crediting.exchange import NANO
from engine.crediting.spec import CreditingSpec, CreditMeasure
from engine.inputs import IntArray
from engine.pay.tables import Tables

DEALS = 400
"""Deals whose credit is worked out again, about; evenly chosen, and as many again of those that cash is known of or
that are taken back, and of those of earlier years."""
Line = tuple[int, int, int]
"""Row of the deals, seat and kind of a credited line."""


class Again:
    """Deals, credited again."""

    def __init__(self, spec: CreditingSpec, tables: Tables, rounding: Rounding) -> None:
        self.spec, self.tables, self.deals, self.half = spec, tables, tables.deals, rounding
        self.minor = amounts.decimals(tables.inputs.currency)
        self._order = np.argsort(self.deals.of, kind="stable")
        self._of = self.deals.of[self._order]

    def chosen(self) -> list[int]:
        """Return deals evenly spread, some that cash is known of or that are taken back, and some of earlier years."""
        every = np.unique(self.deals.of)
        more = every[np.bincount(self.deals.of, minlength=len(self.deals))[every] > 1]
        early = every[(self.deals.past[every] >= 0) | (self.deals.cash.past[every] >= 0)]
        return sorted({int(i) for some in (every, more, early) for i in _spread(some)})

    def named(self, row: int) -> str:
        """Return how a row is called in a sentence."""
        return f"deal {self.deals.id[row]}"

    def label(self, row: int) -> str:
        """Return the period of a row."""
        return self.tables.inputs.calendar.labels[int(self.deals.period[row])]

    def seat(self, seat: int) -> str:
        """Return the id of a seat."""
        return self.tables.inputs.reps.id[seat]

    def holder(self, row: int, seat: int) -> int:
        """Return the spell that holds a seat on the day that counts for a row; -1 where the seat is vacant."""
        spells, early = self.tables.inputs.spells, self.deals.past[row] >= 0 or self.deals.cash.past[row] >= 0
        day = self.deals.day[row if early else int(self.deals.of[row])]
        for spell in np.flatnonzero(spells.rep == seat).tolist():
            if spells.start[spell] <= day and not spells.end[spell] <= day:
                return spell
        return -1

    def rows_of(self, deal: int) -> list[int]:
        """Return the rows of a deal: its own, its reversals and its cash."""
        low, high = np.searchsorted(self._of, [deal, deal + 1])
        rows: list[int] = self._order[low:high].tolist()
        return rows

    def lines(self, deal: int, measure: CreditMeasure) -> dict[Line, int]:
        """Return what everybody is credited with for each row of a deal."""
        table, found = self.tables.shares, dict[Line, int]()
        at = range(*np.searchsorted(table.deal, [deal, deal + 1]).tolist())
        split = [(int(table.rep[i]), int(table.share[i])) for i in at if not table.overlay[i]]
        overlays = [(int(table.rep[i]), int(table.share[i])) for i in at if table.overlay[i]]
        inner = split or [(int(self.deals.rep[deal]), WHOLE)]
        for row in self.rows_of(deal):
            whole = self._counted(row, deal, measure)
            parts = largest_remainders(whole, [share for _, share in inner])
            own = [
                (seat, SPLIT if split else OWNER, part) for (seat, _), part in zip(inner, parts, strict=True)
            ]
            own += [
                (seat, OVERLAY, self._rounded(Fraction(whole * share, WHOLE))) for seat, share in overlays
            ]
            found |= {(row, seat, kind): part for seat, kind, part in own}
            if self.spec.rollups is not None:
                credited = [(seat, part) for seat, _, part in own]
                above = self._above(credited, whole, double=self.spec.rollups.double_credit)
                found |= {(row, seat, TEAM): credit for seat, credit in above.items()}
        return found

    def _above(self, credited: list[tuple[int, int]], whole: int, *, double: bool) -> dict[int, int]:
        """Return what managers are credited with: what is below them, and with their own no more than the deal."""
        below: dict[int, int] = defaultdict(int)
        for seat, credit in credited:
            manager = int(self.tables.managers[seat])
            while manager >= 0:
                below[manager] += credit
                manager = int(self.tables.managers[manager])
        if double:
            return below
        sign = 1 if whole >= 0 else -1
        for manager, credit in below.items():
            own = sum(part for seat, part in credited if seat == manager)
            below[manager] = sign * max(min(sign * credit, sign * (whole - own)), 0)
        return below

    def _counted(self, row: int, deal: int, measure: CreditMeasure) -> int:
        """Return what a row is credited with in all."""
        cash = self.deals.cash
        if not cash.rows[row]:
            return self._value(row, measure) if measure.basis == "booking" else 0
        if measure.basis == "booking":
            return 0
        value, amount = self._value(row, measure), int(cash.whole[row])
        after, before = (
            self._rounded(Fraction(value * int(paid[row]), amount)) for paid in (cash.after, cash.before)
        )
        return after - before

    def by_cash(self, deal: int, name: str, measure: CreditMeasure, found: dict[Line, int]) -> Iterator[str]:
        """Yield where credit of a deal of the year does not follow its cash, period by period."""
        deals, periods = self.deals, dict[int, int]()
        if deals.cash.rows[deal] or deals.past[deal] >= 0:
            return
        for (row, _, kind), credit in found.items():
            if kind in (OWNER, SPLIT):
                periods[int(deals.period[row])] = periods.get(int(deals.period[row]), 0) + credit
        whole, before = self._value(deal, measure), 0
        for period, paid in self._paid(deal).items():
            to_date = self._rounded(whole * paid)
            one, other = periods.get(period, 0), to_date - before
            before = to_date
            if one != other:
                label = self.tables.inputs.calendar.labels[period]
                yield f"{name} of {self.named(deal)} in {label} is {one} minor units, credited again it is {other}"

    def _paid(self, deal: int) -> dict[int, Fraction]:
        """Return which part of a deal is paid, and not taken back, at the end of each period."""
        edges, deals, receipts = self.tables.inputs.calendar.edges, self.deals, self.tables.receipts
        worth = Fraction(int(deals.numbers["amount"][deal]))
        back = [row for row in self.rows_of(deal) if deals.reverses[row] == deal]
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
        value = self._count(row) if measure.column == "id" else int(deals.numbers[measure.column][row])
        if measure.column in deals.money:
            value = self._rounded(value * self._rate(row))
        return self._rounded(value * Fraction(measure.times))

    def _count(self, row: int) -> int:
        """Return 1 for a deal or its cash; -1 where nothing of a deal is left, or where it is of an earlier year."""
        deals, amount = self.deals, self.deals.numbers["amount"]
        if deals.past[row] >= 0:
            return -1
        if deals.reverses[row] < 0:
            return 1
        deal = int(deals.reverses[row])
        earlier = [other for other in self.rows_of(deal) if deals.reverses[other] == deal and other <= row]
        return -1 if sum(int(amount[other]) for other in earlier) == -int(amount[deal]) else 0

    def _rate(self, row: int) -> Fraction:
        """Return minor units of pay for one minor unit of a row."""
        deals, calendar = self.deals, self.tables.inputs.calendar
        code, source = str(deals.currency[row]), int(deals.of[row])
        if code == self.tables.inputs.currency or self.spec.currency is None:
            return Fraction(1)
        day = calendar.start
        sold = deals.booked[row] if deals.cash.past[row] >= 0 else deals.day[source]
        if self.spec.currency.rate == "deal_date" or (self.spec.currency.rate == "period_end" and sold < day):
            day = sold
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
