"""Draw, read plainly: interval after interval, with the balance in hand."""

from __future__ import annotations

from fractions import Fraction

from engine.comp.components.draw import Draw
from engine.comp.plain.person import Person


def earned(part: Draw, person: Person) -> list[int]:
    """Return top-ups less recoveries of each period."""
    pay = [sum(row) for row in zip(*person.looked_at(part), strict=True)]
    draw = list(person.annual(12 * int(Fraction(part.amount) * person.minor)))
    for p, since in enumerate(person.since):
        if since < part.after or (part.until is not None and since >= part.until):
            draw[p] = 0
    steps, owed = [0] * len(draw), person.opening.get(part.label, [0])[0]
    for p, advanced in enumerate(draw):
        if part.term in ("quarter", "year") and p == person.span(part.term, p).start > 0:
            owed = 0
        span = person.span(part.per, p)
        if part.form == "advance":
            steps[p] += advanced
        if p < span.stop - 1:
            continue
        gross, due = sum(pay[i] for i in span), sum(draw[i] for i in span)
        if due > 0 and gross < due:
            change = due - gross
            owed += change
        elif (due == 0 and part.term == "draw") or person.since[p] < part.recovered_after:
            change = 0
        else:
            change = -min(owed, max(gross - due, 0), _most(part, gross, person))
            owed += change
        if part.type == "non_recoverable":
            owed = 0
        steps[p] += change - (due if part.form == "advance" else 0)
    return steps


def _most(part: Draw, gross: int, person: Person) -> int:
    """Return the most that is taken of the pay of an interval."""
    return max(gross, 0) if part.recovers is None else person.round(Fraction(part.recovers) * max(gross, 0))
