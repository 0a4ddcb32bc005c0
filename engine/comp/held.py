"""Held: simulated credit of people, by who held which seat and when.

Whoever holds a seat throughout a period has the credit of the seat. In a period that is held in part, people have what
closed on their days: the deals of such seats are made again from their draws and added up. Where only sums by period
are known, they are cut by days.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from engine.comp.resold import NOBODY, holder
from engine.comp.rounding import Rounding
from engine.comp.terms import Terms
from engine.inputs import Inputs, IntArray
from engine.pipeline.bookings import Bookings

WHOLE, NONE = -1, -2
"""In `Held.place`: the credit of the seat; nothing, for the seat is not held."""
CELLS = 1 << 16
"""(replication, seat, period) cells whose deals are made again at a time."""


@dataclass(frozen=True)
class Held:
    """Credit of spells in every replication."""

    bookings: Bookings
    known: Terms
    place: IntArray
    """Where credit is found, shape (spell, period): `WHOLE`, `NONE`, or a place in `parts`."""
    parts: IntArray
    """Credit of periods that are held in part, shape (replication, place, measure); measures as in the bookings."""

    @classmethod
    def of(
        cls, inputs: Inputs, bookings: Bookings, known: Terms, rounding: Rounding, workers: int = 1
    ) -> Held:
        """Find what is held in part, and its credit; the same for any number of workers (threads)."""
        days = known.last - known.first
        place = np.where(days == known.length, WHOLE, NONE)
        spell, period = np.nonzero((days > 0) & (days < known.length))
        place[spell, period] = np.arange(spell.size)
        parts = np.zeros((bookings.replications, spell.size, len(bookings.measures)), dtype=np.int64)
        if bookings.again is None:
            for m, name in enumerate(bookings.measures):
                there = np.unique(spell)
                cut = known.own_credit(bookings.measure(name), there, rounding)
                parts[..., m] = cut[:, np.searchsorted(there, spell), period]
        elif spell.size:
            seats = np.unique(known.rep[spell])
            each = -(-bookings.replications // max(4 * workers, 1))
            step = max(min(CELLS // (seats.size * known.length.size), each), 1)

            def add(start: int) -> None:
                some = slice(start, min(start + step, bookings.replications))
                _sum_up(parts[some], inputs, bookings, some, seats, place)

            with ThreadPoolExecutor(max(workers, 1)) as pool:
                list(pool.map(add, range(0, bookings.replications, step)))
        return cls(bookings, known, place, parts)

    @property
    def partly(self) -> bool:
        """Whether somebody holds a seat for part of a period."""
        return bool(self.parts.shape[1])

    def credit(self, measure: str, spells: IntArray, replications: slice | IntArray) -> IntArray:
        """Return the credit that is settled in the rows of some spells, shape (replication, spell, period)."""
        return self.known.together(lambda some: self.own(measure, some, replications), spells)

    def own(self, measure: str, spells: IntArray, replications: slice | IntArray) -> IntArray:
        """Return the credit of each spell itself, whoever is settled with it, shape (replication, spell, period)."""
        m = self.bookings.measures.index(measure)
        return self._found(
            self.bookings.measure(measure)[replications], self.parts[replications, :, m], spells
        )

    def expected(self, measure: str, spells: IntArray) -> IntArray:
        """Return the mean credit that is settled in the rows of some spells, rounded, shape (spell, period)."""
        m = self.bookings.measures.index(measure)
        seats, parts = (
            np.rint(values.mean(axis=0)).astype(np.int64)
            for values in (self.bookings.measure(measure), self.parts[..., m])
        )
        return self.known.together(lambda some: self._found(seats, parts, some), spells)

    def _found(self, seats: IntArray, parts: IntArray, spells: IntArray) -> IntArray:
        credit = np.ascontiguousarray(seats[..., self.known.rep[spells], :], dtype=np.int64)
        place = self.place[spells]
        credit[..., place == NONE] = 0
        credit[..., place >= 0] = parts[..., place[place >= 0]]
        return credit


def _sum_up(
    into: IntArray, inputs: Inputs, bookings: Bookings, some: slice, seats: IntArray, place: IntArray
) -> None:
    """Add up the deals of some replications and seats that closed in periods held in part."""
    won = bookings.deals(some, seats)
    spell = holder(inputs.spells, won.seat, won.held)
    cell = np.where(spell == NOBODY, NONE, place[spell, won.period])
    inside = np.flatnonzero(cell >= 0)
    for m, name in enumerate(bookings.measures):
        np.add.at(into[..., m], (won.replication[inside], cell[inside]), won.credit[name][inside])
