"""Factors: what weighs a deal, or scales its rate, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.comp.book import Numbers
from engine.comp.component import Component
from engine.comp.components.commission import Commission
from engine.comp.crediting import Crediting
from engine.comp.dimensions import Factors, Says
from engine.crediting.deals import RATIO
from engine.inputs import IntArray


def told(part: Component, rows: Says, at: IntArray) -> NDArray[Any]:
    """Return what the factors of a component make of some deals, blank where they change nothing; shape (line,).

    Args:
        part: the component.
        rows: what credited deals say.
        at: credited row of each line.

    """
    words = np.full(at.size, "", dtype=object)
    if isinstance(part, Commission):
        words += _all("", part.factors, rows, at)
    if isinstance(part, Crediting):
        words += _all("credit ", part.weights, rows, at)
    return words


def _all(what: str, rules: Sequence[Factors], rows: Says, at: IntArray) -> NDArray[Any]:
    words = np.full(at.size, "", dtype=object)
    for rule in rules:
        factor, scale = rule.of(rows)
        said = _said(rule, rows, at)
        pairs = zip(factor[at].tolist(), said.tolist(), strict=True)
        words += np.array(
            [
                "" if times == scale else f"; {what}x {times / scale:g} for {rule.by} {is_}"
                for times, is_ in pairs
            ],
            dtype=object,
        )
    return words


def _said(rule: Factors, rows: Says, at: IntArray) -> NDArray[Any]:
    if rule.times is None:
        return _numbers(rows.numbers[rule.by], at)
    labels = rows.labels[rule.by]
    return np.array([*(word or "none" for word in labels.words), ""], dtype=object)[labels.codes[at]]


def _numbers(numbers: Numbers, at: IntArray) -> NDArray[Any]:
    """Write numbers in the unit of their column: months as they are, ratios in percent, money with its decimals."""
    values, inverse = np.unique(numbers.values[at], return_inverse=True)
    if numbers.scale == RATIO:
        words = [f"{100 * value / RATIO:g}%" for value in values.tolist()]
    elif numbers.scale == 1:
        words = [f"{value:,}" for value in values.tolist()]
    else:
        words = [f"{value / numbers.scale:,.2f}" for value in values.tolist()]
    return np.array([*words, ""], dtype=object)[inverse]
