"""No account is farther from its seat's home than a rep may travel.

x_ij = 0        where the way from seat j to account i is longer than allowed

Distances are real numbers: the check of a finished alignment allows a relative 1e-9 for their rounding.
"""

from __future__ import annotations

from typing import Literal, Self

import numpy as np
from pydantic import Field, model_validator

from engine.errors import Fault
from engine.fields import Real, refuse
from engine.inputs import Inputs, IntArray
from engine.territory.constraint import Constraint
from engine.territory.declaration import Forbidden
from engine.territory.geography.travelled import Travelled

HAIR = 1e-9


class MaxTravel(Constraint, Travelled):
    """Longest way from the seat's home to an account, in kilometres or hours."""

    kind: Literal["max_travel"] = "max_travel"
    km: Real | None = Field(default=None, ge=0)
    """Longest way there in kilometres. Either this or `hours`, or both."""
    hours: Real | None = Field(default=None, ge=0)
    """Longest way there in hours: of the table where it says so, else at `speed_kmh`."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.km is None and self.hours is None:
            raise refuse("E_REQUIRED", "no limit is given", "Give km or hours.")
        return self

    @property
    def needs_pairs(self) -> bool:
        """Every way is measured."""
        return True

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Return missing places, or missing pairs of the table."""
        return self.way_faults(inputs)

    def declare(self, inputs: Inputs) -> Forbidden:
        """Declare the pairs that are too far, or without a distance; an account without a place may go anywhere."""
        km = self.way_km(inputs)
        never = np.isnan(km) if self.by == "table" else np.zeros(km.shape, dtype=np.bool_)
        if self.km is not None:
            never |= km > self.km * (1 + HAIR)
        if self.hours is not None:
            never |= self.way_hours(inputs) > self.hours * (1 + HAIR)
        return Forbidden.of(never)

    def violations(self, inputs: Inputs, rep_of: IntArray) -> list[str]:
        """Measure the way to each account."""
        found = []
        for i, (km, hours) in enumerate(self.ways_of(inputs, rep_of)):
            far = self.km is not None and km > self.km * (1 + HAIR)
            long = self.hours is not None and hours > self.hours * (1 + HAIR)
            if far or long or km == float("inf"):
                seat = inputs.reps.id[int(rep_of[i])]
                way = f"{km:,.1f} km and {hours:,.1f} hours" if km < float("inf") else "no known way"
                found.append(f"{self.title}: account {inputs.accounts.id[i]} is {way} from seat {seat}.")
        return found
