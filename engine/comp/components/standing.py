"""Standing: what other components earn, times a factor by rank.

With E what they earn together in an interval, and f the factor of the person's place, it earns, at the end of the
interval,

    (f - 1) E

so that with it the interval earns f E: the best tenth 120 % of their commission, the last quarter 80 %. Who does not
contend has the factor `otherwise`. Contenders, places and ties are those of a `contest`, which pays prizes, and rates
that go by rank alone.

The rank is that known at the end of the interval. A deal that is taken back later changes none; what it takes from the
components is scaled by the factor of the interval in which it comes, as rates and gates of intervals that are over stay
what they were.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from engine.comp.adjustment import Correction, nothing
from engine.comp.component import Component
from engine.comp.ranked import Places, Ranked, Standings, Ties, from_the_top
from engine.comp.reason import Reason, some
from engine.comp.tiers import MOST_MULTIPLE, in_range
from engine.fields import Ratio

if TYPE_CHECKING:
    from engine.comp.book import Book
    from engine.comp.quantity import Quantity


class Times(Places):
    """The factor of some places."""

    times: Ratio = Field(ge=0)
    """Factor on what the components earn: `1.2` or `120%`. Required."""


class Standing(Ranked, Correction, Component):
    """Scales what components earn by a factor of one's rank; its own line is what that adds or takes."""

    turn: ClassVar[int] = 1
    supports: ClassVar[bool] = True

    kind: Literal["standing"] = "standing"
    """Factor by rank on what other components earn."""
    ties: Ties
    """What those who are level get: `each` the factor of their place (the next places are skipped), `shared` the mean
    of the factors of all the places that they take, or `none`: that of `otherwise`. Required."""
    factors: tuple[Times, ...] = Field(min_length=1)
    """Factors from the top down. Required."""
    otherwise: Ratio = Field(ge=0)
    """Factor of everybody else, and of who does not contend. Required."""

    @model_validator(mode="after")
    def _places_in_order(self) -> Standing:
        from_the_top(self.factors, "factor")
        for i, factor in enumerate(self.factors):
            in_range(factor.times, MOST_MULTIPLE, "factor", f"factors[{i}].times")
        in_range(self.otherwise, MOST_MULTIPLE, "factor", "otherwise")
        return self

    def earn(self, book: Book) -> Quantity:
        """Return what is added or taken in each period, in whole minor units, shape (..., spell, period)."""
        stands = self.standings(self.known(book), book)
        earned = self.sum(book.earned, book, self.label).collected(book.intervals.groups(self.per))
        return self._scaled(earned, stands, book).minus(earned).rounded(book.rounding)

    def _scaled(self, earned: Quantity, stands: Standings, book: Book) -> Quantity:
        """Return what is earned in an interval times the factor of one's place, unrounded."""
        usual, scaled = earned.times(Fraction(self.otherwise)), nothing(book)
        rest = stands.level
        for factor, places in zip(self.factors, stands.taken(self.factors, self.ties), strict=True):
            value = earned.times(Fraction(factor.times))
            scaled = scaled.plus(value.share(book.whole(stands.level), of=book.whole(places)))
            rest = rest - places
        scaled = scaled.plus(usual.share(book.whole(stands.level), of=book.whole(rest)))
        return scaled.where(stands.contends, usual)

    def reasons(self, book: Book) -> Iterator[Reason]:
        """Yield what the factor of each place changes, then that of who was not ranked."""
        change, stands = self.earn(book), self.standings(self.known(book), book)
        earned = self.sum(book.earned, book, self.label).collected(book.intervals.groups(self.per))
        figures = {"earned": earned, "scaled": earned.plus(change)}
        changed, without = some(change), change.times(Fraction(0))
        for place in np.unique(stands.ahead[changed & stands.contends]).tolist():
            here = change.where(stands.contends & (stands.ahead == place), without)
            words = f"place {place + 1} in the {self.per}: {{earned}} becomes {{scaled}}"
            yield Reason("standing", here, words, figures)
        rest = change.where(~stands.contends, without)
        yield Reason(
            "standing", rest, f"not ranked in the {self.per}: {{earned}} becomes {{scaled}}", figures
        )
