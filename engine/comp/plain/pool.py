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
    credit, quota = one.team(part.team, part.measure)
    target = [sum(targets) for targets in zip(*(member.target for member in members), strict=True)]
    team = replace(one, credit=lambda _: credit, quota=lambda _: quota, target=target)
    pool = incentive.earned(part, team, due)
    earned: list[list[int]] = [[] for _ in members]
    for p in range(len(pool)):
        begin = one.span(part.accumulate, p).start
        weights = [_weight(part, member, begin, p) for member in members]
        to_date = _largest_remainders(sum(pool[begin : p + 1]), weights)
        for amounts, share in zip(earned, to_date, strict=True):
            amounts.append(share - sum(amounts[begin:p]))
    return earned


def _weight(part: Pool, member: Person, begin: int, period: int) -> int:
    to_date = slice(begin, period + 1)
    if part.shares == "by_credit":
        return max(sum(member.credit(part.measure)[to_date]), 0)
    if part.shares == "by_target":
        return sum(member.target[to_date])
    days = sum(member.days[to_date])
    return days if part.shares == "by_days" else min(days, 1)


def _largest_remainders(amount: int, weights: list[int]) -> list[int]:
    whole = sum(weights)
    if whole == 0:
        return [0] * len(weights)
    exact = [Fraction(abs(amount) * weight, whole) for weight in weights]
    shares = [int(share) for share in exact]
    for i in sorted(range(len(shares)), key=lambda i: (shares[i] - exact[i], i))[: abs(amount) - sum(shares)]:
        shares[i] += 1
    return shares if amount >= 0 else [-share for share in shares]
