"""allocate: the quota stage, read top to bottom."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from engine.errors import BadInput, Fault, VerificationFailed
from engine.fairness import of_plan
from engine.inputs import Inputs
from engine.pipeline.bookings import Bookings
from engine.progress import Progress
from engine.quota import check, coverage, tables
from engine.quota.carry import Carry, carry
from engine.quota.faults import faults
from engine.quota.limits import aims, limits
from engine.quota.method import Basis
from engine.quota.quotas import Quotas
from engine.quota.search import split_goal
from engine.quota.shape import Shape, shape
from engine.quota.spec import QuotaSpec
from engine.quota.split import Problem
from engine.quota.spread import Spread, spread
from engine.quota.targets import blended, of_nodes, year_carried
from engine.quota.tree import grow, step_of
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
    plan = prepare(inputs, alignment, bookings, spec)
    quota, solves = split_goal(plan.problem, spec.solver, progress)
    seats = tuple(quota[index] for index in plan.problem.tree.seats())
    task = Spread(seats, inputs.reps.id, plan.shape, plan.carried, plan.problem.step, inputs.currency)
    cells, further = spread(task, spec.solver, progress)
    wrong = check.violations(inputs, spec, cells)
    if wrong:
        raise VerificationFailed([Fault("V_CHECK", sentence, field="quotas") for sentence in wrong])
    known = tables.Seats(plan.basis.potential, plan.year, plan.targets)
    made = tables.tables(inputs, plan.problem, plan.shape, quota, cells, known)
    made += coverage.tables(inputs, bookings, spec.measure, cells, plan.year)
    made += of_plan.tables(inputs, bookings, spec.measure, cells, plan.basis.potential, spec.fairness)
    return Quotas(spec.measure, cells, (*solves, *further), made)


def prepare(inputs: Inputs, alignment: Alignment, bookings: Bookings, spec: QuotaSpec) -> Plan:
    """Return targets, limits and shape of the quotas.

    Raises:
        BadInput: the scenario's block does not fit the tables.

    """
    found = faults(inputs, spec, bookings.measures)
    if found:
        raise BadInput(found)
    booked = bookings.measure(spec.measure).sum(axis=0)
    form = shape(inputs, spec, booked.sum(axis=0))
    carried = carry(inputs, spec)
    _filled(inputs, spec, form, carried)
    year = year_carried(carried, form.seasons)
    seats = len(inputs.reps)
    potential = np.zeros(seats, dtype=np.int64)
    owned = alignment.rep_of >= 0
    np.add.at(potential, alignment.rep_of[owned], inputs.accounts.potential[owned])
    basis = Basis(inputs, potential, booked.sum(axis=1))
    tree = grow(inputs, spec, blended(basis, spec, year))
    targets = of_nodes(tree, form.goal)
    ranges = limits(inputs, spec, tree, year, targets)
    aimed = tuple(aims(tree, targets, ranges))
    problem = Problem(tree, form.goal, step_of(inputs, spec), aimed, tuple(ranges), inputs.currency)
    return Plan(problem, tuple(targets), form, carried, tuple(year), basis)


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
        where = "quotas.goal" if form.by_period is not None else "quotas.seasonality"
        raise BadInput([Fault("E_MISSING", message, hint, field=where)])
