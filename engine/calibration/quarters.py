"""Quarters: the month of the quarter of a day in the past, by the plan's own quarters."""

from __future__ import annotations

import numpy as np

from engine.calendar import Calendar, DateArray
from engine.inputs import IntArray


def month_of_quarter(calendar: Calendar, dates: DateArray) -> IntArray | None:
    """Return the month of the quarter of each date, 1 to 3, and 0 where it is not known; shape of `dates`.

    None where the periods are no calendar months: then nobody says how earlier years were cut.
    """
    if calendar.labels[0] != str(calendar.start)[:7]:
        return None
    month = dates.astype("datetime64[M]").astype(np.int64)
    first = calendar.start.astype("datetime64[M]").astype(np.int64)
    # A plan that begins within a quarter counts its months from the quarter's own start.
    begun = 3 - int((calendar.quarter == calendar.quarter[0]).sum()) if calendar.quarters > 1 else 0
    return np.where(np.isnat(dates), 0, (month - first + begun) % 3 + 1).astype(np.int64)
