"""From tables and rules to an alignment, whatever is planned: a year, what is left of one, levels, overlays."""

from __future__ import annotations

from dataclasses import replace

from engine.columns import Table
from engine.errors import BadInput
from engine.inputs import Inputs
from engine.progress import Progress
from engine.territory.alignment import Alignment
from engine.territory.interrupted import DesignInterrupted
from engine.territory.planning.rules import seen
from engine.territory.spec import TerritorySpec

World = tuple[Inputs, TerritorySpec]
"""Tables, and the rules over them."""
OF_THE_YEAR = ("alignment", "territories", "moves")
"""Tables in terms of the whole year, with today's owners; `balance` and `levels` speak of what is left."""


def plan(inputs: Inputs, spec: TerritorySpec, *, seed: int, progress: Progress) -> Alignment:
    """Return the alignment and the tables of everything that the territories of a scenario ask for.

    Raises:
        what `engine.territory.design` says.

    """
    from engine.territory import fitting, stage
    from engine.territory.overlay import laying as overlay

    faults = fitting.faults(inputs, spec)
    if faults:
        raise BadInput(faults)
    if spec.headcount is not None and spec.headcount.adopt is not None:
        from engine.territory.headcount.adoption import adopted

        return adopted(inputs, spec, spec.headcount, seed=seed, progress=progress)
    left, rules = seen(inputs, spec)
    try:
        alignment = stage.align(left, rules, seed=seed, progress=progress)
        alignment = _told(alignment, (inputs, spec), (left, rules))
    except DesignInterrupted as stop:
        saved = None if stop.alignment is None else _told(stop.alignment, (inputs, spec), (left, rules))
        raise DesignInterrupted(saved) from stop
    if not spec.overlays:
        return alignment
    try:
        return overlay.laid_over(alignment, left, spec, seed=seed, progress=progress)
    except KeyboardInterrupt as stop:
        raise DesignInterrupted(alignment) from stop


def _told(alignment: Alignment, given: World, held: World) -> Alignment:
    """Return the alignment with the tables of the year, of the levels, of the locks, and of a re-carve.

    `given` is what was read, `held` what the alignment is held to.
    """
    tables = alignment.tables
    if held[0] is not given[0]:
        from engine.territory.tables import tables as of_the_year

        yearly = {table.name: table for table in of_the_year(*given, alignment.rep_of)}
        tables = tuple(yearly[table.name] if table.name in OF_THE_YEAR else table for table in tables)
    told = (*_levels(*held, alignment), *_locks(*held), *_recarve(alignment, given, held[0]))
    return replace(alignment, tables=(*tables, *told))


def _levels(inputs: Inputs, rules: TerritorySpec, alignment: Alignment) -> list[Table]:
    from engine.territory.hierarchy.tables import levels_table

    return [levels_table(inputs, rules, alignment.rep_of)] if rules.hierarchy is not None else []


def _locks(inputs: Inputs, rules: TerritorySpec) -> list[Table]:
    from engine.territory.constraints.lock import Lock
    from engine.territory.edits.table import locks_table

    return [locks_table(inputs, rules)] if any(isinstance(rule, Lock) for rule in rules.constraints) else []


def _recarve(alignment: Alignment, given: World, left: Inputs) -> list[Table]:
    inputs, spec = given
    if spec.recarve is None:
        return []
    from engine.territory.recarve.carving import shares_of
    from engine.territory.recarve.tables import history_table, recarve_table

    shares = shares_of(inputs, spec.recarve)
    found = [recarve_table(inputs, left, shares, alignment.rep_of)]
    return found if inputs.actuals is None else [*found, history_table(inputs, shares)]
