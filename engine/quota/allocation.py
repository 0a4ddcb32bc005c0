"""allocate: the quota stage, read top to bottom."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.columns import Table
from engine.errors import Fault, Infeasible, VerificationFailed
from engine.inputs import Inputs, IntArray
from engine.pipeline.bookings import Bookings
from engine.progress import Progress
from engine.proof import Solve
from engine.quota import check, coverage, steps, tables
from engine.quota.adjusting import table as adjusting
from engine.quota.adjusting.held import held
from engine.quota.carry import unset
from engine.quota.in_force.standing import street_of
from engine.quota.planning import Plan, prepare
from engine.quota.quotas import Quotas
from engine.quota.search import split_goal
from engine.quota.spec import QuotaSpec
from engine.quota.spread import spread
from engine.territory.alignment import Alignment


@dataclass(frozen=True)
class Settled:
    """One goal, shared out."""

    plan: Plan
    quota: tuple[int, ...]
    """Quota of each node of the tree, minor units."""
    cells: IntArray
    """Shape (rep, product, period), minor units."""
    solves: tuple[Solve, ...]

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
    wanted = held(inputs, spec)
    found = settle(inputs, alignment, bookings, wanted, progress)
    plan, cells = found.plan, found.cells
    wrong = check.violations(inputs, spec, cells, plan.basis.potential)
    if wrong:
        raise VerificationFailed([Fault("V_CHECK", sentence, field="quotas") for sentence in wrong])
    moves, further = _relieved(inputs, wanted, found)
    cells = cells + moves
    moved = moves.sum(axis=(1, 2))
    known = tables.Seats(plan.basis.potential, plan.year, plan.targets, unset(inputs, wanted), moved)
    made = tables.tables(inputs, plan.problem, plan.shape, found.after(moved), cells, known)
    made += coverage.tables(inputs, bookings, spec.measure, cells, plan.year)
    stands = np.zeros_like(moved) if plan.standing is None else plan.standing.seats
    ground = steps.Ground(plan.problem, plan.targets, plan.basis, stands)
    told = steps.table(ground, wanted, cells.sum(axis=(1, 2)), moved)
    made += (told, *further)
    if inputs.in_force is not None:
        made += (_changed(inputs, alignment, spec, plan, told),)
    if inputs.adjusted is not None:
        made += _adjusted(inputs, alignment, bookings, spec, found, progress)
    return Quotas(spec.measure, cells, found.solves, made)


def settle(
    inputs: Inputs, alignment: Alignment, bookings: Bookings, spec: QuotaSpec, progress: Progress
) -> Settled:
    """Share out one goal: down the hierarchy first, then each seat's year over products and periods."""
    plan = prepare(inputs, alignment, bookings, spec)
    quota, solves = split_goal(plan.problem, spec.solver, progress)
    cells, further = spread(plan.spread(quota), spec.solver, progress)
    return Settled(plan, tuple(quota), plan.whole(cells), (*solves, *further))


def _relieved(inputs: Inputs, spec: QuotaSpec, found: Settled) -> tuple[IntArray, tuple[Table, ...]]:
    """Return what relief moves, shape (rep, product, period), and its table where the scenario has any."""
    from engine.quota.in_force import relief, relief_table

    if not spec.relief:
        return np.zeros_like(found.cells), ()
    problem, products = found.plan.problem, found.plan.shape.products
    limits = [problem.limits[node] for node in problem.tree.seats()]
    made = relief_table.table(inputs, spec, products, relief.relieved(inputs, spec, found.cells, limits))
    wrong = list(relief_table.violations(inputs, spec, products, found.cells, made.frame))
    if wrong:
        raise VerificationFailed([Fault("V_CHECK", sentence, field="quotas.relief") for sentence in wrong])
    return relief_table.moved(inputs, products, made.frame), (made,)


def _changed(inputs: Inputs, alignment: Alignment, spec: QuotaSpec, plan: Plan, told: Table) -> Table:
    """Return why quotas are not those in force."""
    from engine.quota.in_force import changes

    assert inputs.in_force is not None
    goal, stands = plan.problem.goal, plan.standing
    closed = {} if stands is None else dict(zip(inputs.reps.id, map(int, stands.seats), strict=True))
    now = changes.Now(told.frame, goal, street_of(inputs, spec, goal), closed, alignment.rep_of)
    return changes.table(inputs, inputs.in_force, now)


def _adjusted(
    inputs: Inputs,
    alignment: Alignment,
    bookings: Bookings,
    spec: QuotaSpec,
    found: Settled,
    progress: Progress,
) -> tuple[Table, ...]:
    """Return the tables of what was set by hand, beside the quotas as they would be without it."""
    progress.update("quotas without what was set by hand")
    bare = spec.model_copy(update={"adjustments": ()})
    try:
        before = settle(replace(inputs, adjusted=None), alignment, bookings, bare, progress)
    except Infeasible:
        return adjusting.tables(inputs, found.plan.shape.products, found.cells, None, {})
    names = [node.name for node in found.plan.problem.tree.nodes]
    was = dict(zip([node.name for node in before.plan.problem.tree.nodes], before.quota, strict=True))
    own = {name: (was[name], quota) for name, quota in zip(names, found.quota, strict=True)}
    return adjusting.tables(inputs, found.plan.shape.products, found.cells, before.cells, own)
