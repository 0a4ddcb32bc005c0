"""Workload from calls: what the visits to an account take a year, with the way from the seat's home.

    minutes_ij = floor(60 visits_i (hours_per_visit_i + ways * travel_hours_ij) + 1/2)

Whole minutes, so that rows and plain checks speak the same integers. They depend on the seat.
"""

from __future__ import annotations

import numpy as np
from pydantic import Field

from engine.errors import Fault
from engine.fields import Flag, Real, Text
from engine.inputs import FloatArray, Inputs
from engine.territory.geography.travelled import Travelled
from engine.territory.measure import Measured
from engine.territory.selection import column_faults

MINUTES = 60


class Calls(Travelled):
    """How the visits to an account add up to hours a year."""

    visits: Real = Field(default=12.0, ge=0)
    """Visits to an account a year; 12 unless given."""
    visits_column: Text = ""
    """Column of the accounts with the visits a year of each; `visits` for all unless given."""
    hours_per_visit: Real = Field(default=1.0, ge=0)
    """Hours that a visit takes without the way; 1 unless given."""
    hours_column: Text = ""
    """Column of the accounts with the hours of a visit of each; `hours_per_visit` for all unless given."""
    round_trip: Flag = True
    """Whether every visit is a way there and back; true unless given."""

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Return missing ways and unusable columns."""
        found = self.way_faults(inputs)
        for field in ("visits_column", "hours_column"):
            found += number_faults(inputs, getattr(self, field), field)
        return found

    def measured(self, inputs: Inputs) -> Measured:
        """Return the minutes of each pair, shown in hours; an unknown way takes none (a table's is forbidden)."""
        hours = np.nan_to_num(self.way_hours(inputs), nan=0.0)
        there_and_back = 2.0 if self.round_trip else 1.0
        visits = _column(inputs, self.visits_column, self.visits)[:, None]
        each = _column(inputs, self.hours_column, self.hours_per_visit)[:, None]
        minutes = np.floor(MINUTES * visits * (each + there_and_back * hours) + 0.5)
        return Measured("calls", minutes.astype(np.int64), MINUTES, "hours")


def _column(inputs: Inputs, name: str, value: float) -> FloatArray:
    if name:
        return np.asarray(inputs.accounts.extra[name], dtype=np.float64)
    return np.full(len(inputs.accounts), value)


def number_faults(inputs: Inputs, name: str, field: str) -> list[Fault]:
    """Return a fault when a column, where one is named, does not hold a number of 0 or more for every account."""
    if not name:
        return []
    missing = column_faults(inputs.accounts.extra, name, field)
    if missing:
        return missing
    cells = np.asarray(inputs.accounts.extra[name])
    if cells.dtype.kind in "if" and bool(np.isfinite(cells).all() and (cells >= 0).all()):
        return []
    message = f"column '{name}' does not hold a number, 0 or more, for every account."
    return [Fault("E_RANGE", message, "Fill and correct it.", field=field)]
