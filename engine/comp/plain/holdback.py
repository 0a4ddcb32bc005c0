"""Holdback, read plainly: every holding has its day."""

from __future__ import annotations

from fractions import Fraction

from engine.comp.components.holdback import Holdback
from engine.comp.plain.person import Person

A_YEAR = 12_000_000


def earned(part: Holdback, person: Person) -> list[int]:
    """Return what is released less what is held in each period."""
    return _steps(part, person)[0]


def forfeited(part: Holdback, person: Person) -> list[int]:
    """Return what is lost in each period of what was held, because the person has left."""
    return _steps(part, person)[1]


def _steps(part: Holdback, person: Person) -> tuple[list[int], list[int]]:
    pay = [sum(row) for row in zip(*person.looked_at(part), strict=True)]
    steps, lost = [0] * len(pay), [0] * len(pay)
    for p, gross in enumerate(pay):
        held = person.round(gross * Fraction(part.share))
        steps[p] -= held
        first = p + part.after if part.after else person.span(str(part.at_end_of), p).stop - 1
        paid = 0
        for i in range(part.parts):
            amount = person.round(Fraction(held * (i + 1), part.parts)) - paid
            paid += amount
            if first + i < len(pay):
                (steps if _there(part, person, first + i) else lost)[first + i] += amount
    for p, held in enumerate(person.opening.get(part.label, [])):
        (steps if _there(part, person, p) else lost)[p] += held
    return steps, lost


def _there(part: Holdback, person: Person, period: int) -> bool:
    return part.leavers == "paid" or person.annual(A_YEAR)[period] > 0
