"""Limits on credit, read plainly."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from engine.comp.plain.person import Person


def counted(part: Any, person: Person) -> list[int]:
    """Return what is counted of the credit of each period."""
    credit = list(person.credit(part.measure))
    for cap in part.credit_caps:
        limit = int(Fraction(cap.amount) * person.minor)
        credit = (
            _lost(cap, credit, limit, person) if cap.above == "lost" else _carried(cap, credit, limit, person)
        )
    return credit


def _lost(cap: Any, credit: list[int], limit: int, person: Person) -> list[int]:
    counted: list[int] = []
    for p in range(len(credit)):
        span = person.span(cap.per, p)
        counted.append(min(sum(credit[span.start : p + 1]), limit) - sum(counted[span.start : p]))
    return counted


def _carried(cap: Any, credit: list[int], limit: int, person: Person) -> list[int]:
    counted: list[int] = []
    waiting = 0
    for p, amount in enumerate(credit):
        start = person.span(cap.per, p).start
        room = limit - sum(counted[start:p])
        now = min(waiting + amount, room)
        waiting += amount - now
        counted.append(now)
    return counted
