"""Book: what the components of a plan look at, on one number type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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


@dataclass(frozen=True)
class Book:
    """Credits, quotas and terms of some people; all quantities of one number type."""

    credits: Mapping[str, Quantity]
    """Credit by measure, minor units or counts, shape (..., spell, period)."""
    quota: Quantity
    """Quota of the spell in each period, shape (spell, period)."""
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
