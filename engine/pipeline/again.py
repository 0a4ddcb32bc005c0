"""Again: bookings of some replications line by line, simulated once more from their keyed draws.

Same model, seed and factors give the same deals, so nothing of them need be kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from engine.calendar import DateArray
from engine.inputs import BoolArray, Inputs, IntArray, Words
from engine.pipeline.bookings import WonDeals
from engine.pipeline.build import Built
from engine.pipeline.layout import BOOKING, NEVER, TICKS, Records
from engine.pipeline.receipts import Receipts, counted
from engine.pipeline.replications import DEALS_PER_BLOCK, Run, bookings_of, deals_expected


@dataclass(frozen=True)
class Credited:
    """Bookings and payments, and what measures count of them."""

    place: IntArray
    """Place of the replication of each, shape (line,)."""
    lines: Records
    """BOOKING; of a payment, with the tick of it."""
    credit: IntArray
    """Shape (measure, line)."""
    won: IntArray
    """Tick at which that was won which is paid; NEVER of a booking. Shape (line,)."""
    paid: IntArray
    """Tick at which a booking is paid; NEVER of a payment, and where nothing says it. Shape (line,)."""

    def take(self, at: IntArray | BoolArray) -> Credited:
        """Return some of them."""
        return Credited(self.place[at], self.lines[at], self.credit[:, at], self.won[at], self.paid[at])

    def beside(self, other: Credited) -> Credited:
        """Return these, and others behind them."""
        return Credited(
            np.concatenate([self.place, other.place]),
            np.concatenate([self.lines, other.lines]),
            np.concatenate([self.credit, other.credit], axis=1),
            np.concatenate([self.won, other.won]),
            np.concatenate([self.paid, other.paid]),
        )


@dataclass(frozen=True)
class Again:
    """Makes bookings again; see `Bookings.deals`."""

    inputs: Inputs
    built: Built
    run: Run
    """What was simulated."""
    measures: Words
    """In the order of the model."""

    def __call__(self, numbers: IntArray, seats: IntArray | None) -> WonDeals:
        """Return the bookings of some replications, given their numbers in rising order, and of some seats."""
        pieces = [self._booked(numbers, piece, seats) for piece in self._pieces(numbers)]
        place = np.concatenate([np.zeros(0, np.int64), *(place for place, _ in pieces)])
        lines = np.concatenate([np.zeros(0, BOOKING), *(lines for _, lines in pieces)])
        receipts, closing = self.built.receipts, self.built.model.closing
        never = np.full(len(lines), NEVER)
        found = Credited(place, lines, counted(closing, place, lines), never, never)
        if receipts is not None:
            of = self.run.first + numbers[place]
            found.credit[receipts.cash] = 0
            found = replace(found, paid=receipts.when(closing, self.run.seed, of, lines))
            if receipts.cash.size:
                found = found.beside(self._paid(receipts, numbers, place, lines))
        if seats is not None:
            found = found.take(np.isin(found.lines["seat"], seats))
        rows = found.lines
        order = np.lexsort((found.won < NEVER, rows["product"], rows["key"], rows["tick"], found.place))
        return self._columns(numbers.size, found.take(order))

    def _pieces(self, numbers: IntArray) -> Iterator[slice]:
        """Yield stretches of consecutive replications with few enough deals to be simulated in one piece."""
        most = max(int(DEALS_PER_BLOCK / max(deals_expected(self.built.model), 1.0)), 1)
        start = 0
        for place in range(1, numbers.size + 1):
            if place == numbers.size or place - start == most or numbers[place] != numbers[place - 1] + 1:
                yield slice(start, place)
                start = place

    def _booked(self, numbers: IntArray, piece: slice, seats: IntArray | None) -> tuple[IntArray, Records]:
        """Return the place of the replication of each booking of some seats, and the bookings."""
        first, count = self.run.first + int(numbers[piece.start]), piece.stop - piece.start
        place, lines = bookings_of(self.built, self.run.seed, first, count)
        if seats is not None:
            kept = np.isin(lines["seat"], seats)
            place, lines = place[kept], lines[kept]
        return piece.start + place, lines

    def _paid(self, receipts: Receipts, numbers: IntArray, place: IntArray, lines: Records) -> Credited:
        """Return what is paid of bookings, and of those before the plan; measures of cash alone count it."""
        closing = self.built.model.closing
        of, bought, tick = receipts.paid(closing, self.run.seed, self.run.first + numbers, place, lines)
        credit = counted(closing, of, bought)
        credit[[m for m in range(len(credit)) if m not in receipts.cash]] = 0
        paid = bought.copy()
        paid["tick"] = tick
        return Credited(of, paid, credit, bought["tick"], np.full(len(paid), NEVER))

    def _columns(self, replications: int, found: Credited) -> WonDeals:
        calendar, closing, lines = self.inputs.calendar, self.built.model.closing, found.lines
        known = self.built.receipts is not None
        before = np.where(found.won < 0, lines["tick"], found.won)
        return WonDeals(
            replications=replications,
            replication=found.place,
            seat=lines["seat"],
            day=calendar.edges[0] + lines["tick"] // TICKS,
            period=np.searchsorted(closing.edge, lines["tick"], side="right") - 1,
            product=lines["product"],
            segment=lines["segment"],
            segments=(*self.inputs.accounts.segments, ""),
            amount=lines["amount"],
            credit={name: found.credit[m] for m, name in enumerate(self.measures)},
            booked=self._days(before) if known else None,
            paid=self._days(found.paid) if known else None,
        )

    def _days(self, tick: IntArray) -> DateArray:
        """Return the days of ticks, NaT of NEVER."""
        days = self.inputs.calendar.edges[0] + np.where(tick < NEVER, tick // TICKS, 0)
        days[tick == NEVER] = np.datetime64("NaT")
        return np.asarray(days)
