"""Shape: whether pay of the typical person ever falls with attainment, and where a cent of credit moves it far.

Pay is settled, not read off a table, so gates, caps, limits and modifiers show as they act. Attainment is the same in
every period. It is looked at on a grid, at the knots of every table and a cent to both sides of each; a step along
which pay is no straight line is cut in two until it is about a cent wide. A jump J anywhere in a step puts pay at the
cut by at least `CUT` J off the line, so none is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from engine import amounts
from engine.comp.checking.finding import Check
from engine.comp.checking.subject import Subject
from engine.comp.component import Component
from engine.comp.intervals import Intervals
from engine.inputs import FloatArray

STEP = 0.01
TOP = 2.0
"""Attainment up to which the grid reaches at least; beyond the highest knot by a quarter."""
HIGHEST = 20.0
LEAST = 1e-3
"""A move of pay from one cent of credit to the next that is told, as a part of the target incentive."""
CUT = 0.382
"""Where a step is cut, as a part of it; not the middle, which a symmetric bend might hit."""
MOST = 6
"""Cliffs that are told one by one."""


@dataclass(frozen=True)
class Cliff:
    """A place where a cent of credit moves pay."""

    below: float
    """Attainment just before."""
    above: float
    """Attainment just after."""
    jump: float
    """What it adds to the pay of the year, minor units; below 0 where pay falls."""


@dataclass(frozen=True)
class Course:
    """Pay of the year on the grid, shape (attainment,)."""

    levels: FloatArray
    pay: FloatArray

    @classmethod
    def of(cls, subject: Subject) -> Course:
        """Settle the typical person on the grid."""
        levels = grid(subject)
        return cls(levels, subject.pay(levels))


def shape(subject: Subject) -> Iterator[Check]:
    """Yield whether pay ever falls, and its cliffs."""
    course = Course.of(subject)
    yield from monotone(subject, course)
    yield from cliffs(subject, course)


def monotone(subject: Subject, course: Course) -> Iterator[Check]:
    """Yield whether pay ever falls as attainment rises, by how much and where."""
    levels, pay = course.levels, course.pay
    reached = np.maximum.accumulate(pay)
    worst = int(np.argmax(reached - pay))
    if reached[worst] - pay[worst] > subject.noise:
        start = int(np.flatnonzero(pay[:worst] == reached[worst])[-1])
        fall = {
            label: float(amount[0] - amount[1])
            for label, amount in subject.by_part(levels[[start, worst]]).items()
        }
        before, after = f"{levels[start]:.1%}", f"{levels[worst]:.1%}"
        where = f"rises from {before} to {after}" if before != after else f"passes {after}"
        message = f"pay falls by {subject.worth(reached[worst] - pay[worst])}, as attainment {where}"
        yield subject.found("monotone", False, message, max(fall, key=lambda label: fall[label]))
        return
    yield subject.found("monotone", True, f"pay never falls as attainment rises from 0% to {levels[-1]:.0%}")


def cliffs(subject: Subject, course: Course) -> Iterator[Check]:
    """Yield the places where a cent of credit moves pay by more than `LEAST`, the largest first."""
    found = sorted(find(subject, course), key=lambda cliff: -abs(cliff.jump))
    if not found:
        yield subject.found("cliff", True, "no cliffs: no cent of credit moves pay by much")
    for cliff in found[:MOST]:
        moved = {
            label: abs(float(pay[1] - pay[0]))
            for label, pay in subject.by_part(np.array([cliff.below, cliff.above])).items()
        }
        verb = "jumps" if cliff.jump > 0 else "drops"
        size = subject.worth(abs(cliff.jump))
        message = f"a cliff at {cliff.above:.1%} attainment, where pay of the year {verb} by {size}"
        yield subject.found("cliff", True, message, max(moved, key=lambda label: moved[label]))
    if len(found) > MOST:
        yield subject.found("cliff", True, f"{len(found) - MOST} smaller cliffs besides")


def find(subject: Subject, course: Course) -> list[Cliff]:
    """Return every cliff by rising attainment."""
    levels, pay = course.levels, course.pay
    steps = np.stack([levels[:-1], levels[1:], pay[:-1], pay[1:]])
    least = LEAST * (subject.target or float(np.abs(pay).max(initial=0.0))) + subject.noise
    straight = max(CUT * least / 2, 2.0 * subject.noise)
    cent = _cent(subject)
    found = [np.empty((4, 0))]
    while steps.size:
        narrow = steps[1] - steps[0] <= cent
        found.append(steps[:, narrow])
        steps = _halved(subject, steps[:, ~narrow], straight)
    left, right, low, high = np.concatenate(found, axis=1)
    far = np.abs(high - low) > least
    return _joined(left[far], right[far], low[far], high[far], cent)


def _halved(subject: Subject, steps: FloatArray, straight: float) -> FloatArray:
    """Cut steps, rows (left, right, low, high), in two, but for those along which pay is a straight line."""
    left, right, low, high = steps
    middle = left + CUT * (right - left)
    pay = subject.pay(middle)
    bent = np.abs(pay - (low + CUT * (high - low))) > straight
    below, above = np.stack([left, middle, low, pay]), np.stack([middle, right, pay, high])
    return np.concatenate([below[:, bent], above[:, bent]], axis=1)


def _joined(
    left: FloatArray, right: FloatArray, low: FloatArray, high: FloatArray, cent: float
) -> list[Cliff]:
    """Return steps as cliffs; neighbours are one."""
    found: list[Cliff] = []
    for i in np.argsort(left):
        cliff = Cliff(float(left[i]), float(right[i]), float(high[i] - low[i]))
        if found and cliff.below - found[-1].above <= cent:
            cliff = Cliff(found[-1].below, cliff.above, found.pop().jump + cliff.jump)
        found.append(cliff)
    return found


def grid(subject: Subject) -> FloatArray:
    """Return the attainments to look at, rising: even steps, knots, and a cent to both sides of each."""
    knots = np.array(sorted({level for part in subject.parts for level in _knots(subject, part)}))
    knots = knots[(knots > 0) & (knots <= HIGHEST)]
    top = max(TOP, 1.25 * float(knots.max(initial=0.0)))
    cent = _cent(subject)
    even = np.arange(0, round(top / STEP) + 1) * STEP
    return np.unique(np.concatenate([even, knots, knots - cent, knots + cent]).clip(0))


def _cent(subject: Subject) -> float:
    """Return the attainment that a few minor units make in the smallest period with credit, within a step."""
    credit = np.concatenate([np.asarray(values) for values in subject.person.credit.values()])
    return min(4 / float(credit[credit > 0].min(initial=10**9)), STEP / 4)


def _knots(subject: Subject, part: Component) -> list[float]:
    """Return the attainments at which the table of a component turns."""
    table = part.table(10 ** amounts.decimals(subject.inputs.currency))
    if table is None:
        return []
    if getattr(part, "tiers_on", "attainment") == "attainment":
        return [float(knot) for knot in table.knots]
    groups = Intervals.of(subject.inputs.calendar.quarter).groups(getattr(part, "accumulate", "period"))
    credit = subject.person.credit[part.measures()[0]]
    sums = {int(credit[a:b].sum()) for a, b in groups.spans}
    return [float(Fraction(knot) / total) for knot in table.knots for total in sums if total > 0]
