"""Limit: the most, or the least, that several components earn together.

With E what becomes due of them in an interval, it earns min(E, most) - E where there is too much, and least - E at the
end of an interval where there is too little, so that together with them the interval earns what the limit says. Then

    lost                     what is cut off is lost, and what is added is kept; a deal that is taken back later takes
                             by how much less the interval of the deal would have been paid within `most`
    carried_forward          what is cut off is paid in later intervals, as far as their limits leave room
    trued_up_at_year_end     both are settled in the last period: interim pay is limited, the year is not
    trued_up_at_quarter_end  both are settled in the last period of the quarter: months are limited, the quarter is not

True-up pays the year's earnings less what was paid so far, and takes back what was paid too much. So reads a filed plan
that pays quarters at most at 100 % and settles at year end
(sec.gov/Archives/edgar/data/1506439/000165495421001831/shsp_ex10-1.htm).
Several limits take effect one after another, each on what the one before left. Where pay waits for cash, a limit holds
for what becomes due in the interval; a `cap` of a component holds for what is earned in it.

What still waits at the end is `balance`; a balance from the year before is paid where this year's limits leave room.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import reduce
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from pydantic import model_validator

from engine.comp.adjustment import Correction, nothing, with_opening
from engine.comp.bound import Bound, whole_units
from engine.comp.component import Component
from engine.comp.intervals import Interval, months
from engine.comp.reason import Reason
from engine.comp.restated import restated_due
from engine.fields import refuse

if TYPE_CHECKING:
    from engine.comp.book import Book
    from engine.comp.quantity import Quantity


class Limit(Correction, Component):
    """Caps or lifts what components earn together; its own line is what it takes or adds."""

    turn: ClassVar[int] = 1

    kind: Literal["limit"] = "limit"
    """Cap or floor over several components."""
    most: Bound | None = None
    """Cap on what they earn in an interval. An `amount` holds for part of an interval too; `of_target` is cut with the
    target incentive by days. None unless given; one of `most` and `least` is needed."""
    least: Bound | None = None
    """Floor under what they earn in an interval, cut by days in seat; none unless given. 0 keeps an interval from
    falling below nothing."""
    per: Interval
    """Interval over which they are added up: `period`, `quarter` or `year`. Required."""
    carry: Literal["lost", "carried_forward", "trued_up_at_year_end", "trued_up_at_quarter_end"]
    """What becomes of a difference: `lost` (cut for good, so that a deal taken back later takes by how much less its
    interval would have been paid; added for good), `carried_forward` (for `most` alone: what is
    cut is paid in later intervals that leave room for it; after the plan, in the next year if `data.balances` takes it
    up), `trued_up_at_year_end` (settled in the last period of the plan) or `trued_up_at_quarter_end` (settled in the
    last period of each quarter). Required."""
    room: Literal["lost", "kept"] = "lost"
    """What becomes of room that an interval leaves below `most`: `lost` unless given, or `kept` for later intervals up
    to the true-up, so that what is paid to date is held to the limits to date. For a limit that is trued up alone."""

    @model_validator(mode="after")
    def _complete(self) -> Limit:
        if self.most is None and self.least is None:
            raise refuse("E_REQUIRED", "a limit needs most or least", "Give one of the two, or both.")
        if self.carry != "lost" and (self.per == "year" or self.per == self._settles):
            raise refuse(
                "E_RANGE", f"a limit on the {self.per} cannot be {self.carry} within it", "Use carry: lost."
            )
        if self.room == "kept" and (self._settles is None or self.most is None):
            raise refuse(
                "E_RANGE",
                f"room is not kept under carry: {self.carry}",
                "Keep it up to a true-up of `most`.",
                at="room",
            )
        if self.least is not None and self.carry == "carried_forward":
            raise refuse(
                "E_RANGE",
                "a floor is not carried forward",
                "A floor that is recovered later is a recoverable draw.",
            )
        if self.most is not None and self.least is not None:
            for least, most in (
                (self.least.amount, self.most.amount),
                (self.least.of_target, self.most.of_target),
            ):
                if least is not None and most is not None and least > most:
                    raise refuse("E_RANGE", f"least {least:f} is above most {most:f}", "Swap them.")
        return self

    @property
    def _settles(self) -> Literal["quarter", "year"] | None:
        """Interval at whose end a difference is settled; None where it is not."""
        if self.carry == "trued_up_at_quarter_end":
            return "quarter"
        return "year" if self.carry == "trued_up_at_year_end" else None

    @property
    def restates(self) -> bool:
        """Whether what is cut is lost, so that a deal taken back later must not be taken back in full."""
        return self.most is not None and self.carry == "lost"

    @property
    def carries(self) -> bool:
        """Whether a balance outlives the plan."""
        return self.carry == "carried_forward"

    def earn(self, book: Book) -> Quantity:
        """Return what is taken or added in each period, in whole minor units, shape (..., spell, period)."""
        earned = self.sum(book.due, book, self.label)
        capped = self._capped(earned, book)
        change = self._lifted(capped, book).minus(earned)
        if self._settles is not None:
            return change.minus(change.collected(book.intervals.groups(self._settles)))
        return change

    def reasons(self, book: Book) -> Iterator[Reason]:
        """Yield what the cap takes or gives back, what the floor adds, and the true-up at the end."""
        earned, groups = self.sum(book.due, book, self.label), book.intervals.groups(self.per)
        capped = self._capped(earned, book)
        lifted = self._lifted(capped, book)
        waits = "" if self.carry == "lost" else "; {balance} is to be settled later"
        figures = {"earned": earned.running(groups), "balance": self.balance(book)}
        of = "all variable pay" if self.of is None else " and ".join(self.of)
        if self.most is not None:
            words = f"{of}: {{earned}} to date, {{most}} at most in the {self.per}{waits}"
            figures["most"] = self._level(self.most, book)
            if self.room == "kept" and self._settles is not None:
                words = f"{of}: {{earned}} to date, {{most}} at most so far in the {self._settles}{waits}"
                figures["earned"] = earned.running(book.intervals.groups(self._settles))
                figures["most"] = self._room(self.most, self._settles, book)
            cut = self._cut(earned, book)
            yield Reason("limit", cut.minus(earned), words, figures)
            words = f"deals of an earlier {self.per} were taken back: they take by how much less it would have paid"
            yield Reason("limit", capped.minus(cut), words)
        if self.least is not None:
            words = f"{of}: {{earned}} to date, {{least}} at least in the {self.per}{waits}"
            figures["least"] = self._floor(self.least, book)
            yield Reason("limit", lifted.minus(capped), words, figures)
        if self._settles is not None:
            settled = earned.minus(lifted).collected(book.intervals.groups(self._settles))
            words = f"what the limits of the {self._settles} took, less what they added"
            yield Reason("true-up", settled, words)

    def _capped(self, earned: Quantity, book: Book) -> Quantity:
        """Return what is earned within `most`; deals taken back later take what their interval would pay less."""
        restated = self._restated(earned, book)
        return self._cut(earned, book) if restated is None else restated[0]

    def taken(self, earned: Quantity, book: Book) -> Quantity | None:
        """Return by how much less reversals take once it has cut what they take."""
        restated, seen = self._restated(self.sum(book.due, book, self.label), book), self._seen(book)
        return None if restated is None or seen is None else restated[1].minus(seen)

    def _restated(self, earned: Quantity, book: Book) -> tuple[Quantity, Quantity] | None:
        """Return what is earned within `most` and what reversals take of it; None where it does not ask, or none do."""
        taken = self._seen(book) if self.restates else None
        return (
            None
            if taken is None
            else restated_due(earned, taken, book, lambda amount: self._cut(amount, book))
        )

    def _seen(self, book: Book) -> Quantity | None:
        """Return what reversals take of the components that it looks at; None for nothing."""
        seen = self.looked_at(book.taken, book, self.label)
        return reduce(lambda total, taken: total.plus(taken), seen) if seen else None

    def _cut(self, earned: Quantity, book: Book) -> Quantity:
        """Return what is earned within `most`, each amount in its own period."""
        if self.most is None:
            return earned
        groups = book.intervals.groups(self.per)
        if self.room == "kept" and self._settles is not None:
            term = book.intervals.groups(self._settles)
            return earned.running(term).least(self._room(self.most, self._settles, book)).steps(term)
        most, to_date = self._level(self.most, book), earned.running(groups)
        if self.carry == "carried_forward":
            waiting = self._waiting(earned, most, book).later(1)
            to_date = to_date.plus(with_opening(waiting, book, self.label))
        return to_date.least(most).steps(groups)

    def _lifted(self, capped: Quantity, book: Book) -> Quantity:
        """Return what is earned once an interval has its `least`."""
        if self.least is None:
            return capped
        short = self._floor(self.least, book).minus(capped.collected(book.intervals.groups(self.per)))
        return capped.plus(short.most(Fraction(0)))

    def _floor(self, least: Bound, book: Book) -> Quantity:
        """Return the floor under the interval, in its last period, shape (spell, period)."""
        groups = book.intervals.groups(self.per)
        return least.by_days(book, 12 // months(self.per)).collected(groups).rounded(book.rounding)

    def balance(self, book: Book) -> Quantity:
        """Return what was cut and is still to be paid after each period, minor units, shape (..., spell, period).

        It is below 0 for what was added and is to be taken back. The book is one on which the plan was settled.
        """
        if self.carry == "lost":
            return nothing(book)
        taken = with_opening(nothing(book).minus(book.earned[self.label]), book, self.label)
        return taken.running(book.intervals.groups("year"))

    def flows(self, book: Book) -> tuple[Quantity, Quantity] | None:
        """Return what is cut in each period, and what is added or paid later."""
        if self.carry == "lost":
            return None
        own = book.earned[self.label]
        return nothing(book).minus(own.least(Fraction(0))), own.most(Fraction(0))

    def _level(self, most: Bound, book: Book) -> Quantity:
        """Return the cap on the interval of each period, shape (spell, period)."""
        if most.amount is not None:
            return nothing(book).most(Fraction(most.amount) * book.minor)
        target = book.target.total(book.intervals.groups(self.per))
        return target.times(Fraction(most.of_target or 0)).rounded(book.rounding)

    def _room(self, most: Bound, term: Literal["quarter", "year"], book: Book) -> Quantity:
        """Return the caps on all intervals of a term that have begun, to date, shape (spell, period)."""
        first = [start for start, _ in book.intervals.groups(self.per).spans]
        level = self._level(most, book).where(np.isin(np.arange(book.shape[1]), first), nothing(book))
        return level.running(book.intervals.groups(term))

    def _waiting(self, earned: Quantity, most: Quantity, book: Book) -> Quantity:
        """Return what waits for room at the end of each interval, and in the periods up to the next end.

        W = max(0, W before + earned - most), by the recursion that draws use; at first it is what an earlier year left.
        """
        groups, year = book.intervals.groups(self.per), book.intervals.groups("year")
        last = np.isin(np.arange(book.shape[1]), groups.last)
        over = earned.collected(groups).minus(most.where(last, nothing(book)))
        over = with_opening(over, book, self.label).running(year)
        return over.minus(over.lowest(year).least(Fraction(0)))

    def faults(self, currency: str) -> Iterator[tuple[str, str, str, str]]:
        """Yield (code, field, message, hint) for amounts that the currency cannot hold."""
        for field, bound in (("most", self.most), ("least", self.least)):
            if bound is not None:
                yield from whole_units(bound.amount, currency, f"{field}.amount")
