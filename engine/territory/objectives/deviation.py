"""What it costs that seats do not carry the same.

    price * sum_j |sum_i w_i x_ij - t_j|

with t_j the mean of the seats (shared by weight). For alignments that balance measures without travel.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Literal

import numpy as np
from pydantic import Field

from engine.errors import Fault
from engine.fields import Real
from engine.inputs import Inputs, IntArray
from engine.territory.declaration import Spread
from engine.territory.measure import measured
from engine.territory.objective import Objective
from engine.territory.target import Target


class Deviation(Objective, Target):
    """Linear price of each seat's distance from the mean of a measure."""

    kind: Literal["deviation"] = "deviation"
    price: Real = Field(default=1.0, ge=0)
    """Currency units per unit of the measure away from the mean: 0.05 for five cents a dollar of potential; 1
    unless given."""

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Return unknown measures, seats and levels."""
        return self.target_faults(inputs)

    def declare(self, inputs: Inputs) -> Spread:
        """Declare measure, targets and price."""
        measure = measured(inputs, self.measure)
        target = np.array([float(t) for t in self.targets(inputs, measure.values)])
        return Spread(measure, target, self.price / measure.scale)

    def cost_of(self, inputs: Inputs, rep_of: IntArray) -> float:
        """Add up the distances as exact fractions."""
        measure = measured(inputs, self.measure)
        values, seats = measure.values.tolist(), inputs.reps.id
        nodes = inputs.reps.levels[self.level] if self.level else ("",) * len(seats)
        column = inputs.accounts.extra[self.node_column].tolist() if self.level else [""] * len(values)
        weight = [Fraction(self.weights.get(seat, Decimal(1))) for seat in seats]
        distance = Fraction(0)
        for j, node in enumerate(nodes):
            load = sum(value for value, rep in zip(values, rep_of.tolist(), strict=True) if rep == j)
            total = sum(value for value, named in zip(values, column, strict=True) if named == node)
            peers = sum(part for part, other in zip(weight, nodes, strict=True) if other == node)
            distance += abs(load - total * weight[j] / peers)
        return float(distance / measure.scale) * self.price
