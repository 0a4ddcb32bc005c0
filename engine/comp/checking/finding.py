"""Check: one finding of the plan checker, in words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One finding."""

    plan: str
    check: str
    """`target`, `monotone`, `cliff`, `cost`, `upside`, `quota` or `mix`."""
    passed: bool
    message: str
    """The finding in words: the plan, what is so, and the component to see where one component is why."""

    @property
    def told(self) -> str:
        """The finding in words, marked where it should be looked at."""
        return self.message if self.passed else f"look at this: {self.message}"
