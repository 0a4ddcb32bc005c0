"""Settling: one goal at a time shared out, by the split, the spread, or both at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.errors import BadInput, Fault, Infeasible, NoPlan
from engine.inputs import Inputs, IntArray
from engine.pipeline.bookings import Bookings
from engine.progress import Progress
from engine.proof import Solve
from engine.quota import joint
from engine.quota.check_difficulty import difficulty_violations
from engine.quota.check_products import product_violations
from engine.quota.difficulty import products
from engine.quota.difficulty.equal import Equal, split
from engine.quota.difficulty.ranking import reached
from engine.quota.difficulty.street import with_street
from engine.quota.faults import faults
from engine.quota.keeping.search import Aim, split_kept
from engine.quota.keeping.spreading import spread_kept
from engine.quota.planning import Plan, prepare
from engine.quota.spec import QuotaSpec
from engine.quota.spread import Spread, spread
from engine.quota.teams.parts import Part, parts
from engine.quota.teams.shared import Carried, within
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
    least: tuple[Aim, ...] = ()
    """What each objective reached where quotas in force are kept; empty where years and products came at once."""

    def after(self, moved: IntArray) -> tuple[int, ...]:
        """Return the quota of each node when relief has moved those of the seats, minor units; `moved` by seat."""
        quota = list(self.quota)
        for seat, node in enumerate(self.plan.problem.tree.seats()):
            quota[node] += int(moved[seat])
        return tuple(quota)


def settled(
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
                refuse(faults(inputs, wanted, bookings.measures))  # sums fit at the over-assignment found
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


def refuse(wrong: Iterable[Fault]) -> None:
    """Raise BadInput with all faults, each once; nothing where there are none."""
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
    equal: Equal | None = None
    least: tuple[Aim, ...] = ()
    if counting:
        by_product = products.credit_of(bookings.cube, bookings.measures, counting)
        single = products.split(plan, by_product, part.spec, progress)
        quota, solves, equal = list(single.quota), list(single.solves), single.equal
        task = single.within(plan.spread(quota))
    elif plan.kept is not None and part.spec.keep is not None:
        quota, solves, least = split_kept(plan.problem, part.spec.keep, part.spec.solver, progress)
        task = plan.spread(quota)
    else:
        quota, solves, equal = split(plan.problem, plan.basis, part.spec, progress)
        task = plan.spread(quota)
    try:
        table, further = _spread(plan, task, quota, part.spec, progress)
        cells = plan.whole(table)
    except Unmet as alone:
        solves, least = [], ()
        quota, cells, further = joint.share_out(plan.aiming, quota, alone, part.spec.solver, progress)
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
    return Settled(part, plan, tuple(quota), cells, named, told_of, by_product, least)


def _spread(
    plan: Plan, task: Spread, quota: Sequence[int], spec: QuotaSpec, progress: Progress
) -> tuple[IntArray, list[Solve]]:
    """Return the cells of open periods, near those in force where quotas are kept, and the solves."""
    if plan.kept is None:
        return spread(task, spec.solver, progress)
    before = plan.kept.force
    year = np.array([quota[node] for node in plan.problem.tree.seats()])
    closed = 0 if plan.standing is None else plan.standing.closed
    open_ = before.cells[:, :, closed:]
    return spread_kept(task, open_, year == before.seats, spec, progress)


def chance_violations(one: Settled) -> Iterator[str]:
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
