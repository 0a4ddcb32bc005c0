"""Gates and modifiers, read plainly."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

from engine.comp.plain.person import Person


def ratio(rule: Any, person: Person, period: int) -> Fraction | None:
    """Return a ratio as it stands at a period; None with nothing below the line."""
    span = range(period, period + 1) if rule.window is not None else person.span(rule.accumulate, period)
    so_far = range(span.start, period + 1)
    if rule.window is not None:
        span = so_far = range(max(period + 1 - rule.window, 0), period + 1)
    above = sum(person.credit(rule.measure)[i] for i in so_far)
    if rule.levels_in is not None:
        return Fraction(above, person.minor if rule.levels_in == "money" else 1)
    if rule.over is not None:
        below = sum(person.credit(rule.over)[i] for i in so_far)
    else:
        quota = person.quota(rule.measure)
        below = sum(quota[i] for i in (span if rule.quota == "interval" else so_far))
    return Fraction(above, below) if below > 0 else None


def factor(rule: Any, person: Person, period: int) -> Fraction:
    """Return the factor of a modifier at a period."""
    value = ratio(rule, person, period)
    return Fraction(1) if value is None else _read(rule, value)


def factor_of_deal(rule: Any, person: Person, period: int, number: int) -> Fraction:
    """Return the factor of a modifier for one deal of a period: that of its own ratio, or that of the period."""
    if rule.accumulate != "transaction":
        return factor(rule, person, period)
    above, below = (person.deals(measure)[number].credit for measure in (rule.measure, rule.over))
    return _read(rule, Fraction(above, below)) if below else Fraction(1)


def _read(rule: Any, value: Fraction) -> Fraction:
    points = [(Fraction(node.ratio), Fraction(node.factor)) for node in rule.nodes]
    return step(points, value, rule.closed) if rule.shape == "steps" else line(points, value)


def held(rule: Any, due: Fraction, target: Fraction, person: Person, period: int) -> Fraction:
    """Return what a gate leaves of a due amount at a period."""
    value = ratio(rule, person, period)
    if value is not None:
        level = Fraction(rule.at_least)
        if value > level or (value == level and rule.closed == "left"):
            return due
    return min(due, target if rule.otherwise == "target" else Fraction(0))


def step(points: list[tuple[Fraction, Fraction]], value: Fraction, closed: str) -> Fraction:
    """Return the value of the last point reached, of the first when none is."""
    found = points[0][1]
    for level, worth in points[1:]:
        if value > level or (value == level and closed == "left"):
            found = worth
    return found


def line(points: list[tuple[Fraction, Fraction]], value: Fraction) -> Fraction:
    """Return the value on the line between two points; level outside."""
    if value <= points[0][0]:
        return points[0][1]
    for (a, u), (b, v) in itertools.pairwise(points):
        if value <= b:
            return u + (v - u) * (value - a) / (b - a)
    return points[-1][1]
