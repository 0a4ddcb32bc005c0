"""Restated: limits of intervals, and ranks among others, where deals are taken back later.

What takes a deal back counts in the period of its deal, from the day on which it comes: as known at the end of period
t, with n(o, t) what is left by then of the credit of period o,

    counted to date, as known at t  =  sum over o <= t of held(n(., t))(o)
    counted in t                    =  what that is more than it was as known before

so that a deal of a full interval takes back by how much less the rest of the interval counts, never what was lost. It
comes to the same as a year in which the deal had been that much smaller from the start. Within its own interval a
reversal does what any negative credit does there, and negative credit that takes no deal back, as that of sums by
period, counts where it falls. Prizes of a contest are restated likewise, for all who contend.

A limit on pay is restated in what a reversal costs: by what the component without its limit earns less with it than
without it, where it stands among the lines of the period in which it comes. That counts against the limit of its deal's
interval, so that a limit which nobody reaches changes nothing, and rates, gates and modifiers of periods that are over
stay what they were. Lines count in their order, by day and then by id, so that which of two reversals meets the higher
rate, and whose interval bears it, is what the statement shows line by line (`engine.comp.apart`).

A limit over several components is restated likewise in what reversals take of each of them: of pay on deals what the
clawback takes, of what earns by the period the difference that the reversals of one make (`engine.comp.taken`).

Context: a limit per month on credit of 1,000, a deal of 1,500 in January, taken back in March. It counted 1,000.
Choice: credit is restated and the difference counts now, as changed history is paid everywhere (`../pay`).
Price: the limits are read once more for each time at which somebody's deals are taken back.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from engine.comp.apart import Steps, apart
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
    home, moved = _homes(lines, book)
    return _as_known(lines, book.known_deals.cells, home, moved, book, held)


def restated_among(measure: str, book: Book, value: Callable[[Quantity], Quantity]) -> Quantity:
    """Return what people earn by what all of them sell, restated for all when a deal of anybody is taken back.

    Args:
        measure: what they sell; its credit is that of the deals of the book.
        book: whose deals they are.
        value: what is earned, on credit by (..., spell, period); as `held` of `restated`.

    """
    lines, cells = book.deals(measure)
    home, moved = _homes(lines, book)
    return _as_known(lines, cells, home, moved, book, value, together=True)


def known_at_end(measure: str, book: Book, groups: Groups) -> Quantity:
    """Return credit as it was known when its interval ended, shape (..., spell, period).

    Args:
        measure: the credit.
        book: whose deals they are.
        groups: the intervals.

    """
    lines, cells = book.deals(measure)
    home, moved = _homes(lines, book)
    period = np.array(groups.of)
    ends = np.array([stop - 1 for _, stop in groups.spans])[
        np.unique(period, return_inverse=True)[1].reshape(-1)
    ]
    late = moved & (cells % book.shape[1] > ends[home % book.shape[1]])
    return lines.where(~late, lines.times(Fraction(0))).tallied(np.where(moved, home, cells), book.grid)


def restated_pay(
    measure: str, book: Book, earned: Callable[[Book], Quantity], held: Callable[[Quantity], Quantity]
) -> Quantity:
    """Return what is earned in each period within limits of intervals, shape (..., spell, period).

    Args:
        measure: measure whose deals are taken back.
        book: whose deals they are.
        earned: what is earned without the limits, whole minor units (or events), shape (..., spell, period).
        held: the limits, on what is earned in each period; what they make of a period may not depend on later ones.

    """
    lines, cells = book.deals(measure)
    home, moved = _homes(lines, book)
    full = earned(book)
    if not moved.any():
        return held(full)
    came, of = cells[moved], home[moved]
    if isinstance(book.intervals, Steps):
        costs = full.at(came)
    else:
        steps, alone = apart(book, moved)
        costs = earned(steps).at(alone)
    rest = full.minus(costs.tallied(came, book.grid))
    every = np.ones(came.shape, dtype=np.bool_)
    return _as_known(costs, came, of, every, book, lambda moved_to: held(rest.plus(moved_to)))


def restated_due(
    earned: Quantity, taken: Quantity, book: Book, held: Callable[[Quantity], Quantity]
) -> tuple[Quantity, Quantity]:
    """Return what limits of intervals leave of an amount, and what reversals take of that.

    Reversals count by the period in which they come, then by that of their deals.

    Args:
        earned: what is limited, shape (spell, period).
        taken: what reversals take of it, shape (spell, period x period), see `Book.taken`.
        book: whose pay it is.
        held: the limits, as of `restated_pay`.

    """
    (spells, periods), always = book.shape, Groups((0,) * book.shape[1])
    row, amounts = np.arange(spells), earned
    costs: dict[tuple[int, int], Quantity] = {}
    for came, home in ((late, early) for late in range(periods) for early in range(late)):
        cost = taken.at(row * periods**2 + came * periods + home)
        if (positive(cost) | positive(cost.times(Fraction(-1)))).any():
            costs[came, home] = cost
            amounts = amounts.minus(cost.tallied(row * periods + came, book.shape))
    known, takes = held(amounts).running(always), taken.times(Fraction(0))
    for (came, home), cost in costs.items():
        amounts = amounts.plus(cost.tallied(row * periods + home, book.shape))
        now = held(amounts).running(always).where(np.arange(periods) >= came, known)
        less = now.minus(known).at(row * periods + came)
        takes = takes.plus(less.tallied(row * periods**2 + came * periods + home, (spells, periods**2)))
        known = now
    return known.steps(always), takes


def _as_known(
    lines: Quantity,
    cells: IntArray,
    home: IntArray,
    moved: BoolArray,
    book: Book,
    held: Callable[[Quantity], Quantity],
    *,
    together: bool = False,
) -> Quantity:
    """Return what is held of lines in each period, each from its own cell on as if it stood at home.

    Args:
        lines: what is held, shape (line,).
        cells: flat cell of each on the grid of the book.
        home: flat cell in which each counts.
        moved: whether that is an earlier period.
        book: whose grid it is.
        held: see `restated`.
        together: whether what one row is held to depends on the others.

    """
    grid = book.grid
    if not moved.any():
        return held(lines.tallied(cells, grid))
    at = np.zeros(grid, dtype=np.bool_)
    at.reshape(-1)[cells[moved]] = True
    if together:
        at = np.broadcast_to(at.any(axis=-2, keepdims=True), grid)
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
