"""Fund, read plainly: interval after interval, node after node."""

from __future__ import annotations

from fractions import Fraction

from engine.comp.components.fund import Fund
from engine.comp.plain.person import Person
from engine.comp.plain.pool import largest_remainders


def earned_together(part: Fund, people: list[Person]) -> list[list[int]]:
    """Return what is taken of each person in each period: nothing before the last one of an interval."""
    periods = len(people[0].target) if people else 0
    change = [[0] * periods for _ in people]
    for p in range(periods):
        span = people[0].span(part.per, p)
        if p < span.stop - 1:
            continue
        won = [
            max(sum(row[q] for row in person.looked_at(part, person.earned) for q in span), 0)
            for person in people
        ]
        nodes = [person.node(part.among) for person in people]
        for node in dict.fromkeys(nodes):
            mine = [i for i, its in enumerate(nodes) if its == node]
            most = int(Fraction(part.most) * people[0].minor)
            if sum(won[i] for i in mine) > most:
                shares = largest_remainders(most, [won[i] for i in mine])
                for i, share in zip(mine, shares, strict=True):
                    change[i][p] = share - won[i]
    return change
