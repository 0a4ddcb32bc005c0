"""Override, read plainly."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from engine.comp.components.override import Override
from engine.comp.plain import incentive
from engine.comp.plain.person import Amount, Person
from engine.comp.team import TeamIncentive


def earned(part: Override, person: Person) -> list[int]:
    """Return what is earned in each period."""

    def quota(measure: str) -> list[int]:
        if part.quota_of == "own" and measure == part.measure:
            return person.quota(measure)
        return person.own_team(part.team, measure)[1]

    leads = replace(
        person,
        credit=lambda measure: person.own_team(part.team, measure)[0],
        deals=lambda measure: person.own_team_deals(part.team, measure),
        quota=quota,
    )
    return incentive.earned(part, leads, due)


def due(part: TeamIncentive, credit: Amount, quota: int, target: Fraction, minor: int) -> Fraction:
    """Return what the team's credit is worth, in minor units, unrounded."""
    if part.tiers:
        return _by_attainment(part, credit, quota) if quota > 0 else Fraction(0)
    rate = Fraction(part.rate or 0)
    if part.above is None:
        return rate * credit
    if part.above.attainment is not None:
        level = Fraction(part.above.attainment) * quota
        if quota <= 0:
            return Fraction(0)
    else:
        level = Fraction(part.above.credit or 0) * minor
    if credit < level or (credit == level and part.closed == "right"):
        return Fraction(0)
    return rate * (credit if part.above.pays_on == "first_dollar" else credit - level)


def _by_attainment(part: TeamIncentive, credit: Amount, quota: int) -> Fraction:
    reached = 0
    for i, tier in enumerate(part.tiers[1:], start=1):
        bound = Fraction(tier.start) * quota
        if credit > bound or (credit == bound and part.closed == "left"):
            reached = i
    return _within(part, reached, Fraction(credit), quota)


def _within(part: TeamIncentive, number: int, credit: Fraction, quota: int) -> Fraction:
    """Return what credit is worth by the words of one tier."""
    tier = part.tiers[number]
    rate, start = Fraction(tier.rate or 0), Fraction(tier.start) * quota
    if number == 0 or (tier.mode or part.mode) == "retroactive":
        return rate * credit
    return _within(part, number - 1, start, quota) + rate * (credit - start)
