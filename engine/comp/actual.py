"""Actual: the year as it stands at `as_of`, with what was booked in place of what was simulated.

Closed periods hold the credit of the deals that were won. The period in which `as_of` lies holds what was won in it and
the part of its simulated credit that falls, by days, from `as_of` on. Later periods stay as they were simulated.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.calendar import Calendar
from engine.comp.rounding import Rounding
from engine.comp.terms import cut
from engine.inputs import Inputs, IntArray, Opportunities
from engine.measures import Measure, Measures
from engine.pipeline.bookings import Bookings


def closed_periods(calendar: Calendar) -> int:
    """Return how many periods lie before `as_of` as a whole; 0 without one."""
    if calendar.as_of is None:
        return 0
    return int((calendar.edges[1:] <= calendar.as_of).sum())


def as_it_stands(
    inputs: Inputs, bookings: Bookings, measures: Measures, rounding: Rounding
) -> Bookings | None:
    """Return the bookings with what is known in place; None where nothing is."""
    calendar = inputs.calendar
    if calendar.as_of is None or inputs.actuals is None:
        return None
    length = np.diff(calendar.edges).astype(np.int64)
    gone = np.clip((calendar.as_of - calendar.edges[:-1]).astype(np.int64), 0, length)
    cube = np.array(bookings.cube, dtype=np.int64)
    for p in np.flatnonzero(gone):
        cube[:, :, p] = cut(cube[:, :, p], gone[p], length[p], length[p], rounding)
    for m, name in enumerate(bookings.measures):
        cube[..., m] += credit(inputs, inputs.actuals, measures.get(name, Measure()))
    return replace(bookings, cube=cube)


def credit(inputs: Inputs, deals: Opportunities, measure: Measure) -> IntArray:
    """Return what a measure counts of won deals by (rep, period); a deal without a seat counts for nobody."""
    cells = np.zeros((len(inputs.reps), inputs.calendar.periods), dtype=np.int64)
    period = inputs.calendar.period_of(inputs.calendar.day(deals.closed))
    counts = (deals.outcome == 1) & (deals.rep >= 0) & (period >= 0)
    for row in np.flatnonzero(counts):
        product, account = int(deals.product[row]), int(deals.account[row])
        sold = inputs.products.id[product] if product >= 0 else ""
        segment = inputs.accounts.segment[account] if account >= 0 else ""
        if (not measure.products or sold in measure.products) and (
            not measure.segments or segment in measure.segments
        ):
            worth = max(int(deals.amount[row]), 0) if measure.quantity == "amount" else 1
            cells[deals.rep[row], period[row]] += worth
    return cells
