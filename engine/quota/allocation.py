"""allocate: the quota stage, read top to bottom."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from engine.errors import BadInput, Fault, VerificationFailed
from engine.fairness import of_plan
from engine.inputs import Inputs, IntArray
from engine.pipeline.bookings import Bookings
from engine.progress import Progress
from engine.proof import Solve
from engine.quota import check, coverage, tables
from engine.quota.carry import Carry, carry, unset
from engine.quota.difficulty.equal import Equal, split
from engine.quota.difficulty.street import with_street
from engine.quota.difficulty.telling import told
from engine.quota.faults import faults
from engine.quota.limits import Ground, Limit, aims, limits, product_limits
from engine.quota.method import Basis
from engine.quota.quotas import Quotas
from engine.quota.shape import Shape, shape
from engine.quota.spec import QuotaSpec
from engine.quota.split import Problem
from engine.quota.spread import Spread, spread
from engine.quota.targets import blended, of_nodes, year_carried
from engine.quota.tree import grow, step_of, street_factor
from engine.territory.alignment import Alignment


@dataclass(frozen=True)
class Plan:
    """What is known before the solves."""

    problem: Problem
    targets: tuple[Fraction, ...]
    """Blended share of the goal of each node, minor units, before any bound; shape (node,)."""
    shape: Shape
    carried: Carry
    year: tuple[Fraction, ...]
    """Share of the year that each seat carries, shape (rep,)."""
    basis: Basis
    products: tuple[dict[int, Limit], ...]
    """Limits in single products by their index, of each seat."""


@dataclass(frozen=True)
class Settled:
    """One goal, shared out."""

    spec: QuotaSpec
    """With the over-assignment that a method found."""
    plan: Plan
    quota: tuple[int, ...]
    """Quota of each node of the tree, minor units."""
    cells: IntArray
    """Shape (rep, product, period), minor units."""
    solves: tuple[Solve, ...]
    equal: Equal | None
    """What held chances apart, where a method made them equal."""


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
    found = _first(inputs, alignment, bookings, spec, progress)
    plan, cells, spec = found.plan, found.cells, found.spec
    wrong = check.violations(inputs, spec, cells, plan.basis.potential)
    if wrong:
        raise VerificationFailed([Fault("V_CHECK", sentence, field="quotas") for sentence in wrong])
    known = tables.Seats(plan.basis.potential, plan.year, plan.targets, unset(inputs, spec))
    made = tables.tables(inputs, plan.problem, plan.shape, found.quota, cells, known)
    made += coverage.tables(inputs, bookings, spec.measure, cells, plan.year)
    made += of_plan.tables(inputs, bookings, spec.measure, cells, plan.basis.potential, spec.fairness)
    made += told(plan.basis, bookings, spec, cells, found.equal, progress)
    return Quotas(spec.measure, cells, found.solves, made)


def _first(
    inputs: Inputs, alignment: Alignment, bookings: Bookings, spec: QuotaSpec, progress: Progress
) -> Settled:
    """Settle at the street quota that the spec gives or its method finds."""
    if spec.measure not in bookings.measures:
        raise BadInput(faults(inputs, spec, bookings.measures))
    return with_street(
        inputs,
        spec,
        bookings.measure(spec.measure).sum(axis=2),
        lambda wanted: settle(inputs, alignment, bookings, wanted, progress),
        lambda found: np.asarray(found.cells.sum(axis=(1, 2))),
    )


def settle(
    inputs: Inputs, alignment: Alignment, bookings: Bookings, spec: QuotaSpec, progress: Progress
) -> Settled:
    """Share out one goal: down the hierarchy first, then each seat's year over products and periods."""
    plan = prepare(inputs, alignment, bookings, spec)
    quota, solves, equal = split(plan.problem, plan.basis, spec, progress)
    seats = tuple(quota[index] for index in plan.problem.tree.seats())
    task = Spread(
        seats,
        inputs.reps.id,
        plan.shape,
        plan.carried,
        plan.problem.step,
        inputs.currency,
        limits=plan.products,
    )
    cells, further = spread(task, spec.solver, progress)
    return Settled(spec, plan, tuple(quota), cells, (*solves, *further), equal)


def prepare(inputs: Inputs, alignment: Alignment, bookings: Bookings, spec: QuotaSpec) -> Plan:
    """Return targets, limits and shape of the quotas.

    Raises:
        BadInput: the scenario's block does not fit the tables.

    """
    found = faults(inputs, spec, bookings.measures)
    if found:
        raise BadInput(found)
    credit = bookings.measure(spec.measure)
    booked = credit.sum(axis=0)
    form = shape(inputs, spec, booked.sum(axis=0))
    carried = carry(inputs, spec)
    _filled(inputs, spec, form, carried)
    year = year_carried(carried, form.seasons)
    potential = np.zeros(len(inputs.reps), dtype=np.int64)
    owned = alignment.rep_of >= 0
    np.add.at(potential, alignment.rep_of[owned], inputs.accounts.potential[owned])
    street = form.goal * street_factor(inputs, spec)
    basis = Basis(inputs, potential, credit.sum(axis=2), alignment.rep_of, street)
    tree = grow(inputs, spec, blended(basis, spec, year))
    targets = of_nodes(tree, form.goal)
    ground = Ground(tuple(year), potential, form.products, form.product_shares)
    ranges = limits(inputs, spec, tree, ground, targets)
    aimed = tuple(aims(tree, targets, ranges))
    problem = Problem(tree, form.goal, step_of(inputs, spec), aimed, tuple(ranges), inputs.currency)
    single = tuple(
        {} if ranges[node].fixed else product_limits(inputs, spec, ground, seat, targets[node])
        for seat, node in enumerate(tree.seats())
    )
    return Plan(problem, tuple(targets), form, carried, tuple(year), basis, single)


def _filled(inputs: Inputs, spec: QuotaSpec, form: Shape, carried: Carry) -> None:
    """Refuse a goal in periods in which nobody carries anything."""
    empty = [
        inputs.calendar.labels[period]
        for period, season in enumerate(form.seasons)
        if season > 0 and not any(row[period] for row in carried)
    ]
    if empty:
        message = f"nobody carries a quota in {', '.join(empty)}, yet the goal falls on it"
        hint = "Give these periods no weight, fill a seat, or set `vacant` above 0."
        where = "quotas.goal" if form.placed else "quotas.seasonality"
        raise BadInput([Fault("E_MISSING", message, hint, field=where)])
