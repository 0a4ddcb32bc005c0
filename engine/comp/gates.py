"""Gates: what must be reached before a component pays in full.

    due  =  due                  where credit >= at_least x quota
            min(due, limit)      elsewhere, with limit 0 or the target incentive

A hurdle is a gate on another measure; a linked cap is one that leaves pay up to the target incentive:
customercontactadvisor.blr.com/sales/sales-comp-winners-hurdles-modifiers-and-matrices and
www.sec.gov/Archives/edgar/data/1046327/000095013409004088/v51166exv10w26.htm.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from engine.comp.compared import Compared, positive
from engine.comp.reason import Reason, share, some
from engine.comp.tiers import MOST_MULTIPLE, in_range
from engine.fields import Ratio

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.comp.book import Book
    from engine.comp.quantity import Quantity
    from engine.inputs import BoolArray


class Gate(Compared):
    """A ratio that must be reached. It is looked at in every period as it stands to date."""

    accumulate: Literal["period", "quarter", "year_to_date", "rolling"]
    """Over what both sides add up, to date. Pay of year to date is held against the gate as it stands, so a gate that
    opens late pays what it held back, and one that is lost again takes it back; pay of a period or quarter
    that is over is not looked at again. Required."""
    at_least: Ratio = Field(gt=0)
    """The ratio, such as `95%` of quota, or the credit under `levels_in`. Without a quota no ratio is reached.
    Required."""
    otherwise: Literal["nothing", "target"]
    """What is paid where it is missed: `nothing`, or at most the `target` incentive of the interval (a linked cap).
    What is owed back (pay below 0) is owed either way. Required."""

    @model_validator(mode="after")
    def _in_range(self) -> Gate:
        if self.levels_in is None:
            in_range(self.at_least, MOST_MULTIPLE, "ratio")
        return self

    def held(self, due: Quantity, target: Quantity, book: Book) -> Quantity:
        """Return what of a due amount is paid. Rounding keeps order, so a rounded limit holds a rounded amount.

        Args:
            due: what is due in each period, whole minor units, shape (..., spell, period).
            target: target incentive of the same interval, shape (spell, period).
            book: credits and quotas.

        """
        return due.where(self.reached(book), due.least(self._limit(target, book)))

    def held_by_deal(self, earned: Quantity, target: Quantity, book: Book) -> Quantity:
        """Return what of the sum of single deals in each period is paid, as the ratio stands at the end of it.

        Args:
            earned: what they earn, whole minor units, shape (..., spell, period).
            target: target incentive of the period, shape (spell, period).
            book: credits and quotas.

        """
        over = book.intervals.groups("period")
        to_date, limit = earned.running(over), self._limit(target.running(over), book)
        reached = self.reached(book)[..., over.ends]
        return to_date.where(reached, to_date.least(limit)).steps(over)

    def _limit(self, target: Quantity, book: Book) -> Quantity:
        return target.times(Fraction(1 if self.otherwise == "target" else 0)).rounded(book.rounding)

    def reached(self, book: Book) -> BoolArray:
        """Say where the ratio is reached, shape (..., spell, period)."""
        above, below = self.sides(book)
        level = Fraction(self.at_least)
        reached = above.times(Fraction(level.denominator)).reaches(
            below.times(Fraction(level.numerator)), self.closed
        )
        return reached & positive(below)

    def reasons(self, before: Quantity, after: Quantity, target: Quantity, book: Book) -> Iterator[Reason]:
        """Yield whether it was reached and what that changed; the amounts are those earned without and with it."""
        needed = f"{self.named} at {{ratio}}, {share(self.at_least)} needed"
        missed = "nothing is paid" if self.otherwise == "nothing" else "target incentive at most"
        change = after.minus(before)
        told = Reason(
            "gate", change, f"{needed}: held", {"ratio": self.sides(book)}, some(before) | some(after)
        )
        yield from told.split(self.reached(book), f"{needed}: missed, {missed}")
