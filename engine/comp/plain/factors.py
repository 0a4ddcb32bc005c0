"""Factors by what a deal is, read plainly."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from engine.comp.plain.compared import step
from engine.comp.plain.person import Sold


def factor(rules: Iterable[Any], deal: Sold) -> Fraction:
    """Return the product of the factors that rules give a deal."""
    product = Fraction(1)
    for rule in rules:
        said = deal.says[rule.by]
        if rule.times is not None:
            product *= Fraction(rule.times.get(said, rule.otherwise))
        else:
            bands = [(Fraction(band.start), Fraction(band.times)) for band in rule.bands]
            product *= step(bands, Fraction(said), rule.closed)
    return product
