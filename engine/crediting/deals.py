"""Deals and their shares as arrays, ready to be credited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from engine.calendar import DateArray
from engine.inputs import IntArray

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
    cash: DateArray
    """Day on which the customer paid; NaT while not."""
    reverses: IntArray
    """Deal that the row takes back, -1 for none."""
    term: IntArray
    """Months over which the deal is earned; 0 where unknown."""

    def __len__(self) -> int:
        return len(self.id)


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
