"""Table of the budget against what the plans pay on actual deals, and the forecast for the rest."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.columns import Column, Table
from engine.comp.actual import closed_periods
from engine.comp.ledger import Ledger
from engine.comp.tables.frames import quantile_columns, quantiles, table
from engine.comp.year import Year
from engine.inputs import FloatArray

PERCENTS = (10, 50, 90)
_NONE = float("nan")


def outlook(plan: Year, now: Year) -> Table:
    """Return budget, actual and forecast by period, to date, for the rest and for the year.

    Args:
        plan: the simulated year, which the budget is set on; its calendar has an `as_of`.
        now: the year as it stands.

    """
    given = plan.given
    calendar = given.inputs.calendar
    columns = [
        Column("figure", "text", "total = salary + variable."),
        Column("period", "text", "Period of payment; `to date`, `rest` and `year` add periods up."),
        Column("budget", "money", "P50 of the simulated year: of the sum, not the sum of medians."),
        Column("actual", "money", "What the plans pay on the deals that were won; closed periods."),
        Column("over", "money", "Actual less budget; for the year the forecast's P50 less budget."),
        *quantile_columns(PERCENTS),
    ]
    name, day = "cost_outlook", calendar.as_of
    if given.inputs.actuals is None:
        return table(name, f"Not available: no table tells which deals were won before {day}.", columns, [])
    closed = closed_periods(calendar)
    rows: list[tuple[Any, ...]] = []
    for figure in ("total", "variable"):
        before, after = _figure(plan.ledger, figure), _figure(now.ledger, figure)
        spans = [(label, p, p + 1) for p, label in enumerate(calendar.labels)]
        spans += [("to date", 0, closed), ("rest", closed, calendar.periods), ("year", 0, calendar.periods)]
        for label, first, last in spans:
            known, empty = last <= closed, first == last
            budget = float(np.rint(np.median(before[:, first:last].sum(axis=1)))) if before.size else _NONE
            values = after[:, first:last].sum(axis=1)
            actual = float(values[0]) if known and values.size and not empty else _NONE
            figures = quantiles(values[:0] if known or empty else values, PERCENTS)
            over = (actual if known else np.rint(figures[2]) if label == "year" else _NONE) - budget
            rows.append((figure, label, _NONE if empty else budget, actual, over, *figures))
    meaning = (
        f"Comp cost against budget as of {day}. Actual: closed periods, the plans on the deals that were won. "
        "Forecast: open periods, given those deals; the period that is under way has what was won in it and simulated "
        "credit for its days from then on."
    )
    return table(name, meaning, columns, rows)


def _figure(ledger: Ledger, figure: str) -> FloatArray:
    """Return pay of all plans by (replication, period)."""
    pay: FloatArray = ledger.variable.sum(axis=2)
    return pay + ledger.salary.sum(axis=1) if figure == "total" else pay
