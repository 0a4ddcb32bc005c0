"""Pool, read plainly: team by team, the pool to date is shared among its members."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from engine.comp.components.pool import Pool
from engine.comp.plain import incentive
from engine.comp.plain.override import due
from engine.comp.plain.person import Person


def earned_together(part: Pool, people: list[Person]) -> list[list[int]]:
    """Return what each person earns in each period."""
    earned: list[list[int]] = [[] for _ in people]
    nodes = [person.node(part.team.level) for person in people]
    for node in dict.fromkeys(nodes):
        members = [i for i, its in enumerate(nodes) if its == node]
        for i, amounts in zip(members, _shared(part, [people[i] for i in members]), strict=True):
            earned[i] = amounts
    return earned


def _shared(part: Pool, members: list[Person]) -> list[list[int]]:
    one = members[0]
    target = [sum(targets) for targets in zip(*(member.target for member in members), strict=True)]
    team = replace(
        one,
        credit=lambda measure: one.team(part.team, measure)[0],
        deals=lambda measure: one.team_deals(part.team, measure),
        quota=lambda measure: one.team(part.team, measure)[1],
        target=target,
    )
    pool = incentive.earned(part, team, due)
    earned: list[list[int]] = [[] for _ in members]
    follows = [_followed(part, member) for member in members]
    for p in range(len(pool)):
        begin = one.span(part.accumulate, p).start
        weights = [max(sum(figures[begin : p + 1]), 0) for figures in follows]
        if part.shares == "by_head":
            weights = [min(days, 1) for days in weights]
        to_date = largest_remainders(sum(pool[begin : p + 1]), weights)
        for amounts, share in zip(earned, to_date, strict=True):
            amounts.append(share - sum(amounts[begin:p]))
    return earned


def _followed(part: Pool, member: Person) -> list[int]:
    """Return the figures by period that a member's share follows."""
    if part.shares == "by_credit":
        return member.credit(part.measure)
    return member.target if part.shares == "by_target" else member.days


def largest_remainders(amount: int, weights: list[int]) -> list[int]:
    """Share an amount by weights; odd units go to the largest remainders, the first among equals."""
    whole = sum(weights)
    if whole == 0:
        return [0] * len(weights)
    exact = [Fraction(abs(amount) * weight, whole) for weight in weights]
    shares = [int(share) for share in exact]
    for i in sorted(range(len(shares)), key=lambda i: (shares[i] - exact[i], i))[: abs(amount) - sum(shares)]:
        shares[i] += 1
    return shares if amount >= 0 else [-share for share in shares]
