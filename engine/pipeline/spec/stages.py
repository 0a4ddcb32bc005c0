"""Stages: the steps of a sale, and what differs by who sells what, to whom and when."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from engine.blocks import Block
from engine.fields import Money, Ratio, Real, Text, Whole, refuse
from engine.pipeline.any_law import AnyLaw

Chance = Annotated[Ratio, Field(ge=0, le=1)]
Month = Annotated[Whole, Field(ge=0, le=600)]
MonthDay = Annotated[Whole, Field(ge=1, le=31)]


class Recycle(Block):
    """A way back: a deal that neither advances nor is lost."""

    to: Text
    """Name of an earlier stage, or of the same one."""
    chance: Chance
    """Probability that a deal which enters the stage goes back; `advance` and this one are together at most 1."""


class Case(Block):
    """What differs in some circumstances. A later case goes before an earlier one; factors multiply."""

    segments: tuple[Text, ...] = ()
    """Segments of the account; any unless given."""
    size_from: Money | None = Field(default=None, gt=0)
    """Deals of at least this size, currency units; any unless given. The size of a drawn deal is that of its product
    alone, at the prices of the day on which it arises."""
    size_below: Money | None = Field(default=None, gt=0)
    """Deals below this size."""
    tenure_from: Month | None = None
    """People in the seat for at least so many months; any unless given."""
    tenure_below: Month | None = None
    """People in the seat for fewer months."""
    months_of_quarter: tuple[Annotated[Whole, Field(ge=1, le=3)], ...] = ()
    """Months of the quarter, 1 to 3, in which the deal enters the stage; any unless given."""
    day_from: MonthDay | None = None
    """First day of the month on which it enters, 1 to 31; any unless given."""
    day_below: MonthDay | None = None
    """Day of the month before which it enters."""
    advance: Chance | None = None
    """Probability to advance, in place of the stage's."""
    advance_times: Real | None = Field(default=None, ge=0, le=100)
    """Factor on the probability to advance, which ends at what going back leaves."""
    duration: AnyLaw | None = None
    """Days in the stage of deals that advance, in place of the stage's."""
    duration_lost: AnyLaw | None = None
    """Days in the stage of deals that do not."""
    days_times: Real | None = Field(default=None, gt=0, le=100)
    """Factor on the days in the stage."""

    @model_validator(mode="after")
    def _says_something(self) -> Case:
        said = (self.advance, self.advance_times, self.duration, self.duration_lost, self.days_times)
        if all(value is None for value in said):
            raise refuse("E_REQUIRED", "a case that changes nothing", "Say what differs, such as advance.")
        if not (self.segments or self.months_of_quarter or self._bounded):
            raise refuse("E_REQUIRED", "a case of everything", "Say of what, such as segments.")
        for low, high, what in (
            (self.size_from, self.size_below, "size"),
            (self.tenure_from, self.tenure_below, "tenure"),
            (self.day_from, self.day_below, "day"),
        ):
            if low is not None and high is not None and low >= high:
                raise refuse("E_RANGE", f"no {what} is from {low} and below {high}", "Swap them.")
        return self

    @property
    def _bounded(self) -> bool:
        bounds = (
            self.size_from, self.size_below, self.tenure_from, self.tenure_below, self.day_from, self.day_below,
        )  # fmt: skip
        return any(bound is not None for bound in bounds)


class Stage(Block):
    """A step of the sale: a deal stays for a time, then advances, goes back or is lost. After the last it is won."""

    name: Text = Field(min_length=1)
    """Name of the stage, as the funnel shows it."""
    advance: Chance
    """Probability that a deal which enters the stage leaves it for the next one; otherwise it is lost or goes back."""
    recycle: Recycle | None = None
    """How deals go back to an earlier stage; none does unless given."""
    duration: AnyLaw
    """Days in the stage of deals that advance, and of others unless `duration_lost` is given."""
    duration_lost: AnyLaw | None = None
    """Days in the stage of deals that are lost there or go back; the law `duration` unless given."""
    cases: tuple[Case, ...] = ()
    """What differs by segment, size, tenure of the person or month of the quarter."""

    @model_validator(mode="after")
    def _at_most_one(self) -> Stage:
        back = self.recycle.chance if self.recycle else 0
        for chance in (self.advance, *(case.advance for case in self.cases if case.advance is not None)):
            if chance + back > 1:
                message = f"stage '{self.name}': advance {chance} and going back {back} are together above 1"
                raise refuse("E_RANGE", message, "Lower one of them; what is left of 1 is lost.")
        return self
