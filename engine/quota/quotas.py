"""Quotas: the number each seat carries, per product and period, in minor units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import NamedTuple

from engine.columns import Table
from engine.inputs import IntArray, Words
from engine.measures import Measures
from engine.proof import Solve


class PartPeriods(NamedTuple):
    """Where people hold their seat for part of a period, and which part of its quota of that period is theirs.

    Their part is what lies between two points of the quota, from 0 to 1, rounded, so that those of people who follow
    one another add up to it. Shape (part,) each.
    """

    spell: IntArray
    period: IntArray
    begin: tuple[Fraction, ...]
    end: tuple[Fraction, ...]


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
    single: Mapping[str, IntArray] = field(default_factory=dict)
    """Quotas of measures of some products, shape (rep, period): the sum of theirs."""
    parts: PartPeriods | None = None
    """Who carries which part of a seat's quota where a period counts by who sits there, and for how long; None where
    every day of a period counts the same, held or not."""

    @property
    def by_period(self) -> IntArray:
        """Quota of each seat and period, shape (rep, period)."""
        summed: IntArray = self.cells.sum(axis=1)
        return summed

    def measured(self, measures: Measures, products: Words) -> Quotas:
        """Return the quotas with those of single measures.

        Where quotas are set by product, a measure that counts what they are set on, of some products alone, is held
        against the quotas of these products.

        Args:
            measures: what each measure counts.
            products: the product axis of the inputs.

        """
        base = measures.get(self.measure)
        if base is None or self.cells.shape[1] != len(products):
            return self
        single = {}
        for name, measure in measures.items():
            within = not base.products or (measure.products and set(measure.products) <= set(base.products))
            if name != self.measure and measure.alike(base) and within:
                mine = [k for k, product in enumerate(products) if product in (measure.products or products)]
                single[name] = self.cells[:, mine].sum(axis=1)
        return replace(self, single=single)
