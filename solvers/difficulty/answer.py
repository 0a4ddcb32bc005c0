"""What is answered: windows of counts, the amounts inside them, and whole quotas."""

from __future__ import annotations

from dataclasses import dataclass

from solvers.quotas.instance import BoolArray, IntArray


@dataclass(frozen=True)
class Window:
    """A range of counts of replications in which quotas are reached; none that is narrower leaves any quotas."""

    low: int
    high: int

    @property
    def width(self) -> int:
        """Highest less lowest count."""
        return self.high - self.low


@dataclass(frozen=True)
class Windows:
    """The narrowest windows, and which quotas they leave. Amounts in minor units, shape (leaf, product)."""

    every: Window
    """Of all cells that are measured."""
    free: Window
    """Of those which their own limits do not hold back, within `every`."""
    held: BoolArray
    """Cells that a limit of their own or of a node above them keeps out of `free`: they stand as near as that needs."""
    lower: IntArray
    upper: IntArray


@dataclass(frozen=True)
class Answer:
    """Whole quotas."""

    windows: Windows
    cells: IntArray
    """Minor units, shape (leaf, product)."""
    counts: IntArray
    """Replications in which each is reached, shape (leaf, product)."""
