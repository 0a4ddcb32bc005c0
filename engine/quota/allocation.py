"""allocate: the quota stage, read top to bottom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
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
from engine.proof import Solve
from engine.quota import check, coverage, fitting, goals, joint, reconciliation, steps, tables
from engine.quota.adjusting import effects
from engine.quota.adjusting import table as adjusting
from engine.quota.adjusting.held import held
from engine.quota.carry import part_periods, unset
from engine.quota.check_difficulty import difficulty_violations
from engine.quota.check_products import product_violations
from engine.quota.difficulty import products
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
    by_product: IntArray | None = None
    """What was credited by product, where chances by product were made equal, shape (replication, rep, product)."""

    def after(self, moved: IntArray) -> tuple[int, ...]:
        """Return the quota of each node when relief has moved those of the seats, minor units; `moved` by seat."""
        quota = list(self.quota)
        for seat, node in enumerate(self.plan.problem.tree.seats()):
            quota[node] += int(moved[seat])
        return tuple(quota)


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
    _refuse(fitting.misfits(inputs, spec, bookings.measures))
    spec = goals.given(inputs, spec)
    wanted = held(inputs, spec)
    _refuse(products.faults(inputs, spec, measures or {}))
    counting = products.counting(inputs, spec, measures or {})
    if counting and bookings.fresh is not None:
        bookings = replace(bookings, fresh=cache(bookings.fresh))
    found = _settled(inputs, alignment, bookings, wanted, progress, counting)
    spec = assigned(spec, {one.part.team: one.part.spec.over_assignment for one in found})
    cells, street = _sum(found), _sum([one for one in found if not one.part.overlay])
    potential = found[0].plan.basis.potential
    broken = check.violations(inputs, spec, cells, potential)
    broken += [text for one in found for text in _chances(one)]
    if broken:
        raise VerificationFailed([Fault("V_CHECK", sentence, field="quotas") for sentence in broken])
    plans = [(one.part, one.plan) for one in found]
    credit = bookings.measure(spec.measure)[0]  # of periods that are over, the same in every replication
    moves = answer.moves(inputs, spec, plans, cells, credit)
    cells, street = cells + moves.both, street + moves.both
    made = together(inputs, [_shared(inputs, one, moves) for one in found]) + moves.tables
    if inputs.in_force is not None:
        made += (answer.changed(inputs, alignment, plans, made),)
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
            return _settled(these, alignment, bookings, held(these, spec), Silent(), counting)

        progress.update("quotas without what was set by hand")
        made += _adjusted(inputs, found, bare)
    solves = tuple(solve for one in found for solve in one.solves)
    return Quotas(spec.measure, cells, solves, made, parts=part_periods(inputs, spec))


def _chances(one: Settled) -> Iterator[str]:
    """Hold the chances of one goal's quotas, and the bound on their range, to the plain check."""
    if one.equal is None:
        return
    if one.by_product is not None:
        yield from product_violations(
            one.plan, one.by_product, np.asarray(one.cells.sum(axis=2)), one.equal.levels
        )
        return
    quota, credit = np.asarray(one.cells.sum(axis=(1, 2))), one.plan.basis.credit
    chances = np.where(quota > 0, reached(credit, quota) / len(credit), np.nan)
    yield from difficulty_violations(one.plan.problem, credit, quota, chances, one.equal.proven)


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


def _settled(
    inputs: Inputs,
    alignment: Alignment,
    bookings: Bookings,
    spec: QuotaSpec,
    progress: Progress,
    counting: Sequence[str] = (),
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
                return settle(inputs, alignment, bookings, replace(part, spec=wanted), progress, counting)
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
    inputs: Inputs,
    alignment: Alignment,
    bookings: Bookings,
    part: Part,
    progress: Progress,
    counting: Sequence[str] = (),
) -> Settled:
    """Share out one goal: down the hierarchy first, then each seat's year over products and periods.

    Where the years that are best on their own leave a seat no table, all is shared out at once. `counting` names the
    measure of each product where chances are made equal by product.
    """
    plan = prepare(inputs, alignment, bookings, part.spec, part.seats)
    by_product: IntArray | None = None
    equal: Equal | None
    if counting:
        by_product = products.credit_of(bookings.cube, bookings.measures, counting)
        single = products.split(plan, by_product, part.spec, progress)
        quota, solves, equal = list(single.quota), list(single.solves), single.equal
        task = single.within(plan.spread(quota))
    else:
        quota, solves, equal = split(plan.problem, plan.basis, part.spec, progress)
        task = plan.spread(quota)
    try:
        table, further = spread(task, part.spec.solver, progress)
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
    told_of = None if equal is None else equal.of(part.team)
    return Settled(part, plan, tuple(quota), cells, named, told_of, by_product)


def _adjusted(
    inputs: Inputs, found: Sequence[Settled], settled: Callable[[Adjusted | None], list[Settled]]
) -> tuple[Table, ...]:
    """Return the tables of what was set by hand, beside the quotas with some of it, or none, that `settled` makes."""
    adjusted, names = inputs.adjusted, found[0].plan.shape.products
    assert adjusted is not None

    def with_some(some: Adjusted | None) -> list[Settled] | None:
        try:
            return settled(some)
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
