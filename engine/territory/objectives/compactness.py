"""What it costs that a territory spreads: its moment of inertia (Hess et al. 1965).

    sum_ij price * w_i * km_ij^2 * x_ij

with km_ij the distance from the home of seat j to account i and w_i a measure of the account, so that what weighs more
lies nearer to the home.
"""

from __future__ import annotations

from math import fsum
from typing import Literal

import numpy as np
from pydantic import Field

from engine.errors import Fault
from engine.fields import Real, Text
from engine.inputs import Inputs, IntArray
from engine.territory.geography.distance import kilometres, places
from engine.territory.measure import measure_faults, measured
from engine.territory.objective import Objective
from engine.territory.pair_costs import PairCost, WayCost
from engine.territory.target import SHOWN


class Compactness(Objective):
    """Squared great-circle kilometres from the seat's home, weighted by a measure of the account."""

    kind: Literal["compactness"] = "compactness"
    measure: Text = "count"
    """Measure that weighs the accounts: `count` (the default), `potential`, `workload` or a further column."""
    price: Real = Field(default=0.01, ge=0)
    """Currency units per unit of the measure and square kilometre; 0.01 unless given."""

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Return an unknown or negative measure, and missing places."""
        found = measure_faults(inputs, self.measure)
        if not found and (measured(inputs, self.measure).values < 0).any():
            message = f"measure '{self.measure}' is negative for some accounts."
            found.append(Fault("E_RANGE", message, "Weigh by another measure.", field="measure"))
        for what, table in (("seats", inputs.reps), ("accounts", inputs.accounts)):
            lost = np.flatnonzero(np.isnan(table.latitude) | np.isnan(table.longitude))
            if len(lost):
                shown = ", ".join(table.id[i] for i in lost[:SHOWN]) + " ..." * (len(lost) > SHOWN)
                message = f"{len(lost)} {what} have no coordinates: {shown}."
                found.append(Fault("E_REQUIRED", message, "Give their latitude and longitude."))
        return found

    def declare(self, inputs: Inputs) -> PairCost:
        """Declare the price of each pair."""
        measure, (place, home) = measured(inputs, self.measure), places(inputs)
        return WayCost(place, home, self.price * (measure.values / measure.scale), power=2)

    def cost_of(self, inputs: Inputs, rep_of: IntArray) -> float:
        """Add up the moments of a finished alignment one by one."""
        accounts, reps = inputs.accounts, inputs.reps
        measure = measured(inputs, self.measure)
        moments = []
        for i, rep in enumerate(rep_of.tolist()):
            here = (float(accounts.latitude[i]), float(accounts.longitude[i]))
            home = (float(reps.latitude[rep]), float(reps.longitude[rep]))
            weight = int(measure.values[i, rep] if measure.by_seat else measure.values[i])
            moments.append(weight * kilometres(here, home) ** 2 / measure.scale)
        return self.price * fsum(moments)
