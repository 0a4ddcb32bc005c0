"""Closed: the periods that are paid, which are those that have ended by `as_of`."""

from __future__ import annotations

import numpy as np

from engine.calendar import Calendar
from engine.errors import BadInput, Fault
from engine.pay.spec import PayScenario


def periods_closed(scenario: PayScenario, year: Calendar) -> int:
    """Return how many periods have ended by `as_of`.

    Raises:
        BadInput: none has, or the day lies after the year.

    """
    if scenario.as_of is None:
        return year.periods
    closed = int((year.edges[1:] <= np.datetime64(scenario.as_of, "D")).sum())
    if not closed:
        message = f"no period has ended by {scenario.as_of}; the first ends on {year.edges[1] - 1}"
    elif year.end < scenario.as_of:
        message = f"{scenario.as_of} lies after the plan, which ends on {year.end - 1}"
    else:
        return closed
    raise BadInput([Fault("E_DATE", message, "Give the day after the last period to pay.", field="as_of")])
