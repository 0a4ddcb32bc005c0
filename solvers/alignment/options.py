"""What the structured solver is asked for and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf

from solvers.alignment.instance import IntArray
from solvers.alignment.multipliers import Multipliers
from solvers.solution import relative_gap


@dataclass(frozen=True)
class Options:
    """When to stop. Without a deadline the answer repeats, whatever the number of threads."""

    gap: float = 0.001
    """Relative gap at which the search stops."""
    effort: tuple[int, ...] = (12, 40, 80, 160, 320)
    """Sweeps of each cooling; the search ends after the last one."""
    mips: int = 40
    """Small MIPs after each cooling that improve the best alignment; for a few hundred units per seat at most they
    find what exchanges between two seats miss."""
    seed: int = 0
    threads: int = 2
    deadline: float = inf
    """On the monotonic clock."""
    starts: tuple[IntArray, ...] = ()
    """Alignments that are known, shape (unit,) each; the best one that keeps every rule is a first answer."""
    tell: Callable[[str, float, float], None] = field(
        default=lambda what, objective, bound: None, compare=False
    )
    """Called with what is done, and the objective (inf without an alignment) and bound so far."""
    found: Callable[[IntArray, float], None] = field(default=lambda rep_of, bound: None, compare=False)
    """Called with every better alignment that keeps all rules, and the bound so far."""


@dataclass(frozen=True)
class Result:
    """The answer: an alignment, and multipliers that prove the bound."""

    rep_of: IntArray | None
    """Seat of each unit, shape (unit,); None when none was found that keeps every rule."""
    objective: float
    bound: float
    """L(multipliers), over all pairs."""
    multipliers: Multipliers
    rounded: IntArray
    """Seat of the largest share of each unit in the LP; need not keep the rules."""
    ended_by: str
    """gap, effort, or time."""

    @property
    def gap(self) -> float:
        """(objective - bound) / objective."""
        return relative_gap(self.objective, self.bound)
