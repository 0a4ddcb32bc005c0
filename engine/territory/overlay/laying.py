"""Overlays: second alignments tied to the first, each with its own proof, tables and plain check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from math import nan

import numpy as np

from engine.errors import ApportionError, BadInput, Fault, Infeasible, did_you_mean
from engine.inputs import Inputs, IntArray
from engine.progress import Progress, Within
from engine.territory.alignment import Alignment
from engine.territory.constraints.lock import Lock
from engine.territory.overlay.spec import Overlay
from engine.territory.overlay.world import covered, rules_of, team, world_of
from engine.territory.planning.weights import weighed
from engine.territory.recarve.closed import ClosedSeats
from engine.territory.spec import TerritorySpec
from engine.territory.target import account_nodes_of

Row = tuple[str, str, str, str]
"""Overlay, account, core seat, seat of the overlay."""


def overlay_faults(inputs: Inputs, overlays: Sequence[Overlay]) -> list[Fault]:
    """Return what in the overlays does not fit the tables, besides their rules."""
    found = []
    names = [overlay.name for overlay in overlays]
    for index, overlay in enumerate(overlays):
        field = f"territories.overlays[{index}]"
        if overlay.name in names[:index]:
            message = f"two overlays are called '{overlay.name}'."
            found.append(Fault("E_DUPLICATE_ID", message, "Give each its own name.", field=f"{field}.name"))
        found += _seat_faults(inputs, overlay, f"{field}.seats") or _account_faults(inputs, overlay, field)
        found += [
            Fault("E_CONFLICT", "a file of locks is of the core alignment.", "Name the accounts here.",
                  field=f"{field}.constraints[{place}].file")
            for place, rule in enumerate(overlay.constraints) if isinstance(rule, Lock) and rule.file
        ]  # fmt: skip
    return found


def _seat_faults(inputs: Inputs, overlay: Overlay, field: str) -> Iterator[Fault] | list[Fault]:
    seats, reps = overlay.seats, inputs.reps
    if seats.roster:
        taken = [seat.id for seat in seats.roster if seat.id in reps.id]
        message = f"seat '{taken[0] if taken else ''}' of the roster is a seat of the tables as well."
        return [
            Fault("E_DUPLICATE_ID", message, "Give it another id, or take it by its level.", field=field)
        ] * bool(taken)
    if seats.level not in reps.levels:
        hint = did_you_mean(seats.level, reps.levels)
        return [
            Fault("E_REFERENCE", f"the seats have no level '{seats.level}'.", hint, field=f"{field}.level")
        ]
    known = reps.levels[seats.level]
    lost = [node for node in seats.nodes if node not in known]
    found = [
        Fault(
            "E_REFERENCE",
            f"no {seats.level} is called '{node}'.",
            did_you_mean(node, known),
            field=f"{field}.nodes",
        )
        for node in lost
    ]
    if not found and all(node in seats.nodes for node in known):
        message = "every seat belongs to the overlay; nobody is left to own accounts."
        found.append(Fault("E_CONTRADICTION", message, "Leave out a node.", field=f"{field}.nodes"))
    return found


def _account_faults(inputs: Inputs, overlay: Overlay, field: str) -> list[Fault]:
    accounts = inputs.accounts
    found = []
    for what, given, known in (
        ("segments", overlay.segments, accounts.segment),
        ("accounts", overlay.accounts, accounts.id),
    ):
        there = set(known)
        found += [
            Fault("E_REFERENCE", f"no account has the {'segment' if what == 'segments' else 'id'} '{name}'.",
                  did_you_mean(name, known), field=f"{field}.{what}")
            for name in given if name not in there
        ]  # fmt: skip
    column = overlay.incumbents
    if column and column not in accounts.extra:
        hint = did_you_mean(column, accounts.extra)
        found.append(
            Fault(
                "E_REFERENCE", f"the accounts have no column '{column}'.", hint, field=f"{field}.incumbents"
            )
        )
    elif column:
        seats = team(inputs, overlay).id
        lost = list(
            dict.fromkeys(name for name in account_nodes_of(inputs, column) if name not in ("", *seats))
        )
        if lost:
            message = f"column '{column}' names '{lost[0]}', which is no seat of the overlay."
            found.append(
                Fault("E_REFERENCE", message, did_you_mean(lost[0], seats), field=f"{field}.incumbents")
            )
    return found


def apart(inputs: Inputs, spec: TerritorySpec) -> TerritorySpec:
    """Return the rules of the core alignment: an overlay's seats own no account, and no mean counts them."""
    closed: list[ClosedSeats] = []
    theirs: list[str] = []
    for index, overlay in enumerate(spec.overlays):
        if overlay.seats.level:
            ids = team(inputs, overlay).id
            closed.append(ClosedSeats(seats=ids, because=f"territories.overlays[{index}].seats"))
            theirs += ids
    if not closed:
        return spec
    shares = [Decimal(seat not in theirs) for seat in inputs.reps.id]
    constraints = tuple(weighed(rule, inputs, shares) for rule in spec.constraints)
    objectives = tuple(weighed(rule, inputs, shares) for rule in spec.objectives)
    return spec.model_copy(update={"constraints": (*constraints, *closed), "objectives": objectives})


def laid_over(
    alignment: Alignment, inputs: Inputs, spec: TerritorySpec, *, seed: int, progress: Progress
) -> Alignment:
    """Return the alignment with every overlay beside it: their solves, and one table of all.

    Raises:
        BadInput, Infeasible: as for the core alignment, with the place of the overlay's rule.

    """
    from engine.territory.overlay.tables import overlay_tables
    from engine.territory.stage import align

    answers, proofs = [], list(alignment.solves)
    for index, overlay in enumerate(spec.overlays):
        world, rules = world_of(inputs, overlay), rules_of(inputs, spec, index, alignment.rep_of)
        try:
            found = align(world, rules, seed=seed, progress=Within(progress, f"{overlay.name}, "))
        except (BadInput, Infeasible) as error:
            raise _placed(error, index) from None
        answers.append((overlay, world, found.rep_of))
        proofs += [
            replace(solve, name=f"{overlay.name}: {solve.name}", certified=nan) for solve in found.solves
        ]
    tables = overlay_tables(inputs, alignment.rep_of, answers)
    return replace(alignment, solves=tuple(proofs), tables=(*alignment.tables, *tables))


def _placed(error: BadInput | Infeasible, index: int) -> ApportionError:
    """Return an error whose faults name rules of the overlay instead of rules of the territories."""
    there = f"territories.overlays[{index}]"
    faults = [
        fault
        if fault.field.startswith(there)
        else replace(fault, field=fault.field.replace("territories", there, 1))
        for fault in error.faults
    ]
    return type(error)(faults)


def overlay_violations(
    inputs: Inputs, spec: TerritorySpec, rep_of: IntArray, rows: Iterable[Row]
) -> list[str]:
    """Return a sentence for each rule that finished overlays break, from the rows of their table; no model.

    `inputs` are the tables as the alignment is held to them, `rep_of` the core seat of each account.
    """
    from engine.territory.checks import violations

    told: dict[str, list[Row]] = {overlay.name: [] for overlay in spec.overlays}
    found = []
    for row in rows:
        if row[0] in told:
            told[row[0]].append(row)
        else:
            found.append(f"no overlay is called {row[0]}.")
    for index, overlay in enumerate(spec.overlays):
        world, mine = world_of(inputs, overlay), told[overlay.name]
        if [row[1] for row in mine] != list(world.accounts.id):
            found.append(
                f"{overlay.name}: its accounts are not those that it covers, each once and in their order."
            )
            continue
        core = [inputs.reps.id[rep_of[i]] for i in covered(inputs, overlay)]
        found += [
            f"{overlay.name}: account {row[1]} is said to belong to {row[2]}; it belongs to {seat}."
            for row, seat in zip(mine, core, strict=True)
            if row[2] != seat
        ]
        place = {name: j for j, name in enumerate(world.reps.id)}
        seats = np.array([place.get(row[3], -1) for row in mine], dtype=np.int64)
        broken = violations(world, rules_of(inputs, spec, index, rep_of), seats)
        found += [f"{overlay.name}: {sentence}" for sentence in broken]
    return found
