"""Deals and their shares as arrays, ready to be credited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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

    def __len__(self) -> int:
        return len(self.id)

    @property
    def back(self) -> BoolArray:
        """Rows that take a deal back, shape (deal,)."""
        return np.asarray((self.reverses >= 0) | (self.past >= 0), dtype=np.bool_)


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
