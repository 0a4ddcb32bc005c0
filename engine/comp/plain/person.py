"""Person: what a plain reading knows of somebody, as lists by period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from engine.comp.team import Team

Amount = int | Fraction
"""Minor units, or a count; a fraction only where part of a deal is counted."""


class Sold(NamedTuple):
    """One deal with which somebody is credited."""

    period: int
    day: dt.date
    credit: Amount
    place: int = 0
    """Place among all deals, in the order in which they count."""
    says: Mapping[str, str | Fraction] = {}
    """What the deal is, by column: words, and numbers in the unit of their column."""
    origin: int | None = None
    """Number that a deal shares with what takes it back; None where nothing is taken back."""


Taken = dict[tuple[int, int], int]
"""Minor units by the period in which deals are taken back and the period of the deals."""


def _unknown(measure: str) -> list[Sold]:
    raise ValueError(f"the credit of {measure} is known by period alone")


def _alone(*_: Any) -> Any:
    raise ValueError("nothing is known of the seat of this person")


@dataclass(frozen=True)
class Person:
    """One person, in one replication or with real deals; amounts are whole minor units."""

    credit: Callable[[str], list[int]]
    """Credit of a measure in each period."""
    quota: Callable[[str], list[int]]
    """Quota of a measure in each period."""
    target: list[int]
    """Target incentive of each period."""
    salary: list[int]
    annual: Callable[[int], list[int]]
    """Cuts an amount a year by the person's days."""
    since: list[int]
    """Periods since the one in which the person came."""
    span: Callable[[str, int], range]
    """Periods of the interval, by its word, that a period lies in."""
    round: Callable[[Fraction], int]
    """Rounds as the plan says."""
    minor: int
    """Minor units per currency unit."""
    dated: bool = False
    """Whether single deals are known, with their days; else credit is known by period alone."""
    deals: Callable[[str], list[Sold]] = _unknown
    """Credit of a measure deal by deal; the deals stand in one order whatever the measure."""
    who: str = ""
    days: list[int] = field(default_factory=list)
    """Days in seat of each period."""
    periods: list[tuple[dt.date, dt.date]] = field(default_factory=list)
    """First day of each period, and the day after its last."""
    node: Callable[[str], str] = _alone
    """Node above the person's seat at a level of the hierarchy."""
    team: Callable[[Team, str], tuple[list[int], list[int]]] = _alone
    """Credit and quota of a measure, in each period, of the team above the person's (first) seat."""
    own_team: Callable[[Team, str], tuple[list[int], list[int]]] = _alone
    """The same of the days on which the person held a seat of the team."""
    team_deals: Callable[[Team, str], list[Sold]] = _alone
    """The deals of that team, each with what it is credited there in all."""
    own_team_deals: Callable[[Team, str], list[Sold]] = _alone
    """Those of the days on which the person held a seat of the team."""
    earned: dict[str, list[int]] = field(default_factory=dict)
    """What components earned in each period, by name."""
    due: dict[str, list[int]] = field(default_factory=dict)
    """The same in the periods in which it becomes due."""
    taken: dict[str, Taken] = field(default_factory=dict)
    """What deals that are taken back later take of what is due, by component."""
    opening: Mapping[str, list[int]] = field(default_factory=dict)
    """Balances from before the plan in each period, by name of the component."""
    paid: dict[str, list[int]] = field(default_factory=dict)
    """What components of variable pay pay in each period, by name, in the order in which they are settled."""

    def looked_at(self, part: Any, amounts: Mapping[str, list[int]] | None = None) -> list[list[int]]:
        """Return what the components pay (or what else is given of them) that a part looks at; zeros at the least."""
        rows = self.paid if amounts is None else amounts
        seen = [rows[label] for label in self.paid if part.of is None or label in part.of]
        return [[0] * len(self.target), *seen]
