"""What is answered: windows of counts, level by level, the amounts inside them, and whole quotas."""

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
class Level:
    """The narrowest window of the cells that are still looked at. Shape (leaf, product)."""

    window: Window
    free: BoolArray
    """Cells that are looked at."""
    low: IntArray
    """Count down to which a cell may stand below the window, where limits or sums need that; else not below it."""
    high: IntArray
    """Count up to which a cell may stand above the window; likewise."""


@dataclass(frozen=True)
class Windows:
    """The narrowest windows, and which quotas they leave. Shape (leaf, product); amounts in minor units."""

    levels: tuple[Level, ...]
    """From all cells that are measured down to those which sums alone hold; each window lies within the one before."""
    low: IntArray
    """Least count of each cell."""
    high: IntArray
    """Most count of each cell: that of the last window, or as far beyond it as limits of its own, of nodes or of sums
    need by themselves."""
    lower: IntArray
    """Least quota of each cell."""
    upper: IntArray
    """Most quota of each cell."""

    @property
    def every(self) -> Window:
        """Return the window of all cells that are measured."""
        return self.levels[0].window

    @property
    def free(self) -> Window:
        """Return the last window: of the cells that nothing but the sum of all holds."""
        return self.levels[-1].window

    @property
    def held(self) -> BoolArray:
        """Return the cells that are measured and kept out of the last window; they stand as near as is needed."""
        return self.levels[0].free & ~self.levels[-1].free


@dataclass(frozen=True)
class Answer:
    """Whole quotas."""

    windows: Windows
    cells: IntArray
    """Minor units, shape (leaf, product)."""
    counts: IntArray
    """Replications in which each is reached, shape (leaf, product)."""
