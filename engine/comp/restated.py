"""Restated: limits on credit of intervals, where deals are taken back later.

What takes a deal back counts in the period of its deal, from the day on which it comes: as known at the end of period
t, with n(o, t) what is left by then of the credit of period o,

    counted to date, as known at t  =  sum over o <= t of held(n(., t))(o)
    counted in t                    =  what that is more than it was as known before

so that a deal of a full interval takes back by how much less the rest of the interval counts, never what was lost. It
comes to the same as a year in which the deal had been that much smaller from the start. Within its own interval a
reversal does what any negative credit does there, and negative credit that takes no deal back, as that of sums by
period, counts where it falls.

Context: a limit per month on credit of 1,000, a deal of 1,500 in January, taken back in March. It counted 1,000.
Choice: credit is restated and the difference counts now, as changed history is paid everywhere (`../pay`).
Price: the limits are read once more for each time at which somebody's deals are taken back.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from engine.comp.compared import positive
from engine.comp.intervals import Groups
from engine.inputs import BoolArray, IntArray

if TYPE_CHECKING:
    from engine.comp.book import Book
    from engine.comp.quantity import Quantity


def restated(lines: Quantity, book: Book, held: Callable[[Quantity], Quantity]) -> Quantity:
    """Return what is counted in each period, shape (..., spell, period).

    Args:
        lines: counted credit of each deal of the book before limits of intervals, shape (line,).
        book: whose deals they are.
        held: limits of intervals, on credit by (..., spell, period); what they make of a period may not depend on
            later ones.

    """
    grid, cells = book.grid, book.known_deals.cells
    home, moved = _homes(lines, book)
    if not moved.any():
        return held(lines.tallied(cells, grid))
    at = np.zeros(grid, dtype=np.bool_)
    at.reshape(-1)[cells[moved]] = True
    times = np.cumsum(at, axis=-1)
    came = np.where(moved, times.reshape(-1)[cells], 0)
    nothing, always = lines.times(Fraction(0)), Groups((0,) * grid[-1])
    known = held(lines.where(came == 0, nothing).tallied(home, grid)).running(always)
    for time in range(1, int(times.max()) + 1):
        credit = lines.where(came <= time, nothing).tallied(home, grid)
        known = held(credit).running(always).where(times >= time, known)
    return known.steps(always)


def _homes(lines: Quantity, book: Book) -> tuple[IntArray, BoolArray]:
    """Return the cell in which each line counts, and whether it takes back a deal of an earlier period.

    Lines with one origin stand in their order in time. One that has the sign of the first is no reversal of it: both
    take back a deal that is not here.
    """
    deals = book.known_deals
    if deals.origin is None:
        return deals.cells, np.zeros(deals.cells.shape, dtype=np.bool_)
    _, first, of = np.unique(deals.origin, return_index=True, return_inverse=True)
    source = first[of.reshape(-1)]
    deal, back = lines.at(source), lines.times(Fraction(-1))
    takes = (positive(deal) & positive(back)) | (positive(deal.times(Fraction(-1))) & positive(lines))
    period = np.array(book.intervals.groups("period").of)[deals.cells % book.shape[1]]
    moved = takes & (period[source] < period)
    return np.where(moved, deals.cells[source], deals.cells), moved
