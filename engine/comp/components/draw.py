"""Draw: pay that is advanced, and recovered out of what is earned later.

With G the pay of an interval and D the draw of it, cut by days in seat, the plan pays in all

    non-recoverable    max(G, D)
    recoverable        G + B - B before,    B = max(0, B before + D - G)

where B is what is still to be recovered, at first what was owed from the year before. What is recovered never takes
pay below D. The recursion is that of Lindley (1952, Math. Proc. Camb. Phil. Soc. 48, 277-289): with S the sum to date
of D - G and of what was owed at first, B = S - min(0, least S to date). So pay in all is pay earned plus the final
balance, less what was owed at first. Under `recoverable_then_forgiven` the balance starts
again at 0 after each term. A worked table: Siebel, Recoverable Draw
(docs.oracle.com/cd/E05553_01/books/InCompAdm/InCompAdmPlanDesign8.html).

A `floor` tops pay up at the end of each interval. An `advance` pays D in each period and settles at the end of the
interval: pay less what was advanced. Where intervals are periods the two are the same.

Outside its days, before the person came, after they left and before `after` or after `until`, a draw pays nothing; a
recoverable one is still recovered then, and takes pay down to 0. Recovery may begin later than the draw
(`recovered_after`); the balance only grows until then. With `recovers` at most a share s of pay is taken: the recursion
has max(D - G, -s G) in place of D - G. An agreement that says half: SHRM, Commission Sales Draw Agreement
(shrm.org/topics-tools/tools/forms/commission-sales-draw-agreement).

What is owed at the end of the plan stays owed: laws differ on whether somebody who leaves must pay it back, so nothing
is taken beyond pay. `balance` says how much it is.

G is what is paid in the interval, not what is earned: pay that waits for cash, or is held back, is no part of it until
it comes. So a draw bridges that time, and is recovered as the cash comes in.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from engine.comp.adjustment import Adjustment, nothing, with_opening
from engine.comp.bound import whole_units
from engine.comp.component import Component
from engine.comp.intervals import Groups, Interval, Pay, months, paid_at_end_of
from engine.comp.reason import Reason, some
from engine.comp.tiers import MOST_RATE, in_range
from engine.fields import Money, Ratio, Whole, refuse

if TYPE_CHECKING:
    from engine.comp.book import Book
    from engine.comp.quantity import Quantity
    from engine.inputs import BoolArray


class Draw(Adjustment, Component):
    """Lifts pay to an amount a month; its own line is what is topped up, less what is recovered."""

    turn: ClassVar[int] = 4
    supports: ClassVar[bool] = True

    kind: Literal["draw"] = "draw"
    """Draw against variable pay."""
    type: Literal["non_recoverable", "recoverable", "recoverable_then_forgiven"]
    """`non_recoverable` (kept), `recoverable` (taken back out of later pay) or `recoverable_then_forgiven` (taken back
    until the end of its `term`). Required."""
    form: Literal["floor", "advance"]
    """`floor`: pay is topped up at the end of each interval. `advance`: the draw is paid in each period and settled
    against pay at the end of the interval. Required."""
    amount: Money = Field(gt=0)
    """Currency units a month (a twelfth of a year), cut by days in seat as salaries are."""
    per: Interval
    """Interval over which pay and draw are compared: `period`, `quarter` or `year`. Components that it looks at may not
    pay more often. Required."""
    after: Whole = Field(default=0, ge=0)
    """Periods, from the one in which the person came, after which the draw begins; at once unless given."""
    until: Whole | None = Field(default=None, ge=1)
    """Periods, from the one in which the person came, after which it ends; with the spell unless given."""
    recovered_after: Whole = Field(default=0, ge=0)
    """Periods, from the one in which the person came, after which a recoverable draw begins to be recovered; at once
    unless given."""
    recovers: Ratio | None = Field(default=None, gt=0)
    """Largest share of the pay of an interval that is taken to recover the draw (`50%`); all above the draw unless
    given. Not for a non-recoverable draw."""
    term: Literal["quarter", "year", "draw"] | None = None
    """When the balance is forgiven: at the end of each `quarter` or `year`, or with the last payment of the `draw`
    (see `until`). For `recoverable_then_forgiven` alone, and required there."""

    @model_validator(mode="after")
    def _term_where_needed(self) -> Draw:
        if (self.term is not None) != (self.type == "recoverable_then_forgiven"):
            raise refuse(
                "E_REQUIRED", "`term` belongs to type: recoverable_then_forgiven, and is required there"
            )
        if self.term == "draw" and self.until is None:
            raise refuse(
                "E_REQUIRED", "term: draw needs `until`", "Say after how many periods the draw ends."
            )
        if self.until is not None and self.until <= self.after:
            raise refuse("E_RANGE", f"the draw ends after {self.until} periods and begins after {self.after}")
        if self.type == "non_recoverable":
            for field in ("recovered_after", "recovers"):
                if getattr(self, field):
                    raise refuse("E_RANGE", f"a non-recoverable draw has `{field}`", "Leave it out.")
        if self.recovers is not None:
            in_range(self.recovers, MOST_RATE, "recovers")
        if self.term in ("quarter", "year") and months(self.term) < months(self.per):
            raise refuse(
                "E_RANGE", f"a term of a {self.term} is shorter than per: {self.per}", "Use a longer term."
            )
        return self

    @property
    def carries(self) -> bool:
        """Whether a balance outlives the plan."""
        return self.type != "non_recoverable"

    def earn(self, book: Book) -> Quantity:
        """Return top-ups less recoveries by period, in whole minor units, shape (..., spell, period)."""
        due = self._due(book)
        falls_due = due.collected(book.intervals.groups(self.per))
        lifted = self._lifted(book, falls_due)
        return lifted.plus(due).minus(falls_due) if self.form == "advance" else lifted

    def reasons(self, book: Book) -> Iterator[Reason]:
        """Yield what is advanced and settled, what lifts pay, what is recovered and what is forgiven."""
        due, none = self._due(book), nothing(book)
        falls_due = due.collected(book.intervals.groups(self.per))
        lifted = self._lifted(book, falls_due)
        if self.form == "advance":
            yield Reason("advance", due, "draw of the period")
            yield Reason("advance settled", none.minus(falls_due), f"draws of the {self.per} against its pay")
        debt = none if self.type == "non_recoverable" else self._debt(book, falls_due)
        figures = {
            "pay": self._pay(book), "due": falls_due, "opening": debt.minus(lifted), "closing": debt,
        }  # fmt: skip
        words = f"pay of the {self.per} {{pay}}, draw {{due}}; balance {{opening}}, then {{closing}}"
        yield Reason("draw", lifted.most(Fraction(0)), words, figures, some(falls_due) & ~some(lifted))
        yield Reason("recovered", lifted.least(Fraction(0)), words, figures)
        lost = debt.where(~self._kept(book, falls_due), none)
        yield Reason("forgiven", none, "balance {lost} is forgiven", {"lost": lost}, some(lost))

    def _lifted(self, book: Book, falls_due: Quantity) -> Quantity:
        """Return what pay is topped up by, less what is recovered, before advances."""
        if self.type == "non_recoverable":
            short = falls_due.minus(self._pay(book)).most(Fraction(0))
            return short.where(self._runs(book, falls_due), nothing(book))
        grows = self._debt(book, falls_due).steps(self._term(book))
        return with_opening(grows, book, self.label, -1)

    def balance(self, book: Book) -> Quantity:
        """Return what is still to be settled or recovered after each period, minor units, shape (..., spell, period).

        An advance counts from the period in which it is paid. What is forgiven at the end of a period is no part of
        it. The book is one on which the plan was settled.
        """
        settled, due = book.intervals.groups(self.per), self._due(book)
        falls_due = due.collected(settled)
        owed = nothing(book)
        if self.type != "non_recoverable":
            owed = self._debt(book, falls_due).where(self._kept(book, falls_due), nothing(book))
        if self.form == "floor":
            return owed
        return owed.plus(due.running(settled)).minus(falls_due)

    def flows(self, book: Book) -> tuple[Quantity, Quantity] | None:
        """Return what is advanced or topped up in each period, and what is recovered or settled."""
        if self.type == "non_recoverable" and self.form == "floor":
            return None
        own = book.earned[self.label]
        return own.most(Fraction(0)), nothing(book).minus(own.least(Fraction(0)))

    def faults(self, currency: str) -> Iterator[tuple[str, str, str, str]]:
        """Yield (code, field, message, hint) for an amount that the currency cannot hold."""
        yield from whole_units(self.amount, currency, "amount")

    def when(self, plan: Pay) -> Pay:
        """Return `monthly`: its amounts stand where they are paid."""
        return "monthly"

    def comes(self, plan: Pay) -> Pay:
        """Return how often it changes pay."""
        return paid_at_end_of(self.per if self.form == "floor" else "period")

    def clash(self, pays: Pay, plan: Pay) -> str:
        """Return why a component pays too often for this draw."""
        return (
            f"is paid {pays}, more often than the draw is settled" if months(pays) < months(self.per) else ""
        )

    def _due(self, book: Book) -> Quantity:
        """Return the draw of each period, shape (spell, period)."""
        due, runs = book.annual(12 * int(Fraction(self.amount) * book.minor)), book.since >= self.after
        if self.until is not None:
            runs = runs & (book.since < self.until)
        return due.where(runs, nothing(book))

    def _pay(self, book: Book) -> Quantity:
        return self.sum(book.paid, book, self.label).collected(book.intervals.groups(self.per))

    def _runs(self, book: Book, falls_due: Quantity) -> BoolArray:
        return falls_due.reaches(nothing(book), "right")

    def _term(self, book: Book) -> Groups:
        return book.intervals.groups(self.term if self.term in ("quarter", "year") else "year")

    def _debt(self, book: Book, falls_due: Quantity) -> Quantity:
        """Return what is to be recovered after each period, before anything is forgiven."""
        pay, term = self._pay(book), self._term(book)
        outside = nothing(book) if self.term == "draw" else nothing(book).minus(pay.most(Fraction(0)))
        short = falls_due.minus(pay).where(self._runs(book, falls_due), outside)
        if self.recovers is not None:
            most = pay.most(Fraction(0)).times(-Fraction(self.recovers)).rounded(book.rounding)
            short = short.most(most)
        if self.recovered_after:
            short = short.where(book.since >= self.recovered_after, short.most(Fraction(0)))
        to_date = with_opening(short, book, self.label).running(term)
        return to_date.minus(to_date.lowest(term).least(Fraction(0)))

    def _kept(self, book: Book, falls_due: Quantity) -> BoolArray:
        """Say where the balance outlives the period, shape (spell, period)."""
        if self.term != "draw":
            kept = np.ones(book.shape, dtype=np.bool_)
            if self.term is not None:
                kept[:, self._term(book).last] = False
            return kept
        year = book.intervals.groups("year")
        to_come = falls_due.total(year).minus(falls_due.running(year))
        beyond = self._runs(book, falls_due) & (book.since + 1 < (self.until or 0))
        return self._runs(book, to_come) | beyond
