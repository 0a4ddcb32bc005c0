"""even: the same for every seat."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from engine.quota.method import Basis, Method


class Even(Method):
    """Every seat has the same claim for each day that it carries."""

    kind: Literal["even"] = "even"
    """The same for every seat."""

    def claims(self, basis: Basis) -> list[Fraction]:
        """Return one for each seat."""
        return [Fraction(1)] * len(basis.inputs.reps)
