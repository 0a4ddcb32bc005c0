"""Weights of deals and limits on credit, read plainly."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from engine.comp.plain import factors
from engine.comp.plain.person import Amount, Person, Sold


def counted(part: Any, person: Person) -> list[Amount]:
    """Return what is counted of the credit of each period."""
    credit: list[Amount] = list(person.credit(part.measure))
    by_deal = part.weights or part.windfall is not None or any(cap.per == "deal" for cap in part.credit_caps)
    limited = person.dated and any(cap.per != "deal" for cap in part.credit_caps)
    if not by_deal and not limited:
        return _within_caps(part, credit, person)
    deals = counted_deals(part, person)
    known = [_as_known(part, deals, p, person) for p in range(len(credit))]
    return [now - before for now, before in zip(known, [0, *known], strict=False)]


def _as_known(part: Any, deals: list[Sold], period: int, person: Person) -> Amount:
    """Return what counts to date with what is known at the end of a period; what takes a deal back counts with it."""
    credit: list[Amount] = [0] * (period + 1)
    booked: dict[int, Sold] = {}
    for deal in deals:
        first = deal if deal.origin is None else booked.setdefault(deal.origin, deal)
        if deal.period <= period:
            credit[first.period if first.credit * deal.credit < 0 else deal.period] += deal.credit
    return sum(_within_caps(part, credit, person))


def _within_caps(part: Any, credit: list[Amount], person: Person) -> list[Amount]:
    """Return what the caps of intervals let count."""
    for cap in part.credit_caps:
        if cap.per == "deal":
            continue
        limit = int(Fraction(cap.amount) * person.minor)
        credit = (
            _lost(cap, credit, limit, person) if cap.above == "lost" else _carried(cap, credit, limit, person)
        )
    return credit


def counted_deals(part: Any, person: Person) -> list[Sold]:
    """Return the deals with what is counted of the credit of each; a reversal counts what its deal counts less."""
    left: dict[int, Fraction] = {}
    found = []
    for deal in person.deals(part.measure):
        credit = Fraction(deal.credit)
        if part.weights:
            size = Fraction(person.round(abs(credit) * factors.factor(part.weights, deal)))
            credit = size if credit >= 0 else -size
        before = Fraction(0) if deal.origin is None else left.get(deal.origin, Fraction(0))
        if deal.origin is not None:
            left[deal.origin] = before + credit
        counts = _of_size(part, before + credit, person) - _of_size(part, before, person)
        found.append(deal._replace(credit=counts))
    return found


def _of_size(part: Any, credit: Fraction, person: Person) -> Fraction:
    size = abs(credit)
    if part.windfall is not None:
        above = max(size - Fraction(part.windfall.above) * person.minor, Fraction(0))
        size -= above * (1 - Fraction(part.windfall.counts))
    for cap in part.credit_caps:
        if cap.per == "deal":
            size = min(size, Fraction(cap.amount) * person.minor)
    return size if credit >= 0 else -size


def _lost(cap: Any, credit: list[Amount], limit: int, person: Person) -> list[Amount]:
    counted: list[Amount] = []
    for p in range(len(credit)):
        span = person.span(cap.per, p)
        counted.append(min(sum(credit[span.start : p + 1]), limit) - sum(counted[span.start : p]))
    return counted


def _carried(cap: Any, credit: list[Amount], limit: int, person: Person) -> list[Amount]:
    counted: list[Amount] = []
    waiting: Amount = 0
    for p, amount in enumerate(credit):
        start = person.span(cap.per, p).start
        room = limit - sum(counted[start:p])
        now = min(waiting + amount, room)
        waiting += amount - now
        counted.append(now)
    return counted
