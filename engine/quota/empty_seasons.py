"""Empty seasons: months in which no deal of past years was won, so that a season by history gives them no quota."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from engine.inputs import Inputs
from engine.quota.given import by_product, season_of
from engine.quota.shape import of_products, quarter_names, won_by_period, won_by_product
from engine.quota.spec import QuotaSpec


def empty_months(inputs: Inputs, spec: QuotaSpec) -> Iterator[str]:
    """Yield periods that get no quota because no past deal was won at that time of the year.

    One sentence for each season that comes from history: of all products, or of one. Periods whose goals are given, and
    quarters without any past deal, which are spread evenly, are none of these.
    """
    for product, goal in _seasons(inputs, spec):
        won = won_by_period(inputs, product)
        names = [inputs.calendar.labels[p] for p in _open(inputs, goal, won) if not won[p]]
        if names:
            deals = "no past deal" if product is None else f"no past deal of {product}"
            where = "quotas.seasonality" + ("" if product is None else f".{product}")
            yield (
                f"W_SEASON_EMPTY: {where}: {deals} was won in what is {', '.join(names)} of the plan, so that the "
                "season by history gives nobody a quota then. If that was chance, give weights by period or quarter, "
                "or `simulated`."
            )


def _seasons(inputs: Inputs, spec: QuotaSpec) -> Iterator[tuple[str | None, Any]]:
    """Yield the product, None for all, and the goal of each season that comes from history."""
    split = by_product(spec.seasonality)
    if not split:
        if spec.seasonality == "history":
            yield None, _together(spec.goal) if of_products(inputs, spec.goal) else spec.goal
        return
    for index, name in enumerate(inputs.products.id):
        if season_of(spec.seasonality, name) == "history" and _carries(inputs, spec, name, index):
            yield name, spec.goal.get(name) if of_products(inputs, spec.goal) else spec.goal


def _together(goals: Mapping[str, Any]) -> Any:
    """Return the goals of all products as one: by quarter, unless a product has one for the whole plan."""
    parts = [goal for goal in goals.values() if goal is not None]
    if not all(isinstance(part, Mapping) for part in parts):
        return 0
    return {name: amount for part in parts for name, amount in part.items() if amount}


def _carries(inputs: Inputs, spec: QuotaSpec, name: str, index: int) -> bool:
    """Whether a product has a goal."""
    if of_products(inputs, spec.goal):
        return spec.goal.get(name) is not None
    if isinstance(spec.products, Mapping):
        return bool(spec.products.get(name, 0))
    return spec.products == "history" and bool(won_by_product(inputs)[index])


def _open(inputs: Inputs, goal: Any, won: Sequence[Fraction]) -> list[int]:
    """Return the periods whose share of the goal the season says: all, or those of quarters with goals of their own."""
    if not any(won):
        return []
    first = inputs.calendar.closed if inputs.in_force is not None else 0
    if not isinstance(goal, Mapping):
        return list(range(first, inputs.calendar.periods))
    quarters = quarter_names(inputs)
    return [
        period
        for name, periods in quarters.items()
        if goal.get(name) and any(won[period] for period in periods)
        for period in periods
        if period >= first
    ]
