"""Quotas: the number each seat carries, per product and period, in minor units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.columns import Table
from engine.inputs import IntArray, Words
from engine.measures import Measures
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
    single: Mapping[str, IntArray] = field(default_factory=dict)
    """Quotas of measures of some products, shape (rep, period): the sum of theirs."""

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
            same = (measure.quantity, measure.basis, set(measure.segments)) == (
                base.quantity,
                base.basis,
                set(base.segments),
            )
            within = not base.products or (measure.products and set(measure.products) <= set(base.products))
            if name != self.measure and same and within:
                mine = [k for k, product in enumerate(products) if product in (measure.products or products)]
                single[name] = self.cells[:, mine].sum(axis=1)
        return replace(self, single=single)
