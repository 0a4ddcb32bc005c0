"""What commission and bonus share, read plainly: due to date less what was earned so far, then the cap."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from engine.comp.plain.person import Person

Due = Callable[[Any, int, int, Fraction, int], Fraction]


def earned(part: Any, person: Person, due: Due) -> list[int]:
    """Return what is earned in each period."""
    credit, quota = person.credit(part.measure), person.quota(part.measure)
    target = [amount * Fraction(part.weight) for amount in person.target]
    steps: list[int] = []
    for p in range(len(credit)):
        span = person.span(part.accumulate, p)
        over = span if part.quota == "interval" else range(span.start, p + 1)
        worth = due(
            part,
            sum(credit[i] for i in range(span.start, p + 1)),
            sum(quota[i] for i in over),
            sum((target[i] for i in over), Fraction(0)),
            person.minor,
        )
        steps.append(person.round(worth) - sum(steps[span.start : p]))
    return steps if part.cap is None else _capped(part.cap, steps, target, person)


def _capped(cap: Any, steps: list[int], target: list[Fraction], person: Person) -> list[int]:
    capped: list[int] = []
    for p in range(len(steps)):
        span = person.span(cap.per, p)
        if cap.amount is not None:
            limit = person.round(Fraction(cap.amount) * person.minor)
        else:
            limit = person.round(sum((target[i] for i in span), Fraction(0)) * Fraction(cap.of_target))
        capped.append(min(sum(steps[span.start : p + 1]), limit) - sum(capped[span.start : p]))
    return capped
