"""Apart: a book cut into steps, so that what single lines of deals change can be told.

Every period becomes a step that opens it and carries its quota and target, then two for each line that is told apart,
one for the lines before it and one for itself, and one for what comes after the last. A rule settles these steps as if
each were a period, so that what it earns in the step of a line is

    F(to date with the line) - F(to date without it), in the order of the lines

and the steps of a period add up to what the period earns.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from engine.comp.intervals import Groups, Interval, Intervals
from engine.inputs import BoolArray, IntArray

if TYPE_CHECKING:
    from engine.comp.book import Book
    from engine.comp.quantity import Quantity


@dataclass(frozen=True)
class Steps(Intervals):
    """Intervals over steps: `quarter` is that of each step, `period` its period."""

    period: tuple[int, ...] = ()

    def back(self, periods: int) -> IntArray:
        """Return how far before each step the last one of a period stands that is so many periods earlier."""
        period, here = np.array(self.period), np.arange(len(self.period))
        return here + 1 - np.searchsorted(period, period - periods, side="right")

    @cached_property
    def _by_interval(self) -> dict[Interval, Groups]:
        return {
            "period": Groups(self.period),
            "quarter": Groups(self.quarter),
            "year": Groups((0,) * len(self.period)),
        }


def apart(book: Book, told: BoolArray) -> tuple[Book, IntArray]:
    """Return a book over steps, and the flat cell on its grid of each line that is told apart, in their order.

    Args:
        book: periods, and single deals.
        told: which lines are told apart, shape (line,).

    """
    deals, periods = book.known_deals, book.shape[1]
    order = np.argsort(deals.cells, kind="stable")
    cell, alone = deals.cells[order], told[order]
    before: IntArray = np.cumsum(alone) - alone
    rank = np.empty(cell.size, dtype=np.int64)
    rank[order] = before - before[np.searchsorted(cell, cell)]
    row, period = np.divmod(deals.cells, periods)
    many = np.zeros(periods, dtype=np.int64)
    np.maximum.at(many, period[told], rank[told] + 1)
    width = 2 + 2 * many
    opens = np.cumsum(width) - width
    of = np.repeat(np.arange(periods), width)
    cells = row * of.size + opens[period] + 1 + 2 * rank + told
    spells = book.shape[0]
    every = np.arange(spells * periods)
    opening = (every // periods) * of.size + opens[every % periods]

    def opened(amount: Quantity) -> Quantity:
        return amount.at(every).tallied(opening, (spells, of.size))

    steps = replace(
        book,
        quota=opened(book.quota),
        quotas={name: opened(amount) for name, amount in book.quotas.items()},
        target=opened(book.target),
        salary=opened(book.salary),
        annual=lambda amount: opened(book.annual(amount)),
        since=book.since[:, of] if book.since.size else book.since,
        shape=(spells, of.size),
        intervals=Steps(tuple(np.array(book.intervals.quarter)[of].tolist()), tuple(of.tolist())),
        lines=replace(deals, cells=cells),
    )
    grid = steps.grid
    return replace(
        steps, credits={name: line.tallied(cells, grid) for name, line in deals.credits.items()}
    ), cells[told]
