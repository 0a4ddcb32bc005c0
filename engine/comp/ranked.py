"""Ranked: who contends with whom, and on which place everybody stands at the end of an interval.

Places and percentiles are those of `engine.comp.components.contest`; `standing` ranks likewise.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field, model_validator

from engine.blocks import Block
from engine.comp.adjustment import nothing
from engine.comp.compared import positive
from engine.comp.intervals import Interval
from engine.comp.restated import known_at_end
from engine.comp.team import unknown_level
from engine.comp.tiers import MOST_MULTIPLE, in_range
from engine.fields import Money, Name, Ratio, Whole, refuse

if TYPE_CHECKING:
    from engine.comp.book import Book
    from engine.comp.component import Quantities
    from engine.comp.quantity import Quantity
    from engine.inputs import BoolArray, Inputs, IntArray, Words

Ties = Literal["each", "shared", "none"]


class Places(Block):
    """Places from the top down, after those of the row before."""

    to_place: Whole | None = Field(default=None, ge=1)
    """Last place of the row: `1` the first alone; `3` after it, the second and the third. This or `to_share`."""
    to_share: Ratio | None = Field(default=None, gt=0, le=1)
    """Share of the contenders, counted from the top, that it holds for: `10%`; as many whole places as fit."""

    @model_validator(mode="after")
    def _one_end(self) -> Places:
        if (self.to_place is None) == (self.to_share is None):
            raise refuse("E_REQUIRED", "it goes down to a place or a share", "Give to_place or to_share.")
        return self

    @property
    def end(self) -> Decimal:
        """Where they end, as a place or a share."""
        return Decimal(self.to_place or 0) or (self.to_share or Decimal(0))

    def last(self, contenders: IntArray) -> IntArray:
        """Return the last place of the row, given how many contend."""
        if self.to_place is not None:
            return np.full(contenders.shape, self.to_place, dtype=np.int64)
        share = Fraction(self.to_share or 0)
        return np.asarray(contenders * share.numerator // share.denominator, dtype=np.int64)


def from_the_top(rows: Sequence[Places], what: str) -> None:
    """Refuse rows of places that are not sorted, or end in two ways.

    Raises:
        pydantic_core.PydanticCustomError: code E_CHOICE, E_TIERS.

    """
    if len({row.to_place is None for row in rows}) > 1:
        raise refuse(
            "E_CHOICE", f"some {what}s end at a place, others at a share", "Use one of the two for all."
        )
    for before, after in itertools.pairwise(rows):
        if after.end <= before.end:
            raise refuse(
                "E_TIERS",
                f"a {what} down to {after.end:f} follows one down to {before.end:f}",
                f"Sort {what}s from the top down, no doubles.",
            )


class AtLeast(Block):
    """What somebody needs to be a contender; exactly so much is enough."""

    money: Money | None = Field(default=None, gt=0)
    """Credit in the interval, currency units. One of the three."""
    units: Whole | None = Field(default=None, ge=1)
    """Credit in the interval of a measure that counts."""
    attainment: Ratio | None = Field(default=None, gt=0)
    """Credit over quota in the interval; without a quota it is not reached."""

    @model_validator(mode="after")
    def _one_level(self) -> AtLeast:
        if sum(level is not None for level in (self.money, self.units, self.attainment)) != 1:
            raise refuse("E_REQUIRED", "at_least is money, units or attainment", "Give one of the three.")
        in_range(self.attainment or MOST_MULTIPLE, MOST_MULTIPLE, "attainment")
        return self

    def reached(self, credit: Quantity, quota: Quantity, book: Book) -> BoolArray:
        """Say where credit of an interval is enough."""
        if self.attainment is None:
            amount = Fraction(self.units or 0) or Fraction(self.money or 0) * book.minor
            return credit.reaches(nothing(book).most(amount), "left")
        level = Fraction(self.attainment)
        enough = credit.times(Fraction(level.denominator)).reaches(
            quota.times(Fraction(level.numerator)), "left"
        )
        return enough & positive(quota)


@dataclass(frozen=True)
class Standings:
    """How people stand at the end of each interval; all arrays have shape (..., spell, period)."""

    credit: Quantity
    """Credit of the interval, in its last period."""
    contends: BoolArray
    """Who is ranked; nobody is before the end of an interval."""
    ahead: IntArray
    """How many of the node stand ahead."""
    level: IntArray
    """How many are level, oneself included."""
    contenders: IntArray
    """How many of the node contend."""

    def taken(self, rows: Sequence[Places], ties: Ties | None) -> Iterator[IntArray]:
        """Yield of each row how many of its places those who are level take; `level` times what each of them gets."""
        before = np.zeros_like(self.ahead)
        for row in rows:
            last = row.last(self.contenders)
            if ties == "shared":
                taken = np.minimum(self.ahead + self.level, last) - np.maximum(self.ahead, before)
                yield np.maximum(taken, 0)
            else:
                alone = self.level <= 1 if ties == "none" else self.level > 0
                yield np.where((self.ahead >= before) & (self.ahead < last) & alone, self.level, 0)
            before = np.asarray(last)

    def percentile(self, out_of: Literal["others", "all"], ties: Ties | None) -> tuple[IntArray, IntArray]:
        """Return what stands above and below the line of everybody's percentile; 0 for who does not contend."""
        ahead = 2 * self.ahead + (self.level - 1 if ties == "shared" else 0)
        behind, whole = 2 * (self.contenders - 1) - ahead, 2 * self.contenders
        if out_of == "others":
            whole = whole - 2
            behind, whole = (np.where(self.contenders == 1, 2, side) for side in (behind, whole))
        ranked = self.contends & ((self.level <= 1) | (ties != "none"))
        return np.where(ranked, behind, 0), np.where(ranked, whole, 0)


class Ranked(Block):
    """Ranks the people of the plan among each other."""

    measure: Name
    """Measure whose credit is ranked. Required."""
    rank_by: Literal["credit", "attainment"]
    """What is ranked: `credit`, or `attainment` (credit over quota; who has no quota does not contend). Required."""
    per: Interval
    """Interval that is ranked, at whose end something is earned: `period`, `quarter` or `year`. Required."""
    among: Name
    """Who is ranked with whom: the people of the plan whose seats stand in one node of this level of the hierarchy,
    such as `region`; `company` ranks all of them. Required."""
    at_least: AtLeast | None = None
    """What a contender needs; credit above 0 unless given."""

    @property
    def together(self) -> bool:
        """Whether what one earns depends on others of the plan: always."""
        return True

    @property
    def teams(self) -> bool:
        """Whether it looks at the seats of others."""
        return True

    @property
    def needs_quota(self) -> bool:
        """Whether it compares credit with a quota."""
        return self.rank_by == "attainment" or (
            self.at_least is not None and self.at_least.attainment is not None
        )

    def quantities(self) -> Iterator[tuple[str, Quantities]]:
        """Yield what its measure must be: as `at_least` says."""
        if self.at_least is not None and self.at_least.attainment is None:
            yield self.measure, "count" if self.at_least.units is not None else "amount"

    def measures(self) -> Words:
        """Return the measure it looks at."""
        return (self.measure,)

    def misfits(self, inputs: Inputs, people: Words, days: bool) -> Iterator[tuple[str, str, str, str]]:
        """Yield a level that the hierarchy does not have."""
        yield from unknown_level(self.among, "among", inputs)

    def known(self, book: Book) -> Quantity:
        """Return the credit of each period as it is known at the end of its interval, shape (..., spell, period)."""
        if book.takes_back:
            return known_at_end(self.measure, book, book.intervals.groups(self.per))
        return book.credit(self.measure)

    def contends(self, credit: Quantity, book: Book) -> BoolArray:
        """Say who contends at the end of each interval, by the credit of the interval."""
        groups = book.intervals.groups(self.per)
        quota = book.quota_of(self.measure).collected(groups)
        contends = positive(credit) & positive(book.whole(book.days).collected(groups))
        if self.rank_by == "attainment":
            contends = contends & positive(quota)
        return contends if self.at_least is None else contends & self.at_least.reached(credit, quota, book)

    def standings(self, credit: Quantity, book: Book) -> Standings:
        """Rank everybody by the credit of each period."""
        groups, node = book.intervals.groups(self.per), book.nodes(self.among)
        credit = credit.collected(groups)
        contends = self.contends(credit, book)
        quota = book.quota_of(self.measure).collected(groups) if self.rank_by == "attainment" else None
        ahead, level = credit.places(quota, node, contends)
        contenders = np.zeros(contends.shape, dtype=np.int64)
        for one in np.unique(node):
            mine = contends[..., node == one, :]
            contenders[..., node == one, :] = mine.sum(axis=-2, keepdims=True)
        return Standings(credit, contends, ahead, level, contenders)
