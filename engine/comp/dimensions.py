"""Dimensions: what a rule asks of a deal (product, segment, contract term, discount), and the factor that follows.

A factor is looked up by a word, or by the band that a number lies in; several multiply. Deals say both in the columns
of `engine.comp.book.Deals`; the row that takes a deal back has those of the deal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, lcm
from typing import TYPE_CHECKING, Protocol

import numpy as np
from pydantic import Field, model_validator

from engine.blocks import Block
from engine.comp.pieces import Closed
from engine.comp.tiers import MOST_MULTIPLE, Level, in_range, rows_in_order
from engine.fields import Name, Ratio, Text, refuse
from engine.inputs import IntArray, Words

if TYPE_CHECKING:
    from engine.comp.book import Labels, Numbers
    from engine.comp.quantity import Quantity


class Says(Protocol):
    """Deals that say what they are."""

    @property
    def labels(self) -> Mapping[str, Labels]:
        """Columns of words, by name."""

    @property
    def numbers(self) -> Mapping[str, Numbers]:
        """Columns of numbers, by name."""


@dataclass(frozen=True)
class Asked:
    """A column of deals that a rule asks for."""

    field: str
    """Where the rule stands, below its component."""
    column: str
    words: Words | None
    """Words that the rule knows, None where it reads a number."""


class Band(Block):
    """One row of a table of factors by a number."""

    start: Level = Field(ge=0)
    """Where the band begins, in the unit of the column (`24` months, `20%`); the first begins at 0, and holds below
    it too."""
    end: Level | None = Field(default=None, gt=0)
    """Where it ends: the start of the next band. May be left out, and must be for the last, which has no end."""
    times: Ratio
    """The factor: `1.2` or `120%`."""


class Factors(Block):
    """Factors by a column of deals: of its words, or of bands of its numbers."""

    by: Name
    """Column of deals. A simulated deal has `product` and `segment`. Required."""
    times: Mapping[Text, Ratio] | None = Field(default=None, min_length=1)
    """Factor of each word: `{Core: 1, Services: 0.5}`. Either this or `bands`."""
    otherwise: Ratio | None = None
    """Factor of every other word, and of a blank. Required beside `times`."""
    bands: tuple[Band, ...] = ()
    """Factors of numbers, from the bottom up. Either this or `times`."""
    closed: Closed | None = None
    """Band of a number exactly on a boundary: `left` the one that starts there, `right` the one that ends there.
    Required beside `bands`."""

    @model_validator(mode="after")
    def _words_or_numbers(self) -> Factors:
        if (self.times is None) == (not self.bands):
            raise refuse(
                "E_REQUIRED", f"by: {self.by} needs either `times` or `bands`", "Give one of the two."
            )
        if (self.times is None) != (self.otherwise is None):
            raise refuse(
                "E_REQUIRED", "`otherwise` belongs to `times`, and is required there", "Give 1 for no change."
            )
        if (not self.bands) != (self.closed is None):
            raise refuse("E_REQUIRED", "`closed` belongs to `bands`, and is required there", "left or right.")
        if self.bands:
            rows_in_order(self.bands, "band")
        for factor in self._all():
            in_range(factor, MOST_MULTIPLE, "factor")
        return self

    def _all(self) -> Iterator[Ratio]:
        yield from (band.times for band in self.bands)
        if self.times is not None and self.otherwise is not None:
            yield from (*self.times.values(), self.otherwise)

    def asked(self, field: str) -> Asked:
        """Return what it asks of deals."""
        return Asked(field, self.by, None if self.times is None else tuple(self.times))

    def of(self, deals: Says) -> tuple[IntArray, int]:
        """Return the factor of each deal as whole multiples of 1 / scale, shape (line,), and the scale."""
        if self.times is None:
            at, each = self._band(deals.numbers[self.by]), [Fraction(band.times) for band in self.bands]
        else:
            labels = deals.labels[self.by]
            at = labels.codes
            each = [Fraction(self.times.get(word, self.otherwise or 0)) for word in labels.words]
        scale = lcm(*(factor.denominator for factor in each))
        return np.array([int(factor * scale) for factor in each], dtype=np.int64)[at], scale

    def _band(self, numbers: Numbers) -> IntArray:
        starts = [Fraction(band.start) * numbers.scale for band in self.bands[1:]]
        if self.closed == "left":
            return np.searchsorted([ceil(start) for start in starts], numbers.values, side="right")
        return np.searchsorted([floor(start) for start in starts], numbers.values, side="left")


def multiplied(amount: Quantity, rules: Sequence[Factors], deals: Says) -> Quantity:
    """Return amounts of deals, shape (line,), times the factors of every rule; not rounded."""
    one = type(amount).whole(np.ones(1, dtype=np.int64))
    for rule in rules:
        factor, scale = rule.of(deals)
        amount = amount.share(one, of=type(amount).whole(factor)).times(Fraction(1, scale))
    return amount
