"""What it costs that seats do not carry the same.

    price * sum_j |sum_i w_i x_ij - t_j|

with t_j the mean of the seats (shared by weight). For alignments that balance measures without travel.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import Field

from engine.errors import Fault
from engine.fields import Real
from engine.inputs import Inputs, IntArray
from engine.territory.declaration import Spread
from engine.territory.measure import measured
from engine.territory.objective import Objective
from engine.territory.plain import owned, shares
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
        return Spread(measure, target, target, self.price / measure.scale)

    def cost_of(self, inputs: Inputs, rep_of: IntArray) -> float:
        """Add up the distances as exact fractions."""
        measure = measured(inputs, self.measure)
        load = owned(measure, rep_of, len(inputs.reps))
        middle = shares(inputs, self, measure.values.tolist())
        distance = sum(abs(mine - share) for mine, share in zip(load, middle, strict=True))
        return float(distance / measure.scale) * self.price
