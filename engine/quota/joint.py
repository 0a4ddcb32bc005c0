"""Joint: years of seats, products and periods in one instance, where the years that are best alone leave no table.

The instance holds every limit: of nodes (in street totals), of seats, of single products, what is fixed, and the
company's products and periods (`solvers.quotas`, in the minor unit where remainders keep cells off the step). That it
has no cells proves that no quotas exist. Its yearly totals are then the aim of the split, within a few steps, and its
cells the aim of the spread.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np

from engine.errors import Infeasible, NoPlan
from engine.inputs import FloatArray, IntArray
from engine.progress import Progress
from engine.proof import Solve
from engine.quota.contradiction import contradicted
from engine.quota.limits import Limit
from engine.quota.lines import ALL, lines
from engine.quota.planning import Plan
from engine.quota.search import STAGE, split_goal
from engine.quota.settle import nearest
from engine.quota.spec import QuotaSolver
from engine.quota.spread import Spread, company_totals, spread
from engine.quota.streets import OPEN, street_limits
from engine.quota.unmet import Unmet
from solvers.quotas import Answer, Instance, Options, apportion
from solvers.quotas.bound import evaluate
from solvers.quotas.held import hold
from solvers.solution import Status, relative_gap

ROOM = (0, 1, 2, 4, 8)
"""Steps by which a seat's year may leave that of the instance, in turn."""
FIRM = ("company", "cell")
"""What a contradiction is told of only where no bound could give instead."""


@dataclass(frozen=True)
class Jointly:
    """One goal, to be shared out at once. Money in minor units; cells are those of open periods."""

    plan: Plan
    task: Spread
    """What the split on its own left to be spread."""
    company: IntArray
    """Street totals, shape (product, period)."""
    folded: bool = False
    """Whether only totals of products count, because those of periods may move: cells are of shape (rep, product, 1)
    then. What is fixed for a period alone is left out."""

    @cached_property
    def exact(self) -> bool:
        """Whether every cell is a multiple of the step, so that limits may be moved inwards to it."""
        problem, step = self.plan.problem, self.plan.problem.step
        seats = all(problem.whole[node] for node in problem.tree.seats())
        amounts = [pin.amount for pin in self.task.pins] + [int(s) for s in self.standing]
        return seats and not (self.company % step).any() and not any(amount % step for amount in amounts)

    @cached_property
    def standing(self) -> IntArray:
        """What stands of each seat in closed periods, shape (rep,)."""
        plan = self.plan
        return (
            np.zeros(len(self.task.seats), dtype=np.int64) if plan.standing is None else plan.standing.seats
        )

    @cached_property
    def aims(self) -> FloatArray:
        """What each cell aims at, shape (rep, product, period); what is fixed aims at itself, closed cells at 0."""
        problem, seats = self.plan.problem, self.plan.problem.tree.seats()
        aimed = [round(nearest(problem.targets[node], problem.limits[node])) for node in seats]
        year = [max(aim - int(stands), 0) for aim, stands in zip(aimed, self.standing, strict=True)]
        weights = replace(self.task, seats=tuple(max(aim, 1) for aim in year)).weights()
        found = lines(year, weights, self.task.pins)
        free = np.arange(len(found.total)) < len(year)
        total = np.where(free, np.maximum(found.total, problem.step), found.total).astype(np.float64)
        sums = found.weights.sum(axis=1)
        share = found.weights / np.where(sums > 0, sums, 1.0)[:, None]
        cells = found.fixed.astype(np.float64)
        np.add.at(cells.reshape(len(cells), -1), found.seat, total[:, None] * share)
        return cells.sum(axis=2, keepdims=True) if self.folded else cells

    def instance(self, unit: int) -> Instance:
        """Return the instance in units: the step, where all cells are whole steps, or the minor unit."""
        problem, tree = self.plan.problem, self.plan.problem.tree
        seats, aims = np.array(tree.seats()), self.aims
        below = np.zeros(len(tree.nodes), dtype=np.int64)
        below[seats] = self.standing
        for node in range(len(tree.nodes) - 1, 0, -1):
            below[tree.nodes[node].parent] += below[node]
        least, most = street_limits(problem)
        least, most = np.maximum(least - below, 0), np.where(most < OPEN, most - below, OPEN)
        company = self.company.sum(axis=1, keepdims=True) if self.folded else self.company
        product, period, cell = self._rows(unit)
        return Instance(
            np.array([node.parent for node in tree.nodes]),
            seats,
            aims / unit,
            *_whole(company, company, unit),
            *_whole(least, np.maximum(most, least), unit),
            *product,
            *period,
            *cell,
            scale=np.where(aims > 0, aims, 1.0) / unit,
        )

    def _rows(self, unit: int) -> tuple[tuple[IntArray, IntArray], ...]:
        """Return limits by seat and product, by seat and period, and by cell, in units."""
        shape = self.aims.shape
        sizes = (shape[:2], (shape[0], shape[2]), shape)
        product, period, cell = [
            (np.zeros(size, dtype=np.int64), np.full(size, OPEN, dtype=np.int64)) for size in sizes
        ]
        cell[1][self.aims <= 0] = 0
        for seat, single in enumerate(self.task.limits):
            for k, limit in single.items():
                product[0][seat, k] = limit.low
                product[1][seat, k] = OPEN if limit.high is None else max(limit.high, limit.low)
        for pin in self.task.pins:
            if pin.period == ALL:
                product[0][pin.seat, pin.product] = product[1][pin.seat, pin.product] = pin.amount
            elif self.folded:
                cell[0][pin.seat, pin.product, 0] += pin.amount if pin.product != ALL else 0
            elif pin.product == ALL:
                period[0][pin.seat, pin.period] = period[1][pin.seat, pin.period] = pin.amount
            else:
                place = (pin.seat, pin.product, pin.period)
                cell[0][place] = cell[1][place] = pin.amount
        cell[1][:] = np.maximum(*cell)
        return tuple(_whole(*table, unit) for table in (product, period, cell))


def _whole(least: IntArray, most: IntArray, unit: int) -> tuple[IntArray, IntArray]:
    """Return limits in units, inwards; a range without a whole number of them is left open to both beside it."""
    low, high = -(-least // unit), np.where(most < OPEN, most // unit, OPEN)
    crossed = low > high
    return np.where(crossed, least // unit, low), np.where(crossed, -(-most // unit), high)


def share_out(
    plan: Plan, quota: Sequence[int], alone: Unmet, solver: QuotaSolver, progress: Progress
) -> tuple[list[int], IntArray, list[Solve]]:
    """Return the quota of every node, all cells, and the solves.

    Args:
        plan: what is known.
        quota: that of every node, by the split on its own.
        alone: why these cannot be spread.
        solver: limits of the solves.
        progress: where to report.

    Raises:
        Infeasible: no quotas keep all limits.
        NoPlan: none were found in whole steps.

    """
    progress.update("years, products and periods at once")
    task = plan.spread(quota)
    found = lines(task.seats, task.weights(), task.pins)
    company, _ = company_totals(task, found, solver, progress)
    jointly = Jointly(plan, task, company)
    contradiction: Infeasible = alone
    for folded in (False, True) if plan.movable else (False,):
        answered = _answered(replace(jointly, folded=folded), alone, solver, progress)
        if not isinstance(answered, Infeasible):
            return answered
        contradiction = answered
    raise contradiction


def _answered(
    jointly: Jointly, alone: Unmet, solver: QuotaSolver, progress: Progress
) -> tuple[list[int], IntArray, list[Solve]] | Infeasible:
    """Return quotas near the cells of the instance; what contradicts itself where it has none.

    `alone` says it where no bound could give.
    """
    started, plan = time.perf_counter(), jointly.plan
    unit = plan.problem.step if jointly.exact else 1
    instance = jointly.instance(unit)
    options = Options(gap=float(solver.gap), node_limit=solver.node_limit or 10**9, firm=FIRM)
    answer = apportion(instance, options)
    if answer.status is Status.INFEASIBLE:
        named = [one for one in answer.conflicts if one.rule.split("_")[0] not in FIRM]
        return contradicted(named, plan, jointly.instance(1), unit) if named else alone
    rooms = () if answer.cells is None else ROOM
    for room in rooms:
        try:
            quota, cells = _near(jointly, unit * np.asarray(answer.cells), room, solver, progress)
        except (Infeasible, NoPlan):
            continue
        reached = cells.sum(axis=2, keepdims=True) if jointly.folded else cells
        seconds = time.perf_counter() - started
        return quota, plan.whole(cells), _solves(instance, answer, reached / unit, solver, seconds)
    raise NoPlan(
        "products and periods contradict no bound, but no quotas were found for them in whole steps",
        hint="Use a smaller step, or widen the bounds of products.",
    )


def _near(
    jointly: Jointly, cells: IntArray, room: int, solver: QuotaSolver, progress: Progress
) -> tuple[list[int], IntArray]:
    """Split and spread near the cells of the instance: years within some steps of theirs."""
    plan, problem = jointly.plan, jointly.plan.problem
    year = cells.sum(axis=(1, 2)) + jointly.standing
    limits, targets = list(problem.limits), list(problem.targets)
    for seat, node in enumerate(problem.tree.seats()):
        reach = max(room, 0 if problem.whole[node] else 1) * problem.step
        aim = int(year[seat])
        limits[node] = _narrowed(limits[node], aim - reach, aim + reach)
        targets[node] = Fraction(aim)
    near = replace(problem, limits=tuple(limits), targets=tuple(targets))
    quota, _ = split_goal(near, solver, progress)
    task = plan.spread(quota)
    aimed = task if jointly.folded else replace(task, aims=cells.astype(np.float64))
    return quota, spread(aimed, solver, progress)[0]


def _narrowed(limit: Limit, low: int, high: int) -> Limit:
    return limit if limit.fixed else limit.at_least(low, "bounds.products").at_most(high, "bounds.products")


def _solves(
    instance: Instance, answer: Answer, cells: FloatArray, solver: QuotaSolver, seconds: float
) -> list[Solve]:
    """Return both solves: what the finished cells reach, and what no cells are below."""
    deviation = hold(instance).deviation(cells)
    worst, total = float(deviation.max(initial=0.0)), float(deviation.sum())
    bound = answer.total_bound
    if worst > answer.worst and answer.prices is not None:
        bound = evaluate(instance, hold(instance, worst), answer.prices)
    told = (
        ("worst deviation of a cell", worst, answer.worst_bound, "sums, tables and flows that refuse a smaller one"),
        ("total deviation of the cells", total, max(bound, 0.0), answer.proof or "prices"),
    )  # fmt: skip
    demanded, found = float(solver.gap), []
    for name, objective, bound, proof in told:
        gap = relative_gap(objective, min(bound, objective))
        status = Status.OPTIMAL if gap <= max(demanded, 1e-9) else Status.FEASIBLE
        found.append(
            Solve(STAGE, name, "quotas", status, objective, min(bound, objective), gap, demanded,
                  "ratio of the target", seconds, "", proof)
        )  # fmt: skip
    return found
