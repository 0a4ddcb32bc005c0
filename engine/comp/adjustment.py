"""Adjustment: pay that follows what other components of the plan pay.

They take effect one after another, and each sees what the plan pays once those before it have done their part:

    1  limits       cut or lift what becomes due, before anything is held back or advanced
    2  holdbacks    hold a share of what the limits left
    3  guarantees   add what is missing after limits and holdbacks
    4  draws        advance on, and recover from, what all of these pay

Within a turn they follow the order of the plan. So a limit never cuts a draw or a guarantee, a holdback holds nothing
of them, and a draw adds nothing to what a guarantee has already made up.
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
        for amount in self.looked_at(amounts, book, own):
            total = total.plus(amount)
        return total

    def looked_at(self, amounts: Mapping[str, Quantity], book: Book, own: str) -> list[Quantity]:
        """Return the amounts of the components it looks at that have one; the arguments are those of `sum`."""
        seen = itertools.takewhile(lambda label: label != own, book.paid)
        return [amounts[name] for name in seen if name in amounts and (self.of is None or name in self.of)]

    @property
    def carries(self) -> bool:
        """Whether a balance outlives the plan, so that the next year can take it up."""
        return False

    def balance(self, book: Book) -> Quantity:
        """Return its balance after each period, minor units, shape (..., spell, period); 0 where it keeps none.

        The book is one on which the plan was settled.
        """
        return nothing(book)

    def flows(self, book: Book) -> tuple[Quantity, Quantity] | None:
        """Return what each period adds to the balance and takes off it, minor units; None where it keeps none.

        What neither explains was forgiven, forfeited or kept. The book is one on which the plan was settled.
        """
        return None

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


def with_opening(amount: Quantity, book: Book, own: str, sign: int = 1) -> Quantity:
    """Return an amount plus (or less: sign -1) a component's balance from before the plan, where that counts."""
    opening = book.opening.get(own)
    return amount if opening is None else amount.plus(opening.times(Fraction(sign)))


def present(book: Book) -> BoolArray:
    """Say who has a day in each period, as the plan counts days; shape (spell, period)."""
    return book.annual(A_YEAR).reaches(nothing(book), "right")


def nothing(book: Book) -> Quantity:
    """Return 0 in every period, shape (spell, period)."""
    return book.target.times(Fraction(0))
