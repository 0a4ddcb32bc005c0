"""Carry: which share of a full quota a seat carries in each period, by who sits in it and for how long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import numpy as np

from engine.inputs import Inputs
from engine.quota.spec import Leave, QuotaSpec

Carry = list[list[Fraction]]
"""Share of a full quota by seat and period; lists of shape (rep, period)."""


Span = tuple[int, int, bool]


def carry(inputs: Inputs, spec: QuotaSpec) -> Carry:
    """Return the mean over the days of each period of what a seat carries that day, exactly; (rep, period).

    A day in month m of a spell counts the m-th ratio of the ramp, or 1 after it; a day without a person
    counts `vacant`, and one on leave what the leave says of that ratio. A seat whose lock is `none` carries
    nothing. Months in the seat are counted from the day of the start (the 31st begins on the last day of a
    shorter month).
    """
    edges = [_ordinal(edge) for edge in inputs.calendar.edges]
    held: list[list[int]] = [[] for _ in range(len(inputs.reps))]
    for spell, seat in enumerate(inputs.spells.rep.tolist()):
        if seat >= 0:
            held[seat].append(spell)
    away: dict[str, list[Leave]] = {}
    for leave in spec.leave:
        away.setdefault(leave.rep, []).append(leave)
    none = {name for name, amount in spec.locks.items() if amount is None}
    known: dict[object, list[Fraction]] = {}

    def row(name: str, spells: list[int]) -> list[Fraction]:
        """Seats with the same days carry the same."""
        if name in none:
            return [Fraction(0)] * inputs.calendar.periods
        spans = [_span(inputs, spell, edges) for spell in spells]
        alike = (tuple(spans), name if name in away else None)
        if alike not in known:
            known[alike] = _row(spec, spans, away.get(name, []), edges)
        return known[alike]

    return [row(name, spells) for name, spells in zip(inputs.reps.id, held, strict=True)]


def _row(spec: QuotaSpec, spans: Sequence[Span], leaves: Sequence[Leave], edges: list[int]) -> list[Fraction]:
    vacant, pairs = Fraction(spec.vacant), list(pairwise(edges))
    totals = [vacant * (b - a) for a, b in pairs]
    for span in spans:
        for first, last, ratio in _pieces(spec.ramp, span):
            for period, (a, b) in enumerate(pairs):
                days = _overlap((first, last), (a, b))
                totals[period] += days * (ratio - vacant)
                for leave in leaves:
                    gone = max(first, leave.start.toordinal()), min(last, leave.end.toordinal())
                    totals[period] -= _overlap(gone, (a, b)) * ratio * (1 - Fraction(leave.carries))
    return [total / (b - a) for total, (a, b) in zip(totals, pairs, strict=True)]


def unset(inputs: Inputs, spec: QuotaSpec) -> list[list[bool]]:
    """Return where a seat has no quota at all, shape (rep, period).

    Nobody sits in it, or its lock is `none`. A person whose ramp begins with 0 has a quota of 0.
    """
    filled = carry(inputs, spec.model_copy(update={"ramp": ()}))
    return [[share == 0 for share in row] for row in filled]


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> int:
    return max(min(one[1], other[1]) - max(one[0], other[0]), 0)


def _span(inputs: Inputs, spell: int, edges: list[int]) -> Span:
    """Return the first day of a spell, the day after its last in the plan, and whether its start is known."""
    start, end = inputs.spells.start[spell], inputs.spells.end[spell]
    stop = edges[-1] if np.isnat(end) else min(_ordinal(end), edges[-1])
    known = not np.isnat(start)
    return _ordinal(start) if known else edges[0], stop, known


def _pieces(ramp: Sequence[Decimal], span: Span) -> list[tuple[int, int, Fraction]]:
    begin, stop, known = span
    if not known or begin >= stop:
        return [(begin, stop, Fraction(1))] if begin < stop else []
    marks = [_after_months(dt.date.fromordinal(begin), month) for month in range(len(ramp) + 1)]
    ratios = [Fraction(ratio) for ratio in ramp] + [Fraction(1)]
    ends = [*marks[1:], max(stop, marks[-1])]
    return [(a, min(b, stop), r) for a, b, r in zip(marks, ends, ratios, strict=True) if a < stop]


def _ordinal(day: np.datetime64) -> int:
    return int(day.astype("datetime64[D]").astype(np.int64)) + dt.date(1970, 1, 1).toordinal()


def _after_months(day: dt.date, months: int) -> int:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = dt.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (following - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(day.day, last)).toordinal()
