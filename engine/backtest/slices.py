"""Slices: what is forecast, as measures of the simulation and as rows of what came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.backtest.spec import Dimension
from engine.inputs import BoolArray, FloatArray, Inputs, IntArray, Opportunities
from engine.measures import Measure, Measures


@dataclass(frozen=True)
class Slice:
    """Bookings of new deals that are forecast: in total, of a product, or of a segment."""

    by: str
    """total, product or segment."""
    name: str

    def measure(self, quantity: Literal["amount", "count"]) -> Measure:
        """Return what the simulation adds up."""
        return Measure(
            quantity=quantity,
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
        month, rows = self._won(inputs, deals, since, months)
        money = np.bincount(month[rows], deals.amount[rows], minlength=months)
        return np.asarray(money, dtype=np.float64)

    def count(self, inputs: Inputs, deals: Opportunities, since: np.datetime64, months: int) -> int:
        """Return the number of won deals in some months from the first day of one on."""
        return int(self._won(inputs, deals, since, months)[1].sum())

    def _won(
        self, inputs: Inputs, deals: Opportunities, since: np.datetime64, months: int
    ) -> tuple[IntArray, BoolArray]:
        """Return the month of each close, and which deals are won in some months; shape (deal,)."""
        first = since.astype("datetime64[M]")
        month = (deals.closed.astype("datetime64[M]") - first).astype(np.int64)
        rows = self.of(inputs, deals) & (deals.outcome == 1) & (deals.amount >= 0)
        return month, rows & (month >= 0) & (month < months)


def slices(inputs: Inputs, by: Sequence[Dimension]) -> tuple[Slice, ...]:
    """Return the total, then each product or segment in order."""
    names = {"product": inputs.products.id, "segment": tuple(sorted(set(inputs.accounts.segment) - {""}))}
    return (Slice("total", "total"), *(Slice(one, name) for one in by for name in names[one]))


@dataclass(frozen=True)
class Forecast:
    """What the simulation says of the slices over a horizon."""

    money: FloatArray
    """Sample, minor units, shape (slice, replication)."""
    deals: FloatArray
    """Mean number of won deals, shape (slice,)."""


def measures(parts: Sequence[Slice]) -> Measures:
    """Return the measures of the simulation: the money of each slice, then the number of its won deals."""
    money = {f"slice {place}": part.measure("amount") for place, part in enumerate(parts)}
    return money | {f"deals {place}": part.measure("count") for place, part in enumerate(parts)}


def simulated(cube: IntArray, months: int) -> Forecast:
    """Return the first months of a cube (replication, rep, period, measure) as `measures` orders it."""
    every = cube[:, :, :months].sum(axis=(1, 2)).T.astype(np.float64)
    parts = len(every) // 2
    return Forecast(every[:parts], every[parts:].mean(axis=1))
