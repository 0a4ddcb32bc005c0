"""Compared: a measure held against its quota, against another measure, or against levels of its own."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from engine.blocks import Block
from engine.comp.intervals import Accumulate
from engine.comp.pieces import Closed
from engine.fields import Name, Whole, refuse
from engine.inputs import BoolArray, Words

if TYPE_CHECKING:
    from engine.comp.book import Book
    from engine.comp.quantity import Quantity

Against = Literal["to_date", "interval"]


class Compared(Block):
    """A ratio to date: credit of a measure over its quota, or over the credit of another measure; or credit alone."""

    measure: Name
    """Measure above the line. Required."""
    over: Name | None = None
    """Measure below the line, such as `bookings` under a margin; the quota of the measure unless given."""
    levels_in: Literal["money", "units"] | None = None
    """Where levels are credit itself: currency units (`money`) or `units` of a measure that counts, such as five new
    customers a quarter. Ratios unless given; not beside `over`."""
    accumulate: Accumulate | Literal["rolling"]
    """Over what both sides add up, to date: `period`, `quarter`, `year_to_date`, or `rolling`, the last periods of a
    `window`. Required."""
    window: Whole | None = Field(default=None, ge=1)
    """Periods of a rolling window, the one that is paid included: `3` is a rolling quarter, whose sums are read as its
    averages would be. At the start of the plan it holds the periods that there are. For `rolling` alone, and required
    there."""
    quota: Against | None = None
    """Quota that credit to date is held against: that of the interval `to_date`, or of the whole `interval`. Required
    where credit of a quarter or year is compared with a quota, else of no account."""
    closed: Closed
    """Side of a ratio that lies exactly on a level: `left` the level is reached, `right` it is not. Required."""

    @model_validator(mode="after")
    def _quota_is_named(self) -> Compared:
        if (self.window is None) == (self.accumulate == "rolling"):
            raise refuse("E_REQUIRED", "`window` belongs to accumulate: rolling, and is required there")
        if self.levels_in is not None and self.over is not None:
            raise refuse("E_CHOICE", "levels are credit itself, or ratios `over` a measure", "Leave out one.")
        if self.held_to_quota():
            quota_is_named(self.accumulate, self.quota)
        return self

    def sides(self, book: Book) -> tuple[Quantity, Quantity]:
        """Return what stands above and below the line at each period, shape (..., spell, period)."""
        above = self._to_date(book.credit(self.measure), book)
        if self.over is not None:
            return above, self._to_date(book.credit(self.over), book)
        if self.levels_in is not None:
            return above, above.times(Fraction(0)).most(
                Fraction(book.minor if self.levels_in == "money" else 1)
            )
        quota = book.quota_of(self.measure)
        if self.quota == "interval" and self.window is None:
            return above, quota.total(book.intervals.groups(self.accumulate))
        return above, self._to_date(quota, book)

    def _to_date(self, amount: Quantity, book: Book) -> Quantity:
        """Return sums over the interval to date, or over the window."""
        if self.window is None:
            return amount.running(book.intervals.groups(self.accumulate))
        so_far = amount.running(book.intervals.groups("year"))
        return so_far.minus(so_far.later(book.intervals.back(self.window)))

    @property
    def named(self) -> str:
        """Both sides in words."""
        return f"{self.measure} over {self.over or 'quota'}"

    def measures(self) -> Words:
        """Return the measures it looks at."""
        return (self.measure,) if self.over is None else (self.measure, self.over)

    def held_to_quota(self) -> Words:
        """Return the measures that need a quota."""
        return (self.measure,) if self.over is None and self.levels_in is None else ()


def positive(amount: Quantity) -> BoolArray:
    """Say where an amount lies above 0."""
    return amount.reaches(amount.times(Fraction(0)), "right")


def quota_is_named(accumulate: str, quota: str | None) -> None:
    """Refuse credit of a quarter or year that is compared with a quota nobody named.

    Raises:
        pydantic_core.PydanticCustomError: code E_REQUIRED.

    """
    if quota is None and accumulate in ("quarter", "year_to_date"):
        raise refuse(
            "E_REQUIRED",
            f"accumulate: {accumulate} needs `quota`",
            "`quota: to_date` compares with the quota so far, `quota: interval` with that of the whole interval.",
        )
