"""Best: of the intervals of a year, those in which components earned the most are paid.

With E_1, E_2, ... what components earn together in the quarters (or months) of a year, it earns, to date,

    (sum of the `count` largest of those that have begun) - (E_1 + E_2 + ...)

so that with `count: 3` and `per: quarter` the year is paid by its best three of four quarters: the first three are paid
as they come, and the fourth only by how much it is better than the worst of them. An interval in which something was
taken back is one of those that have begun. The components stand on statements in full, and the line of this one takes
back what was not among the best. Drop-the-lowest rules and "best x of y" windows are this with another `count`.

Attainment is not chosen but pay; where a curve is a straight line, both are the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from engine.comp.adjustment import Correction
from engine.comp.component import Component
from engine.comp.intervals import months
from engine.comp.reason import Reason, some
from engine.fields import Name, Whole, refuse

if TYPE_CHECKING:
    from engine.comp.book import Book
    from engine.comp.quantity import Quantity


class Best(Correction, Component):
    """Lets the best intervals of a year be paid; its own line takes back the others."""

    turn: ClassVar[int] = 1

    kind: Literal["best"] = "best"
    """Best of several intervals."""
    of: tuple[Name, ...] = Field(min_length=1)
    """Components whose pay is added up in each interval, by their names on statements. Required."""
    per: Literal["period", "quarter"]
    """Intervals among which the best are chosen: every `period` or `quarter`. Required."""
    count: Whole = Field(ge=1)
    """How many of them are paid: 3 of the four quarters. Required."""

    @model_validator(mode="after")
    def _fewer_than_there_are(self) -> Best:
        a_year = 12 // months(self.per)
        if self.count >= a_year:
            raise refuse(
                "E_RANGE",
                f"the best {self.count} of {a_year} are all of them",
                f"Give 1 to {a_year - 1}.",
                at="count",
            )
        return self

    def earn(self, book: Book) -> Quantity:
        """Return what is taken or given back in each period, in whole minor units, shape (..., spell, period)."""
        year = book.intervals.groups("year")
        earned = self.sum(book.earned, book, self.label)
        return self._kept(earned, book).minus(earned.running(year)).steps(year)

    def _kept(self, earned: Quantity, book: Book) -> Quantity:
        """Return the sum of the largest intervals that have begun, to date."""
        groups, year = book.intervals.groups(self.per), book.intervals.groups("year")
        interval = np.array(groups.of)
        nothing = earned.minus(earned)
        kept = nothing
        best: list[Quantity] = []
        for number in np.unique(interval):
            here = interval == number
            rest = earned.where(here, nothing).running(year)
            sorted_in: list[Quantity] = []
            for other in best:
                sorted_in.append(other.most(rest))
                rest = other.least(rest)
            best = [*sorted_in, rest][: self.count]
            total = best[0]
            for other in best[1:]:
                total = total.plus(other)
            kept = total.where(here, kept)
        return kept

    def reasons(self, book: Book) -> Iterator[Reason]:
        """Yield what it takes back."""
        change, year = self.earn(book), book.intervals.groups("year")
        together = self.sum(book.earned, book, self.label).running(year)
        figures = {"together": together, "kept": together.plus(change.running(year))}
        words = f"{{together}} to date in the year, of which the best {self.count} {self.per}s are {{kept}}"
        yield Reason("best", change, words, figures, some(change))
