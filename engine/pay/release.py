"""Release: when what deals earn becomes due.

A deal that earned E, of which clawbacks have left L, has released by the end of a period

    R = E x cash received / amount of the deal, rounded, and held between 0 and L

so that a clawback first cancels what still waits for cash, and then takes back what was paid beyond L. With all cash in
R is L: what is released adds up to what is earned. Cash that came before the deal was booked counts at the booking.
Where pay does not wait for cash, R is L from the booking on.

A deal of an earlier year starts with what it was paid; L then counts what was taken back in that year as well.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from engine.calendar import DateArray
from engine.comp.rounding import Rounding, divide
from engine.comp.scaled import product
from engine.crediting.deals import Receipts
from engine.inputs import BoolArray, IntArray


@dataclass(frozen=True)
class Entries:
    """Amounts of people on deals, minor units. Shape (entry,)."""

    component: IntArray
    spell: IntArray
    line: IntArray
    """Row of the deal in its file."""
    period: IntArray
    amount: IntArray

    def take(self, at: IntArray) -> Entries:
        """Return some of them."""
        return Entries(*(getattr(self, field.name)[at] for field in fields(self)))

    def keys(self, shape: tuple[int, ...]) -> IntArray:
        """Return one number for each deal, component and spell; `shape` is (component, spell, ...)."""
        return (self.line * shape[0] + self.component) * shape[1] + self.spell

    def table(self, shape: tuple[int, ...]) -> IntArray:
        """Return them added up, shape (component, spell, period)."""
        sums = np.zeros(shape, dtype=np.int64)
        np.add.at(sums, (self.component, self.spell, self.period), self.amount)
        return sums


def together(*parts: Entries) -> Entries:
    """Return all entries one after the other."""
    names = [field.name for field in fields(Entries)]
    return Entries(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


@dataclass(frozen=True)
class Waiting:
    """What deals earn, and what came before the plan. Shape (entry,)."""

    earned: Entries
    """Before clawbacks; what an earlier year earned stands in the first period."""
    taken: IntArray
    """What was taken back before the plan."""
    paid: IntArray
    """What was paid before the plan."""

    def of(self, components: BoolArray) -> Waiting:
        """Return what waits of some components, shape (component,)."""
        at = np.flatnonzero(components[self.earned.component])
        return Waiting(self.earned.take(at), self.taken[at], self.paid[at])

    @property
    def early(self) -> IntArray:
        """Entries of which something was taken back or paid before the plan."""
        return np.flatnonzero((self.taken != 0) | (self.paid != 0))


def released(
    waiting: Waiting,
    claws: Entries,
    receipts: Receipts | None,
    edges: DateArray,
    rounding: Rounding,
    shape: tuple[int, ...],
) -> Entries:
    """Return what each deal releases, in the periods in which it does.

    Args:
        waiting: what deals earn.
        claws: what is taken back, below 0 where the deal earned something.
        receipts: cash of deals; None where pay does not wait for it.
        edges: first day of each period, and the day after the last.
        rounding: rounding of what is released to date.
        shape: (component, spell, period).

    """
    earned = waiting.earned
    entry, worth = (np.arange(earned.amount.size), earned)
    if receipts is not None:
        entry, worth = _by_cash(earned, receipts, edges, rounding)
    keys = earned.keys(shape)
    apart = np.isin(keys, claws.keys(shape))
    apart[np.isin(keys, keys[waiting.early])] = True
    parts = [worth.take(np.flatnonzero(~apart[entry]))]
    here, of_claw, of_worth = np.flatnonzero(apart), claws.keys(shape), worth.keys(shape)
    for key in np.unique(keys[here]).tolist():
        at = here[keys[here] == key]
        steps = _held(
            _row(earned.take(at), shape) - _at_start(waiting.taken[at].sum(), shape),
            _row(worth.take(np.flatnonzero(of_worth == key)), shape),
            _row(claws.take(np.flatnonzero(of_claw == key)), shape),
            int(waiting.paid[at].sum()),
        )
        period = np.flatnonzero(steps)
        component, spell, line = (
            np.full(period.size, column[at[0]]) for column in (earned.component, earned.spell, earned.line)
        )
        parts.append(Entries(component, spell, line, period, steps[period]))
    return together(*parts)


def _by_cash(
    earned: Entries, receipts: Receipts, edges: DateArray, rounding: Rounding
) -> tuple[IntArray, Entries]:
    """Return (entry, what it is worth by cash), one for each entry and receipt of its deal."""
    low = np.searchsorted(receipts.line, earned.line)
    count = np.searchsorted(receipts.line, earned.line, side="right") - low
    entry = np.repeat(np.arange(low.size), count)
    rank = np.arange(entry.size) - np.repeat(np.cumsum(count) - count, count)
    at = low[entry] + rank
    exact = product(earned.amount[entry], receipts.to_date[at])
    to_date = np.asarray(divide(exact, receipts.whole[at], rounding), dtype=np.int64)
    before = np.where(rank > 0, np.concatenate([[0], to_date[:-1]]), 0)
    period = np.searchsorted(edges, receipts.day[at], side="right") - 1
    steps = earned.take(entry)
    period = np.maximum(period, steps.period)
    return entry, Entries(steps.component, steps.spell, steps.line, period, to_date - before)


def _row(entries: Entries, shape: tuple[int, ...]) -> IntArray:
    """Return running sums by period."""
    sums = np.zeros(shape[-1], dtype=np.int64)
    np.add.at(sums, entries.period, entries.amount)
    return np.cumsum(sums)


def _at_start(amount: int, shape: tuple[int, ...]) -> IntArray:
    return np.full(shape[-1], amount, dtype=np.int64)


def _held(earned: IntArray, worth: IntArray, claws: IntArray, paid: int) -> IntArray:
    """Return what is released in each period, given figures to date and what was paid before."""
    left = earned + claws
    worth = np.where(left >= 0, np.maximum(worth, paid), np.minimum(worth, paid))
    to_date = np.clip(worth, np.minimum(left, 0), np.maximum(left, 0))
    return np.diff(to_date, prepend=paid)
