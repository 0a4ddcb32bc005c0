"""Shape: how the goal falls on products and periods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from engine.amounts import to_minor
from engine.data.observations import won_before
from engine.errors import BadInput, Fault
from engine.inputs import Inputs, IntArray
from engine.quota.given import amounts, by_product, season_of
from engine.quota.spec import QuotaSpec

MONTH = 31
"""Days by which the first deal of a whole year may come late."""
ALL = "all"
"""The one product of quotas that are not split by product."""


@dataclass(frozen=True)
class Shape:
    """The goal by product and period, before over-assignment."""

    goal: int
    """Whole plan, minor units."""
    products: tuple[str, ...]
    shares: tuple[tuple[Fraction, ...], ...]
    """Of the goal, summing to 1, shape (product, period)."""
    by_product: tuple[int, ...] | None = None
    """Goals given per product, minor units, which bind exactly; None where only shares are given."""
    by_period: tuple[int, ...] | None = None
    """Goals given per period; likewise."""
    by_cell: tuple[tuple[int, ...], ...] | None = None
    """Goals given per product and period together, shape (product, period); likewise."""
    unset: frozenset[tuple[int, int]] = frozenset()
    """Products and periods that have no goal at all, which is not a goal of 0."""

    @cached_property
    def product_shares(self) -> tuple[Fraction, ...]:
        """Return the share of each product, shape (product,)."""
        return tuple(sum(row, Fraction(0)) for row in self.shares)

    @cached_property
    def seasons(self) -> tuple[Fraction, ...]:
        """Return the share of each period, shape (period,)."""
        return tuple(sum(column, Fraction(0)) for column in zip(*self.shares, strict=True))

    @property
    def placed(self) -> bool:
        """Whether goals say what falls on each period."""
        return self.by_period is not None or self.by_cell is not None


def shape(inputs: Inputs, spec: QuotaSpec, simulated: IntArray) -> Shape:
    """Return products, seasons and goals. `simulated` are bookings summed over replications and seats, (period,)."""
    products, weights = _products(inputs, spec)
    if not isinstance(spec.goal, Mapping):
        total = to_minor(spec.goal, inputs.currency)
        shares = _crossed(weights, _seasons(inputs, spec, simulated, products, weights))
        return Shape(total, products, shares, unset=_unnamed(inputs, spec, products))
    if not of_products(inputs, spec.goal):
        total, exact, unset = _given(inputs, spec, spec.goal, _season(inputs, spec, simulated, None))
        shares = _crossed(weights, [normalised([Fraction(v) for v in exact])] * len(products))
        silent = {(k, p) for k in range(len(products)) for p in unset}
        none = _unnamed(inputs, spec, products) | silent
        return Shape(total, products, shares, by_period=tuple(exact), unset=none)
    names = inputs.products.id
    goals = [spec.goal.get(name) for name in names]
    yearly = [_sum(inputs, goal) for goal in goals]
    seasons = _seasons(inputs, spec, simulated, names, [Fraction(value) for value in yearly])
    periods = range(inputs.calendar.periods)
    missing = {(k, p) for k, goal in enumerate(goals) if goal is None for p in periods}
    if not any(isinstance(goal, Mapping) for goal in goals):
        shares = _crossed([Fraction(value) for value in yearly], seasons)
        return Shape(sum(yearly), names, shares, by_product=tuple(yearly), unset=frozenset(missing))
    cells = []
    for k, goal in enumerate(goals):
        if isinstance(goal, Mapping):
            _, row, unset = _given(inputs, spec, goal, seasons[k])
            missing |= {(k, p) for p in unset}
        else:
            row = _cut(inputs, spec, yearly[k], seasons[k])
        cells.append(tuple(row))
    total = sum(yearly)
    shares = tuple(tuple(Fraction(value, total) for value in row) for row in cells)
    return Shape(total, names, shares, by_cell=tuple(cells), unset=frozenset(missing))


def of_products(inputs: Inputs, goal: Any) -> bool:
    """Whether a goal is given by product."""
    return isinstance(goal, Mapping) and set(goal) <= set(inputs.products.id)


def _unnamed(inputs: Inputs, spec: QuotaSpec, products: tuple[str, ...]) -> frozenset[tuple[int, int]]:
    """Return the cells of products that the shares do not name: they have no goal."""
    named = spec.products if isinstance(spec.products, Mapping) else products
    periods = range(inputs.calendar.periods)
    return frozenset((k, p) for k, name in enumerate(products) if name not in named for p in periods)


def _sum(inputs: Inputs, goal: Any) -> int:
    return sum(to_minor(amount, inputs.currency) for _, amount in amounts(goal) if amount is not None)


def _given(
    inputs: Inputs, spec: QuotaSpec, goal: Mapping[str, Any], season: Sequence[Fraction]
) -> tuple[int, list[int], set[int]]:
    """Return the sum of goals by period and quarter, what falls on each period, and the periods of null."""
    exact, unset = [0] * inputs.calendar.periods, set()
    for name, amount in goal.items():
        parts = _by_period(inputs, {name: Fraction(1)}, season)
        if amount is None:
            unset |= {period for period, part in enumerate(parts) if part}
        else:
            cut = _cut(inputs, spec, to_minor(amount, inputs.currency), parts)
            exact = [a + b for a, b in zip(exact, cut, strict=True)]
    return sum(exact), exact, unset


def _cut(inputs: Inputs, spec: QuotaSpec, amount: int, parts: Sequence[Fraction]) -> list[int]:
    """Cut an amount into periods in whole steps; the period with the largest part carries the remainder."""
    if not amount:
        return [0] * len(parts)
    step = max(to_minor(spec.step, inputs.currency), 1)
    found = [step * part for part in largest_remainder(amount // step, parts)]
    found[max(range(len(parts)), key=lambda period: (parts[period], -period))] += amount % step
    return found


def _crossed(
    weights: Sequence[Fraction], seasons: Sequence[Sequence[Fraction]]
) -> tuple[tuple[Fraction, ...], ...]:
    shares = normalised(weights)
    return tuple(
        tuple(share * part for part in season) for share, season in zip(shares, seasons, strict=True)
    )


def normalised(weights: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """Return weights as shares that sum to 1 exactly."""
    total = sum(weights, Fraction(0))
    return tuple(weight / total for weight in weights)


def largest_remainder(total: int, weights: Sequence[Fraction]) -> list[int]:
    """Split a whole number in proportion to weights (Hamilton's method); ties go to the first."""
    whole = sum(weights, Fraction(0))
    exact = [total * weight / whole for weight in weights]
    parts = [int(value // 1) for value in exact]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for index in order[: total - sum(parts)]:
        parts[index] += 1
    return parts


def quarter_names(inputs: Inputs) -> dict[str, list[int]]:
    """Return the periods of each quarter of the plan, by `Q1`, `Q2` ..."""
    found: dict[str, list[int]] = {}
    for period, quarter in enumerate(inputs.calendar.quarter):
        found.setdefault(f"Q{int(quarter) + 1}", []).append(period)
    return found


def _products(inputs: Inputs, spec: QuotaSpec) -> tuple[tuple[str, ...], list[Fraction]]:
    if isinstance(spec.products, Mapping):
        names = inputs.products.id
        return names, [Fraction(spec.products.get(name, 0)) for name in names]
    if spec.products == "history":
        return inputs.products.id, won_by_product(inputs)
    return (ALL,), [Fraction(1)]


def won_by_product(inputs: Inputs) -> list[Fraction]:
    """Return the money won per product in the closed deals, minor units, shape (product,)."""
    won = _won(inputs) & (inputs.history.product >= 0)
    return [
        Fraction(int(inputs.history.amount[won & (inputs.history.product == product)].sum()))
        for product in range(len(inputs.products))
    ]


def won_by_seat(inputs: Inputs) -> IntArray:
    """Return what each seat won of each product in the year before the plan, minor units, shape (rep, product)."""
    found = np.zeros((len(inputs.reps), len(inputs.products)), dtype=np.int64)
    deals = inputs.history
    mine = won_before(deals, inputs.calendar.start) & (deals.product >= 0)
    np.add.at(found, (deals.rep[mine], deals.product[mine]), deals.amount[mine])
    return found


def _won(inputs: Inputs) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    deals = inputs.history
    return np.asarray((deals.outcome == 1) & (deals.amount > 0) & ~np.isnat(deals.closed))


def _seasons(
    inputs: Inputs, spec: QuotaSpec, simulated: IntArray, products: Sequence[str], weights: Sequence[Fraction]
) -> list[tuple[Fraction, ...]]:
    """Return the season of each product, summing to 1, shape (product, period); even where it carries nothing."""
    if not by_product(spec.seasonality):
        return [_season(inputs, spec, simulated, None)] * len(products)
    even = normalised([Fraction(1)] * inputs.calendar.periods)
    return [
        _season(inputs, spec, simulated, name) if weight else even
        for name, weight in zip(products, weights, strict=True)
    ]


def _season(
    inputs: Inputs, spec: QuotaSpec, simulated: IntArray, product: str | None
) -> tuple[Fraction, ...]:
    weights = season_weights(inputs, season_of(spec.seasonality, product), simulated, product)
    if not sum(weights):
        message = "nothing was booked in any simulated year, so that there is no season to follow"
        hint = "Give weights per period, or mend the pipeline."
        raise BadInput([Fault("E_SEASON", message, hint, field="quotas.seasonality")])
    return normalised(weights)


def season_weights(
    inputs: Inputs, given: Any, simulated: IntArray, product: str | None = None
) -> list[Fraction]:
    """Return the weight of each period by one seasonality as written; `product` None counts all of them."""
    if isinstance(given, Mapping):
        even = [Fraction(1)] * inputs.calendar.periods
        return _by_period(inputs, {name: Fraction(weight) for name, weight in given.items()}, even)
    if isinstance(given, tuple):
        return [Fraction(weight) for weight in given]
    if given == "days":
        return [Fraction(int(days)) for days in np.diff(inputs.calendar.edges).astype(np.int64)]
    if given == "history":
        return won_by_period(inputs, product)
    if given == "simulated":
        return [Fraction(max(int(value), 0)) for value in simulated]
    return [Fraction(1)] * inputs.calendar.periods


def _by_period(inputs: Inputs, given: Mapping[str, Fraction], within: Sequence[Fraction]) -> list[Fraction]:
    values = [Fraction(0)] * inputs.calendar.periods
    quarters = quarter_names(inputs)
    for name, value in given.items():
        periods = quarters[name] if name in quarters else [inputs.calendar.labels.index(name)]
        weights = [within[period] for period in periods]
        weights = weights if any(weights) else [Fraction(1)] * len(periods)
        for period, weight in zip(periods, weights, strict=True):
            values[period] += value * weight / sum(weights, Fraction(0))
    return values


def won_by_period(inputs: Inputs, product: str | None = None) -> list[Fraction]:
    """Return the money won at each time of the year, over the whole years before the plan; shape (period,).

    Of one product, or of all with None. The years counted are those since the first deal of any product.
    A past day counts for the period in which it falls when moved on by whole years (of 365 1/4 days, rounded).
    """
    days = (inputs.history.closed - inputs.calendar.start).astype("timedelta64[D]").astype(np.int64)
    won = _won(inputs) & (np.where(_won(inputs), days, 0) < 0)
    if not won.any():
        return [Fraction(0)] * inputs.calendar.periods
    years = -(days[won] * 4 // 1461)
    whole = max(int((-days[won].min() + MONTH) * 4 // 1461), 1)
    moved = days[won] + (years * 1461 + 2) // 4
    period = inputs.calendar.period_of(np.maximum(moved, 0).astype(np.float64))
    counted = (years <= whole) & (period >= 0)
    if product is not None:
        counted &= inputs.history.product[won] == inputs.products.id.index(product)
    money = inputs.history.amount[won]
    return [Fraction(int(money[counted & (period == p)].sum())) for p in range(inputs.calendar.periods)]
