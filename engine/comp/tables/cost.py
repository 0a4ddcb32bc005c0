"""Tables of cost: by plan, by node of the hierarchy and by role, per period and year, and the year as a histogram.

Where no table of people has a column `role`, the plan is the role of a person, and cost by role is cost by plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from engine.columns import Column, Table
from engine.comp.groups import FEWEST, shown_plans
from engine.comp.loading import Loading
from engine.comp.payouts import Payouts
from engine.comp.spread import reserve_interval, spread, spread_columns
from engine.comp.sums import Sums
from engine.comp.tables.frames import histogram, table
from engine.inputs import FloatArray, Inputs, Words

BINS = 40
_FIGURES = [
    *spread_columns(),
    Column("reserve", "money", "P90 less P50; the budget is P50."),
    Column(
        "reserve_low",
        "money",
        "Lower end of the 95 % interval of reserve; blank where replications are too few.",
    ),
    Column("reserve_high", "money", "Upper end of it."),
]
_HIDDEN = f" Groups of fewer than {FEWEST} people, and what would tell them, are left out."


def cost(inputs: Inputs, payouts: Payouts, loading: Loading) -> Table:
    """Return cost by plan, period and figure; single on-costs for all plans together."""
    figures = {"total": payouts.cost, "variable": payouts.variable, "salary": payouts.cost - payouts.variable}
    if loading.costs:
        figures |= {"on-costs": loading.by_plan, "loaded": payouts.cost + loading.by_plan}
    kept = shown_plans(inputs, payouts.plans)
    cubes = [("all", figure, cube.sum(axis=2)) for figure, cube in figures.items()]
    cubes += [("all", item.name, loading.by_item[:, :, i]) for i, item in enumerate(loading.costs)]
    cubes += [
        (plan, figure, cube[:, :, k])
        for k, plan in enumerate(payouts.plans)
        if plan in kept
        for figure, cube in figures.items()
    ]
    rows = [
        (plan, period, figure, *numbers)
        for plan, figure, pay in cubes
        for period, *numbers in _by_period(pay, inputs.calendar.labels)
    ]
    columns = [
        Column("plan", "text", "Comp plan, or `all`."),
        Column("period", "text", "Period of payment, or `year` for the whole plan."),
        Column(
            "figure", "text", "total = salary + variable; loaded = total + on-costs; an on-cost by its name."
        ),
        *_FIGURES,
    ]
    hidden = _HIDDEN if len(kept) < len(payouts.plans) else ""
    return table("cost", "Comp cost when it is paid." + hidden, columns, rows)


def cost_by_group(inputs: Inputs, sums: Sums, loading: Loading) -> Table:
    """Return total and loaded cost by node of the hierarchy, or role, and period."""
    figures = {"total": sums.pay}
    if loading.costs:
        figures["loaded"] = sums.pay + loading.by_group
    rows = [
        (group.level, group.name, group.people, period, figure, *numbers)
        for g, group in enumerate(sums.groups)
        for figure, cube in figures.items()
        for period, *numbers in _by_period(cube[:, :, g], inputs.calendar.labels)
    ]
    columns = [
        Column("level", "text", "Level of the hierarchy, such as region; or role."),
        Column("group", "text", "Node of the level, with those above it; or the role."),
        Column("people", "whole", "People with a comp plan who hold such a seat at some time in the plan."),
        Column("period", "text", "Period of payment, or `year` for the whole plan."),
        Column("figure", "text", "total = salary and variable pay; loaded = total + on-costs."),
        *_FIGURES,
    ]
    meaning = "Comp cost, when it is paid, of the people in the seats below a node, or of a role."
    return table("cost_by_group", meaning + _HIDDEN, columns, rows)


def cost_distribution(payouts: Payouts) -> Table:
    """Return the cost of the whole plan as a histogram."""
    columns = [
        Column("from", "money", "Lower edge, included."),
        Column("to", "money", "Upper edge, excluded but for the last."),
        Column("share", "ratio", "Share of replications."),
    ]
    year = payouts.cost.sum(axis=(1, 2))
    rows = histogram(year, _edges(year))
    return table("cost_distribution", "Total comp cost of the whole plan.", columns, rows)


def _edges(year: FloatArray) -> FloatArray:
    """Return the edges of the bins, whole minor units; one bin where all replications cost the same."""
    if not year.size:
        return np.zeros(2)
    edges = np.unique(np.rint(np.linspace(year.min(), year.max(), BINS + 1)))
    return edges if edges.size > 1 else np.repeat(edges, 2)


def _by_period(pay: FloatArray, labels: Words) -> Iterator[tuple[Any, ...]]:
    """Yield the figures of pay by (replication, period), minor units, in each period and in the year."""
    for period, values in zip((*labels, "year"), (*pay.T, pay.sum(axis=1)), strict=True):
        numbers = spread(np.ascontiguousarray(values))
        p50, p90 = (np.rint(numbers[3 * place]) for place in (2, 3))
        yield (period, *numbers, p90 - p50, *reserve_interval(values))
