"""Blocks of rows and columns of a formulation, one function per kind of declaration.

Each returns its rows with the integer units in one unit of a row, or its columns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.territory.declaration import Band, Budget, Held, Rows, Spread
from engine.territory.problem import Named, Problem, loads
from engine.territory.solving.scaling import size_of, unit, unit_of, weights_of
from solvers.model import Model

Block = tuple[IntArray, float]
"""Rows, and the integer units in one unit of a row."""


@dataclass(frozen=True)
class Pairs:
    """The pairs that a model is built over, and how hard its rules are."""

    problem: Problem
    account: IntArray
    rep: IntArray
    columns: IntArray
    """Column of each pair."""
    slack_price: float | None
    """Price of breaking a rule by its whole size; None where rules are hard."""
    margin: int


@dataclass(frozen=True)
class Auxiliary:
    """Columns that follow from an alignment."""

    columns: IntArray
    values: Callable[[IntArray], FloatArray]
    """From the seat of each account to the value of each column."""


Rule = Named[Band] | Named[Budget] | Named[Rows]


def slack(model: Model, pairs: Pairs, rule: Rule) -> IntArray:
    """Add the columns by which a rule may be broken: above, then below (a budget has no below)."""
    assert pairs.slack_price is not None
    divisor, power = unit_of(weights_of(rule.what))
    if isinstance(rule.what, Rows):
        count = 2 * len(rule.what.lower)
    else:
        count = 2 * len(pairs.problem.rep_ids) if isinstance(rule.what, Band) else 1
    price = pairs.slack_price * divisor * power / size_of(rule.what)
    return model.add_columns(f"{rule.title}_slack", count, cost=price, upper=inf, integer=False)


def band_rows(model: Model, pairs: Pairs, band: Named[Band], slack: IntArray | None) -> Block:
    """Add a row per seat."""
    rule, labels = band.what, pairs.problem.rep_ids
    divisor, power = unit(rule.measure)
    least, most = rule.measure.extremes(len(labels))
    lower = np.where(rule.lower <= least, -inf, -((-rule.lower - pairs.margin) // divisor) / power)
    upper = np.where(rule.upper >= most, inf, ((rule.upper - pairs.margin) // divisor) / power)
    row, column = pairs.rep, pairs.columns
    weight = (rule.measure.at(pairs.account, pairs.rep) // divisor) / power
    if slack is not None:
        seats = np.arange(len(labels))
        row, column = np.concatenate((row, seats, seats)), np.concatenate((column, slack))
        weight = np.concatenate((weight, -np.ones(len(seats)), np.ones(len(seats))))
    used = weight != 0
    rows = model.add_rows(
        band.title,
        row[used],
        column[used],
        weight[used],
        count=len(labels),
        lower=lower,
        upper=upper,
        labels=labels,
    )
    return rows, divisor * power


def budget_row(model: Model, pairs: Pairs, budget: Named[Budget], slack: IntArray | None) -> Block:
    """Add the one row of a budget."""
    use = pairs.problem.use(budget.what)[pairs.account, pairs.rep]
    divisor, power = unit_of(weights_of(budget.what))
    gone = use != 0
    column, weight = pairs.columns[gone], (use[gone] // divisor) / power
    if slack is not None:
        column, weight = np.concatenate((column, slack)), np.concatenate((weight, [-1.0]))
    upper = ((budget.what.limit - pairs.margin) // divisor) / power
    none = np.zeros(len(column), dtype=np.int64)
    return model.add_rows(budget.title, none, column, weight, count=1, upper=upper), divisor * power


def spread_columns(model: Model, title: str, spread: Spread, price: float) -> Auxiliary:
    """Add what lies above and below the range of each seat, in units of a row."""
    divisor, power = unit(spread.measure)
    scale, count = divisor * power, len(spread.lower)
    sides = [
        model.add_columns(f"{title}_{side}", count, cost=price * scale, upper=inf, integer=False)
        for side in ("over", "under")
    ]

    def values(rep_of: IntArray) -> FloatArray:
        load = loads(spread.measure, rep_of, count)
        both = np.maximum(load - spread.upper, 0), np.maximum(spread.lower - load, 0)
        return np.asarray(np.concatenate(both) / scale, dtype=np.float64)

    return Auxiliary(np.concatenate(sides), values)


def spread_rows(model: Model, pairs: Pairs, title: str, spread: Spread, columns: IntArray) -> Block:
    """Add a row per seat: its load, less what lies above, plus what lies below, is within the range."""
    divisor, power = unit(spread.measure)
    labels = pairs.problem.rep_ids
    seats = np.arange(len(labels))
    row = np.concatenate((pairs.rep, seats, seats))
    column = np.concatenate((pairs.columns, columns))
    load = (spread.measure.at(pairs.account, pairs.rep) // divisor) / power
    weight = np.concatenate((load, -np.ones(len(seats)), np.ones(len(seats))))
    used = weight != 0
    lower, upper = spread.lower / (divisor * power), spread.upper / (divisor * power)
    rows = model.add_rows(
        title,
        row[used],
        column[used],
        weight[used],
        count=len(labels),
        lower=lower,
        upper=upper,
        labels=labels,
    )
    return rows, divisor * power


def held_row(model: Model, pairs: Pairs, held: Named[Held], over: list[Auxiliary]) -> list[IntArray]:
    """Add the row that holds a rank, scaled by its limit; return the columns of its slack, none in a hard model."""
    prices = [s.price * np.prod(unit(s.measure)) for s in held.what.spreads]
    column = np.concatenate([part.columns for part in over])
    weight = np.concatenate(
        [np.full(len(part.columns), price) for part, price in zip(over, prices, strict=True)]
    )
    size = max(float(weight.max(initial=0.0)), held.what.limit, 1e-300)
    weight, slack = weight / size, []
    if pairs.slack_price is not None:
        slack = [
            model.add_columns(f"{held.title}_slack", 1, cost=pairs.slack_price, upper=inf, integer=False)
        ]
        column, weight = np.concatenate((column, *slack)), np.concatenate((weight, [-1.0]))
    none = np.zeros(len(column), dtype=np.int64)
    model.add_rows(held.title, none, column, weight, count=1, upper=held.what.limit / size)
    return slack
