"""Carry: which share of a full quota a seat carries in each period, by who sits in it and for how long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import numpy as np

from engine.inputs import Inputs
from engine.quota.quotas import PartPeriods
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

    return [row(name, spells) for name, spells in zip(inputs.reps.id, _held(inputs), strict=True)]


def _row(spec: QuotaSpec, spans: Sequence[Span], leaves: Sequence[Leave], edges: list[int]) -> list[Fraction]:
    vacant, pairs = Fraction(spec.vacant), list(pairwise(edges))
    totals = [vacant * (b - a) for a, b in pairs]
    for span in spans:
        for period, held in enumerate(_weights(spec, span, leaves, edges)):
            totals[period] += held - vacant * _overlap(span[:2], pairs[period])
    return [total / (b - a) for total, (a, b) in zip(totals, pairs, strict=True)]


def _weights(spec: QuotaSpec, span: Span, leaves: Sequence[Leave], edges: list[int]) -> list[Fraction]:
    """Return what the days of one spell count in each period, in days of a full quota."""
    totals = [Fraction(0)] * (len(edges) - 1)
    for first, last, ratio in _pieces(spec.ramp, span):
        for period, pair in enumerate(pairwise(edges)):
            totals[period] += _overlap((first, last), pair) * ratio
            for leave in leaves:
                gone = max(first, leave.start.toordinal()), min(last, leave.end.toordinal())
                totals[period] -= _overlap(gone, pair) * ratio * (1 - Fraction(leave.carries))
    return totals


def part_periods(inputs: Inputs, spec: QuotaSpec) -> PartPeriods:
    """Return which part of a seat's quota everybody carries who holds it for some days of a period alone.

    What the days of each count is laid end to end, with those on which nobody sits there between them, and divided by
    all of it; where no day counts anything, every day on which somebody sits there does.
    """
    edges = [_ordinal(edge) for edge in inputs.calendar.edges]
    rows: list[tuple[int, int, Fraction, Fraction]] = []
    for seat, spells in enumerate(_held(inputs)):
        spans = [_span(inputs, spell, edges) for spell in spells]
        if all(begin <= edges[0] and stop >= edges[-1] for begin, stop, _ in spans):
            continue
        leaves = [leave for leave in spec.leave if leave.rep == inputs.reps.id[seat]]
        weights = [_weights(spec, span, leaves, edges) for span in spans]
        for period, pair in enumerate(pairwise(edges)):
            days = [_overlap(span[:2], pair) for span in spans]
            if not any(0 < each < pair[1] - pair[0] for each in days):
                continue
            counted = [row[period] for row in weights]
            found = list(_laid_out(Fraction(spec.vacant), spans, counted, pair))
            if not found[-1][1]:
                found = list(_laid_out(Fraction(0), spans, [Fraction(each) for each in days], pair))
            whole = found.pop()[1]
            rows += [
                (spell, period, begin / whole, end / whole)
                for spell, each, (begin, end) in zip(spells, days, found, strict=True)
                if each
            ]
    return PartPeriods(
        spell=np.array([spell for spell, _, _, _ in rows], dtype=np.int64),
        period=np.array([period for _, period, _, _ in rows], dtype=np.int64),
        begin=tuple(begin for _, _, begin, _ in rows),
        end=tuple(end for _, _, _, end in rows),
    )


def _laid_out(
    vacant: Fraction, spans: Sequence[Span], counted: Sequence[Fraction], pair: tuple[int, int]
) -> Iterator[tuple[Fraction, Fraction]]:
    """Yield where what spells count begins and ends, one after another, and last where the whole period does."""
    gone, day = Fraction(0), pair[0]
    for (first, last, _), each in zip(spans, counted, strict=True):
        gone += vacant * _overlap((day, max(first, day)), pair)
        yield gone, gone + each
        gone, day = gone + each, max(day, last)
    gone += vacant * _overlap((day, pair[1]), pair)
    yield gone, gone


def _held(inputs: Inputs) -> list[list[int]]:
    """Return the spells of each seat, by rising start."""
    held: list[list[int]] = [[] for _ in range(len(inputs.reps))]
    for spell in np.argsort(inputs.spells.start, kind="stable").tolist():
        if inputs.spells.rep[spell] >= 0:
            held[inputs.spells.rep[spell]].append(spell)
    return held


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
