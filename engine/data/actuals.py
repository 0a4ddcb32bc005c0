"""Actuals: deals that were closed between the start of the plan and the day it is looked at."""

from __future__ import annotations

import numpy as np

from engine.calendar import Calendar
from engine.data.deals import OPEN, Axes, deals
from engine.data.rows import Rows
from engine.data.spec import ActualsTable
from engine.errors import Fault
from engine.inputs import Opportunities


def actuals(
    rows: Rows, spec: ActualsTable | None, axes: Axes, calendar: Calendar, currency: str
) -> Opportunities | None:
    """Return the deals closed in [start of the plan, as_of); None, and a fault, where the scenario has no `as_of`."""
    assert spec is not None
    if calendar.as_of is None:
        message = "actuals tell of the plan so far, and the scenario does not say how far that is"
        hint = "Give `as_of: 2027-07-01`, the first day that is still open."
        rows.verdicts.faults.append(Fault("E_REQUIRED", message, hint, field="data.actuals"))
        return None
    table = deals(rows, axes, spec.outcomes, currency)

    def say(row: int) -> str:
        return str(table.id[row])

    shut = table.outcome != OPEN
    early, late = table.closed < calendar.start, table.closed >= calendar.as_of
    rows.drop(~shut, "still open", say, "stage")
    rows.drop(shut & early, f"closed before {calendar.start}", say, "closed")
    rows.drop(shut & late, f"closed on or after {calendar.as_of}", say, "closed")
    return table.opportunities(np.asarray(shut & ~early & ~late, dtype=bool))
