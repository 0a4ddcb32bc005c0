"""Planning: targets, limits and shape of the quotas, before anything is solved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from engine.errors import BadInput, Fault
from engine.inputs import Inputs, IntArray
from engine.pipeline.bookings import Bookings
from engine.quota.adjusting.fitting import pin_faults
from engine.quota.adjusting.held import pins
from engine.quota.carry import Carry, carry
from engine.quota.in_force.standing import Standing, standing
from engine.quota.keeping.force import Force, force
from engine.quota.keeping.problem import Kept, kept
from engine.quota.limits import Ground, Limit, aims, limits, product_limits
from engine.quota.lines import BoolArray, Pin
from engine.quota.method import Basis
from engine.quota.shape import Shape, shape, won_by_seat
from engine.quota.spec import QuotaSpec
from engine.quota.split import Problem
from engine.quota.spread import Spread
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
    pins: tuple[Pin, ...]
    """What is fixed for products and periods of seats."""
    claiming: Basis
    """What the methods looked at: where quotas stand, what is booked in open periods and what is left to share out."""
    standing: Standing | None = None
    """Quotas of periods that are over; None where none are in force."""
    kept: Kept | None = None
    """What is held to quotas in force; None where the methods set every seat."""

    def spread(self, quota: Sequence[int]) -> Spread:
        """Return what is to be spread, given the quota of every node, minor units."""
        seats = tuple(quota[index] for index in self.problem.tree.seats())
        names, step, currency = self.basis.inputs.reps.id, self.problem.step, self.problem.currency
        task = Spread(seats, names, self.shape, self.carried, step, currency, self.pins, self.products)
        return task if self.standing is None else self.standing.rest(task)

    @property
    def aiming(self) -> Plan:
        """Return the plan in which seats that are held to their quota in force aim at it instead."""
        if self.kept is None:
            return self
        aims = [
            aim if held is None else Fraction(held)
            for aim, held in zip(self.problem.targets, self.problem.held, strict=True)
        ]
        return replace(self, problem=replace(self.problem, targets=tuple(aims), held=()), kept=None)

    @property
    def movable(self) -> bool:
        """Whether totals of periods come from a seasonality, and may move where seats cannot meet them."""
        return not self.shape.placed and len(self.shape.seasons) > 1

    def whole(self, cells: IntArray) -> IntArray:
        """Return all quotas, given those that were spread; shape (rep, product, period), minor units."""
        return cells if self.standing is None else self.standing.whole(cells)


def prepare(
    inputs: Inputs, alignment: Alignment, bookings: Bookings, spec: QuotaSpec, seats: Sequence[bool]
) -> Plan:
    """Return targets, limits and shape of the quotas of some seats, shape (rep,); the others carry none.

    Raises:
        BadInput: the scenario's block does not fit the tables.

    """
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
    stands = standing(inputs, form, street, seats)
    closed = 0 if stands is None else stands.closed
    claiming, open_year = basis, year
    if stands is not None:
        left = street - int(stands.cells.sum())
        claiming = replace(basis, credit=credit[:, :, closed:].sum(axis=2), street=max(left, Fraction(0)))
        open_year = year_carried([row[closed:] for row in carried], form.seasons[closed:])
    claimed = blended(claiming, spec, open_year)
    tree = grow(inputs, spec, claimed if stands is None else stands.shares(street, claimed, inputs.currency))
    targets = of_nodes(tree, form.goal)
    fixed, open_cells = pins(inputs, spec, form.products), _open(form, carried)
    if stands is not None:
        open_cells[:, :, :closed] = False
        fixed = stands.pins(fixed)
    wrong = list(pin_faults(inputs, spec, form.products, fixed, open_cells))
    if wrong:
        raise BadInput(wrong)
    before: Force | None = None
    if inputs.in_force is not None:
        before = force(inputs, spec.keep, form.products, year, alignment.rep_of)
    ground = Ground(
        tuple(year), potential, form.products, form.product_shares, fixed, open_cells, won_by_seat(inputs),
        None if before is None else before.base, frozenset() if before is None or spec.keep is None else before.held,
    )  # fmt: skip
    ranges = limits(inputs, spec, tree, ground, targets)
    if stands is not None:
        ranges = stands.limits(ranges, tree, open_year)
    aimed = tuple(aims(tree, targets, ranges))
    problem = Problem(tree, form.goal, step_of(inputs, spec), aimed, tuple(ranges), inputs.currency)
    single = tuple(
        {} if ranges[node].given else product_limits(inputs, spec, ground, seat, targets[node])
        for seat, node in enumerate(tree.seats())
    )
    holding = None if before is None or spec.keep is None else kept(problem, before)
    if holding is not None:
        problem = holding.problem
    return Plan(
        problem, tuple(targets), form, carried, tuple(year), basis, single, fixed, claiming, stands, holding
    )


def _open(form: Shape, carried: Carry) -> BoolArray:
    """Return where a seat can carry a quota, shape (rep, product, period)."""
    time = np.array([[share > 0 for share in row] for row in carried], dtype=np.bool_)
    shares = np.array([[share > 0 for share in row] for row in form.shares], dtype=np.bool_)
    return time[:, None, :] & shares[None]


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
