"""Faults: what in the quotas' block does not fit the tables, all at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from engine.amounts import AmountError, to_minor
from engine.errors import Fault, did_you_mean
from engine.fairness import of_plan
from engine.inputs import Inputs
from engine.quota.bounds import Shares
from engine.quota.check_cells import product_names
from engine.quota.given import amounts, by_product, season_of
from engine.quota.in_force import catch_up
from engine.quota.in_force.relief import faults as relief_faults
from engine.quota.keeping.faults import faults as keep_faults
from engine.quota.shape import ALL, of_products, quarter_names, won_by_period, won_by_product, won_by_seat
from engine.quota.spec import QuotaSpec
from engine.quota.tree import SEAT, levels_of


def faults(inputs: Inputs, spec: QuotaSpec, measures: Iterable[str]) -> list[Fault]:
    """Return everything wrong, each with its field in the scenario; empty when quotas can be set."""
    found = _levels(inputs, spec) + _measure(spec, measures) + _goal(inputs, spec)
    found += _products(inputs, spec) + _seasons(inputs, spec) + _names(inputs, spec) + _amounts(inputs, spec)
    found += _product_bounds(inputs, spec) + _leave(inputs, spec)
    found += _backend(spec) + of_plan.unknown_groups(inputs, spec.fairness)
    found += [*relief_faults(inputs, spec), *catch_up.faults(inputs, spec), *keep_faults(inputs, spec)]
    for index, method in enumerate(spec.methods):
        for fault in method.faults(inputs):
            where = f"quotas.methods[{index}]" + (f".{fault.field}" if fault.field else "")
            found.append(Fault(fault.code, fault.message, fault.hint, field=where))
    return found


def _backend(spec: QuotaSpec) -> list[Fault]:
    from solvers import names

    known = names()
    unknown = spec.solver.backend not in known
    return (
        [_unknown(spec.solver.backend, "solver backend", known, "quotas.solver.backend")] if unknown else []
    )


def _unknown(word: str, what: str, known: Iterable[str], field: str) -> Fault:
    return Fault("E_REFERENCE", f"no {what} is called '{word}'", did_you_mean(word, known), field=field)


def _levels(inputs: Inputs, spec: QuotaSpec) -> list[Fault]:
    known = list(inputs.reps.levels)
    found = [
        _unknown(level, "level of the reps", known, f"quotas.levels[{index}]")
        for index, level in enumerate(spec.levels or ())
        if level not in known
    ]
    used = [*(known if spec.levels is None else spec.levels), SEAT]
    order = [known.index(level) for level in spec.levels or () if level in known]
    if order != sorted(set(order)):
        hint = f"The reps' table has them as: {', '.join(known)}."
        found.append(Fault("E_ORDER", "levels do not stand from the top down", hint, field="quotas.levels"))
    for level in spec.over_assignment:
        if level not in used:
            found.append(_unknown(level, "level of the quotas", used, f"quotas.over_assignment.{level}"))
    return found


def _measure(spec: QuotaSpec, measures: Iterable[str]) -> list[Fault]:
    names = list(measures)
    return [] if spec.measure in names else [_unknown(spec.measure, "measure", names, "quotas.measure")]


def _goal(inputs: Inputs, spec: QuotaSpec) -> list[Fault]:
    goal, known = spec.goal, [*inputs.calendar.labels, *quarter_names(inputs)]
    if not isinstance(goal, Mapping):
        return []
    nested = any(isinstance(part, Mapping) for part in goal.values())
    if not of_products(inputs, goal) and not nested:
        return _periods(inputs, list(goal), known, "quotas.goal", complete=True)
    found = [
        _unknown(name, "product", inputs.products.id, f"quotas.goal.{name}")
        for name in goal
        if name not in inputs.products.id
    ]
    if spec.products != "none":
        hint = "Drop `products`; the goals say the shares."
        found.append(
            Fault("E_CONFLICT", "goals per product and shares of products", hint, field="quotas.products")
        )
    for name, part in goal.items():
        if isinstance(part, Mapping):
            found += _periods(inputs, list(part), known, f"quotas.goal.{name}", complete=True)
    return found


def _periods(
    inputs: Inputs, names: list[str], known: list[str], field: str, *, complete: bool
) -> list[Fault]:
    strange = [name for name in names if name not in known]
    found = [_unknown(name, "period, quarter or product", known, f"{field}.{name}") for name in strange]
    quarters = quarter_names(inputs)
    times = [0] * inputs.calendar.periods
    for name in names:
        if name in quarters or name in inputs.calendar.labels:
            for period in quarters.get(name) or [inputs.calendar.labels.index(name)]:
                times[period] += 1
    twice = [label for label, count in zip(inputs.calendar.labels, times, strict=True) if count > 1]
    if twice:
        hint = "Name a period or its quarter, not both."
        found.append(Fault("E_CONFLICT", f"{', '.join(twice)} named twice", hint, field=field))
    missing = [label for label, count in zip(inputs.calendar.labels, times, strict=True) if not count]
    if complete and missing and not found:
        hint = "Give each period (or quarter) an amount, 0, or `none`."
        found.append(Fault("E_MISSING", f"no amount for {', '.join(missing)}", hint, field=field))
    return found


def _products(inputs: Inputs, spec: QuotaSpec) -> list[Fault]:
    if spec.products == "history" and not any(won_by_product(inputs)):
        hint = "Give the shares, or use `none`."
        return [Fault("E_MISSING", "no closed deal was won with a product", hint, field="quotas.products")]
    if not isinstance(spec.products, Mapping):
        return []
    return [
        _unknown(name, "product", inputs.products.id, f"quotas.products.{name}")
        for name in spec.products
        if name not in inputs.products.id
    ]


def _seasons(inputs: Inputs, spec: QuotaSpec) -> list[Fault]:
    field = "quotas.seasonality"
    if not by_product(spec.seasonality):
        return _season(inputs, spec.seasonality, None, field)
    carrying = product_names(inputs, spec)
    if carrying == (ALL,):
        hint = "Give shares of products, or goals by product."
        return [
            Fault(
                "E_CONFLICT", "seasons by product of quotas that are not split by product", hint, field=field
            )
        ]
    if isinstance(spec.products, Mapping):
        carrying = tuple(spec.products)
    elif isinstance(spec.goal, Mapping) and of_products(inputs, spec.goal):
        carrying = tuple(spec.goal)
    found = [
        _unknown(name, "product", inputs.products.id, f"{field}.{name}")
        for name in spec.seasonality
        if season_of(spec.seasonality, None) is None and name not in inputs.products.id
    ]
    for name in (name for name in carrying if name in inputs.products.id):
        given = season_of(spec.seasonality, name)
        if given is None:
            hint = f"Add `{name}: even`, or another seasonality."
            found.append(Fault("E_MISSING", f"no seasonality for {name}", hint, field=field))
        else:
            found += _season(inputs, given, name, f"{field}.{name}")
    return found


def _season(inputs: Inputs, given: Any, product: str | None, field: str) -> list[Fault]:
    if given == "history" and not any(won_by_period(inputs, product)):
        hint = "Give the weights, or use `even`."
        of = "" if product is None else f" of {product}"
        return [Fault("E_MISSING", f"no closed deal{of} was won before the plan", hint, field=field)]
    if isinstance(given, Mapping):
        known = [*inputs.calendar.labels, *quarter_names(inputs)]
        return _periods(inputs, list(given), known, field, complete=False)
    if isinstance(given, tuple) and len(given) != inputs.calendar.periods:
        message = f"{len(given)} weights for {inputs.calendar.periods} periods"
        return [Fault("E_RANGE", message, "Give one weight per period.", field=field)]
    return []


def _names(inputs: Inputs, spec: QuotaSpec) -> list[Fault]:
    reps = inputs.reps
    nodes = [*(name for level in levels_of_known(inputs, spec) for name in reps.levels[level]), *reps.id]
    found = [
        _unknown(name, "seat", reps.id, f"quotas.locks.{name}") for name in spec.locks if name not in reps.id
    ]
    return found + [
        _unknown(name, "node or seat", nodes, f"quotas.bounds.nodes.{name}")
        for name in spec.bounds.nodes
        if name not in nodes
    ]


def _leave(inputs: Inputs, spec: QuotaSpec) -> list[Fault]:
    found, last = [], {name: (-1, leave.start) for name, leave in ((one.rep, one) for one in spec.leave)}
    for index, leave in sorted(enumerate(spec.leave), key=lambda pair: (pair[1].rep, pair[1].start)):
        where = f"quotas.leave[{index}]"
        if leave.rep not in inputs.reps.id:
            found.append(_unknown(leave.rep, "seat", inputs.reps.id, f"{where}.rep"))
        before, end = last[leave.rep]
        if before >= 0 and leave.start < end:
            message = (
                f"{leave.rep} is on leave from {leave.start}, and still away until {end} by leave[{before}]"
            )
            found.append(Fault("E_OVERLAP", message, "Make one leave of both.", field=f"{where}.start"))
        last[leave.rep] = index, max(leave.end, end)
    return found


def _product_bounds(inputs: Inputs, spec: QuotaSpec) -> list[Fault]:
    if not spec.bounds.products:
        return []
    if product_names(inputs, spec) == (ALL,):
        hint = "Give shares of products, or goals by product."
        return [
            Fault(
                "E_CONFLICT",
                "bounds by product of quotas that are not split by product",
                hint,
                field="quotas.bounds.products",
            )
        ]
    found, won = [], won_by_seat(inputs).sum(axis=0)
    for name, given in spec.bounds.products.items():
        field = f"quotas.bounds.products.{name}"
        if name not in inputs.products.id:
            found.append(_unknown(name, "product", inputs.products.id, field))
        elif (given.history != Shares() or given.change is not None) and not won[
            inputs.products.id.index(name)
        ]:
            message, hint = f"no seat won any {name} last year", "Give closed deals of it, or other bounds."
            found.append(Fault("E_MISSING", message, hint, field=field))
    return found


def levels_of_known(inputs: Inputs, spec: QuotaSpec) -> list[str]:
    """Return the levels that carry quotas and exist."""
    return [level for level in levels_of(inputs, spec) if level in inputs.reps.levels]


def _amounts(inputs: Inputs, spec: QuotaSpec) -> list[Fault]:
    given: list[tuple[str, Decimal | None]] = [("step", spec.step)]
    given += [(f"goal.{name}" if name else "goal", amount) for name, amount in amounts(spec.goal)]
    given += [(f"locks.{name}", amount) for name, amount in spec.locks.items()]
    for name, own in spec.bounds.nodes.items():
        given += [(f"bounds.nodes.{name}.min", own.min), (f"bounds.nodes.{name}.max", own.max)]
    found = []
    for field, amount in given:
        try:
            to_minor(amount or Decimal(0), inputs.currency)
        except AmountError as error:
            found.append(Fault(error.code, str(error), error.hint, field=f"quotas.{field}"))
    return found
