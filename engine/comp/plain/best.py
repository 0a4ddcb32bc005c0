"""Best of several intervals, read plainly."""

from __future__ import annotations

from engine.comp.components.best import Best
from engine.comp.plain.person import Person


def earned(part: Best, person: Person) -> list[int]:
    """Return what is taken or given back in each period."""
    change: list[int] = []
    for p in range(len(person.target)):
        year = person.span("year", p)
        to_date = [sum(person.earned[label][i] for label in part.of) for i in range(year.start, p + 1)]
        sums: dict[int, int] = {}
        for i, amount in enumerate(to_date, start=year.start):
            first = person.span(part.per, i).start
            sums[first] = sums.get(first, 0) + amount
        kept = sum(sorted(sums.values(), reverse=True)[: part.count])
        change.append(kept - sum(to_date) - sum(change[year.start :]))
    return change
