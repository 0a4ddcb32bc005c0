"""allocate: the quota stage, read top to bottom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.columns import Table
from engine.errors import BadInput, Fault, Infeasible, NoPlan, VerificationFailed
from engine.fairness import of_plan
from engine.inputs import Inputs, IntArray
from engine.pipeline.bookings import Bookings
from engine.progress import Progress
from engine.proof import Solve
from engine.quota import check, coverage, fitting, goals, joint, reconciliation, steps, tables
from engine.quota.adjusting import table as adjusting
from engine.quota.adjusting.held import held
from engine.quota.carry import unset
from engine.quota.check_difficulty import difficulty_violations
from engine.quota.difficulty.equal import Equal, joined, split
from engine.quota.difficulty.ranking import reached
from engine.quota.difficulty.street import with_street
from engine.quota.difficulty.telling import told
from engine.quota.faults import faults
from engine.quota.in_force import answer
from engine.quota.planning import Plan, prepare
from engine.quota.quotas import Quotas
from engine.quota.spec import QuotaSpec
from engine.quota.spread import spread
from engine.quota.teams.parts import Part, assigned, parts
from engine.quota.teams.shared import Carried, within
from engine.quota.teams.table import Shared, together
from engine.quota.unmet import Unmet
from engine.territory.alignment import Alignment


@dataclass(frozen=True)
class Settled:
    """One goal, shared out."""

    part: Part
    plan: Plan
    quota: tuple[int, ...]
    """Quota of each node of the tree, minor units."""
    cells: IntArray
    """Shape (rep, product, period), minor units."""
    solves: tuple[Solve, ...]
    equal: Equal | None
    """What held chances apart, where a method made them equal."""

    def after(self, moved: IntArray) -> tuple[int, ...]:
        """Return the quota of each node when relief has moved those of the seats, minor units; `moved` by seat."""
        quota = list(self.quota)
        for seat, node in enumerate(self.plan.problem.tree.seats()):
            quota[node] += int(moved[seat])
        return tuple(quota)


def allocate(
    inputs: Inputs, alignment: Alignment, bookings: Bookings, spec: QuotaSpec, *, progress: Progress
) -> Quotas:
    """Share out the goal to every seat, product and period, to the minor unit.

    Raises:
        BadInput: the scenario's block does not fit the tables; all faults at once.
        Infeasible: the bounds contradict the goal, proved by two routes.
        NoPlan: a limit was reached before there were quotas.
        VerificationFailed: the independent check contradicts the answer.

    """
    _refuse(fitting.misfits(inputs, spec, bookings.measures))
    spec = goals.given(inputs, spec)
    wanted = held(inputs, spec)
    found = _settled(inputs, alignment, bookings, wanted, progress)
    spec = assigned(spec, {one.part.team: one.part.spec.over_assignment for one in found})
    cells, street = _sum(found), _sum([one for one in found if not one.part.overlay])
    potential = found[0].plan.basis.potential
    broken = check.violations(inputs, spec, cells, potential)
    broken += [text for one in found for text in _chances(one)]
    if broken:
        raise VerificationFailed([Fault("V_CHECK", sentence, field="quotas") for sentence in broken])
    plans = [(one.part, one.plan) for one in found]
    moves, relief = answer.relieved(inputs, spec, plans, cells)
    cells, street = cells + moves, street + moves
    made = together(inputs, [_shared(inputs, one, moves) for one in found]) + relief
    if inputs.in_force is not None:
        made += (answer.changed(inputs, alignment, plans, made),)
    year = [sum(shares) for shares in zip(*(one.plan.year for one in found), strict=True)]
    made += coverage.tables(inputs, bookings, spec.measure, street, year)
    made += of_plan.tables(inputs, bookings, spec.measure, street, potential, spec.fairness)
    held_apart = joined([one.equal for one in found])
    made += told(found[0].plan.basis, bookings, spec, street, held_apart, progress)
    made += reconciliation.table([row for one in found for row in _reconciled(one)])
    if inputs.adjusted is not None:
        made += _adjusted(inputs, alignment, bookings, spec, found, progress)
    return Quotas(spec.measure, cells, tuple(solve for one in found for solve in one.solves), made)


def _chances(one: Settled) -> Iterator[str]:
    """Hold the chances of one goal's quotas, and the bound on their range, to the plain check."""
    if one.equal is None:
        return
    quota, credit = np.asarray(one.cells.sum(axis=(1, 2))), one.plan.basis.credit
    chances = np.where(quota > 0, reached(credit, quota) / len(credit), np.nan)
    yield from difficulty_violations(one.plan.problem, credit, quota, (chances, one.equal.bound))


def _sum(found: Sequence[Settled]) -> IntArray:
    """Return the quotas of all parts, shape (rep, product, period)."""
    cells: IntArray = np.sum([one.cells for one in found], axis=0, dtype=np.int64)
    return cells


def _reconciled(one: Settled) -> Iterator[tuple[Any, ...]]:
    plan, problem = one.plan, one.plan.problem
    return reconciliation.rows(
        one.part.team, plan.basis, one.part.spec, problem.tree, problem.goal, plan.year, one.quota
    )


def _shared(inputs: Inputs, one: Settled, moves: IntArray) -> Shared:
    """Return the tables of one part; `moves` is what relief did, shape (rep, product, period), minor units."""
    moves = np.where(np.array(one.part.seats)[:, None, None], moves, 0)
    plan, moved = one.plan, np.asarray(moves.sum(axis=(1, 2)))
    cells, none = one.cells + moves, unset(inputs, one.part.spec)
    known = tables.Seats(plan.basis.potential, plan.year, plan.targets, none, moved)
    made = tables.tables(inputs, plan.problem, plan.shape, one.after(moved), cells, known)
    stands = np.zeros_like(moved) if plan.standing is None else plan.standing.seats
    ground = steps.Ground(plan.problem, plan.targets, plan.claiming, stands, even=one.equal is not None)
    made += (steps.table(ground, one.part.spec, cells.sum(axis=(1, 2)), moved),)
    return Shared(one.part, plan.problem.goal, cells, made)


def _settled(
    inputs: Inputs, alignment: Alignment, bookings: Bookings, spec: QuotaSpec, progress: Progress
) -> list[Settled]:
    """Settle every part at the street quota that is given or that its method finds."""
    credit = bookings.measure(spec.measure).sum(axis=2)

    def of(part: Part) -> Settled:
        finding = part.spec.equalising is not None and part.spec.equalising.finds_street
        own = np.where(np.array(part.seats), credit, 0)

        def once(wanted: QuotaSpec) -> Settled:
            if finding:
                _refuse(faults(inputs, wanted, bookings.measures))  # sums fit at the over-assignment found
            try:
                return settle(inputs, alignment, bookings, replace(part, spec=wanted), progress)
            except (BadInput, Infeasible) as error:
                raise _of_team(error, part.team) from None

        return with_street(inputs, part.spec, own, once, lambda one: np.asarray(one.cells.sum(axis=(1, 2))))

    return within(inputs, spec, parts(inputs, spec), of, lambda one: Carried(one.part, one.plan, one.quota))


def _of_team(error: BadInput | Infeasible, team: str) -> BadInput | Infeasible:
    """Return an error whose faults name the team that they are about."""
    if not team:
        return error
    return type(error)(replace(fault, message=f"{team}: {fault.message}") for fault in error.faults)


def _refuse(wrong: Iterable[Fault]) -> None:
    found = dict.fromkeys(wrong)
    if found:
        raise BadInput(found)


def settle(
    inputs: Inputs, alignment: Alignment, bookings: Bookings, part: Part, progress: Progress
) -> Settled:
    """Share out one goal: down the hierarchy first, then each seat's year over products and periods.

    Where the years that are best on their own leave a seat no table, all is shared out at once.
    """
    plan = prepare(inputs, alignment, bookings, part.spec, part.seats)
    quota, solves, equal = split(plan.problem, plan.basis, part.spec, progress)
    try:
        table, further = spread(plan.spread(quota), part.spec.solver, progress)
        cells = plan.whole(table)
    except Unmet as alone:
        solves = []
        quota, cells, further = joint.share_out(plan, quota, alone, part.spec.solver, progress)
        if equal is not None:
            raise NoPlan(
                "quotas that are equally hard leave no room for what products and periods ask for",
                hint="Widen the bounds of products, or use another method.",
            ) from None
    named = tuple(
        replace(solve, name=f"{part.team}: {solve.name}") if part.team else solve
        for solve in (*solves, *further)
    )
    return Settled(part, plan, tuple(quota), cells, named, equal)


def _adjusted(
    inputs: Inputs,
    alignment: Alignment,
    bookings: Bookings,
    spec: QuotaSpec,
    found: Sequence[Settled],
    progress: Progress,
) -> tuple[Table, ...]:
    """Return the tables of what was set by hand, beside the quotas as they would be without it."""
    progress.update("quotas without what was set by hand")
    bare, products = spec.model_copy(update={"adjustments": ()}), found[0].plan.shape.products
    plain = replace(inputs, adjusted=None)
    try:
        before = _settled(plain, alignment, bookings, bare, progress)
    except Infeasible:
        return adjusting.tables(inputs, products, _sum(found), None, {})
    own = {name: (quota, _by_node(found)[name]) for name, quota in _by_node(before).items()}
    return adjusting.tables(inputs, products, _sum(found), _sum(before), own)


def _by_node(found: Sequence[Settled]) -> dict[str, int]:
    """Return the quota of each node by name, over all parts, minor units."""
    total: dict[str, int] = {}
    for one in found:
        for node, quota in zip(one.plan.problem.tree.nodes, one.quota, strict=True):
            total[node.name] = total.get(node.name, 0) + quota
    return total
