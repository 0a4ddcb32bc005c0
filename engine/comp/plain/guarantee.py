"""Guarantee, read plainly."""

from __future__ import annotations

from fractions import Fraction

from engine.comp.components.guarantee import Guarantee
from engine.comp.plain.person import Person


def earned(part: Guarantee, person: Person) -> list[int]:
    """Return what is added in each period."""
    pay = [sum(row) for row in zip(*person.looked_at(part), strict=True)]
    if part.least.amount is not None:
        level = [Fraction(cut) for cut in person.annual(12 * int(Fraction(part.least.amount) * person.minor))]
    else:
        level = [Fraction(part.least.of_target or 0) * amount for amount in person.target]
    added = [0] * len(pay)
    for p in range(len(pay)):
        span = person.span(part.per, p)
        least = person.round(sum((level[i] for i in span if person.since[i] < part.periods), Fraction(0)))
        if p == span.stop - 1 and least > 0:
            added[p] = max(least - sum(pay[i] for i in span), 0)
    return added
