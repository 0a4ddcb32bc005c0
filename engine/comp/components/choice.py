"""Choice: of several components the one that earns the most, or the least, is paid.

With E_i what each component earns in an interval, to date, it earns

    max(E_1, E_2, ...) - (E_1 + E_2 + ...)      under `take: greater`, min under `lesser`

so that together with them the interval earns what one of them does. The components stand on statements in full, and
the choice takes back what was not chosen. A least or a most in money, or of target incentive, is a `limit`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import model_validator

from engine.comp.adjustment import Correction
from engine.comp.component import Component
from engine.comp.intervals import Interval
from engine.comp.reason import Reason, some
from engine.fields import Name, refuse

if TYPE_CHECKING:
    from engine.comp.book import Book
    from engine.comp.quantity import Quantity


class Choice(Correction, Component):
    """Lets the greater or the lesser of several components be paid; its own line takes back the rest."""

    turn: ClassVar[int] = 1

    kind: Literal["choice"] = "choice"
    """Greater of, lesser of."""
    of: tuple[Name, ...]
    """Components it chooses among, two or more, by their names on statements. Required."""
    take: Literal["greater", "lesser"]
    """Which is paid: the `greater` or the `lesser`. Required."""
    per: Interval
    """Interval over which they are compared: `period`, `quarter` or `year`, in each period as it stands to date.
    Required."""

    @model_validator(mode="after")
    def _several(self) -> Choice:
        if len(self.of) <= 1:
            raise refuse("E_REQUIRED", "a choice is between two components or more", "Name them under `of`.")
        if len(set(self.of)) < len(self.of):
            raise refuse("E_DUPLICATE", "a choice names a component twice", "Name each once.")
        return self

    def earn(self, book: Book) -> Quantity:
        """Return what is taken or added in each period, in whole minor units, shape (..., spell, period)."""
        groups = book.intervals.groups(self.per)
        first, *others = (book.earned[label].running(groups) for label in self.of)
        chosen = together = first
        for earned in others:
            chosen = chosen.most(earned) if self.take == "greater" else chosen.least(earned)
            together = together.plus(earned)
        return chosen.minus(together).steps(groups)

    def reasons(self, book: Book) -> Iterator[Reason]:
        """Yield what it takes back."""
        change, groups = self.earn(book), book.intervals.groups(self.per)
        together = self.sum(book.earned, book, self.label).running(groups)
        figures = {"together": together, "chosen": together.plus(change.running(groups))}
        words = f"{{together}} to date in the {self.per}, the {self.take} alone is {{chosen}}"
        yield Reason("choice", change, words, figures, some(together))
