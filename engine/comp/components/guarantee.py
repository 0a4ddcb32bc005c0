"""Guarantee: the least variable pay of somebody who is new.

With G the pay of an interval and M what is guaranteed in it, cut by days in seat, it pays

    max(0, M - G)

at the end of the interval, for the first `periods` periods of a spell. What it adds is kept: nothing is recovered out
of later pay (a recoverable one is a draw). G is what is paid in the interval: pay that waits for cash, or is held back,
counts in the interval in which it comes. All pay of an interval counts, also that of the days after the guarantee
ends. Several guarantees in a plan, each of a longer time and a lower level, make one that declines.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from engine.comp.adjustment import Adjustment, nothing
from engine.comp.bound import Bound, whole_units
from engine.comp.component import Component
from engine.comp.intervals import Interval, Pay, paid_at_end_of
from engine.comp.reason import Reason
from engine.fields import Money, Whole

if TYPE_CHECKING:
    from engine.comp.book import Book
    from engine.comp.quantity import Quantity


class Promise(Bound):
    """What is guaranteed."""

    amount: Money | None = Field(default=None, ge=0)
    """Currency units a month, a twelfth of a year, cut by days in seat. Either this or `of_target`."""


class Guarantee(Adjustment, Component):
    """Lifts the pay of somebody new to what was guaranteed; its own line is what it adds."""

    turn: ClassVar[int] = 3
    supports: ClassVar[bool] = True

    kind: Literal["guarantee"] = "guarantee"
    """Guaranteed variable pay."""
    least: Promise
    """What is guaranteed: an `amount` a month or a share of target incentive (`of_target`)."""
    periods: Whole = Field(ge=1)
    """Periods that it lasts, from the one in which the person came. Required."""
    per: Interval
    """Interval over which pay is compared with the guarantee, at whose end it is paid: `period`, `quarter` or `year`.
    Required."""

    def earn(self, book: Book) -> Quantity:
        """Return what is added in each period, in whole minor units, shape (..., spell, period)."""
        (least, pay), none = self._compared(book), nothing(book)
        return least.minus(pay).most(Fraction(0)).where(least.reaches(none, "right"), none)

    def reasons(self, book: Book) -> Iterator[Reason]:
        """Yield pay against what is guaranteed."""
        least, pay = self._compared(book)
        words = f"pay of the {self.per} {{pay}}, guaranteed {{least}}"
        shown = least.reaches(nothing(book), "right")
        yield Reason("guarantee", self.earn(book), words, {"pay": pay, "least": least}, shown)

    def _compared(self, book: Book) -> tuple[Quantity, Quantity]:
        """Return what is guaranteed and what is paid, at the end of each interval, shape (..., spell, period)."""
        groups = book.intervals.groups(self.per)
        due = self.least.by_days(book, 12).where(book.since < self.periods, nothing(book))
        least = due.collected(groups).rounded(book.rounding)
        return least, self.sum(book.paid, book, self.label).collected(groups)

    def faults(self, currency: str) -> Iterator[tuple[str, str, str, str]]:
        """Yield (code, field, message, hint) for an amount that the currency cannot hold."""
        yield from whole_units(self.least.amount, currency, "least.amount")

    def when(self, plan: Pay) -> Pay:
        """Return `monthly`: its amounts stand where they are paid."""
        return "monthly"

    def comes(self, plan: Pay) -> Pay:
        """Return how often it changes pay."""
        return paid_at_end_of(self.per)
