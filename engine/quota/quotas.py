"""Quotas: the number each seat carries, per product and period, in minor units."""

from __future__ import annotations

from dataclasses import dataclass

from engine.columns import Table
from engine.inputs import IntArray
from engine.proof import Solve


@dataclass(frozen=True)
class Quotas:
    """The answer of the quota stage; integers that tie out exactly at every level."""

    measure: str
    """Measure that the quotas are set on."""
    cells: IntArray
    """Shape (rep, product, period), minor units. The product axis is that of the inputs, or a single `all`."""
    solves: tuple[Solve, ...]
    tables: tuple[Table, ...]
    """quotas (rep x product x period), quota_levels (every node with target, street quota, over-assignment)."""

    @property
    def by_period(self) -> IntArray:
        """Quota of each seat and period, shape (rep, period)."""
        summed: IntArray = self.cells.sum(axis=1)
        return summed
