"""allocate: the quota stage, read top to bottom."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from engine.adjusted import Adjusted
from engine.columns import Table
from engine.errors import BadInput, Fault, Infeasible, NoPlan, VerificationFailed
from engine.fairness import of_plan
from engine.inputs import Inputs, IntArray
from engine.measures import Measures
from engine.pipeline.bookings import Bookings
from engine.progress import Progress, Silent
from engine.quota import check, coverage, fitting, goals, reconciliation, steps, tables
from engine.quota.adjusting import effects
from engine.quota.adjusting import table as adjusting
from engine.quota.adjusting.held import held
from engine.quota.carry import part_periods, unset
from engine.quota.difficulty import products
from engine.quota.difficulty.equal import joined
from engine.quota.difficulty.telling import told
from engine.quota.in_force import answer
from engine.quota.keeping import table as keeping
from engine.quota.keeping.check import kept_violations
from engine.quota.quotas import Quotas
from engine.quota.settling import Settled, chance_violations, refuse, settled
from engine.quota.spec import QuotaSpec
from engine.quota.teams.parts import assigned
from engine.quota.teams.table import Shared, together
from engine.territory.alignment import Alignment


def allocate(
    inputs: Inputs,
    alignment: Alignment,
    bookings: Bookings,
    spec: QuotaSpec,
    *,
    progress: Progress,
    measures: Measures | None = None,
) -> Quotas:
    """Share out the goal to every seat, product and period, to the minor unit.

    `measures` say what each measure of the bookings counts, which only chances by product need.

    Raises:
        BadInput: the scenario's block does not fit the tables; all faults at once.
        Infeasible: the bounds contradict the goal, proved by two routes.
        NoPlan: a limit was reached before there were quotas.
        VerificationFailed: the independent check contradicts the answer.

    """
    refuse(fitting.misfits(inputs, spec, bookings.measures))
    spec = goals.given(inputs, spec)
    wanted = held(inputs, spec)
    refuse(products.faults(inputs, spec, measures or {}))
    counting = products.counting(inputs, spec, measures or {})
    if counting and bookings.fresh is not None:
        bookings = replace(bookings, fresh=cache(bookings.fresh))
    found = settled(inputs, alignment, bookings, wanted, progress, counting)
    spec = assigned(spec, {one.part.team: one.part.spec.over_assignment for one in found})
    cells, street = _sum(found), _sum([one for one in found if not one.part.overlay])
    potential = found[0].plan.basis.potential
    broken = check.violations(inputs, spec, cells, potential)
    broken += [text for one in found for text in chance_violations(one)]
    if broken:
        raise VerificationFailed([Fault("V_CHECK", sentence, field="quotas") for sentence in broken])
    plans = [(one.part, one.plan) for one in found]
    credit = bookings.measure(spec.measure)[0]  # of periods that are over, the same in every replication
    moves = answer.moves(inputs, spec, plans, cells, credit)
    cells, street = cells + moves.both, street + moves.both
    made = together(inputs, [_shared(inputs, one, moves) for one in found]) + moves.tables
    if inputs.in_force is not None:
        made += (answer.changed(inputs, alignment, plans, made),)
    if spec.keep is not None:
        made += _kept(inputs, spec, found)
    year = [sum(shares) for shares in zip(*(one.plan.year for one in found), strict=True)]
    made += coverage.tables(inputs, bookings, spec.measure, street, year)
    made += of_plan.tables(inputs, bookings, spec.measure, street, potential, spec.fairness)
    held_apart = joined([one.equal for one in found])
    made += told(found[0].plan.basis, bookings, spec, street, held_apart, progress)
    made += products.told(inputs, bookings, spec, street, counting)
    made += reconciliation.table([row for one in found for row in _reconciled(one)])
    if inputs.adjusted is not None:

        def bare(some: Adjusted | None) -> list[Settled]:
            these = replace(inputs, adjusted=some)
            return settled(these, alignment, bookings, held(these, spec), Silent(), counting)

        progress.update("quotas without what was set by hand")
        made += _adjusted(inputs, found, bare)
    solves = tuple(solve for one in found for solve in one.solves)
    return Quotas(spec.measure, cells, solves, made, parts=part_periods(inputs, spec))


def _kept(inputs: Inputs, spec: QuotaSpec, found: Sequence[Settled]) -> tuple[Table, ...]:
    """Return the tables of what was kept, held to the plain check."""
    shared = [
        keeping.Shared(one.part.team, one.part.seats, one.plan.kept, one.least)
        for one in found
        if one.plan.kept is not None
    ]
    quota = np.asarray(_sum(found).sum(axis=(1, 2)))
    made = keeping.tables(inputs, shared, quota)
    frames = {table.name: table.frame for table in made}
    wrong = list(kept_violations(inputs, spec, [int(value) for value in quota], frames))
    if wrong:
        raise VerificationFailed([Fault("V_CHECK", sentence, field="quotas.keep") for sentence in wrong])
    return made


def _sum(found: Sequence[Settled]) -> IntArray:
    """Return the quotas of all parts, shape (rep, product, period)."""
    cells: IntArray = np.sum([one.cells for one in found], axis=0, dtype=np.int64)
    return cells


def _reconciled(one: Settled) -> Iterator[tuple[Any, ...]]:
    plan, problem = one.plan, one.plan.problem
    return reconciliation.rows(
        one.part.team, plan.basis, one.part.spec, problem.tree, problem.goal, plan.year, one.quota
    )


def _shared(inputs: Inputs, one: Settled, moves: answer.Moves) -> Shared:
    """Return the tables of one part, with what catch-up and relief did."""
    mine = np.array(one.part.seats)[:, None, None]
    caught, relieved = (np.where(mine, part, 0) for part in (moves.caught, moves.relieved))
    plan, moved = one.plan, np.asarray((caught + relieved).sum(axis=(1, 2)))
    cells, none = one.cells + caught + relieved, unset(inputs, one.part.spec)
    known = tables.Seats(plan.basis.potential, plan.year, plan.targets, none, moved)
    made = tables.tables(inputs, plan.problem, plan.shape, one.after(moved), cells, known)
    stands = np.zeros_like(moved) if plan.standing is None else plan.standing.seats
    ground = steps.Ground(plan.problem, plan.targets, plan.claiming, stands, even=one.equal is not None)
    ends = (part.sum(axis=(1, 2)) for part in (cells, caught, relieved))
    made += (steps.table(ground, one.part.spec, *ends),)
    return Shared(one.part, plan.problem.goal, cells, made)


def _adjusted(
    inputs: Inputs, found: Sequence[Settled], again: Callable[[Adjusted | None], list[Settled]]
) -> tuple[Table, ...]:
    """Return the tables of what was set by hand, beside the quotas with some of it, or none, that `again` makes."""
    adjusted, names = inputs.adjusted, found[0].plan.shape.products
    assert adjusted is not None

    def with_some(some: Adjusted | None) -> list[Settled] | None:
        try:
            return again(some)
        except (BadInput, Infeasible, NoPlan):
            return None

    def by_seat(made: Sequence[Settled] | None) -> IntArray | None:
        return None if made is None else np.asarray(_sum(made).sum(axis=(1, 2)))

    before, after = with_some(None), np.asarray(_sum(found).sum(axis=(1, 2)))
    entries = effects.told(adjusted, by_seat(before), after, lambda some: by_seat(with_some(some)))
    if before is None:
        return adjusting.tables(inputs, names, _sum(found), None, {}, entries)
    own = {name: (quota, _by_node(found)[name]) for name, quota in _by_node(before).items()}
    return adjusting.tables(inputs, names, _sum(found), _sum(before), own, entries)


def _by_node(found: Sequence[Settled]) -> dict[str, int]:
    """Return the quota of each node by name, over all parts, minor units."""
    total: dict[str, int] = {}
    for one in found:
        for node, quota in zip(one.plan.problem.tree.nodes, one.quota, strict=True):
            total[node.name] = total.get(node.name, 0) + quota
    return total
