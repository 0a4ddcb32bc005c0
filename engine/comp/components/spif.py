"""SPIF: a fixed amount for each event, between two dates.

    events  =  whole steps of `each` in the credit between the dates, less what lies above the cap
    earned  =  amount x events, as long as the budget of the plan lasts

where the amount may follow how many events there are, as a car dealer's volume bonus does, and where credit may count
from each one's own quota on: so much for every unit above it.

The budget is that of all people of the plan together. First come, first served by period; the period that exhausts
it is shared in proportion to what each would have earned, by largest remainder, to the minor unit. What a reversal
takes back is never more than was paid, and does not refill the budget.

A plan with a SPIF per win and a cap of events a year, as filed:
https://www.scribd.com/document/462556092/Sales-Compensation-Plan-Contract
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field, model_validator

from engine.comp.compared import positive
from engine.comp.component import Component
from engine.comp.events import Each, EventCap, EventTier
from engine.comp.intervals import Accumulate, Pay
from engine.comp.pieces import Pieces
from engine.comp.reason import Reason, some
from engine.comp.restated import restated_pay
from engine.fields import Day, Money, Name, refuse

if TYPE_CHECKING:
    from engine.calendar import Calendar, DateArray
    from engine.comp.book import Book
    from engine.comp.component import Quantities
    from engine.comp.quantity import Quantity
    from engine.inputs import BoolArray, Inputs, IntArray, Words


class Spif(Component):
    """Pays a fixed amount for each event between two dates, within a cap and a budget."""

    kind: Literal["spif"] = "spif"
    """Amount per event."""
    measure: Name
    """Measure whose credit makes events: a count, such as won deals or new logos, or money. Required."""
    amount: Money | None = Field(default=None, gt=0)
    """Currency units for each event. Either this or `tiers`."""
    tiers: tuple[EventTier, ...] = ()
    """Currency units for each event by how many there are in the interval of `accumulate`."""
    mode: Literal["marginal", "retroactive"] | None = None
    """How tiers are read: `marginal` (each amount for the events of its own tier) or `retroactive` (the amount of the
    tier reached for every event). Required beside `tiers`."""
    each: Each
    """What one event is: so many `units` of a count, or so much `money`. Required."""
    accumulate: Accumulate
    """Over what credit adds up to whole events; the part of one that is left at the end is lost: `period`, `quarter`,
    `year_to_date`, or `transaction` (each deal by itself). Required."""
    above: Literal["quota"] | None = None
    """`quota`: only credit above the person's own quota of the measure makes events, that of the whole interval of
    `accumulate`; nothing where that is 0. All credit unless given. Not for `accumulate: transaction`."""
    first_day: Day
    """First day on which credit counts; what takes a deal back counts where the deal did. Required."""
    last_day: Day
    """Last day on which credit counts; the days from the first to it may begin before the year, or end after it, but
    not lie outside it. Required."""
    cap: EventCap | None = None
    """Limit for one person; none unless given."""
    budget: Money | None = Field(default=None, gt=0)
    """Most that all people of the plan earn together, currency units; no limit unless given."""
    pay: Pay | None = None
    """When it is paid: `monthly`, `quarterly` or `annually`; as the plan says unless given."""

    @model_validator(mode="after")
    def _days_in_order(self) -> Spif:
        if (
            self.tiers
            and self.accumulate == "transaction"
            and self.cap is not None
            and self.cap.events is not None
        ):
            raise refuse(
                "E_UNSUPPORTED",
                "tiers of each deal by itself do not say which of its events a cap leaves out",
                "Let events accumulate over an interval, or cap the amount.",
            )
        if self.accumulate == "transaction" and self.above:
            raise refuse(
                "E_CHOICE",
                "no deal by itself is above the quota of an interval",
                "Let events accumulate over a period, quarter or year_to_date.",
            )
        if self.last_day < self.first_day:
            raise refuse(
                "E_DATE",
                f"it ends on {self.last_day}, before it begins on {self.first_day}",
                "Swap the days.",
            )
        return self

    @model_validator(mode="after")
    def _one_amount(self) -> Spif:
        if (self.amount is None) == (not self.tiers) or (self.mode is None) == bool(self.tiers):
            raise refuse(
                "E_REQUIRED", "a SPIF needs an amount, or tiers with their mode", "Give one of the two."
            )
        if self.tiers and self.tiers[0].event != 1:
            raise refuse(
                "E_TIERS",
                f"the first tier starts at event {self.tiers[0].event}; nothing says what those before pay",
                "Start at 1, with an amount of 0 where nothing is paid.",
            )
        for before, after in itertools.pairwise(self.tiers):
            if after.event <= before.event:
                raise refuse(
                    "E_TIERS", f"event {after.event} follows event {before.event}", "Sort tiers, no doubles."
                )
        return self

    @property
    def together(self) -> bool:
        """Whether what one earns depends on others: where they share a budget."""
        return self.budget is not None

    @property
    def needs_deals(self) -> bool:
        """Whether it looks at every deal by itself."""
        return self.accumulate == "transaction"

    def quantities(self) -> Iterator[tuple[str, Quantities]]:
        """Yield what its measure must be, so that an event is what `each` says."""
        yield self.measure, "count" if self.each.units is not None else "amount"

    def measures(self) -> Words:
        """Return the measure it looks at."""
        return (self.measure,)

    def held_to_quota(self) -> Words:
        """Return the measure that it compares with a quota, if any."""
        return (self.measure,) if self.above else ()

    def when(self, plan: Pay) -> Pay:
        """Return when it pays, given when its plan does."""
        return self.pay or plan

    def misfits(self, inputs: Inputs, people: Words, days: bool) -> Iterator[tuple[str, str, str, str]]:
        """Yield days outside the year, and days within a period where credits come by period alone."""
        edges = inputs.calendar.edges
        for field, day, outside in (
            ("first_day", self.first_day, np.datetime64(self.first_day, "D") >= edges[-1]),
            ("last_day", self.last_day, np.datetime64(self.last_day, "D") < edges[0]),
        ):
            if outside:
                message = f"{day} lies outside {edges[0]} to {edges[-1] - 1}, so that nothing counts"
                yield "E_DATE", field, message, "Correct the year, or leave the component out."
        for field, edge, end in () if days else self._within_periods(edges):
            near = edges[np.searchsorted(edges, edge) - 1] - end
            message = f"{edge - end} lies within a period, and credits are known by whole periods"
            yield "E_UNSUPPORTED", field, message, f"Take the bounds of a period, such as {near}."

    def needs_days(self, calendar: Calendar) -> bool:
        """Whether it begins or ends within a period."""
        return any(True for _ in self._within_periods(calendar.edges))

    def _within_periods(self, edges: DateArray) -> Iterator[tuple[str, np.datetime64, int]]:
        """Yield field, day of change and 1 at the end, for each of its two days that is no bound of a period."""
        starts, stops = np.datetime64(self.first_day, "D"), np.datetime64(self.last_day, "D") + 1
        for field, edge, end in (("first_day", starts, 0), ("last_day", stops, 1)):
            if edges[0] < edge < edges[-1] and edge not in edges:
                yield field, edge, end

    def earn(self, book: Book) -> Quantity:
        """Return what is earned in each period, in whole minor units, shape (..., spell, period)."""
        earned = self._within(book, self._worth, events=False).rounded(book.rounding)
        if self.budget is not None:
            earned = self._granted(earned, Fraction(self.budget) * book.minor, book)
        year = book.intervals.groups("year")
        return earned.running(year).most(Fraction(0)).steps(year)

    def of_deals(self) -> Spif:
        """Return the SPIF without cap and budget."""
        return self.model_copy(update={"cap": None, "budget": None})

    def reasons(self, book: Book) -> Iterator[Reason]:
        """Yield what the cap takes, then what the budget does."""
        events = self.of_deals().earn(book)
        capped = self.model_copy(update={"budget": None}).earn(book)
        if self.cap is not None:
            most = f"{self.cap.events} events" if self.cap.amount is None else f"{self.cap.amount:,f}"
            without = events.running(book.intervals.groups(self.cap.per))
            words = f"{{without}} to date without it, {most} at most in the {self.cap.per}"
            yield Reason("cap", capped.minus(events), words, {"without": without})
        if self.budget is not None:
            budget = Fraction(self.budget) * book.minor
            used = self._used(capped, budget, book)
            left = (
                used.times(Fraction(0)).most(budget).minus(used).rows(np.zeros(book.shape[0], dtype=np.int64))
            )
            words = f"{{left}} of {self.budget:,f} for everybody is left after the period"
            yield Reason("budget", self.earn(book).minus(capped), words, {"left": left}, some(capped))

    def _worth(self, book: Book) -> Quantity:
        """Return what events within the cap are worth in each period, minor units."""
        if self.accumulate == "transaction":
            if self.tiers:
                lines, cells = self.counted_deals(book)
                return (
                    lines.fulls(self._step(book)).on(self._table(book.minor), None).tallied(cells, book.grid)
                )
            return self._within(book, self._events, events=True).on(self._table(book.minor), None)
        groups, events = book.intervals.groups(self.accumulate), self._within(book, self._events, events=True)
        return events.running(groups).on(self._table(book.minor), None).steps(groups)

    def _events(self, book: Book) -> Quantity:
        """Return the events of each period, shape (..., spell, period)."""
        step = self._step(book)
        if self.accumulate == "transaction":
            lines, cells = self.counted_deals(book)
            return lines.fulls(step).tallied(cells, book.grid)
        groups = book.intervals.groups(self.accumulate)
        to_date = self.counted(book).running(groups)
        if self.above:
            quota, nothing = book.quota_of(self.measure).total(groups), to_date.times(Fraction(0))
            to_date = to_date.minus(quota).most(Fraction(0)).where(positive(quota), nothing)
        return to_date.fulls(step).steps(groups)

    def _step(self, book: Book) -> Fraction:
        return Fraction(self.each.units or 0) or Fraction(self.each.money or 0) * book.minor

    def amount_of(self, event: int) -> Decimal:
        """Return what an event pays by its number, currency units."""
        reached = [tier.amount for tier in self.tiers if tier.event <= max(event, 1)]
        return reached[-1] if reached else self.amount or Decimal(0)

    def _within(self, book: Book, of: Callable[[Book], Quantity], *, events: bool) -> Quantity:
        """Return the events of each period that the cap lets pay, or what it lets them earn; `of` is without it."""
        limit = None if self.cap is None else self.cap.limit(book.minor, events=events)
        if self.cap is None or limit is None:
            return of(book)
        groups, most = book.intervals.groups(self.cap.per), limit

        def held(amount: Quantity) -> Quantity:
            return amount.running(groups).least(most).rounded(book.rounding).steps(groups)

        return restated_pay(self.measure, book, of, held) if book.takes_back else held(of(book))

    def _table(self, minor: int) -> Pieces:
        """Return what so many events are worth, minor units."""
        if not self.tiers:
            return Pieces.tiered([Fraction(0)], [Fraction(self.amount or 0) * minor], [True], "left")
        back = self.mode == "retroactive"
        starts = [Fraction(tier.event if back else tier.event - 1) for tier in self.tiers]
        rates = [Fraction(tier.amount) * minor for tier in self.tiers]
        return Pieces.tiered([Fraction(0), *starts[1:]], rates, [back] * len(rates), "left")

    def counted(self, book: Book) -> Quantity:
        """Return the credit between the dates, shape (..., spell, period)."""
        if book.lines is not None:
            lines, cells = self.counted_deals(book)
            return lines.tallied(cells, book.grid)
        credit = book.credit(self.measure)
        return credit.where(self._periods(book), credit.times(Fraction(0)))

    def counted_deals(self, book: Book) -> tuple[Quantity, IntArray]:
        """Return deals and their cells; those outside the dates, by days where they are known, are 0.

        What takes a deal back has the day of the deal.
        """
        lines, cells = book.deals(self.measure)
        day = None if book.lines is None else book.lines.first_day
        inside = self._periods(book)[cells % book.shape[1]] if day is None else self._inside(day, day)
        return lines.where(inside, lines.times(Fraction(0))), cells

    def _periods(self, book: Book) -> BoolArray:
        return self._inside(book.edges[:-1], book.edges[1:] - 1)

    def _inside(self, first: DateArray, last: DateArray) -> BoolArray:
        return np.asarray((first >= np.datetime64(self.first_day)) & (last <= np.datetime64(self.last_day)))

    def _granted(self, earned: Quantity, budget: Fraction, book: Book) -> Quantity:
        """Return what the budget grants each one in each period, shape (..., spell, period)."""
        everybody, won = np.zeros(book.shape[0], dtype=np.int64), earned.most(Fraction(0))
        granted = self._used(earned, budget, book).steps(book.intervals.groups("year"))
        return granted.portions(won, everybody).plus(earned.least(Fraction(0)))

    def _used(self, earned: Quantity, budget: Fraction, book: Book) -> Quantity:
        """Return what is used of the budget to date, shape (..., 1, period)."""
        everybody = np.zeros(book.shape[0], dtype=np.int64)
        asked = earned.most(Fraction(0)).summed(everybody, 1).running(book.intervals.groups("year"))
        return asked.least(budget).rounded(book.rounding)
