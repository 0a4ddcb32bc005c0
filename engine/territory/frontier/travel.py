"""No more than so much travel: an axis of a frontier.

    sum_ij ceil(travel_ij) x_ij <= B          in minor units of the currency

Each way is rounded up to a whole minor unit, so that the axis is an integer and its limit exact; the sum lies above
the travel itself by less than one minor unit for each account.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

import numpy as np

from engine.amounts import decimals
from engine.fields import Money
from engine.inputs import Inputs, IntArray
from engine.territory.constraint import Constraint
from engine.territory.declaration import Budget
from engine.territory.measure import Measured
from engine.territory.objectives.travel import Travel
from engine.territory.spec import TerritorySpec

EXACT = 1e-6
"""Minor units by which binary rounding may exceed a whole one."""


class TravelBudget(Constraint):
    """Most that the travel of all accounts may cost."""

    travels: tuple[Travel, ...]
    """The scenario's travel objectives, added up."""
    limit: Money
    """Currency units."""

    @property
    def title(self) -> str:
        """Name in messages."""
        return "travel_budget"

    @classmethod
    def of(cls, spec: TerritorySpec, limit: Decimal) -> TravelBudget:
        """Return the budget over the travel of a scenario."""
        travels = tuple(objective for objective in spec.objectives if isinstance(objective, Travel))
        return cls(travels=travels, limit=limit)

    def declare(self, inputs: Inputs) -> Budget:
        """Declare what each pair takes of the budget."""
        pairs = self._minor(inputs)
        largest = pairs.max(axis=1, initial=0)
        measure = Measured("travel", largest, 10 ** decimals(inputs.currency), inputs.currency)
        return Budget(measure, floor(Fraction(self.limit) * measure.scale), pairs)

    def _minor(self, inputs: Inputs) -> IntArray:
        cost = np.zeros((len(inputs.accounts), len(inputs.reps)))
        for travel in self.travels:
            cost += np.nan_to_num(travel.declare(inputs).cost, posinf=0.0)
        minor: IntArray = np.ceil(cost * 10 ** decimals(inputs.currency) - EXACT).astype(np.int64)
        return minor

    def used(self, inputs: Inputs, rep_of: IntArray) -> Decimal:
        """Return what an alignment takes, currency units."""
        taken = int(self._minor(inputs)[np.arange(len(rep_of)), rep_of].sum())
        return Decimal(taken).scaleb(-decimals(inputs.currency))

    def violations(self, inputs: Inputs, rep_of: IntArray) -> list[str]:
        """Add up the ways one by one, each rounded up."""
        scale, total = 10 ** decimals(inputs.currency), 0
        costs = [travel.declare(inputs).cost for travel in self.travels]
        for i, rep in enumerate(rep_of.tolist()):
            total += ceil(sum(float(cost[i, rep]) for cost in costs) * scale - EXACT)
        if total <= Fraction(self.limit) * scale:
            return []
        return [f"{self.title}: travel costs {total / scale:,.2f}; allowed {self.limit:,f}."]
