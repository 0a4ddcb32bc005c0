"""Bound: a limit on pay, in money or of target incentive."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from pydantic import Field, model_validator

from engine import amounts
from engine.blocks import Block
from engine.comp.tiers import MOST_MULTIPLE, in_range
from engine.fields import Money, Ratio, refuse

if TYPE_CHECKING:
    from engine.comp.book import Book
    from engine.comp.quantity import Quantity


class Bound(Block):
    """A limit on pay over an interval."""

    amount: Money | None = Field(default=None, ge=0)
    """Currency units for a whole interval. Either this or `of_target`."""
    of_target: Ratio | None = Field(default=None, ge=0)
    """Ratio of the person's target incentive in the interval (`100%`), which is cut by days in seat."""

    @model_validator(mode="after")
    def _one_limit(self) -> Bound:
        if (self.amount is None) == (self.of_target is None):
            raise refuse("E_REQUIRED", "a limit needs either amount or of_target", "Give one of the two.")
        if self.of_target is not None:
            in_range(self.of_target, MOST_MULTIPLE, "of_target")
        return self

    def by_days(self, book: Book, times: int) -> Quantity:
        """Return the part of each period, cut by days in seat; minor units, not rounded, shape (spell, period).

        Args:
            book: people and their terms.
            times: how often `amount` is given a year: 12 where it is a month's.

        """
        if self.amount is not None:
            return book.annual(times * int(Fraction(self.amount) * book.minor))
        return book.target.times(Fraction(self.of_target or 0))


def whole_units(value: Money | None, currency: str, field: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield (code, field, message, hint) for an amount that the currency cannot hold."""
    if value is not None:
        try:
            amounts.to_minor(value, currency)
        except amounts.AmountError as error:
            yield error.code, field, str(error), error.hint
