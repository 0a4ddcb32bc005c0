"""What it costs to visit the accounts.

sum_ij price_per_km * visits_i * km_ij * x_ij
"""

from __future__ import annotations

from math import fsum
from typing import Literal

import numpy as np
from pydantic import Field

from engine.errors import Fault, did_you_mean
from engine.fields import Real, Text
from engine.inputs import FloatArray, Inputs, IntArray
from engine.territory.declaration import PairCost
from engine.territory.distance import distances, kilometres
from engine.territory.objective import Objective
from engine.territory.target import SHOWN


class Travel(Objective):
    """Great-circle kilometres from the seat's home to the account, times visits, times the price of a kilometre."""

    kind: Literal["travel"] = "travel"
    price_per_km: Real = Field(default=0.5, ge=0)
    """Currency units per kilometre of the way there; 0.5 unless given. Double it when the way back counts too."""
    visits: Real = Field(default=12.0, ge=0)
    """Visits to an account a year; 12 unless given."""
    visits_column: Text = ""
    """Column of the accounts with the visits a year of each; `visits` for all unless given."""
    unlocated: Literal["refuse", "free"] = "refuse"
    """What an account without coordinates means: `refuse` the run (the default), or `free`: it costs no travel."""

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Return missing places and an unusable column of visits."""
        found = []
        for what, table, field in (("seats", inputs.reps, ""), ("accounts", inputs.accounts, "unlocated")):
            lost = np.flatnonzero(np.isnan(table.latitude) | np.isnan(table.longitude))
            if len(lost) and not (what == "accounts" and self.unlocated == "free"):
                shown = ", ".join(table.id[i] for i in lost[:SHOWN]) + " ..." * (len(lost) > SHOWN)
                hint = "Give their latitude and longitude" + (", or unlocated: free." if field else ".")
                message = f"{len(lost)} {what} have no coordinates: {shown}."
                found.append(Fault("E_REQUIRED", message, hint, field=field))
        column = self.visits_column
        if column and column not in inputs.accounts.extra:
            hint = did_you_mean(column, inputs.accounts.extra)
            found.append(
                Fault("E_REFERENCE", f"the accounts have no column '{column}'.", hint, field="visits_column")
            )
        elif column and not _usable(np.asarray(inputs.accounts.extra[column])):
            message = f"column '{column}' does not hold a number of visits, 0 or more, for every account."
            found.append(
                Fault("E_RANGE", message, "Fill and correct it, or use visits.", field="visits_column")
            )
        return found

    def declare(self, inputs: Inputs) -> PairCost:
        """Declare the price of each pair."""
        km = np.nan_to_num(distances(inputs), nan=0.0)
        return PairCost(self.price_per_km * self._visits(inputs)[:, None] * km)

    def _visits(self, inputs: Inputs) -> FloatArray:
        if self.visits_column:
            return np.asarray(inputs.accounts.extra[self.visits_column], dtype=np.float64)
        return np.full(len(inputs.accounts), self.visits)

    def cost_of(self, inputs: Inputs, rep_of: IntArray) -> float:
        """Add up the ways of a finished alignment one by one."""
        accounts, reps = inputs.accounts, inputs.reps
        ways = []
        for i, rep in enumerate(rep_of.tolist()):
            here = (float(accounts.latitude[i]), float(accounts.longitude[i]))
            if here[0] == here[0] and here[1] == here[1]:
                visits = float(accounts.extra[self.visits_column][i]) if self.visits_column else self.visits
                ways.append(
                    visits * kilometres(here, (float(reps.latitude[rep]), float(reps.longitude[rep])))
                )
        return self.price_per_km * fsum(ways)


def _usable(visits: np.ndarray) -> bool:
    return visits.dtype.kind in "if" and bool(np.isfinite(visits).all() and (visits >= 0).all())
