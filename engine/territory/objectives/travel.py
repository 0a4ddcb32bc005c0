"""What it costs to visit the accounts.

sum_ij price_per_km * visits_i * km_ij * x_ij
"""

from __future__ import annotations

from math import fsum
from typing import Literal

import numpy as np
from pydantic import Field

from engine.errors import Fault
from engine.fields import Real, Text
from engine.inputs import FloatArray, Inputs, IntArray
from engine.territory.calls import number_faults
from engine.territory.geography.distance import places
from engine.territory.geography.travelled import Travelled
from engine.territory.objective import Objective
from engine.territory.pair_costs import PairCost, Tabled, WayCost


class Travel(Objective, Travelled):
    """Kilometres from the seat's home to the account, times visits, times the price of a kilometre."""

    kind: Literal["travel"] = "travel"
    price_per_km: Real = Field(default=0.5, ge=0)
    """Currency units per kilometre of the way there; 0.5 unless given. Double it when the way back counts too."""
    visits: Real = Field(default=12.0, ge=0)
    """Visits to an account a year; 12 unless given."""
    visits_column: Text = ""
    """Column of the accounts with the visits a year of each; `visits` for all unless given."""

    @property
    def needs_pairs(self) -> bool:
        """Whether a table of distances is read."""
        return self.by == "table"

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Return missing places or distances, and an unusable column of visits."""
        return [*self.way_faults(inputs), *number_faults(inputs, self.visits_column, "visits_column")]

    def declare(self, inputs: Inputs) -> PairCost:
        """Declare the price of each pair; a pair that the table leaves out is forbidden by an infinite one."""
        price = self.price_per_km * self._visits(inputs)
        if self.by == "great_circle":
            return WayCost(*places(inputs), price)
        km = self.way_km(inputs)
        return Tabled(np.where(np.isnan(km), np.inf, km * price[:, None]))

    def _visits(self, inputs: Inputs) -> FloatArray:
        if self.visits_column:
            return np.asarray(inputs.accounts.extra[self.visits_column], dtype=np.float64)
        return np.full(len(inputs.accounts), self.visits)

    def cost_of(self, inputs: Inputs, rep_of: IntArray) -> float:
        """Add up the ways of a finished alignment one by one."""
        column = inputs.accounts.extra[self.visits_column].tolist() if self.visits_column else None
        ways = []
        for i, (km, _) in enumerate(self.ways_of(inputs, rep_of)):
            visits = self.visits if column is None else float(column[i])
            ways.append(km if km == float("inf") else visits * km)
        return self.price_per_km * fsum(ways)
