"""Team: whose credit counts where somebody is paid on that of others, and at what rate.

Managers are paid on the credit of the people below (a rollup), either all of it or what lies above a threshold, and at
a rate that may follow the attainment of the team:
https://www.prowi.io/en/glossary/override-commission
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, model_validator

from engine.blocks import Block
from engine.comp.compared import quota_is_named
from engine.comp.incentive import Incentive
from engine.comp.pieces import Closed, Pieces
from engine.comp.reason import Reason, some
from engine.comp.tiers import MOST_MULTIPLE, MOST_RATE, Tier, in_order, in_range
from engine.errors import did_you_mean
from engine.fields import Money, Name, Ratio, refuse

if TYPE_CHECKING:
    from engine.comp.book import Book
    from engine.comp.quantity import Quantity
    from engine.inputs import Inputs, Words

COMPANY = "company"


def unknown_level(level: str, field: str, inputs: Inputs) -> Iterator[tuple[str, str, str, str]]:
    """Yield (code, field, message, hint) for a level that the hierarchy does not have."""
    known = [COMPANY, *inputs.reps.levels]
    if level not in known:
        message = f"no level of the reps is called '{level}'"
        yield "E_REFERENCE", field, message, did_you_mean(level, known)


class Team(Block):
    """Whose credit counts: people in the seats of one node of the hierarchy."""

    level: Name
    """Level of the hierarchy, such as `region`: the team is that of the node above the person's own seat. `company`
    is everybody. Required."""
    credit_of: tuple[Name, ...] = Field(min_length=1)
    """Comp plans whose people's credit counts. A manager's own credit counts where the manager's plan is named.
    Required."""
    double_credit: Literal["counted", "once"]
    """A deal that is credited to several people of the team: `counted` adds up their credits, beyond the deal where
    overlays come on top; `once` adds them up to the credit of the deal at most. Simulated credit is never double.
    Required."""

    def misfits(self, inputs: Inputs) -> Iterator[tuple[str, str, str, str]]:
        """Yield a level or a plan that the tables do not have."""
        yield from unknown_level(self.level, "team.level", inputs)
        plans = sorted({plan for plan in inputs.spells.plan if plan})
        for i, plan in enumerate(self.credit_of):
            if plan not in plans:
                message = f"nobody has a plan called '{plan}'"
                yield "E_REFERENCE", f"team.credit_of[{i}]", message, did_you_mean(plan, plans)


class Above(Block):
    """Where pay on a team's credit begins."""

    credit: Money | None = Field(default=None, gt=0)
    """Team credit in the interval, currency units. Either this or `attainment`."""
    attainment: Ratio | None = Field(default=None, gt=0)
    """Team credit over quota."""
    pays_on: Literal["first_dollar", "excess"]
    """Beyond it, the rate pays on all credit from the `first_dollar`, or on the `excess` alone. Required."""

    @model_validator(mode="after")
    def _one_level(self) -> Above:
        if (self.credit is None) == (self.attainment is None):
            raise refuse("E_REQUIRED", "a threshold is either credit or attainment", "Give one of the two.")
        in_range(self.attainment or MOST_MULTIPLE, MOST_MULTIPLE, "attainment")
        return self


class TeamIncentive(Incentive):
    """Pay that follows the credit of a team, at a rate."""

    team: Team
    """Whose credit counts. Required."""
    rate: Ratio | None = None
    """Share of the team's credit that is paid. Either this or `tiers`."""
    above: Above | None = None
    """Where the rate begins to pay; from 0 unless given. Not beside `tiers`."""
    tiers: tuple[Tier, ...] = ()
    """Rates by attainment of the team, from the bottom up; the first tier starts at 0."""
    mode: Literal["marginal", "retroactive"] | None = None
    """How tiers are read that do not say so themselves: `marginal` (each rate on its own slice) or `retroactive` (the
    rate reached on everything). Required beside `tiers`."""
    closed: Closed
    """Whether credit exactly on a threshold or boundary has reached it: `left` yes, `right` no. Required."""

    @model_validator(mode="after")
    def _one_rate(self) -> TeamIncentive:
        if (self.rate is None) == (not self.tiers):
            raise refuse("E_REQUIRED", "needs either rate or tiers", "Give one of the two.")
        if (self.mode is None) == bool(self.tiers) or (self.tiers and self.above is not None):
            raise refuse("E_REQUIRED", "tiers need `mode`, and no `above`", "A rate needs neither.")
        if self.needs_deals:
            raise refuse(
                "E_UNSUPPORTED",
                "a team has no single deals: its credit cannot accumulate by transaction, and no deal be limited",
                "Use period, quarter or year_to_date, and caps on credit of an interval.",
            )
        if self.goal is not None:
            raise refuse(
                "E_UNSUPPORTED",
                "a goal is one person's, and a team is held against the quotas of its seats",
                "Leave it out.",
                at="goal",
            )
        if self.tiers:
            in_order(self.tiers)
        for tier in self.tiers:
            if tier.rate is None or tier.amount is not None:
                raise refuse("E_TIERS", "tiers of a team have a rate, no amount", "Give each tier a `rate`.")
            in_range(tier.start, MOST_MULTIPLE, "attainment")
        for rate in (self.rate, *(tier.rate for tier in self.tiers)):
            in_range(rate or Decimal(0), MOST_RATE, "rate")
        if self.needs_quota:
            quota_is_named(self.accumulate, self.quota)
        return self

    @property
    def teams(self) -> bool:
        """Whether it looks at the credit of others: always."""
        return True

    @property
    def limited(self) -> bool:
        """Whether its intervals are limited, so that deals of the team that are taken back are looked at one by one."""
        return bool(self.cap) or self.caps_intervals

    @property
    def needs_quota(self) -> bool:
        """Whether it compares credit with a quota."""
        return bool(self.tiers) or (self.above is not None and self.above.attainment is not None)

    @property
    def tiers_on(self) -> str:
        """What its table is read by: credited money, or attainment."""
        return "attainment" if self.needs_quota else "credit"

    def table(self, minor: int) -> Pieces:
        """Return the rates as a table of credit in minor units, or of attainment."""
        zero, rate = Fraction(0), Fraction(self.rate or 0)
        if self.tiers:
            starts = [Fraction(tier.start) for tier in self.tiers]
            back = [(tier.mode or self.mode) == "retroactive" for tier in self.tiers]
            return Pieces.tiered(starts, [Fraction(tier.rate or 0) for tier in self.tiers], back, self.closed)
        if self.above is None:
            return Pieces.tiered([zero], [rate], [True], self.closed)
        level = Fraction(self.above.attainment or (self.above.credit or 0) * minor)
        first_dollar = self.above.pays_on == "first_dollar"
        return Pieces.tiered([zero, level], [zero, rate], [True, first_dollar], self.closed)

    def worth(self, credit: Quantity, quota: Quantity, target: Quantity, book: Book) -> Quantity:
        """Return what the team's credit is worth."""
        return credit.on(self.table(book.minor), quota if self.needs_quota else None)

    def of_deals(self) -> Self | None:
        """Return nothing: no deal of a team is the person's own."""
        return None

    def on_credit(self, team: Book, amount: Quantity) -> Reason:
        """Return the credit of teams as a reason for an amount of theirs; the book is that of the teams."""
        groups = team.intervals.groups(self.accumulate)
        quota = team.quota_of(self.measure).to_date(groups, self.quota == "interval")
        counted = self.counted(team)
        return Reason(
            "credit of the team", amount, "", shown=some(counted), counted=counted.rounded(team.rounding),
            to_date=counted.running(groups).rounded(team.rounding), quota=quota if self.needs_quota else None,
        )  # fmt: skip

    def misfits(self, inputs: Inputs, people: Words, days: bool) -> Iterator[tuple[str, str, str, str]]:
        """Yield a level or a plan that the tables do not have."""
        return self.team.misfits(inputs)
