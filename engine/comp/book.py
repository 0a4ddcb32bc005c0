"""Book: what the components of a plan look at, on one number type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from engine.comp.intervals import Intervals
from engine.comp.quantity import Quantity
from engine.comp.rounding import Rounding
from engine.inputs import IntArray


@dataclass(frozen=True)
class Deals:
    """Credits deal by deal, where there are any."""

    credits: Mapping[str, Quantity]
    """Credit of each line by measure, shape (line,)."""
    cells: IntArray
    """Flat (spell, period) cell of each line, shape (line,)."""


def _no_terms(amount: int) -> Quantity:
    raise ValueError("a book without the terms of its people cannot cut an amount by days")


def _nobody() -> IntArray:
    return np.empty((0, 0), dtype=np.int64)


@dataclass(frozen=True)
class Book:
    """Credits, quotas and terms of some people; all quantities of one number type."""

    credits: Mapping[str, Quantity]
    """Credit by measure, minor units or counts, shape (..., spell, period)."""
    quota: Quantity
    """Quota of the spell in each period, shape (spell, period), of every measure that has none of its own."""
    target: Quantity
    """Target incentive of each period, minor units, shape (spell, period)."""
    salary: Quantity
    """Salary of each period, minor units, shape (spell, period)."""
    shape: tuple[int, int]
    """(spell, period)."""
    intervals: Intervals
    rounding: Rounding
    minor: int
    """Minor units per currency unit: 1, 100 or 1000."""
    lines: Deals | None = field(default=None)
    """Single deals; a simulation keeps none."""
    quotas: Mapping[str, Quantity] = field(default_factory=dict)
    """Quotas of single measures, shape (spell, period) each."""
    annual: Callable[[int], Quantity] = field(default=_no_terms)
    """Cuts an amount a year, whole minor units, by each person's days: shape (spell, period)."""
    since: IntArray = field(default_factory=_nobody)
    """Periods since the one in which the person came, 0 in that one, negative before; shape (spell, period)."""
    earned: dict[str, Quantity] = field(default_factory=dict)
    """What components earned so far, by their names on statements; filled as a plan is settled."""
    paid: dict[str, Quantity] = field(default_factory=dict)
    """What components of variable pay pay in each period, by name; filled as a plan is settled, in that order."""

    def quota_of(self, measure: str) -> Quantity:
        """Return the quota of a measure, shape (spell, period)."""
        return self.quotas.get(measure, self.quota)

    def credit(self, measure: str) -> Quantity:
        """Return the credit of a measure, shape (..., spell, period)."""
        return self.credits[measure]

    def deals(self, measure: str) -> tuple[Quantity, IntArray]:
        """Return the credit of each deal and its flat (spell, period) cell.

        Raises:
            ValueError: the book holds no deals; `faults` refuses such a plan before it comes to that.

        """
        if self.lines is None:
            raise ValueError("a component pays by transaction, but there are no deals")
        return self.lines.credits[measure], self.lines.cells
