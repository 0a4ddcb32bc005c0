"""What leaves its incumbent, as an objective: an axis of a frontier.

sum_ij w_i moved_ij x_ij, in the unit of the measure w
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from engine.fields import Text
from engine.inputs import Inputs, IntArray
from engine.territory.measure import measured
from engine.territory.objective import Objective
from engine.territory.pair_costs import PairCost, Tabled


class Moved(Objective):
    """A unit of cost for each unit of the measure that changes hands."""

    measure: Text = "potential"
    """Measure that is counted, in its own unit: currency units for potential, accounts for `count`."""
    beside: tuple[Objective, ...] = ()
    """Objectives that are no part of it; a pair of infinite cost in one of them stays forbidden."""

    @property
    def title(self) -> str:
        """Name in messages."""
        return f"moved {self.measure}"

    def declare(self, inputs: Inputs) -> PairCost:
        """Declare the weight of each pair that takes an account from its incumbent."""
        measure, owner = measured(inputs, self.measure), inputs.accounts.owner
        gone = (owner[:, None] >= 0) & (owner[:, None] != np.arange(len(inputs.reps)))
        cost = np.where(gone, measure.of_pairs / measure.scale, 0.0)
        for declared in (objective.declare(inputs) for objective in self.beside):
            if isinstance(declared, PairCost):
                cost[np.isinf(declared.cost)] = np.inf
        return Tabled(cost)

    def cost_of(self, inputs: Inputs, rep_of: IntArray) -> float:
        """Add up the moves exactly."""
        measure = measured(inputs, self.measure)
        total = 0
        for i, (old, new) in enumerate(zip(inputs.accounts.owner.tolist(), rep_of.tolist(), strict=True)):
            if old not in (-1, new):
                total += int(measure.values[i, new] if measure.by_seat else measure.values[i])
        return float(Fraction(total, measure.scale))
