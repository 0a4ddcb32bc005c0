"""Bonus, read plainly."""

from __future__ import annotations

import itertools
from fractions import Fraction

from engine.comp.components.bonus import Bonus
from engine.comp.plain import compared, incentive
from engine.comp.plain.person import Amount, Person


def earned(part: Bonus, person: Person) -> list[int]:
    """Return what is earned in each period."""
    return incentive.earned(part, person, due)


def due(part: Bonus, credit: Amount, quota: int, target: Fraction, minor: int) -> Fraction:
    """Return what the credit is worth, in minor units, unrounded."""
    if quota <= 0:
        return Fraction(0)
    return target * _pay(part, Fraction(credit, quota))


def _pay(part: Bonus, attainment: Fraction) -> Fraction:
    floor = Fraction(part.threshold.attainment) if part.threshold else Fraction(0)
    if attainment < floor or (attainment == floor and part.closed == "right"):
        return Fraction(0)
    points = [(Fraction(node.attainment), Fraction(node.pay)) for node in part.nodes]
    if part.shape == "steps":
        return compared.step(points, attainment, part.closed)
    if part.threshold is not None:
        first, pay = points[0]
        entry = {
            "from_zero": Fraction(0),
            "from_minimum": Fraction(part.threshold.minimum or 0),
            "from_first_dollar": pay / first * floor,
        }
        points = [(floor, entry[part.threshold.entry]), *points]
    jumps = {Fraction(node.attainment): Fraction(node.then) for node in part.nodes if node.then is not None}
    for (a, p), (b, q) in itertools.pairwise(points):
        if attainment < b or (attainment == b and not (part.closed == "left" and b in jumps)):
            start = jumps.get(a, p)
            return start + (q - start) * (attainment - a) / (b - a)
    a, p = points[-1]
    if attainment == a and part.closed == "right":
        return p
    return jumps.get(a, p) + Fraction(part.accelerator) * (attainment - a)
