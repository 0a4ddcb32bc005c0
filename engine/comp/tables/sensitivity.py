"""Tables of cost by company attainment: the curve with its fan, and how much of the spread each accounts for."""

from __future__ import annotations

import numpy as np

from engine.columns import Column, Table
from engine.comp.payouts import Payouts
from engine.comp.sensitivity import Bin, bins, company_attainment, spreads
from engine.comp.tables.frames import table
from engine.inputs import FloatArray
from engine.pipeline.bookings import Bookings
from engine.quota.quotas import Quotas

_HOW = (
    "Replications are sorted by company attainment, credit of all seats over their quotas, and cut into bins of "
    "equally many; cost is moved to the mean attainment of its bin along a broken line fitted to all of them."
)


def cut(bookings: Bookings, quotas: Quotas, payouts: Payouts) -> list[Bin]:
    """Return the bins of the year's total cost."""
    attainment = company_attainment(bookings.measure(quotas.measure), quotas.by_period)
    return bins(attainment, payouts.cost.sum(axis=(1, 2)))


def cost_by_attainment(parts: list[Bin]) -> Table:
    """Return the curve of cost by company attainment with the fan at each point."""
    columns = [
        Column("attainment", "ratio", "Mean company attainment of the bin."),
        Column("from", "ratio", "Lowest company attainment of the bin."),
        Column("to", "ratio", "Highest company attainment of the bin."),
        Column("replications", "whole", "Replications of the bin."),
        Column("mean", "money", "Mean cost of the whole plan."),
        *(
            Column(f"p{p}", "money", f"{p} % of the bin's replications lie at or below.")
            for p in (10, 50, 90)
        ),
        Column("per_point", "money", "Cost of one more point (1 %) of attainment, on the fitted line."),
    ]
    rows = [
        (
            float(part.attainment.mean()),
            float(part.attainment.min()),
            float(part.attainment.max()),
            part.cost.size,
            float(part.cost.mean()),
            *_quantiles(part.fan),
            part.slope / 100,
        )
        for part in parts
    ]
    return table(
        "cost_by_attainment", f"Comp cost of the whole plan by company attainment. {_HOW}", columns, rows
    )


def cost_variation(parts: list[Bin]) -> Table:
    """Return how much of the spread of cost is sensitivity and how much volatility."""
    columns = [
        Column("figure", "text", "Which figure."),
        Column("deviation", "money", "Standard deviation of the year's cost."),
        Column("share", "ratio", "Share of the variance of cost."),
        Column("definition", "text", "How it is defined."),
    ]
    if not parts:
        return table("cost_variation", "How cost varies.", columns, [])
    whole, sensitivity, volatility = spreads(parts)
    rows = [
        (figure, deviation, deviation**2 / whole**2 if whole else float("nan"), definition)
        for figure, deviation, definition in (
            ("total", whole, "cost of the whole plan over replications"),
            ("sensitivity", sensitivity, "cost expected at the company attainment of each replication"),
            ("volatility", volatility, "cost around what is expected at the same company attainment"),
        )
    ]
    return table("cost_variation", f"How cost varies. {_HOW}", columns, rows)


def _quantiles(values: FloatArray) -> tuple[float, ...]:
    return tuple(float(q) for q in np.percentile(values, (10, 50, 90)))
