"""Formulation: a problem over some of its pairs as one sparse model, built as arrays.

    assign[i]      sum_j x_ij = 1
    band[j]        L_j <= sum_i w_i x_ij (- above_j + below_j) <= U_j
    budget         sum_ij w_i moved_ij x_ij (- above) <= B
    spread[j]      sum_i w_i x_ij - over_j + under_j = t_j          cost p (over_j + under_j)

The columns in brackets are there only in an elastic model. A row is divided by the greatest common divisor of its
weights, its integer bounds rounded inwards (which cuts off no alignment), and then by a power of two, so that the
coefficients are near 1,000 and a solver's tolerance means something; both are exact in binary floats.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.territory.declaration import Band, Budget, Spread
from engine.territory.measure import Measured
from engine.territory.problem import Named, Problem
from solvers.model import Model

COEFFICIENT = 1024.0


@dataclass(frozen=True)
class Elastic:
    """Prices that turn the rules into wishes."""

    pairs: bool
    """Whether the pairs keep their cost; without it the least total violation is sought."""
    price: float
    """Price of breaking a rule by its whole size (the largest bound of the band, or the limit)."""


@dataclass(frozen=True)
class Formulation:
    """A model and what its columns and rows mean. The first columns are the pairs, in the order of `account`."""

    model: Model
    account: IntArray
    """Account of each pair, shape (pair,)."""
    rep: IntArray
    """Seat of each pair, shape (pair,)."""
    rows: tuple[tuple[IntArray, float], ...]
    """For each band, then budget, then spread: its rows, and the integer units in one unit of a row."""
    slack: tuple[IntArray, ...] = ()
    """Columns of the elastic slack, above then below, for each band and budget."""
    decides: bool = True
    """Whether a point is an alignment: integer pairs and no slack."""

    def start(self, problem: Problem, rep_of: IntArray) -> FloatArray | None:
        """Return an alignment as a point of the model, or None when one of its pairs is no column."""
        point = np.zeros(self.model.columns)
        chosen = rep_of[self.account] == self.rep
        if int(chosen.sum()) != len(rep_of):
            return None
        point[: len(chosen)] = chosen
        column = len(chosen)
        for (_, scale), spread in zip(
            self.rows[len(self.rows) - len(problem.spreads) :], problem.spreads, strict=True
        ):
            load = np.bincount(rep_of, spread.what.measure.values, minlength=len(problem.rep_ids))
            distance = (load - spread.what.target) / scale
            for part in (np.maximum(distance, 0), np.maximum(-distance, 0)):
                point[column : column + len(part)] = part
                column += len(part)
        return point

    def alignment(self, x: FloatArray, accounts: int) -> IntArray:
        """Return the seat of the largest share of each account, shape (account,)."""
        share = x[: len(self.account)]
        order = np.lexsort((self.rep, -share, self.account))
        first = np.searchsorted(self.account[order], np.arange(accounts))
        return self.rep[order[first]]


def formulate(
    problem: Problem,
    account: IntArray,
    rep: IntArray,
    *,
    integer: bool = True,
    elastic: Elastic | None = None,
    margin: int = 0,
) -> Formulation:
    """Build the model over the given pairs.

    `margin` tightens bands and budgets by integer units, to give a solver's tolerance room; it serves a search
    alone, never a bound.
    """
    model = Model()
    cost = problem.cost[account, rep] if elastic is None or elastic.pairs else 0.0
    pair = model.add_columns("x", len(account), cost=cost, integer=integer)
    parts = _Parts(problem, account, rep, pair, elastic, margin)
    spreads = problem.spreads if elastic is None or elastic.pairs else ()
    over = [_spread_columns(model, problem, spread) for spread in spreads]
    rules: tuple[Named[Band] | Named[Budget], ...] = (*problem.bands, *problem.budgets)
    slack = [_slack(model, parts, rule) for rule in rules] if elastic else []
    ids = problem.account_ids
    model.add_rows("assign", account, pair, count=len(ids), lower=1, upper=1, labels=ids)
    rows = [_band(model, parts, band, slack[k] if slack else None) for k, band in enumerate(problem.bands)]
    for k, budget in enumerate(problem.budgets, start=len(problem.bands)):
        rows.append(_budget(model, parts, budget, slack[k] if slack else None))
    for spread, columns in zip(spreads, over, strict=True):
        rows.append(_spread(model, parts, spread, columns))
    return Formulation(model, account, rep, tuple(rows), tuple(slack), integer and elastic is None)


@dataclass(frozen=True)
class _Parts:
    problem: Problem
    account: IntArray
    rep: IntArray
    pair: IntArray
    elastic: Elastic | None
    margin: int


def unit(measure: Measured) -> tuple[int, float]:
    """Return (greatest common divisor, power of two): a row is its integer sum over their product."""
    weights = np.abs(measure.values)
    divisor = int(np.gcd.reduce(weights)) if len(weights) else 0
    divisor = max(divisor, 1)
    largest = float(weights.max(initial=0)) / divisor
    return divisor, float(2.0 ** max(0, np.ceil(np.log2(max(largest, 1.0) / COEFFICIENT))))


def _spread_columns(model: Model, problem: Problem, spread: Named[Spread]) -> IntArray:
    divisor, power = unit(spread.what.measure)
    price = spread.what.price * divisor * power
    count = len(problem.rep_ids)
    sides = [
        model.add_columns(f"{spread.title}_{side}", count, cost=price, upper=inf, integer=False)
        for side in ("over", "under")
    ]
    return np.concatenate(sides)


def _slack(model: Model, parts: _Parts, rule: Named[Band] | Named[Budget]) -> IntArray:
    assert parts.elastic is not None
    divisor, power = unit(rule.what.measure)
    size = size_of(rule.what)
    count = 2 * len(parts.problem.rep_ids) if isinstance(rule.what, Band) else 1
    price = parts.elastic.price * divisor * power / size
    return model.add_columns(f"{rule.title}_slack", count, cost=price, upper=inf, integer=False)


def size_of(rule: Band | Budget) -> int:
    """Return the integer units that a violation is measured against: the largest bound, at least 1."""
    if isinstance(rule, Budget):
        return max(abs(rule.limit), 1)
    total = int(np.abs(rule.measure.values).sum())
    return max(min(int(np.abs(rule.upper).max(initial=0)), total), 1)


def _band(model: Model, parts: _Parts, band: Named[Band], slack: IntArray | None) -> tuple[IntArray, float]:
    rule = band.what
    values = rule.measure.values
    divisor, power = unit(rule.measure)
    least, most = int(values[values < 0].sum()), int(values[values > 0].sum())
    lower = np.where(rule.lower <= least, -inf, -((-rule.lower - parts.margin) // divisor) / power)
    upper = np.where(rule.upper >= most, inf, ((rule.upper - parts.margin) // divisor) / power)
    row, column = parts.rep, parts.pair
    weight = (values[parts.account] // divisor) / power
    if slack is not None:
        seats = np.arange(len(parts.problem.rep_ids))
        row, column = np.concatenate((row, seats, seats)), np.concatenate((column, slack))
        weight = np.concatenate((weight, -np.ones(len(seats)), np.ones(len(seats))))
    used = weight != 0
    labels = parts.problem.rep_ids
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


def _budget(
    model: Model, parts: _Parts, budget: Named[Budget], slack: IntArray | None
) -> tuple[IntArray, float]:
    values = budget.what.measure.values
    divisor, power = unit(budget.what.measure)
    gone = parts.problem.moved[parts.account, parts.rep] & (values[parts.account] != 0)
    column, weight = parts.pair[gone], (values[parts.account][gone] // divisor) / power
    if slack is not None:
        column, weight = np.concatenate((column, slack)), np.concatenate((weight, [-1.0]))
    upper = ((budget.what.limit - parts.margin) // divisor) / power
    rows = model.add_rows(
        budget.title, np.zeros(len(column), dtype=np.int64), column, weight, count=1, upper=upper
    )
    return rows, divisor * power


def _spread(model: Model, parts: _Parts, spread: Named[Spread], columns: IntArray) -> tuple[IntArray, float]:
    values = spread.what.measure.values
    divisor, power = unit(spread.what.measure)
    labels = parts.problem.rep_ids
    seats = np.arange(len(labels))
    row = np.concatenate((parts.rep, seats, seats))
    column = np.concatenate((parts.pair, columns))
    weight = np.concatenate(
        ((values[parts.account] // divisor) / power, -np.ones(len(seats)), np.ones(len(seats)))
    )
    used = weight != 0
    target = spread.what.target / (divisor * power)
    row, column, weight = row[used], column[used], weight[used]
    count = len(labels)
    rows = model.add_rows(
        spread.title, row, column, weight, count=count, lower=target, upper=target, labels=labels
    )
    return rows, divisor * power


def tightened(band: Band) -> tuple[IntArray, IntArray]:
    """Return a band's integer bounds moved inwards to multiples of the divisor of its weights; cuts off nothing."""
    divisor, _ = unit(band.measure)
    return -(-band.lower // divisor) * divisor, band.upper // divisor * divisor
