"""Outlook: what was booked before `as_of` beside what is simulated from then on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine import amounts
from engine.columns import Column, Table
from engine.inputs import Inputs, IntArray
from engine.measures import Measures
from engine.pipeline.summary import MEAN, quantile_columns, summed_up

_LEVELS = (10, 50, 90)


def outlook_table(inputs: Inputs, measures: Measures, cube: IntArray, actual: IntArray) -> Table:
    """Return actual bookings and the forecast of the rest by period, and for the plan.

    Args:
        inputs: calendar and currency; the calendar has an `as_of`.
        measures: names and quantities, in the order of the last axis.
        cube: bookings with what was booked in them, shape (replication, rep, period, measure).
        actual: what was booked, shape (rep, period, measure).

    """
    plan, minor = inputs.calendar, 10.0 ** amounts.decimals(inputs.currency)
    spans = [(label, period, period + 1) for period, label in enumerate(plan.labels)]
    spans.append(("plan", 0, plan.periods))
    whole, known = cube.sum(axis=1), actual.sum(axis=0)
    rows = []
    for place, (name, measure) in enumerate(measures.items()):
        unit = minor if measure.quantity == "amount" else 1.0
        for label, first, last in spans:
            before = int(known[first:last, place].sum())
            ahead = (whole[:, first:last, place].sum(axis=1) - before) / unit
            figures = summed_up(np.asarray(ahead, dtype=np.float64), *_LEVELS)
            rows.append({"period": label, "measure": name, "actual": before / unit} | figures)
    columns = (
        Column("period", "text", "period of the close, or `plan` for all of them"),
        Column("measure", "text", "measure of won deals"),
        Column("actual", "real", f"booked before {plan.as_of}; amounts in currency units"),
        MEAN,
        *quantile_columns(*_LEVELS),
    )
    meaning = f"Bookings of all seats as of {plan.as_of}: what was booked before, and what is simulated from then on."
    return Table("bookings_outlook", columns, pd.DataFrame(rows), meaning)
