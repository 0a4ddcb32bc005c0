"""Gathering: what each rule and objective of a scenario declares, sorted by what it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from engine.errors import BadInput, Fault, did_you_mean
from engine.inputs import FloatArray, Inputs
from engine.territory.declaration import (
    Apart,
    Band,
    Budget,
    Connected,
    Cost,
    Declaration,
    EdgeCost,
    Forbidden,
    Gain,
    Rows,
    Spread,
    Together,
)
from engine.territory.pair_costs import ALL, PairCost
from engine.territory.problem import Declared, Named, Problem
from engine.territory.spec import TerritorySpec


def gathered(inputs: Inputs, spec: TerritorySpec) -> Problem:
    """Declare every constraint and objective of a scenario.

    Raises:
        BadInput: rules or objectives that do not fit the tables, all faults at once.

    """
    faults = rule_faults(inputs, spec)
    if faults:
        raise BadInput(faults)
    cost = np.zeros((len(inputs.accounts), len(inputs.reps)))
    declared = list(_priced(declarations(inputs, spec), cost))
    forbidden = _only(Forbidden, declared)
    eligible = np.ones(cost.shape, dtype=np.bool_)
    for never in forbidden:
        eligible &= ~never.what.pairs
    return Problem(
        cost,
        eligible,
        inputs.accounts.owner,
        forbidden,
        _only(Band, declared),
        _only(Budget, declared),
        _only(Spread, declared),
        inputs.accounts.id,
        inputs.reps.id,
        _only(Together, declared),
        _only(Apart, declared),
        _only(Connected, declared),
        _only(Rows, declared),
        _only(EdgeCost, declared),
        gains=_only(Gain, declared),
    )


def declarations(inputs: Inputs, spec: TerritorySpec) -> Iterator[Named[Declaration | Cost]]:
    """Yield what each constraint and each objective declares, in the order of the scenario."""
    for place, constraint in enumerate(spec.constraints):
        field, never = constraint.place(place), constraint.never(inputs)
        yield Named(constraint.title, field, constraint.declare(inputs))
        if never is not None:
            yield Named(constraint.title, field, Forbidden.of(never))
    for place, objective in enumerate(spec.objectives):
        yield Named(objective.title, f"territories.objectives[{place}]", objective.declare(inputs))


def _only(kind: type[Declared], declared: Iterable[Named[Declaration | Cost]]) -> tuple[Named[Declared], ...]:
    return tuple(
        Named(named.title, named.field, named.what) for named in declared if isinstance(named.what, kind)
    )


def _priced(
    declared: Iterable[Named[Declaration | Cost]], cost: FloatArray
) -> Iterator[Named[Declaration | Cost]]:
    """Add up the costs of pairs in place; an infinite one forbids its pair, such as a missing distance."""
    for named in declared:
        if not isinstance(named.what, PairCost):
            yield named
            continue
        own = named.what.of(ALL)
        never = np.isinf(own)
        if never.any():
            yield Named(named.title, named.field, Forbidden.of(never))
            own = np.where(never, 0.0, own)
        cost += own


def rule_faults(inputs: Inputs, spec: TerritorySpec) -> list[Fault]:
    """Return what of the rules, objectives and backend does not fit the tables."""
    found = []
    for what, table in (("account", inputs.accounts), ("seat", inputs.reps)):
        if not len(table):
            found.append(
                Fault("E_EMPTY", f"there is no {what} to align.", "Check the table.", field="territories")
            )
    for name, field in ((spec.solver.backend, "backend"), (spec.solver.confirm, "confirm")):
        found += _backend_faults(name, f"territories.solver.{field}") if name else []
    for place, constraint in enumerate(spec.constraints):
        found += _placed(constraint.faults(inputs), constraint.place(place))
    for place, objective in enumerate(spec.objectives):
        found += _placed(objective.faults(inputs), f"territories.objectives[{place}]")
    return found


def _placed(faults: Iterable[Fault], place: str) -> list[Fault]:
    return [replace(fault, field=f"{place}.{fault.field}" if fault.field else place) for fault in faults]


def _backend_faults(name: str, field: str) -> list[Fault]:
    from solvers.backends import found

    known = found()
    if name not in known:
        return [
            Fault("E_REFERENCE", f"no solver is called '{name}'.", did_you_mean(name, known), field=field)
        ]
    if not known[name].available():
        return [Fault("E_ENVIRONMENT", f"the solver '{name}' is not installed.", "Use highs.", field=field)]
    return []
