"""Shape: how the goal falls on products and periods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from engine.amounts import to_minor
from engine.errors import BadInput, Fault
from engine.inputs import Inputs, IntArray
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
    product_shares: tuple[Fraction, ...]
    """Summing to 1, shape (product,)."""
    seasons: tuple[Fraction, ...]
    """Summing to 1, shape (period,)."""
    by_product: tuple[int, ...] | None = None
    """Goals given per product, minor units, which bind exactly; None where only shares are given."""
    by_period: tuple[int, ...] | None = None
    """Goals given per period; likewise."""


def shape(inputs: Inputs, spec: QuotaSpec, simulated: IntArray) -> Shape:
    """Return products, seasons and goals. `simulated` are bookings summed over replications and seats, (period,)."""
    products, weights = _products(inputs, spec)
    weights_of_periods = _seasons(inputs, spec, simulated)
    if not sum(weights_of_periods):
        message = "nothing was booked in any simulated year, so that there is no season to follow"
        hint = "Give weights per period, or mend the pipeline."
        raise BadInput([Fault("E_SEASON", message, hint, field="quotas.seasonality")])
    seasons = normalised(weights_of_periods)
    if not isinstance(spec.goal, Mapping):
        return Shape(to_minor(spec.goal, inputs.currency), products, normalised(weights), seasons)
    amounts = {name: to_minor(amount, inputs.currency) for name, amount in spec.goal.items()}
    total = sum(amounts.values())
    if set(amounts) <= set(inputs.products.id):
        names = inputs.products.id
        given = tuple(amounts.get(name, 0) for name in names)
        return Shape(total, names, normalised([Fraction(v) for v in given]), seasons, by_product=given)
    exact = [0] * inputs.calendar.periods
    for name, amount in amounts.items():  # a quarter is cut to the minor unit inside
        if not amount:
            continue
        parts = _by_period(inputs, {name: Fraction(amount)}, seasons)
        exact = [a + b for a, b in zip(exact, largest_remainder(amount, parts), strict=True)]
    return Shape(
        total, products, normalised(weights), normalised([Fraction(v) for v in exact]), by_period=tuple(exact)
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


def _won(inputs: Inputs) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    deals = inputs.history
    return np.asarray((deals.outcome == 1) & (deals.amount > 0) & ~np.isnat(deals.closed))


def _seasons(inputs: Inputs, spec: QuotaSpec, simulated: IntArray) -> list[Fraction]:
    given = spec.seasonality
    if isinstance(given, Mapping):
        even = [Fraction(1)] * inputs.calendar.periods
        return _by_period(inputs, {name: Fraction(weight) for name, weight in given.items()}, even)
    if isinstance(given, tuple):
        return [Fraction(weight) for weight in given]
    if given == "days":
        return [Fraction(int(days)) for days in np.diff(inputs.calendar.edges).astype(np.int64)]
    if given == "history":
        return won_by_period(inputs)
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


def won_by_period(inputs: Inputs) -> list[Fraction]:
    """Return the money won at each time of the year, over the whole years before the plan; shape (period,).

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
    amounts = inputs.history.amount[won]
    return [Fraction(int(amounts[counted & (period == p)].sum())) for p in range(inputs.calendar.periods)]
