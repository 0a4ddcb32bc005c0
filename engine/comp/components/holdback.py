"""Holdback: a share of pay that is kept back and paid later.

With G the pay of a period and h the share, it pays in each period

    released - held,    held = h G, rounded

where a period's holding H is released n periods later, or at the end of its quarter or year. In k parts it is released
from n periods later on, one part a period, the i-th of them H i/k, rounded, less what the parts before it were: an
advance of three quarters, and the rest in the tenth to twelfth month
(finalexpensesuperstar.com/blog/how-to-figure-out-your-commissions). What is released is what was held, so over time
nothing is lost or gained; what the year before held is released in its period. What falls due after the plan is not
paid in it; `balance` says how much is held after each period: pay that is earned and accrued, not yet paid. Pay that
waits for cash is held from when it comes. Plans differ on people who leave before the day (one that lets it lapse:
sec.gov/Archives/edgar/data/1125920/000114036112022544/ex10_01.htm), so `leavers` says it.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, model_validator

from engine.comp.adjustment import Adjustment, nothing, present, with_opening
from engine.comp.component import Component
from engine.comp.intervals import Pay, paid_at_end_of
from engine.comp.reason import Reason, share, some
from engine.comp.tiers import MOST_RATE, in_range
from engine.fields import Ratio, Whole, refuse

if TYPE_CHECKING:
    from engine.comp.book import Book
    from engine.comp.quantity import Quantity
    from engine.comp.rounding import Rounding


class Holdback(Adjustment, Component):
    """Holds back a share of pay; its own line is what is released, less what is held."""

    turn: ClassVar[int] = 2
    supports: ClassVar[bool] = True

    kind: Literal["holdback"] = "holdback"
    """Share of pay that is paid later."""
    share: Ratio = Field(gt=0)
    """Share of each payment that is held (`10%`). Required."""
    after: Whole | None = Field(default=None, ge=1)
    """Periods after which it is paid. Either this or `at_end_of`."""
    parts: Whole = Field(default=1, ge=1, le=120)
    """Equal parts in which it is paid, the first `after` so many periods and one in each period from then on; at once
    unless given. For `after` alone."""
    at_end_of: Literal["quarter", "year"] | None = None
    """Interval in whose last period it is paid, that of the payment it was held from; a quarter that the plan cuts
    short ends with it. Either this or `after`."""

    leavers: Literal["paid", "forfeited"]
    """Whether somebody without a day in the period of release is `paid`, or what was held is `forfeited`. Required."""

    @model_validator(mode="after")
    def _one_release(self) -> Holdback:
        if (self.after is None) == (self.at_end_of is None):
            raise refuse("E_REQUIRED", "a holdback needs either after or at_end_of", "Give one of the two.")
        if self.parts > 1 and self.after is None:
            raise refuse(
                "E_REQUIRED", "a holdback in parts needs `after`", "Say when the first part is paid."
            )
        in_range(self.share, MOST_RATE, "share")
        return self

    @property
    def carries(self) -> bool:
        """Whether a balance outlives the plan."""
        return self.after is not None

    def earn(self, book: Book) -> Quantity:
        """Return what is released less what is held, in whole minor units, shape (..., spell, period)."""
        held, released = self.flows(book)
        return released.minus(held)

    def reasons(self, book: Book) -> Iterator[Reason]:
        """Yield what is held of pay, what is released of what was held, and what is forfeited."""
        (held, due), none = self._held(book), nothing(book)
        paid = due if self.leavers == "paid" else due.where(present(book), none)
        lost = due.minus(paid)
        figures = {"pay": self.sum(book.paid, book, self.label), "balance": self.balance(book)}
        words = f"{{held}} is held, {share(self.share)} of {{pay}}; {{balance}} is held after the period"
        yield Reason("held back", none, words, {**figures, "held": held}, some(held))
        words = "{paid} held before is paid; {balance} is held after the period"
        yield Reason("released", none, words, {**figures, "paid": paid}, some(paid))
        yield Reason("forfeited", none.minus(lost), "{lost} held before is forfeited", {"lost": lost})

    def earned_in(self, book: Book) -> Quantity:
        """Return what is forfeited, below 0: to hold pay moves it to a later day, and earns or costs nothing."""
        _, due = self._held(book)
        _, released = self.flows(book)
        return released.minus(due)

    def balance(self, book: Book) -> Quantity:
        """Return what is held after each period, minor units, shape (..., spell, period).

        What is forfeited is held no longer. The book is one on which the plan was settled.
        """
        (held, due), year = self._held(book), book.intervals.groups("year")
        still = held.minus(due).running(year)
        before = book.opening.get(self.label)
        return still if before is None else still.plus(before.total(year))

    def flows(self, book: Book) -> tuple[Quantity, Quantity]:
        """Return what is held in each period, and what is released; what is forfeited is neither."""
        held, due = self._held(book)
        return held, due if self.leavers == "paid" else due.where(present(book), nothing(book))

    def held(self, book: Book) -> Quantity:
        """Return what is held of the pay of each period, minor units, shape (..., spell, period)."""
        return self._held(book)[0]

    def released(self, held: Quantity, rounding: Rounding) -> Iterator[tuple[int, Quantity]]:
        """Yield how many periods later each part of what is held is paid, and the part, whole minor units."""
        before = held.times(Fraction(0))
        for i in range(self.parts):
            upto = held.times(Fraction(i + 1, self.parts)).rounded(rounding)
            yield (self.after or 0) + i, upto.minus(before)
            before = upto

    def comes(self, plan: Pay) -> Pay:
        """Return how often it changes pay that itself comes no more often."""
        if self.after is not None:
            return paid_at_end_of("period" if self.after % 3 or self.parts > 1 else "quarter")
        return paid_at_end_of(self.at_end_of or "period")

    def when(self, plan: Pay) -> Pay:
        """Return `monthly`: its amounts stand where they are paid."""
        return "monthly"

    def _held(self, book: Book) -> tuple[Quantity, Quantity]:
        """Return what is held in each period and what falls due, shape (..., spell, period) both."""
        held = self.sum(book.paid, book, self.label).times(Fraction(self.share)).rounded(book.rounding)
        if self.at_end_of is not None:
            due = held.collected(book.intervals.groups(self.at_end_of))
        else:
            due = nothing(book)
            for places, part in self.released(held, book.rounding):
                due = due.plus(part.later(places))
        return held, with_opening(due, book, self.label)
