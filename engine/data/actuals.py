"""Actuals: what was closed between the start of the plan and the day it is looked at: deals, renewals, expansions."""

from __future__ import annotations

import numpy as np

from engine.calendar import Calendar
from engine.data.currencies import Exchange
from engine.data.deals import OPEN, Axes, again, deals
from engine.data.rows import Rows
from engine.data.spec import ActualsTable
from engine.errors import Fault
from engine.inputs import Opportunities


def actuals(
    rows: Rows, spec: ActualsTable | None, axes: Axes, calendar: Calendar, exchange: Exchange
) -> tuple[Opportunities | None, Opportunities | None]:
    """Return the deals closed in [start of the plan, as_of), and the renewals and expansions booked in it.

    The latter are None where the table has no column `kind`. Both are None, with a fault, without an `as_of`.
    """
    assert spec is not None
    if calendar.as_of is None:
        message = "actuals tell of the plan so far, and the scenario does not say how far that is"
        hint = "Give `as_of: 2027-07-01`, the first day that is still open."
        rows.verdicts.faults.append(Fault("E_REQUIRED", message, hint, field="data.actuals"))
        return None, None
    table = deals(rows, axes, spec.outcomes, exchange)

    def say(row: int) -> str:
        return str(table.id[row])

    shut = table.outcome != OPEN
    early, late = table.closed < calendar.start, table.closed >= calendar.as_of
    rows.drop(~shut, "still open", say, "stage")
    rows.drop(shut & early, f"closed before {calendar.start}", say, "closed")
    rows.drop(shut & late, f"closed on or after {calendar.as_of}", say, "closed")
    booked = np.asarray(shut & ~early & ~late, dtype=bool)
    if not rows.has("kind"):
        return table.opportunities(booked), None
    kind, renewed = again(rows)
    return table.opportunities(booked & ~renewed), table.renewals(booked & renewed, kind)
