"""Again: bookings of some replications line by line, simulated once more from their keyed draws.

Same model, seed and factors give the same deals, so nothing of them need be kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.inputs import Inputs, IntArray, Words
from engine.pipeline.bookings import WonDeals
from engine.pipeline.build import Built
from engine.pipeline.layout import BOOKING, TICKS, Records
from engine.pipeline.replications import DEALS_PER_BLOCK, Run, deals_expected, trace


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
        counted = self._counted(place, lines)
        order = np.lexsort((lines["product"], lines["key"], lines["tick"], place))
        return self._columns(numbers.size, place[order], lines[order], counted[:, order])

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
        found = trace(self.built, self.run.seed, first, count, log=False)
        booked = np.diff(found.ends[:, 2], prepend=0)
        place, lines = np.repeat(np.arange(piece.start, piece.stop), booked), found.bookings
        if seats is None:
            return place, lines
        kept = np.isin(lines["seat"], seats)
        return place[kept], lines[kept]

    def _counted(self, place: IntArray, lines: Records) -> IntArray:
        """Return what each measure counts of each booking; one that counts deals counts the first line of a deal."""
        closing = self.built.model.closing
        inside = closing.counts[:, lines["kind"], lines["segment"], lines["product"]]
        of_deal = np.lexsort((lines["product"], lines["tick"], lines["kind"], lines["key"], place))
        counted = np.where(inside, lines["amount"], 0)
        for measure in np.flatnonzero(~closing.money):
            rows = of_deal[inside[measure, of_deal]]
            same = np.ones(rows.size, dtype=np.bool_)
            here, before = lines[rows[1:]], lines[rows[:-1]]
            again = (place[rows[1:]] == place[rows[:-1]]) & (here["kind"] == before["kind"])
            same[1:] = ~(again & (here["key"] == before["key"]) & (here["tick"] == before["tick"]))
            counted[measure] = 0
            counted[measure, rows[same]] = 1
        return counted

    def _columns(self, replications: int, place: IntArray, lines: Records, counted: IntArray) -> WonDeals:
        calendar, closing = self.inputs.calendar, self.built.model.closing
        return WonDeals(
            replications=replications,
            replication=place,
            seat=lines["seat"],
            day=calendar.edges[0] + lines["tick"] // TICKS,
            period=np.searchsorted(closing.edge, lines["tick"], side="right") - 1,
            product=lines["product"],
            segment=lines["segment"],
            segments=(*self.inputs.accounts.segments, ""),
            amount=lines["amount"],
            credit={name: counted[m] for m, name in enumerate(self.measures)},
        )
