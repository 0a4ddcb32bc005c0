"""Compared: a measure held against its quota, or against another measure."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from pydantic import model_validator

from engine.blocks import Block
from engine.comp.intervals import Accumulate
from engine.comp.pieces import Closed
from engine.fields import Name, refuse
from engine.inputs import BoolArray, Words

if TYPE_CHECKING:
    from engine.comp.book import Book
    from engine.comp.quantity import Quantity

Against = Literal["to_date", "interval"]


class Compared(Block):
    """A ratio to date: credit of a measure over its quota, or over the credit of another measure."""

    measure: Name
    """Measure above the line. Required."""
    over: Name | None = None
    """Measure below the line, such as `bookings` under a margin; the quota of the measure unless given."""
    accumulate: Accumulate
    """Over what both sides add up, to date: `period`, `quarter` or `year_to_date`. Required."""
    quota: Against | None = None
    """Quota that credit to date is held against: that of the interval `to_date`, or of the whole `interval`. Required
    where credit of a quarter or year is compared with a quota, else of no account."""
    closed: Closed
    """Side of a ratio that lies exactly on a level: `left` the level is reached, `right` it is not. Required."""

    @model_validator(mode="after")
    def _quota_is_named(self) -> Compared:
        if self.over is None:
            quota_is_named(self.accumulate, self.quota)
        return self

    def sides(self, book: Book) -> tuple[Quantity, Quantity]:
        """Return what stands above and below the line at each period, shape (..., spell, period)."""
        groups = book.intervals.groups(self.accumulate)
        above = book.credit(self.measure).running(groups)
        if self.over is not None:
            return above, book.credit(self.over).running(groups)
        return above, book.quota_of(self.measure).to_date(groups, self.quota == "interval")

    @property
    def named(self) -> str:
        """Both sides in words."""
        return f"{self.measure} over {self.over or 'quota'}"

    def measures(self) -> Words:
        """Return the measures it looks at."""
        return (self.measure,) if self.over is None else (self.measure, self.over)

    def held_to_quota(self) -> Words:
        """Return the measures that need a quota."""
        return (self.measure,) if self.over is None else ()


def positive(amount: Quantity) -> BoolArray:
    """Say where an amount lies above 0."""
    return amount.reaches(amount.times(Fraction(0)), "right")


def quota_is_named(accumulate: Accumulate, quota: str | None) -> None:
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
