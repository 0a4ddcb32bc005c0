"""Table of comp cost of sales, with its definition."""

from __future__ import annotations

import numpy as np

from engine.columns import Column, Table
from engine.comp.payouts import Payouts
from engine.comp.spec import CompSpec
from engine.comp.spread import COVERED
from engine.comp.tables.frames import quantile_columns, quantiles, table
from engine.estimates import mean_of
from engine.pipeline.bookings import Bookings


def cost_of_sales(bookings: Bookings, spec: CompSpec, payouts: Payouts) -> Table:
    """Return cost over sales of the whole plan."""
    rule = spec.cost_of_sales
    cost = (payouts.cost if rule.cost == "total" else payouts.variable).sum(axis=(1, 2))
    sales = bookings.measure(rule.measure).sum(axis=(1, 2)).astype(np.float64)
    ratio = cost[sales > 0] / sales[sales > 0]
    what = "salary and variable pay" if rule.cost == "total" else "variable pay"
    definition = (
        f"{what} of everybody with a plan, as paid, over '{rule.measure}' of all seats, in the whole plan"
    )
    columns = [
        Column("figure", "text", "Which figure."),
        *quantile_columns((10, 50, 90), "ratio"),
        Column(
            "mean_low",
            "ratio",
            "Lower end of the 95 % interval of mean; blank where replications are too few for it.",
        ),
        Column("mean_high", "ratio", "Upper end of it."),
        Column("definition", "text", "How it is defined."),
    ]
    _, low, high = mean_of(ratio, COVERED)
    rows = [("cost_of_sales", *quantiles(ratio, (10, 50, 90)), low, high, definition)]
    return table("cost_of_sales", "Comp cost of sales, by replication.", columns, rows)
