"""Override, read plainly."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from engine.comp.components.override import Override
from engine.comp.plain import incentive
from engine.comp.plain.person import Person
from engine.comp.team import TeamIncentive


def earned(part: Override, person: Person) -> list[int]:
    """Return what is earned in each period."""
    credit, quota = person.team(part.team, part.measure)
    credit, quota = person.by_days(credit), person.by_days(quota)
    if part.quota_of == "own":
        quota = person.quota(part.measure)
    leads = replace(person, credit=lambda _: credit, quota=lambda _: quota)
    return incentive.earned(part, leads, due)


def due(part: TeamIncentive, credit: int, quota: int, target: Fraction, minor: int) -> Fraction:
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


def _by_attainment(part: TeamIncentive, credit: int, quota: int) -> Fraction:
    bounds = [Fraction(tier.start) * quota for tier in part.tiers]
    rates = [Fraction(tier.rate or 0) for tier in part.tiers]
    if part.mode == "retroactive":
        reached = [credit > bound or (credit == bound and part.closed == "left") for bound in bounds[1:]]
        return rates[sum(reached)] * credit
    worth = rates[0] * credit
    for bound, before, rate in zip(bounds[1:], rates, rates[1:], strict=False):
        worth += (rate - before) * max(credit - bound, Fraction(0))
    return worth
