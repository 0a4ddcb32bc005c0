"""Sums: what groups of people cost, reduced from pay by person as it is settled.

Sums of whole minor units, exact in float64, so that neither teams nor their order matter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.comp.groups import Group, side_by_side
from engine.inputs import FloatArray, IntArray


@dataclass(frozen=True)
class Sums:
    """Total pay of groups."""

    groups: tuple[Group, ...]
    pay: FloatArray
    """Salary and variable pay by (replication, period, group)."""

    @classmethod
    def empty(cls, groups: tuple[Group, ...], replications: int, periods: int) -> Sums:
        """Start at nothing."""
        return cls(groups, np.zeros((replications, periods, len(groups))))

    def take(self, spells: IntArray, variable: FloatArray, fixed: FloatArray) -> None:
        """Enter variable pay by (replication, spell, period) and fixed pay by (spell, period) of some people."""
        for rows, inside in side_by_side(self.groups, spells):
            total = variable[:, rows].sum(axis=1) + fixed[rows].sum(axis=0)
            self.pay[:, :, inside] += total[:, :, None]
