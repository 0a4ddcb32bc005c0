"""Standing, read plainly: everybody looks who is ahead, and takes the factor of the own place."""

from __future__ import annotations

from fractions import Fraction

from engine.comp.components.standing import Standing
from engine.comp.plain.contest import last, result
from engine.comp.plain.person import Person
from engine.comp.plain.restated import as_known, homes


def earned_together(part: Standing, people: list[Person]) -> list[list[int]]:
    """Return what each person earns in each period: nothing before the last one of an interval."""
    periods = len(people[0].target) if people else 0
    change = [[0] * periods for _ in people]
    for p in range(periods):
        span = people[0].span(part.per, p)
        if p < span.stop - 1:
            continue
        known = [as_known(one, homes(one, part.measure), p) if one.dated else one for one in people]
        results = [result(part, person, span) for person in known]
        for i, person in enumerate(people):
            rivals = [
                theirs
                for other, theirs in zip(people, results, strict=True)
                if theirs is not None and other.node(part.among) == person.node(part.among)
            ]
            rows = person.looked_at(part, person.earned)
            earned = sum(sum(row[q] for q in span) for row in rows)
            change[i][p] = person.round((_factor(part, results[i], rivals) - 1) * earned)
    return change


def _factor(part: Standing, mine: Fraction | None, rivals: list[Fraction]) -> Fraction:
    level = sum(other == mine for other in rivals)
    if mine is None or (part.ties == "none" and level > 1):
        return Fraction(part.otherwise)
    first = 1 + sum(other > mine for other in rivals)
    places = range(first, first + level if part.ties == "shared" else first + 1)
    return sum((_of_place(part, place, len(rivals)) for place in places), Fraction(0)) / len(places)


def _of_place(part: Standing, place: int, contenders: int) -> Fraction:
    for factor in part.factors:
        if place <= last(factor, contenders):
            return Fraction(factor.times)
    return Fraction(part.otherwise)
