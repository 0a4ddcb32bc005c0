"""Choice, read plainly."""

from __future__ import annotations

from engine.comp.components.choice import Choice
from engine.comp.plain.person import Person


def earned(part: Choice, person: Person) -> list[int]:
    """Return what is taken or added in each period."""
    change: list[int] = []
    for p in range(len(person.target)):
        start = person.span(part.per, p).start
        to_date = [sum(person.earned[label][start : p + 1]) for label in part.of]
        paid = max(to_date) if part.take == "greater" else min(to_date)
        change.append(paid - sum(to_date) - sum(change[start:p]))
    return change
