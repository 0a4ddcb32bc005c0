"""Limit, read plainly."""

from __future__ import annotations

from fractions import Fraction

from engine.comp.components.limit import Limit
from engine.comp.plain.person import Person


def earned(part: Limit, person: Person) -> list[int]:
    """Return what is taken or added in each period."""
    gross = [sum(row) for row in zip(*person.looked_at(part, person.due), strict=True)]
    kept: list[int] = []
    waiting = person.opening.get(part.label, [0])[0]
    for p in range(len(gross)):
        span = person.span(part.per, p)
        so_far, before = waiting + sum(gross[span.start : p + 1]), sum(kept[span.start : p])
        if part.most is not None:
            so_far = min(so_far, _most(part, person, span))
        if p == span.stop - 1 and part.least is not None:
            so_far = max(so_far, _least(part, person, span))
        kept.append(so_far - before)
        if part.carry == "carried_forward" and p == span.stop - 1:
            waiting += sum(gross[i] - kept[i] for i in span)
    change = [after - before for after, before in zip(kept, gross, strict=True)]
    if part.carry == "trued_up_at_year_end":
        change[-1] -= sum(change)
    return change


def _most(part: Limit, person: Person, span: range) -> int:
    assert part.most is not None
    if part.most.amount is not None:
        return int(Fraction(part.most.amount) * person.minor)
    return person.round(Fraction(part.most.of_target or 0) * sum(person.target[i] for i in span))


def _least(part: Limit, person: Person, span: range) -> int:
    assert part.least is not None
    if part.least.amount is None:
        return person.round(Fraction(part.least.of_target or 0) * sum(person.target[i] for i in span))
    a_year = {"period": 12, "quarter": 4, "year": 1}[part.per]
    cut = person.annual(a_year * int(Fraction(part.least.amount) * person.minor))
    return sum(cut[i] for i in span)
