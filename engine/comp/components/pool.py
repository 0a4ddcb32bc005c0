"""Pool: a share of the credit of a team, shared among its members.

    pool to date  =  rule(credit of the team to date), rounded and capped
    share         =  pool to date x weight to date / sum of weights to date, by largest remainder
    earned        =  what each period adds to one's share

so that what members earn sums to the pool to the minor unit, wherever anybody has a weight. Members are the people of
the plan whose seats stand in one node of the hierarchy (the first seat, where the rows of a person run on); whose
credit fills the pool is said apart.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from pydantic import model_validator

from engine.comp import built_up
from engine.comp.component import Component
from engine.comp.reason import Reason
from engine.comp.team import TeamIncentive
from engine.fields import refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.comp.book import Book
    from engine.comp.intervals import Groups
    from engine.comp.quantity import Quantity


class Pool(TeamIncentive, Component):
    """Shares a part of the credit of a team among its members."""

    kind: Literal["pool"] = "pool"
    """Share of team credit."""
    shares: Literal["by_head", "by_days", "by_credit", "by_target"]
    """What a member's share follows, over the interval to date: `by_head` (equal for whoever held a seat on any day of
    it), `by_days` (days in seat), `by_credit` (own credit of the measure; none below 0) or `by_target` (target
    incentive). Required."""

    @model_validator(mode="after")
    def _of_nobody_in_particular(self) -> Pool:
        if self.floor is not None and self.floor.amount is not None:
            raise refuse(
                "E_CHOICE",
                "a floor of a pool cannot be an amount: no one's days would cut it",
                "Use of_target.",
            )
        if self.tenure:
            raise refuse("E_CHOICE", "a pool has no tenure: it is of nobody in particular", "Leave it out.")
        return self

    @property
    def together(self) -> bool:
        """Whether what one earns depends on others of the plan: always."""
        return True

    def earn(self, book: Book) -> Quantity:
        """Return what is earned in each period, in whole minor units, shape (..., spell, period)."""
        teams, mine = book.of_teams(self.team, self.measures(), deals=self.limited)
        groups = book.intervals.groups(self.accumulate)
        pool = self.on_book(teams).running(groups)
        return pool.portions(self._weights(book, groups), mine).steps(groups)

    def reasons(self, book: Book) -> Iterator[Reason]:
        """Yield what makes the pool, which no member earns by themselves, then the share of it."""
        teams, mine = book.of_teams(self.team, self.measures(), deals=self.limited)
        groups = book.intervals.groups(self.accumulate)
        yield self.on_credit(teams, built_up.bare(self).on_book(teams)).of_group(mine)
        for reason in built_up.rules(self, teams):
            yield reason.of_group(mine)
        weights = self._weights(book, groups)
        whole = weights.summed(mine, teams.shape[0]).rows(mine)
        pool = self.on_book(teams).running(groups).rows(mine)
        words = f"{{weight}} {self.shares.replace('_', ' ')} of the pool to date, {{pool}}"
        yield Reason("share of the pool", self.earn(book), words, {"weight": (weights, whole), "pool": pool})

    def _weights(self, book: Book, groups: Groups) -> Quantity:
        """Return what each one's share follows, to date."""
        if self.shares == "by_credit":
            return book.credit(self.measure).running(groups).most(Fraction(0))
        if self.shares == "by_target":
            return book.target.running(groups)
        days = book.whole(book.days).running(groups)
        return days if self.shares == "by_days" else days.least(Fraction(1))
