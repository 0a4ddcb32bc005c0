"""Slices: what is forecast, as measures of the simulation and as rows of what came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.backtest.spec import Dimension
from engine.inputs import BoolArray, FloatArray, Inputs, Opportunities
from engine.measures import Measure, Measures
from engine.pipeline.bookings import Bookings


@dataclass(frozen=True)
class Slice:
    """Bookings of new deals that are forecast: in total, of a product, or of a segment."""

    by: str
    """total, product or segment."""
    name: str

    @property
    def measure(self) -> Measure:
        """What the simulation counts."""
        return Measure(
            kinds=("new",),
            products=(self.name,) if self.by == "product" else (),
            segments=(self.name,) if self.by == "segment" else (),
        )

    def of(self, inputs: Inputs, deals: Opportunities) -> BoolArray:
        """Return which deals belong to it, shape (deal,)."""
        if self.by == "product":
            return np.asarray(deals.product == inputs.products.id.index(self.name))
        if self.by == "segment":
            segment = np.array([*inputs.accounts.segment, ""])
            return np.asarray(segment[deals.account] == self.name)
        return np.ones(len(deals), dtype=bool)

    def won(self, inputs: Inputs, deals: Opportunities, since: np.datetime64, months: int) -> FloatArray:
        """Return the money of won deals in each of some months from the first day of one on, shape (month,)."""
        first = since.astype("datetime64[M]")
        month = (deals.closed.astype("datetime64[M]") - first).astype(np.int64)
        rows = self.of(inputs, deals) & (deals.outcome == 1) & (deals.amount >= 0)
        rows &= (month >= 0) & (month < months)
        money = np.bincount(month[rows], deals.amount[rows], minlength=months)
        return np.asarray(money, dtype=np.float64)


def slices(inputs: Inputs, by: Sequence[Dimension]) -> tuple[Slice, ...]:
    """Return the total, then each product or segment in order."""
    names = {"product": inputs.products.id, "segment": tuple(sorted(set(inputs.accounts.segment) - {""}))}
    return (Slice("total", "total"), *(Slice(one, name) for one in by for name in names[one]))


def measures(parts: Sequence[Slice]) -> Measures:
    """Return the measures of the simulation, one for each slice."""
    return {f"slice {place}": part.measure for place, part in enumerate(parts)}


def simulated(bookings: Bookings, months: int) -> FloatArray:
    """Return the money booked in the first months of the plan by slice and replication, shape (slice, replication)."""
    money = bookings.cube[:, :, :months].sum(axis=(1, 2))
    return np.asarray(money.T, dtype=np.float64)
