"""Gathering a wide world: what each rule declares, refused in words where it needs a number for each pair."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from engine.errors import BadInput, Fault, Infeasible
from engine.inputs import Inputs, IntArray
from engine.territory.conflict.contradictions import CODE
from engine.territory.declaration import (
    Band,
    BoolArray,
    Budget,
    Cost,
    Declaration,
    Forbidden,
    Spread,
    Together,
)
from engine.territory.gathering import declarations, rule_faults
from engine.territory.pair_costs import PairCost, Tabled
from engine.territory.problem import Named
from engine.territory.solving.contraction import united
from engine.territory.spec import TerritorySpec
from engine.territory.target import SHOWN, Target
from engine.territory.wide.world import World

FITS = (Band, Budget, Forbidden, PairCost, Spread, Together)


def gather(inputs: Inputs, spec: TerritorySpec) -> World:
    """Declare every constraint and objective of a wide world.

    Raises:
        BadInput: rules that do not fit the tables, or that need an array of all pairs; all faults at once.
        Infeasible: accounts that no seat may own.

    """
    faults = [*wide_faults(inputs, spec)] or rule_faults(inputs, spec)
    if faults:
        raise BadInput(faults)
    rules = list(declarations(inputs, spec))
    faults = [_refused(inputs, rule.field, rule.title) for rule in rules if not _fits(rule.what)]
    if faults:
        raise BadInput(faults)
    unit_of = united(len(inputs.accounts), [r.what for r in rules if isinstance(r.what, Together)])
    order = np.argsort(unit_of, kind="stable")
    start = np.append(np.searchsorted(unit_of[order], np.arange(int(unit_of.max()) + 1)), len(order))
    forbidden = tuple(Named(r.title, r.field, r.what) for r in rules if isinstance(r.what, Forbidden))
    kind, allowed = _kinds(inputs, [rule.what for rule in forbidden], order, start)
    world = World(
        inputs,
        tuple(r.what for r in rules if isinstance(r.what, PairCost)),
        forbidden,
        tuple(Named(r.title, r.field, r.what) for r in rules if isinstance(r.what, Band | Spread)),
        tuple(Named(r.title, r.field, r.what) for r in rules if isinstance(r.what, Budget)),
        unit_of,
        order,
        start,
        kind,
        allowed,
    )
    nowhere = ~np.asarray(allowed.any(axis=1))
    homeless = np.flatnonzero(nowhere[kind])
    if len(homeless):
        raise Infeasible([_homeless(world, homeless)])
    return world


def wide_faults(inputs: Inputs, spec: TerritorySpec) -> Iterator[Fault]:
    """Yield what a scenario asks for that needs an array of all pairs, before anything is declared."""
    for place, rule in enumerate(spec.constraints):
        if rule.needs_pairs:
            yield _refused(inputs, rule.place(place), rule.title)
    for place, objective in enumerate(spec.objectives):
        if objective.needs_pairs:
            yield _refused(inputs, f"territories.objectives[{place}]", objective.title)
    if not any(isinstance(rule, Target) for rule in (*spec.constraints, *spec.objectives)):
        message = f"{_size(inputs)}: a plan of this size needs a band, and there is none."
        yield Fault(
            "E_LIMIT",
            message,
            "Add for example `- {kind: band, measure: count, within: 20%}`.",
            field="territories.constraints",
        )
    for question in ("frontier", "alternatives", "hierarchy", "headcount"):
        if getattr(spec, question) is not None:
            yield _refused(inputs, f"territories.{question}", question)
    if spec.overlays:
        yield _refused(inputs, "territories.overlays", "overlays")


def _fits(what: Declaration | Cost) -> bool:
    ranked = isinstance(what, Spread) and what.rank > 0
    by_seat = isinstance(what, Band | Spread) and (
        what.measure.by_seat or bool((what.measure.values < 0).any())
    )
    return isinstance(what, FITS) and not isinstance(what, Tabled) and not ranked and not by_seat


def _size(inputs: Inputs) -> str:
    return f"{len(inputs.accounts):,} accounts and {len(inputs.reps):,} seats"


def _refused(inputs: Inputs, field: str, title: str) -> Fault:
    message = f"{title} looks at each pair of account and seat, too many for {_size(inputs)}."
    return Fault("E_LIMIT", message, "Leave it out, or plan regions one by one.", field=field)


def _kinds(
    inputs: Inputs, forbidden: Sequence[Forbidden], order: IntArray, start: IntArray
) -> tuple[IntArray, BoolArray]:
    """Return the kind of each unit and where a kind may go: where all rules let all its accounts go."""
    if not forbidden:
        return np.zeros(len(start) - 1, dtype=np.int64), np.ones((1, len(inputs.reps)), dtype=np.bool_)
    rows = np.stack([rule.kind for rule in forbidden], axis=1)
    told, kind = np.unique(rows, axis=0, return_inverse=True)
    never = np.zeros((len(told), len(inputs.reps)), dtype=np.bool_)
    for column, rule in enumerate(forbidden):
        never |= rule.never[told[:, column]]
    first = kind.reshape(-1)[order]
    found: dict[tuple[int, ...], int] = {(k,): k for k in range(len(told))}
    of_unit = first[start[:-1]].copy()
    for unit in np.flatnonzero(np.diff(start) > 1).tolist():
        kinds = tuple(np.unique(first[start[unit] : start[unit + 1]]).tolist())
        of_unit[unit] = found.setdefault(kinds, len(found))
    allowed = np.stack([~never[list(kinds)].any(axis=0) for kinds in found])
    return of_unit.astype(np.int64), allowed


def _homeless(world: World, units_without: IntArray) -> Fault:
    lost = np.flatnonzero(np.isin(world.unit_of, units_without))
    rules = [rule for rule in world.forbidden if rule.what.never[rule.what.kind[lost]].any()]
    names = " and ".join(dict.fromkeys(f"{rule.title} ({rule.field})" for rule in rules))
    ids = world.inputs.accounts.id
    shown = ", ".join(ids[i] for i in lost[:SHOWN]) + " ..." * (len(lost) > SHOWN)
    message = f"no seat may own {len(lost)} accounts: {shown}. Forbidden by {names}."
    return Fault(
        CODE, message, "Let a seat serve them, correct the accounts, or loosen a rule.", field=rules[0].field
    )
