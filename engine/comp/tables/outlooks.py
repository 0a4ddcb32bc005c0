"""Table of the budget against what the plans pay on actual deals, and the forecast for the rest."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.columns import Column, Table
from engine.comp.budget import YEAR
from engine.comp.ledger import Ledger
from engine.comp.tables.frames import quantile_columns, quantiles, table
from engine.comp.year import Year
from engine.inputs import FloatArray, Inputs, Words

PERCENTS = (10, 50, 90)
_NONE = float("nan")


def outlook(year: Year) -> Table:
    """Return budget, actual and forecast by period, to date, for the rest and for the year.

    Args:
        year: the settled year; its calendar has an `as_of`.

    """
    given = year.given
    calendar = given.inputs.calendar
    columns = [
        Column("figure", "text", "total = salary + variable."),
        Column("period", "text", "Period of payment; `to date`, `rest` and `year` add periods up."),
        Column("budget", "money", "`comp.budget` of the scenario; `to date` and `rest` add its periods up."),
        Column("actual", "money", "What the plans pay on the deals that were won; closed periods."),
        Column("over", "money", "Actual less budget; for the year the forecast's P50 less budget."),
        *quantile_columns(PERCENTS),
    ]
    name, day = "cost_outlook", calendar.as_of
    if given.inputs.actuals is None:
        return table(name, f"Not available: no table tells which deals were won before {day}.", columns, [])
    closed = calendar.closed
    rows: list[tuple[Any, ...]] = []
    for figure in ("total", "variable"):
        pay = _figure(year.ledger, figure)
        spans = [(label, p, p + 1) for p, label in enumerate(calendar.labels)]
        spans += [("to date", 0, closed), ("rest", closed, calendar.periods), (YEAR, 0, calendar.periods)]
        for label, first, last in spans:
            known, empty = last <= closed, first == last
            budget = _budget(given.inputs, figure, label, calendar.labels[first:last])
            values = pay[:, first:last].sum(axis=1)
            actual = float(values[0]) if known and values.size and not empty else _NONE
            figures = quantiles(values[:0] if known or empty else values, PERCENTS)
            over = (actual if known else np.rint(figures[2]) if label == YEAR else _NONE) - budget
            rows.append((figure, label, _NONE if empty else budget, actual, over, *figures))
    meaning = (
        f"Comp cost against budget as of {day}. Actual: closed periods, the plans on the deals that were won. "
        "Forecast: open periods, given those deals; the period that is under way has what was won in it and what is "
        "simulated from that day on."
    )
    return table(name, meaning, columns, rows)


def _budget(inputs: Inputs, figure: str, label: str, periods: Words) -> float:
    """Return the budget of a span; NaN where there is none."""
    if inputs.budget is None:
        return _NONE
    named = [label] if label == YEAR else list(periods)
    found = [inputs.budget.of(figure, period) for period in named]
    known = [amount for amount in found if amount is not None]
    return float(sum(known)) if found and len(known) == len(found) else _NONE


def _figure(ledger: Ledger, figure: str) -> FloatArray:
    """Return pay of all plans by (replication, period)."""
    pay: FloatArray = ledger.variable.sum(axis=2)
    return pay + ledger.salary.sum(axis=1) if figure == "total" else pay
