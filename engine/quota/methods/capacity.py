"""capacity: by what a seat books in the simulation."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, Literal

from engine.quota.method import Basis, Method


class Capacity(Method):
    """Capacity based: a seat's claim is its mean simulated bookings.

    Hires, ramps and vacancies, the open pipeline and the number of opportunities worked at a time are in them.
    """

    kind: Literal["capacity"] = "capacity"
    """By what a seat books in the simulation."""
    counts_time: ClassVar[bool] = True

    def claims(self, basis: Basis) -> list[Fraction]:
        """Return the bookings added up over replications, minor units; the mean has the same shares."""
        return [Fraction(max(int(value), 0)) for value in basis.simulated]
