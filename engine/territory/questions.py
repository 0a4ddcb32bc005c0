"""Questions to a finished alignment: its frontier, alternatives to it, and why it is as it is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.columns import Table
from engine.errors import BadInput, Fault, did_you_mean
from engine.inputs import Inputs
from engine.proof import Solve
from engine.territory.alignment import Alignment
from engine.territory.alternatives.spec import AlternativesSpec
from engine.territory.frontier.spec import FrontierSpec
from engine.territory.interrupted import DesignInterrupted
from engine.territory.measure import measure_faults
from engine.territory.objectives.travel import Travel
from engine.territory.problem import Problem
from engine.territory.solving.search import Search
from engine.territory.solving.whole import held_at
from engine.territory.spec import TerritorySpec
from engine.territory.study import SolveProblem, Study

if TYPE_CHECKING:
    from engine.territory.why.multipliers import Multipliers

MANY_PAIRS = 500_000
"""Eligible pairs above which the LP's multipliers are found only when the scenario says `explain:` itself."""

Found = tuple[tuple[Solve, ...], tuple[Table, ...]]


def refuse(inputs: Inputs, spec: TerritorySpec) -> None:
    """Refuse questions that do not fit the tables, before anything is solved.

    Raises:
        BadInput: all faults at once.

    """
    faults = [*_frontier_faults(inputs, spec), *_explain_faults(inputs, spec)]
    if spec.alternatives is not None:
        faults += measure_faults(inputs, spec.alternatives.measure, "alternatives.measure")
    if faults:
        raise BadInput(replace(fault, field=f"territories.{fault.field}") for fault in faults)


def _frontier_faults(inputs: Inputs, spec: TerritorySpec) -> list[Fault]:
    frontier = spec.frontier
    if frontier is None:
        return []
    found = []
    if frontier.against == "balance":
        found += measure_faults(inputs, frontier.measure, "frontier.measure")
    if "disruption" in (frontier.of, frontier.against):
        found += measure_faults(inputs, frontier.moved, "frontier.moved")
    travels = any(isinstance(objective, Travel) for objective in spec.objectives)
    if "travel" in (frontier.of, frontier.against) and not travels:
        field = "frontier.of" if frontier.of == "travel" else "frontier.against"
        hint = "Add `- kind: travel` to the objectives."
        found.append(Fault("E_REQUIRED", "no objective says what travel costs.", hint, field=field))
    return found


def _explain_faults(inputs: Inputs, spec: TerritorySpec) -> list[Fault]:
    if spec.explain.which != "named":
        return []
    known = set(inputs.accounts.id)
    return [
        Fault(
            "E_REFERENCE",
            f"no account has the id '{name}'.",
            did_you_mean(name, inputs.accounts.id),
            field="explain.accounts",
        )
        for name in spec.explain.accounts
        if name not in known
    ]


def asked(
    alignment: Alignment,
    inputs: Inputs,
    spec: TerritorySpec,
    problem: Problem,
    search: Search,
    solve: SolveProblem,
) -> Alignment:
    """Return the alignment with the answers to everything that the scenario asks of it.

    Raises:
        DesignInterrupted: the user stopped; the alignment itself is kept.
        VerificationFailed: a plain check contradicts an answer.

    """
    whole = alignment.solves[0]
    study = Study(
        inputs,
        spec,
        held_at(problem, alignment.rep_of),
        alignment.rep_of,
        whole.objective,
        whole.bound,
        search,
        solve,
    )
    try:
        solves, tables = _answers(study)
    except KeyboardInterrupt as stop:
        raise DesignInterrupted(alignment) from stop
    return replace(alignment, solves=(*alignment.solves, *solves), tables=(*alignment.tables, *tables))


def _answers(study: Study) -> Found:
    solves: list[Solve] = []
    tables: list[Table] = []
    priced = _priced(study)
    parts = [_why(study, priced)]
    if study.spec.alternatives is not None and priced is not None:
        parts.append(_alternatives(study, study.spec.alternatives, priced))
    if study.spec.frontier is not None:
        parts.append(_frontier(study, study.spec.frontier))
    for more, made in parts:
        solves += more
        tables += made
    return tuple(solves), tuple(tables)


def _priced(study: Study) -> Multipliers | None:
    """Return the multipliers of the LP over all columns, where a question needs them or they are cheap to find."""
    from engine.territory.why.multipliers import multipliers

    fields = study.spec.model_fields_set
    asked_for = study.spec.alternatives is not None or "explain" in fields
    few = int(study.problem.eligible.sum()) <= MANY_PAIRS
    wanted = study.spec.explain.which != "none" or study.spec.alternatives is not None
    return multipliers(study) if wanted and (few or asked_for) else None


def _why(study: Study, priced: Multipliers | None) -> Found:
    from engine.territory.why import answers as why
    from engine.territory.why import locks as why_locks
    from engine.territory.why import shadow_prices

    explain = study.spec.explain
    if explain.which == "none":
        return (), ()
    accounts = why.chosen(study.inputs, explain, study.rep_of)
    found = list(why.next_best(study.problem, study.rep_of, accounts, explain.next, priced))
    tables = [why.table(study.inputs, study.rep_of, found, priced)]
    if priced is None:
        return (), tuple(tables)
    tables.append(shadow_prices.table(study.problem, priced, study.rep_of, study.inputs.currency))
    costs, solves = why_locks.lock_costs(study, priced, explain.locks)
    if costs:
        tables.append(why_locks.table(study.inputs, costs))
    return tuple(solves), tuple(tables)


def _frontier(study: Study, spec: FrontierSpec) -> Found:
    from engine.territory.frontier import tables as frontier_tables
    from engine.territory.frontier import tracing as frontier

    found = frontier.trace(study, spec)
    return frontier.solves(study, found), (
        frontier_tables.table(study, found),
        frontier_tables.accounts_table(study, found),
    )


def _alternatives(study: Study, spec: AlternativesSpec, priced: Multipliers) -> Found:
    from engine.territory.alternatives import differing as alternatives
    from engine.territory.alternatives import tables as alternatives_tables

    found = alternatives.differing(study, spec, priced)
    return alternatives.solves(study, found), alternatives_tables.tables(study, found)
