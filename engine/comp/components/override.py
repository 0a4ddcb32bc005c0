"""Override: a manager is paid on the credit of a team.

    due = r(X / Q) X                 the rate reached pays on all credit X of the team (first dollar)
    due = r max(X - threshold, 0)    the rate pays on what lies above a threshold alone (excess)

with Q the quota of the team, or the manager's own. The credit is that of people in the seats of one node of the
hierarchy, which is the node of the manager's own seat: a seat in region West is paid on region West. A rate above
a threshold, first dollar or only above it, and rates by team attainment:
https://www.prowi.io/en/glossary/override-commission
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from pydantic import model_validator

from engine.comp import built_up
from engine.comp.component import Component
from engine.comp.reason import Reason, some
from engine.comp.team import TeamIncentive
from engine.fields import refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.comp.book import Book
    from engine.comp.quantity import Quantity


class Override(TeamIncentive, Component):
    """Pays a share of the credit of a team to whoever leads it."""

    kind: Literal["override"] = "override"
    """Rate on the credit of a team."""
    quota_of: Literal["team", "own"] | None = None
    """Quota that the team's credit is compared with: the sum of the `team`, or the person's `own`, which is lower
    where quotas are over-assigned. Required where attainment is read."""

    @model_validator(mode="after")
    def _quota_said(self) -> Override:
        if self.needs_quota and self.quota_of is None:
            raise refuse("E_REQUIRED", "attainment of a team needs `quota_of`", "Give team or own.")
        return self

    def earn(self, book: Book) -> Quantity:
        """Return what is earned in each period, in whole minor units, shape (..., spell, period)."""
        return self.on_book(self._of_team(book))

    def reasons(self, book: Book) -> Iterator[Reason]:
        """Yield whose credit the team's is, what it earns, then what rules change."""
        team = self._of_team(book)
        for who, credit in book.members(self.team, self.measure):
            nothing = credit.times(Fraction(0))
            yield Reason("credit of a member", nothing, "{who}", {"who": who}, some(credit), counted=credit)
        yield self.on_credit(team, built_up.bare(self).on_book(team))
        yield from built_up.rules(self, team)

    def _of_team(self, book: Book) -> Book:
        of_team = book.of_own_team(self.team, self.measures(), deals=self.limited)
        if self.quota_of == "own":
            own = {self.measure: book.quota_of(self.measure)}
            of_team = replace(of_team, quotas={**of_team.quotas, **own})
        return of_team
