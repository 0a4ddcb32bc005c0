"""A wide world as the structured solver reads it: arrays of accounts, of kinds of accounts and of seats, not of pairs.

Units stand in the order of their first accounts; the members of a unit lie side by side in `order`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.inputs import FloatArray, Inputs, IntArray
from engine.territory.declaration import Band, BoolArray, Budget, Forbidden, Spread
from engine.territory.geography.distance import RADIUS_KM, places
from engine.territory.pair_costs import LeavingCost, MisfitCost, PairCost, WayCost
from engine.territory.problem import Named
from engine.territory.solving.scaling import tightened
from solvers.alignment import Instance, Needs, Places


@dataclass(frozen=True)
class World:
    """Rules and costs over units, without a number for each pair."""

    inputs: Inputs
    costs: tuple[PairCost, ...]
    forbidden: tuple[Named[Forbidden], ...]
    bands: tuple[Named[Band | Spread], ...]
    budgets: tuple[Named[Budget], ...]
    unit_of: IntArray
    """Unit of each account, shape (account,)."""
    order: IntArray
    """Accounts, unit by unit; shape (account,)."""
    start: IntArray
    """First place in `order` of each unit, and the end; shape (unit + 1,)."""
    kind: IntArray
    """Kind of each unit, shape (unit,)."""
    allowed: BoolArray
    """Seats that units of a kind may go to, shape (kind, rep)."""

    def sums(self, values: IntArray) -> IntArray:
        """Return the sum of each unit, shape (unit,)."""
        return np.asarray(np.add.reduceat(values[self.order], self.start[:-1]), dtype=np.int64)

    def accounts_of(self, seat_of_unit: IntArray) -> IntArray:
        """Return the seat of each account from the seat of each unit."""
        return np.asarray(seat_of_unit[self.unit_of])

    def units_of(self, rep_of: IntArray) -> IntArray:
        """Return the seat of each unit from that of its first account."""
        return np.asarray(rep_of[self.order[self.start[:-1]]])

    def instance(self) -> Instance:
        """Return the instance of the structured solver."""
        sides = [
            tightened(b.what) if isinstance(b.what, Band) else (b.what.lower, b.what.upper)
            for b in self.bands
        ]
        price = [np.inf if isinstance(b.what, Band) else b.what.price for b in self.bands]
        return Instance(
            np.stack([self.sums(band.what.measure.values) for band in self.bands]),
            np.stack([low for low, _ in sides]),
            np.stack([high for _, high in sides]),
            places=self._places(),
            needs=tuple(self._needs(cost) for cost in self.costs if isinstance(cost, MisfitCost)),
            price=np.array(price),
            start=self.start,
            owner=self.inputs.accounts.owner[self.order],
            leaving=self._sum([cost.price for cost in self.costs if isinstance(cost, LeavingCost)]),
            budget=np.stack([b.what.measure.values[self.order] for b in self.budgets])
            if self.budgets
            else None,
            limit=np.array([b.what.limit for b in self.budgets], dtype=np.int64) if self.budgets else None,
            kind=self.kind,
            allowed=self.allowed,
        )

    def _sum(self, prices: Sequence[FloatArray]) -> FloatArray | None:
        return np.sum(prices, axis=0)[self.order] if prices else None

    def _places(self) -> Places | None:
        ways = [cost for cost in self.costs if isinstance(cost, WayCost)]
        if not ways:
            return None
        place, home = places(self.inputs)
        point = np.nan_to_num(place.vectors(), nan=0.0)
        known = ~(np.isnan(place.latitude) | np.isnan(place.longitude))
        price = {power: self._sum([w.price * known for w in ways if w.power == power]) for power in (1, 2)}
        weight = np.zeros(len(point)) if price[1] is None else price[1]
        return Places(weight, point[self.order], home.vectors(), RADIUS_KM, price[2])

    def _needs(self, cost: MisfitCost) -> Needs:
        return Needs(cost.price[self.order], cost.need[self.order], cost.misfit)
