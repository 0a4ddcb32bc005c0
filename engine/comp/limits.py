"""Limits: the most and the least that a component pays.

A cap lets earned pay to date, within its interval, reach the limit and no more. What takes a deal back later takes by
how much less the interval of the deal would have paid (see `engine.comp.restated`).

A floor adds what an interval lacks of it, max(limit - earned, 0), in the last period of the interval; a floor per deal
lifts the pay of each deal to it.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import BeforeValidator, Field, model_validator

from engine.blocks import Block
from engine.comp.compared import positive
from engine.comp.reason import Reason
from engine.fields import Money, Name, Ratio, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.comp.book import Book
    from engine.comp.quantity import Quantity

A_YEAR = {"period": 12, "quarter": 4, "year": 1}
"""Intervals of each sort in a year."""


class Cap(Block):
    """A limit on what a component earns; what lies above is lost, not carried. A limit of 0 is refused."""

    amount: Money | None = Field(default=None, gt=0)
    """Limit in currency units for a whole interval; not cut for part of one. Either this or `of_target`."""
    of_target: Ratio | None = Field(default=None, gt=0)
    """Limit as a ratio of the component's target incentive in the interval (`200%`), cut with it by days."""
    per: Literal["deal", "period", "quarter", "year"]
    """Over what the limit holds: `period`, `quarter`, `year`, or a single `deal` (an `amount`, and only where pay
    accumulates by transaction). Required."""

    @model_validator(mode="after")
    def _one_limit(self) -> Cap:
        if (self.amount is None) == (self.of_target is None):
            raise refuse("E_REQUIRED", "a cap needs either amount or of_target", "Give one of the two.")
        if self.per == "deal" and self.amount is None:
            raise refuse("E_REQUIRED", "a cap per deal needs an amount", "A deal has no target incentive.")
        return self

    def of_deal(self, earned: Quantity, book: Book) -> Quantity:
        """Return what single deals earn within it, shape (line,)."""
        return earned.least(Fraction(self.amount or 0) * book.minor).rounded(book.rounding)

    def held(self, earned: Quantity, target: Quantity, book: Book) -> Quantity:
        """Return what each period earns within it, shape (..., spell, period); `target` is that of the component."""
        groups = book.intervals.groups(self.per)
        limited = earned.running(groups).least(self._limit(target, book))
        return limited.rounded(book.rounding).steps(groups)

    def reasons(self, before: Quantity, after: Quantity, target: Quantity, book: Book) -> Iterator[Reason]:
        """Yield what it took; the amounts are those earned without and with it."""
        figures = {
            "limit": self._limit(target, book),
            "earned": before.running(book.intervals.groups(self.per)),
        }
        words = f"{{earned}} to date without it, {{limit}} at most in the {self.per}"
        yield Reason("cap", after.minus(before), words, figures)

    def _limit(self, target: Quantity, book: Book) -> Quantity:
        """Return the limit on the interval of each period, shape (spell, period)."""
        if self.amount is not None:
            return target.times(Fraction(0)).most(Fraction(self.amount) * book.minor)
        limit = target.total(book.intervals.groups(self.per)).times(Fraction(self.of_target or 0))
        return limit.rounded(book.rounding)


class Floor(Block):
    """The least that a component pays in an interval, topped up in its last period."""

    amount: Money | None = Field(default=None, ge=0)
    """Least pay in currency units for a whole interval, cut by the person's days as a year's amount is. Either this or
    `of_target`."""
    of_target: Ratio | None = Field(default=None, ge=0)
    """Least pay as a ratio of the component's target incentive in the interval, cut with it by days."""
    per: Literal["deal", "period", "quarter", "year"]
    """Over what it holds: `period`, `quarter`, `year`, or a single `deal` (an `amount`, and only where pay accumulates
    by transaction): the mini of a car dealer. Required."""
    deals: Name | None = None
    """For `per: deal`: measure that is above 0 for a deal and below 0 for its reversal, which takes the floor back; one
    that counts, for example. The component's own unless given, so that a loss counts as a reversal."""

    @model_validator(mode="after")
    def _one_limit(self) -> Floor:
        if (self.amount is None) == (self.of_target is None):
            raise refuse("E_REQUIRED", "a floor needs either amount or of_target", "Give one of the two.")
        if self.per == "deal" and self.amount is None:
            raise refuse("E_REQUIRED", "a floor per deal needs an amount", "A deal has no target incentive.")
        if self.per != "deal" and self.deals is not None:
            raise refuse("E_CHOICE", "`deals` belongs to a floor per deal", "Leave it out.")
        return self

    def of_deal(self, earned: Quantity, measure: str, book: Book) -> Quantity:
        """Return what single deals earn above it, shape (line,); `measure` is that of the component."""
        back, credit = Fraction(-1), book.deals(self.deals or measure)[0]
        least = earned.times(Fraction(0)).most(Fraction(self.amount or 0) * book.minor)
        reversals = earned.least(least.times(back)).where(positive(credit.times(back)), earned)
        return earned.most(least).where(positive(credit), reversals)

    def held(self, earned: Quantity, target: Quantity, book: Book) -> Quantity:
        """Return what each period pays, shape (..., spell, period); `target` is that of the component."""
        groups = book.intervals.groups(self.per)
        short = self._least(target, book).minus(earned.total(groups)).most(Fraction(0))
        last = np.isin(np.arange(book.intervals.periods), groups.last)
        return earned.plus(short.where(last, short.times(Fraction(0))))

    def reasons(self, before: Quantity, after: Quantity, target: Quantity, book: Book) -> Iterator[Reason]:
        """Yield what it added; the amounts are those earned without and with it."""
        figures = {
            "least": self._least(target, book),
            "earned": before.total(book.intervals.groups(self.per)),
        }
        words = f"{{earned}} without it, {{least}} at least in the {self.per}"
        yield Reason("floor", after.minus(before), words, figures)

    def _least(self, target: Quantity, book: Book) -> Quantity:
        """Return the least pay of the interval of each period, shape (spell, period)."""
        groups = book.intervals.groups(self.per)
        if self.amount is not None:
            return book.annual(int(Fraction(self.amount) * book.minor * A_YEAR[self.per])).total(groups)
        return target.total(groups).times(Fraction(self.of_target or 0)).rounded(book.rounding)


def _listed(value: Any) -> Any:
    if value is None:
        return ()
    return value if isinstance(value, list | tuple) else (value,)


Caps = Annotated[
    tuple[Cap, ...], BeforeValidator(_listed, json_schema_input_type=Cap | tuple[Cap, ...] | None)
]
"""One cap, or several that hold one after the other."""
