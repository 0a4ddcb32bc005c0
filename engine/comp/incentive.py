"""Incentive: what commission and bonus share, from credit to earned pay.

    due to date  =  rule(credit to date, quota, target incentive), rounded
    earned       =  what each period adds to it: F(to date) - earned so far
    capped       =  earned, as long as the cap of its interval is not reached

Only the rule differs between kinds.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from engine import amounts
from engine.blocks import Block
from engine.comp.intervals import Accumulate, Interval, Pay
from engine.fields import Money, Name, Ratio, refuse
from engine.inputs import Words

if TYPE_CHECKING:
    from engine.comp.book import Book
    from engine.comp.quantity import Quantity


class Cap(Block):
    """A limit on what a component earns; what lies above is lost, not carried."""

    amount: Money | None = Field(default=None, ge=0)
    """Limit in currency units for a whole interval; not cut for part of one. Either this or `of_target`."""
    of_target: Ratio | None = Field(default=None, ge=0)
    """Limit as a ratio of the component's target incentive in the interval (`200%`), cut with it by days."""
    per: Interval
    """Interval over which the limit holds: `period`, `quarter` or `year`. Required."""

    @model_validator(mode="after")
    def _one_limit(self) -> Cap:
        if (self.amount is None) == (self.of_target is None):
            raise refuse("E_REQUIRED", "a cap needs either amount or of_target", "Give one of the two.")
        return self


class Incentive(Block):
    """Pay that follows credit."""

    measure: Name = "bookings"
    """Measure that is credited; `bookings` unless given. Where credit is compared with a quota, it must be the
    measure of the quotas."""
    accumulate: Accumulate
    """Over what credit adds up before the table is read: `period`, `quarter`, `year_to_date`, or `transaction` (each
    deal by itself; only where real deals are settled, a simulation keeps none). Year to date pays F(to date) less
    what was earned so far, so that it trues itself up. Required."""
    quota: Literal["to_date", "interval"] | None = None
    """Quota (and target incentive) that credit to date is held against: that of the interval `to_date`, or of the
    whole `interval`. Required where credit of a quarter or year is compared with a quota, else of no account."""
    weight: Ratio = Field(default="1", gt=0, le=1, validate_default=True)
    """Share of the person's target incentive that this component carries; all of it unless given."""
    pay: Pay | None = None
    """When it is paid: `monthly`, `quarterly` or `annually`; as the plan says unless given. An annual payment falls in
    the last period also for a person who has left."""
    cap: Cap | None = None
    """Limit on what it earns; none unless given."""

    @abstractmethod
    def due(self, credit: Quantity, quota: Quantity, target: Quantity, minor: int) -> Quantity:
        """Return what the credit is worth; `minor` is minor units per currency unit. The rule of the kind."""

    def earn(self, book: Book) -> Quantity:
        """Return what is earned in each period, in whole minor units, shape (..., spell, period)."""
        target = book.target.times(Fraction(self.weight))
        if self.accumulate == "transaction":
            lines, cells = book.deals(self.measure)
            due = self.due(lines, book.quota.at(cells), target.at(cells), book.minor)
            earned = due.rounded(book.rounding).tallied(cells, book.shape)
        else:
            groups, whole = book.intervals.groups(self.accumulate), self.quota == "interval"
            credit = book.credit(self.measure).running(groups)
            due = self.due(
                credit, book.quota.to_date(groups, whole), target.to_date(groups, whole), book.minor
            )
            earned = due.rounded(book.rounding).steps(groups)
        return self._capped(earned, target, book)

    def _capped(self, earned: Quantity, target: Quantity, book: Book) -> Quantity:
        if self.cap is None:
            return earned
        groups = book.intervals.groups(self.cap.per)
        if self.cap.amount is not None:
            limited = earned.running(groups).least(Fraction(self.cap.amount) * book.minor)
        else:
            limit = target.total(groups).times(Fraction(self.cap.of_target or 0))
            limited = earned.running(groups).least(limit.rounded(book.rounding))
        return limited.rounded(book.rounding).steps(groups)

    def measures(self) -> Words:
        """Return the measures it looks at."""
        return (self.measure,)

    def when(self, plan: Pay) -> Pay:
        """Return when it pays, given when its plan does."""
        return self.pay or plan

    @property
    def needs_deals(self) -> bool:
        """Whether it looks at every deal by itself."""
        return self.accumulate == "transaction"

    def faults(self, currency: str) -> Iterator[tuple[str, str, str, str]]:
        """Yield (code, field, message, hint) for amounts that the currency cannot hold."""
        if self.cap is not None and self.cap.amount is not None:
            try:
                amounts.to_minor(self.cap.amount, currency)
            except amounts.AmountError as error:
                yield error.code, "cap.amount", str(error), error.hint


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
