"""Adjustment: pay that follows what other components of the plan pay.

Limits, holdbacks, guarantees and draws take effect one after another: by `turn`, and within a turn in the order of the
plan. Each sees what the plan pays once those before it have done their part.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from pydantic import Field

from engine.blocks import Block
from engine.comp.intervals import Pay, months
from engine.fields import Name

if TYPE_CHECKING:
    from engine.comp.book import Book
    from engine.comp.quantity import Quantity
    from engine.inputs import BoolArray

A_YEAR = 12_000_000
"""Minor units a year of which a single day is worth some."""


class Adjustment(Block):
    """Pay that follows other pay."""

    of: tuple[Name, ...] | None = Field(default=None, min_length=1)
    """Components it looks at, by their names on statements. Unless given, all variable pay that is settled before it:
    commissions and bonuses first, then limits, holdbacks, guarantees and draws."""

    def sum(self, amounts: Mapping[str, Quantity], book: Book, own: str) -> Quantity:
        """Return the sum of the components it looks at, shape (..., spell, period).

        Args:
            amounts: what is added up, by name of the component.
            book: what was settled so far.
            own: its own name; what is settled after it is left out.

        """
        total = nothing(book)
        for label in itertools.takewhile(lambda label: label != own, book.paid):
            if self.of is None or label in self.of:
                total = total.plus(amounts[label])
        return total

    def comes(self, plan: Pay) -> Pay:
        """Return how often it changes pay, given when its plan pays."""
        return "monthly"

    def clash(self, pays: Pay, plan: Pay) -> str:
        """Return why it cannot look at a component that pays at such times; nothing where it can."""
        return ""


class Correction(Adjustment):
    """Pay that is added to what components earn together, or taken from it; paid no sooner than they are."""

    kind: str
    """What sort of component it is."""
    pay: Pay | None = None
    """When it is paid, no sooner than the components it looks at; as the plan says unless given."""

    def when(self, plan: Pay) -> Pay:
        """Return when it pays, given when its plan does."""
        return self.pay or plan

    def comes(self, plan: Pay) -> Pay:
        """Return how often it changes pay."""
        return self.when(plan)

    def clash(self, pays: Pay, plan: Pay) -> str:
        """Return why a component pays too seldom for it."""
        own = self.when(plan)
        return (
            f"is paid {pays}, later than the {self.kind} on it, {own}" if months(pays) > months(own) else ""
        )


def present(book: Book) -> BoolArray:
    """Say who has a day in each period, as the plan counts days; shape (spell, period)."""
    return book.annual(A_YEAR).reaches(nothing(book), "right")


def nothing(book: Book) -> Quantity:
    """Return 0 in every period, shape (spell, period)."""
    return book.target.times(Fraction(0))
