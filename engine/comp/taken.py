"""Taken back: what deals that are taken back cost a component, by the period in which that comes and that of the deal.

Reversals count one sort after another: by the period in which they come, then by that of their deals. What those of one
sort cost a component is what it earns in the period in which they come as known with them, less what it earns there as
known without them and those that follow. So costs add up to all that reversals change in that period.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from engine.inputs import IntArray

if TYPE_CHECKING:
    from engine.comp.book import Book
    from engine.comp.exact import Rows
    from engine.comp.quantity import Quantity


@dataclass(frozen=True)
class Reversals:
    """Rows that take back deals of earlier periods, anybody's."""

    rows: Rows
    book: Callable[[Rows], Book]
    """Returns what components look at, given other rows."""

    @cached_property
    def sort(self) -> IntArray:
        """Period in which a row takes a deal back, times periods, plus that of its deal; -1 for other rows."""
        rows = self.rows
        assert rows.origin is not None
        _, first, of = np.unique(rows.origin, return_index=True, return_inverse=True)
        source, back = first[of.reshape(-1)], np.zeros(rows.period.size, dtype=np.bool_)
        for credit in rows.credit.values():
            back |= np.sign(credit) * np.sign(credit[source]) < 0
        earlier = rows.period[source]
        periods = int(rows.period.max(initial=0)) + 1
        return np.where(back & (earlier < rows.period), rows.period * periods + earlier, -1)

    @cached_property
    def sorts(self) -> tuple[tuple[int, int], ...]:
        """(period in which they come, period of their deals) of every sort, in order."""
        periods = int(self.rows.period.max(initial=0)) + 1
        return tuple(divmod(sort, periods) for sort in np.unique(self.sort[self.sort >= 0]).tolist())

    def known(self) -> Iterator[Book]:
        """Yield the book without reversals, then with those of one sort more, up to all but the last; one at a time."""
        for sort in np.unique(self.sort[self.sort >= 0]).tolist():
            kept = self.sort < sort
            credit = {name: np.where(kept, values, 0) for name, values in self.rows.credit.items()}
            yield self.book(replace(self.rows, credit=credit))

    def costs(self, earn: Callable[[Book], Quantity], full: Quantity, book: Book) -> Quantity:
        """Return what reversals cost, shape (spell, period x period): in which period, of a deal of which.

        Args:
            earn: what a component earns.
            full: what it earns with all reversals, shape (spell, period).
            book: whose pay it is.

        """
        spells, periods = book.shape
        steps = [*map(earn, self.known()), full]
        total = full.times(Fraction(0)).at(np.zeros(spells * periods**2, dtype=np.int64))
        total = total.tallied(np.arange(spells * periods**2), (spells, periods**2))
        each = np.arange(spells)
        for (came, home), before, after in zip(self.sorts, steps, steps[1:], strict=False):
            cost = after.minus(before).at(each * periods + came)
            total = total.plus(cost.tallied(each * periods**2 + came * periods + home, (spells, periods**2)))
        return total
