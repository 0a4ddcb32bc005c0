"""Deals and their shares as arrays, ready to be credited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.calendar import DateArray
from engine.inputs import BoolArray, IntArray

WHOLE = 10**8
"""A share of 100 %."""
RATIO = 10**8
"""A ratio of 1 in a column of deals."""
Texts = NDArray[Any]


@dataclass(frozen=True)
class Cash:
    """By how much the paid part of a deal grows or falls in a row of cash, in minor units of the deal's currency.

    Shape (deal,); all 0 in rows that are no cash.
    """

    before: IntArray
    """Paid and not taken back, before the row."""
    after: IntArray
    whole: IntArray
    """Amount of the deal."""
    gross: IntArray
    """What has counted as paid so far, before anything of it was taken back."""
    number: IntArray
    """Number of the receipt among those of its deal, from 1."""
    past: IntArray
    """Deal of an earlier year that the cash is for, by its place among those; -1 for none."""

    @classmethod
    def none(cls, rows: int) -> Cash:
        """Return that of rows that are no cash."""
        nothing = np.zeros(rows, dtype=np.int64)
        return cls(nothing, nothing, nothing, nothing, nothing, nothing - 1)

    def take(self, at: IntArray) -> Cash:
        """Return some of the rows."""
        return Cash(*(getattr(self, field.name)[at] for field in fields(self)))

    @property
    def rows(self) -> BoolArray:
        """Which rows are cash, shape (deal,)."""
        return np.asarray(self.whole > 0, dtype=np.bool_)


@dataclass(frozen=True)
class Deals:
    """Past deals in order of date, then id. Shape (deal,)."""

    file: str
    line: IntArray
    """Row of the file, with the header as row 1."""
    id: Texts
    rep: IntArray
    """Seat that owns the deal."""
    day: DateArray
    period: IntArray
    """Period of the day."""
    currency: Texts
    """ISO code of the amounts."""
    numbers: Mapping[str, IntArray]
    """Columns of numbers: minor units of the row's currency, counts, or ratios in parts of `RATIO`."""
    money: frozenset[str]
    """Which of them are money."""
    ratios: frozenset[str]
    """Which of them are ratios."""
    texts: Mapping[str, Texts]
    """Columns of text by name."""
    reverses: IntArray
    """Deal that the row takes back, -1 for none."""
    past: IntArray
    """Deal of an earlier year that the row takes back, by its place among those; -1 for none."""
    term: IntArray
    """Months over which the deal is earned; 0 where unknown."""
    of: IntArray
    """Row whose shares and attributes a row has: itself; for a reversal or cash, that of its deal. Cash of a deal of an
    earlier year has the first row of that cash."""
    booked: DateArray
    """Day on which the deal of a row was booked; of a reversal of a deal of an earlier year, its own day."""
    held: DateArray
    """Day whose holder of the seat is credited: that of the booking; the row's own if that was in an earlier year."""
    cash: Cash
    """What rows of cash say."""

    def __len__(self) -> int:
        return len(self.id)

    def take(self, at: IntArray) -> Deals:
        """Return some of the rows, which point to others as before."""
        numbers, texts = (
            {name: values[at] for name, values in table.items()} for table in (self.numbers, self.texts)
        )
        return Deals(
            self.file, self.line[at], self.id[at], self.rep[at], self.day[at], self.period[at], self.currency[at],
            numbers, self.money, self.ratios, texts, self.reverses[at], self.past[at], self.term[at], self.of[at],
            self.booked[at], self.held[at], self.cash.take(at),
        )  # fmt: skip

    @property
    def back(self) -> BoolArray:
        """Rows of the file that take a deal back, shape (deal,)."""
        return np.asarray((self.reverses >= 0) | (self.past >= 0), dtype=np.bool_)

    @property
    def falls(self) -> BoolArray:
        """Rows that lower credit: those, and cash that is taken back; shape (deal,)."""
        return np.asarray(self.back | (self.cash.after < self.cash.before), dtype=np.bool_)


@dataclass(frozen=True)
class PastDeals:
    """Deals that were booked before the plan. Shape (deal,)."""

    line: IntArray
    """Row of the file, with the header as row 1; rising."""
    id: Texts
    day: DateArray
    amount: IntArray
    """Minor units of the row's currency."""
    term: IntArray
    """Months over which the deal is earned; 0 where unknown."""


@dataclass(frozen=True)
class Receipts:
    """Cash of customers, by deal and day. Shape (receipt,)."""

    line: IntArray
    """Row of the deal in its file; never falling."""
    day: DateArray
    to_date: IntArray
    """What the customer has paid for the deal by then."""
    whole: IntArray
    """What the deal is worth, in the same unit."""


@dataclass(frozen=True)
class Shares:
    """Who takes part in a deal. Shape (share,), by deal."""

    deal: IntArray
    rep: IntArray
    share: IntArray
    """In parts of `WHOLE`."""
    overlay: NDArray[Any]
    """Whether the share comes on top of the deal instead of out of it."""


@dataclass(frozen=True)
class Rates:
    """Exchange rates of one currency, by rising date."""

    day: DateArray
    rate: IntArray
    """Units of the plan's currency for one unit, in 10^-9."""
