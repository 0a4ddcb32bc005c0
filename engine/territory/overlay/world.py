"""The world of an overlay: its accounts, its seats, and the rule that ties it to the core alignment.

    x_ij = x_kj        for all seats j of the overlay, where accounts i and k share a core territory

Everything else is an alignment like any other, so it is solved, bounded and checked like one.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Literal, TypeVar

import numpy as np

from engine.geography import Ways
from engine.inputs import Inputs, IntArray, Opportunities, Reps, Spells
from engine.territory.constraint import Constraint
from engine.territory.declaration import Together
from engine.territory.overlay.spec import Overlay, OverlaySeat
from engine.territory.spec import TerritorySpec
from engine.territory.target import account_nodes_of
from engine.territory.why.spec import ExplainSpec

Rows = TypeVar("Rows", Spells, Opportunities)


class WholeTerritories(Constraint):
    """The rule that ties an overlay to whole core territories; no kind of a scenario."""

    kind: Literal["whole_territories"] = "whole_territories"
    territory: tuple[int, ...]
    """Core seat of each account of the overlay."""
    where: str
    """Where the scenario says so."""

    def place(self, index: int) -> str:
        """Return where the scenario ties the overlay."""
        return f"{self.where}.tied"

    def declare(self, inputs: Inputs) -> Together:
        """Declare the accounts of one territory together."""
        return Together(np.array(self.territory, dtype=np.int64))

    def violations(self, inputs: Inputs, rep_of: IntArray) -> list[str]:
        """Look at the seats of each territory."""
        first: dict[int, tuple[str, int]] = {}
        found = []
        for account, territory, rep in zip(inputs.accounts.id, self.territory, rep_of.tolist(), strict=True):
            other, seat = first.setdefault(territory, (account, rep))
            if seat != rep:
                found.append(
                    f"{self.title}: account {account} goes to {inputs.reps.id[rep]}, account {other} of the same"
                    f" territory to {inputs.reps.id[seat]}."
                )
        return found


def covered(inputs: Inputs, overlay: Overlay) -> IntArray:
    """Return the accounts that an overlay covers, in their order."""
    if not overlay.segments and not overlay.accounts:
        return np.arange(len(inputs.accounts))
    segments, ids = set(overlay.segments), set(overlay.accounts)
    rows = zip(inputs.accounts.id, inputs.accounts.segment, strict=True)
    return np.array(
        [i for i, (name, segment) in enumerate(rows) if segment in segments or name in ids], dtype=np.int64
    )


def team(inputs: Inputs, overlay: Overlay) -> Reps:
    """Return the seats of an overlay."""
    reps = inputs.reps
    if overlay.seats.roster:
        return _roster(overlay.seats.roster, tuple(reps.levels))
    chosen = _chosen(reps, overlay)
    return Reps(
        id=tuple(reps.id[j] for j in chosen),
        name=tuple(reps.name[j] for j in chosen),
        levels={level: tuple(nodes[j] for j in chosen) for level, nodes in reps.levels.items()},
        latitude=reps.latitude[chosen],
        longitude=reps.longitude[chosen],
        serves=tuple(reps.serves[j] for j in chosen),
        slots=reps.slots[chosen],
        history=reps.history[chosen],
        extra={name: np.asarray(values)[chosen] for name, values in reps.extra.items()},
    )


def _chosen(reps: Reps, overlay: Overlay) -> IntArray:
    """Return the seats of the tables that form an overlay."""
    nodes = reps.levels[overlay.seats.level]
    return np.array([j for j, node in enumerate(nodes) if node in overlay.seats.nodes], dtype=np.int64)


def _roster(roster: tuple[OverlaySeat, ...], levels: tuple[str, ...]) -> Reps:
    seats = sorted(roster, key=lambda seat: seat.id)
    return Reps(
        id=tuple(seat.id for seat in seats),
        name=tuple(seat.name or seat.id for seat in seats),
        levels={level: tuple(seat.nodes.get(level, "") for seat in seats) for level in levels},
        latitude=np.array([np.nan if seat.latitude is None else seat.latitude for seat in seats]),
        longitude=np.array([np.nan if seat.longitude is None else seat.longitude for seat in seats]),
        serves=tuple(frozenset(seat.serves) for seat in seats),
        slots=np.full(len(seats), -1, dtype=np.int64),
        history=np.zeros(len(seats), dtype=np.int64),
    )


def world_of(inputs: Inputs, overlay: Overlay) -> Inputs:
    """Return the accounts of an overlay before its seats, with its own incumbents."""
    chosen, seats, accounts = covered(inputs, overlay), team(inputs, overlay), inputs.accounts
    owner = np.full(len(chosen), -1, dtype=np.int64)
    if overlay.incumbents:
        place = {name: j for j, name in enumerate(seats.id)}
        held = account_nodes_of(inputs, overlay.incumbents)
        owner = np.array([place.get(held[i], -1) for i in chosen], dtype=np.int64)
    mine = replace(
        accounts,
        id=tuple(accounts.id[i] for i in chosen),
        name=tuple(accounts.name[i] for i in chosen),
        segment=tuple(accounts.segment[i] for i in chosen),
        latitude=accounts.latitude[chosen],
        longitude=accounts.longitude[chosen],
        owner=owner,
        potential=accounts.potential[chosen],
        workload=accounts.workload[chosen],
        extra={name: np.asarray(values)[chosen] for name, values in accounts.extra.items()},
    )
    return replace(
        inputs, accounts=mine, reps=seats, spells=_none(inputs.spells), history=_none(inputs.history),
        pipeline=_none(inputs.pipeline), actuals=None, edits=None, start=None, ways=_ways(inputs, overlay, chosen),
    )  # fmt: skip


def _ways(inputs: Inputs, overlay: Overlay, chosen: IntArray) -> Ways | None:
    """Return the distances of the user between the accounts and the seats of an overlay; none for a roster."""
    ways = inputs.ways
    if ways is None or overlay.seats.roster:
        return None
    account, rep = np.full(len(inputs.accounts), -1), np.full(len(inputs.reps), -1)
    seats = _chosen(inputs.reps, overlay)
    account[chosen], rep[seats] = np.arange(len(chosen)), np.arange(len(seats))
    own = (account[ways.account] >= 0) & (rep[ways.rep] >= 0)
    return Ways(account[ways.account[own]], rep[ways.rep[own]], ways.km[own], ways.hours[own])


def rules_of(inputs: Inputs, spec: TerritorySpec, index: int, rep_of: IntArray) -> TerritorySpec:
    """Return the rules of an overlay; `rep_of` is the core seat of each account of the tables."""
    overlay = spec.overlays[index]
    rules = overlay.constraints
    if overlay.tied == "territories":
        territory = tuple(rep_of[covered(inputs, overlay)].tolist())
        rules = (*rules, WholeTerritories(territory=territory, where=f"territories.overlays[{index}]"))
    base = TerritorySpec(
        objectives=overlay.objectives, solver=spec.solver, explain=ExplainSpec(accounts="none")
    )
    return base.model_copy(update={"constraints": rules})


def _none(table: Rows) -> Rows:
    """Return a table without rows."""
    return type(table)(**{field.name: getattr(table, field.name)[:0] for field in fields(table)})
