"""Shadow prices: what the last unit of each bound costs.

The prices are the duals of the LP over all columns (accounts may be split there), not of the plan: a bound that gives
by a little lowers the LP's cost by price times the little. The plan itself moves in whole accounts, so it gains in
steps; its own slack stands beside the price. A rule with a price and some slack is one that the plan cannot fill
exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.columns import Column, Table
from engine.inputs import FloatArray, IntArray
from engine.territory.declaration import Band, Budget
from engine.territory.plain_rows import in_currency, table_of
from engine.territory.problem import Named, Problem, loads
from engine.territory.why.multipliers import Multipliers

COLUMNS = (
    Column("rule", "text", "Name of the rule"),
    Column("seat", "text", "Seat whose bound it is, or what the rule calls it; blank for a rule over all"),
    Column("side", "text", "lower or upper"),
    Column("measure", "text", "What is bounded"),
    Column("price", "real", "Cost that one more unit of the bound would save in the LP", "currency per unit"),
    Column("one_percent", "real", "Price of one hundredth of the bound", "currency"),
    Column("bound", "real", "The bound", "unit of the measure"),
    Column("value", "real", "What the plan comes to", "unit of the measure"),
    Column("slack", "real", "How far the plan is from the bound", "unit of the measure"),
)


@dataclass(frozen=True)
class ShadowPrice:
    """One side of one row."""

    rule: str
    seat: str
    side: str
    measure: str
    price: float
    """Currency units per unit of the measure, 0 or more."""
    bound: float
    value: float
    unit: str


def shadow_prices(problem: Problem, found: Multipliers, rep_of: IntArray) -> Iterator[ShadowPrice]:
    """Yield each side of every band, each budget and each free row; `rep_of` is the plan, shape (account,)."""
    blocks = iter(found.formulation.rows)
    for band in problem.bands:
        rows, scale = next(blocks)
        yield from _band(problem, band, found.duals[rows] / scale, rep_of)
    for budget in problem.budgets:
        rows, scale = next(blocks)
        yield _budget(problem, budget, float(found.duals[rows][0]) / scale, rep_of)


def _band(problem: Problem, band: Named[Band], mu: FloatArray, rep_of: IntArray) -> Iterator[ShadowPrice]:
    measure, seats = band.what.measure, problem.rep_ids
    least, most = measure.extremes(len(seats))
    load = loads(measure, rep_of, len(seats))
    for side, sign, bounds, there in (
        ("lower", 1.0, band.what.lower, band.what.lower > least),
        ("upper", -1.0, band.what.upper, band.what.upper < most),
    ):
        price = np.maximum(sign * mu, 0.0) * measure.scale
        for j in np.flatnonzero(there).tolist():
            bound, value = float(bounds[j]) / measure.scale, float(load[j]) / measure.scale
            yield ShadowPrice(
                band.title, seats[j], side, measure.name, float(price[j]), bound, value, measure.unit
            )


def _budget(problem: Problem, budget: Named[Budget], mu: float, rep_of: IntArray) -> ShadowPrice:
    measure = budget.what.measure
    bound, value = budget.what.limit / measure.scale, problem.used(budget.what, rep_of) / measure.scale
    price = max(-mu, 0.0) * measure.scale
    return ShadowPrice(budget.title, "", "upper", measure.name, price, bound, value, measure.unit)


def table(problem: Problem, found: Multipliers, rep_of: IntArray, currency: str) -> Table:
    """Return the table `shadow_prices`."""
    rows = [
        (
            p.rule,
            p.seat,
            p.side,
            p.measure,
            p.price,
            p.price * abs(p.bound) / 100,
            p.bound,
            p.value,
            abs(p.bound - p.value),
        )
        for p in shadow_prices(problem, found, rep_of)
    ]
    part = "" if found.converged else "; the LP was stopped early, so these are those of a part of it"
    meaning = f"What one more unit of each bound would save in the LP{part}"
    return table_of("shadow_prices", in_currency(COLUMNS, currency), rows, meaning)
