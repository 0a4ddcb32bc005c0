"""Carry: which share of a full quota a seat carries in each period, by who sits in it and for how long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import numpy as np

from engine.inputs import Inputs
from engine.quota.spec import QuotaSpec

Carry = list[list[Fraction]]
"""Share of a full quota by seat and period; lists of shape (rep, period)."""


def carry(inputs: Inputs, spec: QuotaSpec) -> Carry:
    """Return the mean over the days of each period of what a seat carries that day, exactly; (rep, period).

    A day in month m of a spell counts the m-th ratio of the ramp, or 1 after it; a day without a person
    counts `vacant`, and one on leave what the leave says of that ratio. A seat whose lock is `none` carries
    nothing. Months in the seat are counted from the day of the start (the 31st begins on the last day of a
    shorter month).
    """
    edges = [_ordinal(edge) for edge in inputs.calendar.edges]
    vacant = Fraction(spec.vacant)
    totals = [[vacant * (b - a) for a, b in _pairs(edges)] for _ in range(len(inputs.reps))]
    for spell in range(len(inputs.spells)):
        seat = int(inputs.spells.rep[spell])
        if seat < 0:
            continue
        away = [leave for leave in spec.leave if leave.rep == inputs.reps.id[seat]]
        for first, last, ratio in _pieces(inputs, spec.ramp, spell, edges):
            for period, (a, b) in enumerate(_pairs(edges)):
                days = _overlap((first, last), (a, b))
                totals[seat][period] += days * (ratio - vacant)
                for leave in away:
                    gone = max(first, leave.start.toordinal()), min(last, leave.end.toordinal())
                    totals[seat][period] -= _overlap(gone, (a, b)) * ratio * (1 - Fraction(leave.carries))
    none = {name for name, amount in spec.locks.items() if amount is None}
    return [
        [
            Fraction(0) if name in none else total / (b - a)
            for total, (a, b) in zip(row, _pairs(edges), strict=True)
        ]
        for name, row in zip(inputs.reps.id, totals, strict=True)
    ]


def unset(inputs: Inputs, spec: QuotaSpec) -> list[list[bool]]:
    """Return where a seat has no quota at all, shape (rep, period).

    Nobody sits in it, or its lock is `none`. A person whose ramp begins with 0 has a quota of 0.
    """
    filled = carry(inputs, spec.model_copy(update={"ramp": ()}))
    return [[share == 0 for share in row] for row in filled]


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> int:
    return max(min(one[1], other[1]) - max(one[0], other[0]), 0)


def _pieces(
    inputs: Inputs, ramp: Sequence[Decimal], spell: int, edges: list[int]
) -> list[tuple[int, int, Fraction]]:
    start = inputs.spells.start[spell]
    end = inputs.spells.end[spell]
    stop = edges[-1] if np.isnat(end) else min(_ordinal(end), edges[-1])
    begin = edges[0] if np.isnat(start) else _ordinal(start)
    if np.isnat(start) or begin >= stop:
        return [(begin, stop, Fraction(1))] if begin < stop else []
    marks = [_after_months(dt.date.fromordinal(begin), month) for month in range(len(ramp) + 1)]
    ratios = [Fraction(ratio) for ratio in ramp] + [Fraction(1)]
    ends = [*marks[1:], max(stop, marks[-1])]
    return [(a, min(b, stop), r) for a, b, r in zip(marks, ends, ratios, strict=True) if a < stop]


def _pairs(edges: list[int]) -> list[tuple[int, int]]:
    return list(pairwise(edges))


def _ordinal(day: np.datetime64) -> int:
    return int(day.astype("datetime64[D]").astype(np.int64)) + dt.date(1970, 1, 1).toordinal()


def _after_months(day: dt.date, months: int) -> int:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = dt.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (following - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(day.day, last)).toordinal()
