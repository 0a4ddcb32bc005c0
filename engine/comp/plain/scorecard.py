"""Scorecard, read plainly."""

from __future__ import annotations

import itertools
from fractions import Fraction

from engine.comp.components.scorecard import Goal, Scorecard
from engine.comp.plain.person import Person


def earned(part: Scorecard, person: Person) -> list[int]:
    """Return what is earned in each period: nothing before the last one of an interval."""
    amounts: list[int] = []
    interval = 0
    for p in range(len(person.target)):
        span = person.span(part.per, p)
        if p < span.stop - 1:
            amounts.append(0)
            continue
        target = sum(person.target[i] for i in span) * Fraction(part.weight)
        worth = [
            target
            * Fraction(goal.weight)
            * _pays(goal, _achievement(goal, person.who, interval), part.closed)
            for goal in part.goals
        ]
        amounts.append(person.round(sum(worth, Fraction(0))))
        interval += 1
    return amounts


def _achievement(goal: Goal, who: str, interval: int) -> Fraction:
    if who in goal.achieved:
        ratios = goal.achieved[who]
        return Fraction(ratios[0] if len(ratios) == 1 else ratios[interval])
    return Fraction(goal.expected or 0)


def _pays(goal: Goal, achievement: Fraction, closed: str) -> Fraction:
    if goal.threshold is not None:
        level = Fraction(goal.threshold)
        reached = achievement >= level if closed == "left" else achievement > level
        if not reached:
            return Fraction(0)
    if goal.pays == "all_or_nothing":
        return Fraction(1)
    if goal.pays == "pro_rata":
        return min(Fraction(goal.most or 0), achievement)
    below = [node for node in goal.nodes if Fraction(node.attainment) <= achievement]
    if not below:
        return Fraction(0)
    for left, right in itertools.pairwise(goal.nodes):
        if left is below[-1]:
            part = (achievement - Fraction(left.attainment)) / Fraction(right.attainment - left.attainment)
            return Fraction(left.pay) * (1 - part) + Fraction(right.pay) * part
    return Fraction(below[-1].pay)
