"""Goal: what credit is held against where a plan sets it, in place of a quota.

Plans set goals that are no quota: so many new customers a quarter, whatever the territory, beside a quota of bookings
that differs from seat to seat.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

from pydantic import Field, model_validator

from engine.blocks import Block
from engine.comp.intervals import Groups, Interval, months
from engine.fields import Money, Whole, refuse

if TYPE_CHECKING:
    from engine.comp.book import Book
    from engine.comp.component import Quantities
    from engine.comp.quantity import Quantity


PARTS = 12 * lcm(28, 29, 30, 31)
"""Parts of a unit to which the days of months cut a goal exactly."""


class Goal(Block):
    """Credit that 100 % attainment stands for, the same for everybody."""

    money: Money | None = Field(default=None, gt=0)
    """Currency units of credit for a whole interval. Either this or `units`."""
    units: Whole | None = Field(default=None, ge=1, le=1_000_000)
    """Units of a measure that counts for a whole interval."""
    per: Interval
    """Interval for which it is set: `period`, `quarter` or `year`; cut by the person's days as a year's amount is, to
    the minor unit, but units not to whole ones. Required."""

    @model_validator(mode="after")
    def _one_amount(self) -> Goal:
        if (self.money is None) == (self.units is None):
            raise refuse("E_REQUIRED", "a goal is either money or units", "Give one of the two.")
        return self

    def of(self, book: Book, groups: Groups, whole: bool) -> Quantity:
        """Return the goal of each interval to date, or of all of it; minor units or counts, shape (spell, period)."""
        a_year = 12 // months(self.per)
        if self.units is None:
            return book.annual(a_year * int(Fraction(self.money or 0) * book.minor)).to_date(groups, whole)
        return book.annual(a_year * self.units * PARTS).to_date(groups, whole).times(Fraction(1, PARTS))

    def quantities(self, measure: str) -> Iterator[tuple[str, Quantities]]:
        """Yield what the measure that is held against it must be."""
        yield measure, "amount" if self.units is None else "count"
