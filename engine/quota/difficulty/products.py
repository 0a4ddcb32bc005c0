"""products: the split of the goal whose chances by seat and product differ least.

    c_ip = P(credit_ip >= q_ip)      credit of a seat in one product, by the measure that counts that product alone

The windows come from solvers.difficulty over seats x products; with several products over-assignments count to what
roundings can move and steps of nodes not at all, so their widths are bounds. Seats are then split in the sums of
their ranges, and products within seats by controlled rounding inside the ranges; where both together find no room,
the ranges are opened count by count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from engine.columns import Table
from engine.errors import Fault, NoPlan
from engine.inputs import Inputs, IntArray
from engine.measures import Measure, Measures
from engine.pipeline.bookings import Bookings
from engine.progress import Progress
from engine.proof import Solve
from engine.quota.conflict import infeasible
from engine.quota.difficulty import tables
from engine.quota.difficulty.equal import OPEN, RULE, Equal, instance_of, known, narrowly, proofs
from engine.quota.lines import ALL as EVERY
from engine.quota.lines import Pin
from engine.quota.margins import Grid, Group
from engine.quota.planning import Plan
from engine.quota.search import split_goal
from engine.quota.shape import Shape, largest_remainder, of_products
from engine.quota.spec import QuotaSpec
from engine.quota.spread import Spread, filled
from engine.quota.unmet import Words
from solvers.difficulty import Instance, Windows, near_level, widened, windows
from solvers.difficulty.instance import MOST_PRODUCTS


@dataclass(frozen=True)
class Split:
    """Quotas of nodes, and of seats by product."""

    quota: tuple[int, ...]
    """Of each node, minor units."""
    cells: IntArray
    """Shape (rep, product), minor units."""
    solves: tuple[Solve, ...]
    equal: Equal

    def within(self, task: Spread) -> Spread:
        """Return what is then spread over periods: each seat's products are fixed, and so are their totals."""
        pins = tuple(
            Pin(seat, product, EVERY, int(self.cells[seat, product]))
            for seat, product in np.ndindex(self.cells.shape)
        )
        if task.shape.by_cell is not None:
            return replace(task, pins=pins)
        given = tuple(int(total) for total in self.cells.sum(axis=0))
        return replace(task, pins=pins, shape=replace(task.shape, by_product=given))


def alone(spec: QuotaSpec, measures: Measures, product: str) -> str:
    """Return the measure that counts what quotas are set on, of one product alone; '' for none."""
    base = measures.get(spec.measure, Measure())
    return next(
        (name for name, one in measures.items() if set(one.products) == {product} and one.alike(base)), ""
    )


def counting(inputs: Inputs, spec: QuotaSpec, measures: Measures) -> tuple[str, ...]:
    """Return the measure that counts each product alone, '' for none; empty unless chances are equal by product."""
    method = spec.equalising
    if method is None or not method.by_product:
        return ()
    return tuple(alone(spec, measures, name) for name in inputs.products.id)


def faults(inputs: Inputs, spec: QuotaSpec, measures: Measures) -> Iterator[Fault]:
    """Yield why chances by product cannot be made equal; nothing where no method asks for that."""
    method = spec.equalising
    if method is None or not method.by_product:
        return
    where = f"quotas.methods[{spec.methods.index(method)}].by"
    if not of_products(inputs, spec.goal) and spec.products == "none":
        hint = "Say `products:`, or give goals by product; or leave `by` out."
        yield Fault("E_CONFLICT", "quotas are not split by product", hint, field=where)
        return
    if len(inputs.products) > MOST_PRODUCTS:
        message = f"{len(inputs.products)} products are more than {MOST_PRODUCTS}, and every set of them is looked at"
        yield Fault("E_UNSUPPORTED", message, "Leave `by` out.", field=where)
    if inputs.in_force is not None or inputs.adjusted is not None:
        message = "chances by product are not made equal around quotas in force or set by hand"
        yield Fault("E_UNSUPPORTED", message, "Leave `by` out, or the quotas that are given.", field=where)
    for product in inputs.products.id:
        carried = (
            product in spec.goal
            if isinstance(spec.goal, Mapping) and of_products(inputs, spec.goal)
            else True
        )
        carried &= not isinstance(spec.products, Mapping) or product in spec.products
        if carried and not alone(spec, measures, product):
            message = f"no measure counts {product} alone, so nothing says how often a quota in it is reached"
            hint = f"Declare one beside `{spec.measure}`, with its filters and `products: [{product}]`."
            yield Fault("E_MISSING", message, hint, field=where)


def credit_of(cube: IntArray, names: Sequence[str], counting: Sequence[str]) -> IntArray:
    """Return what seats were credited by product, shape (replication, rep, product); 0 where no measure counts it.

    Args:
        cube: shape (replication, rep, period, measure).
        names: of its measures.
        counting: the measure of each product; '' for none.

    """
    found = np.zeros((*cube.shape[:2], len(counting)), dtype=np.int64)
    for product, name in enumerate(counting):
        if name:
            found[:, :, product] = cube[..., names.index(name)].sum(axis=2)
    return found


def split(plan: Plan, credit: IntArray, spec: QuotaSpec, progress: Progress) -> Split:
    """Return quotas of nodes and of seats by product.

    Args:
        plan: what is known before the solves.
        credit: simulated, shape (replication, rep, product).
        spec: the block.
        progress: where to report.

    Raises:
        Infeasible: the limits contradict the goal, proved by two routes.
        NoPlan: a limit was reached before there were quotas.

    """
    progress.update("range of the chances by seat and product")
    if any(limit.high is not None and limit.low > limit.high for limit in plan.problem.limits):
        raise infeasible(plan.problem, spec.solver)
    instance = _instance(plan, credit)
    found = windows(instance)
    if found is None:
        split_goal(
            plan.problem, spec.solver, progress
        )  # says what contradicts the goal, where seats alone do
        raise NoPlan(
            "limits by seat and product leave no quotas",
            hint="Widen the bounds by product, or leave `by` out.",
        )
    quota, cells, solves = narrowly(
        lambda down, up: _within(plan, instance, found, (down, up), spec, progress), instance.replications
    )
    equal = known(plan.problem, instance, found, instance.counts(cells))
    return Split(tuple(quota), cells, (*proofs(equal, float(spec.solver.gap)), *solves), equal)


def told(
    inputs: Inputs, bookings: Bookings, spec: QuotaSpec, cells: IntArray, counting: Sequence[str]
) -> tuple[Table, ...]:
    """Return the table of chances by seat and product; `cells` of shape (rep, product, period)."""
    if not counting:
        return ()
    credit = credit_of(bookings.cube, bookings.measures, counting)
    count, fresh = len(credit) if spec.fresh is None else spec.fresh, None
    if count and bookings.fresh is not None:
        fresh = credit_of(bookings.fresh(count), bookings.measures, counting)
    return (tables.by_product(inputs, np.asarray(cells.sum(axis=2)), credit, fresh),)


def _instance(plan: Plan, credit: IntArray) -> Instance:
    """Return seats x products under the tree, with the company's totals by product."""
    one, problem = instance_of(plan.problem, credit[:, :, 0]), plan.problem
    shape, count = plan.shape, credit.shape[2]
    lower = np.zeros((credit.shape[1], count), dtype=np.int64)
    upper = np.minimum(np.tile(one.cell_upper, (1, count)), OPEN)
    for seat, single in enumerate(plan.products):
        for product, limit in single.items():
            lower[seat, product] = max(limit.low, 0)
            if limit.high is not None:
                upper[seat, product] = min(upper[seat, product], limit.high)
    upper[:, [share == 0 for share in shape.product_shares]] = 0
    ends = one.street[0][0], one.street[1][0]
    sides = [totals(shape, int(end), problem.step) for end in ends]
    slack = 0 if ends[0] == ends[1] else problem.step
    return replace(
        one, credit=credit, cell_lower=np.minimum(lower, upper), cell_upper=upper,
        product_lower=np.maximum(sides[0] - slack, 0), product_upper=sides[1] + slack,
    )  # fmt: skip


def totals(shape: Shape, whole: int, step: int) -> IntArray:
    """Return the street quota of each product, minor units, that a street quota of the company makes."""
    given = shape.by_product
    if shape.by_cell is not None:
        given = tuple(sum(row) for row in shape.by_cell)
    if given is not None:
        return np.array(largest_remainder(whole, [Fraction(amount) for amount in given]))
    parts = step * np.array(largest_remainder(whole // step, shape.product_shares))
    parts[int(np.argmax(parts))] += whole % step
    return parts


def _within(
    plan: Plan, instance: Instance, found: Windows, by: tuple[int, int], spec: QuotaSpec, progress: Progress
) -> tuple[list[int], IntArray, list[Solve]]:
    """Solve the split of seats, then that of products, in ranges `by` counts wider, down and up."""
    problem, seats = plan.problem, plan.problem.tree.seats()
    lower, upper = widened(instance, found, *by)
    near = near_level(instance, found)
    aim = np.clip(lower if near is None else near, lower, upper).astype(np.float64)
    limits, targets = list(problem.limits), list(problem.targets)
    for seat, node in enumerate(seats):
        low, high = int(lower[seat].sum()), int(upper[seat].sum())
        if not limits[node].fixed:
            limits[node] = limits[node].at_least(low, RULE).at_most(high, RULE)
            if aim[seat].sum() >= 1:
                targets[node] = Fraction(int(aim[seat].sum()))
    narrowed = replace(problem, limits=tuple(limits), targets=tuple(targets))
    quota, solves = split_goal(narrowed, spec.solver, progress)
    rows = np.array([quota[node] for node in seats])
    columns = totals(plan.shape, int(rows.sum()), problem.step)
    groups = tuple(
        Group(seat, np.array([product]), int(lower[seat, product]), int(upper[seat, product]))
        for seat, product in np.ndindex(lower.shape)
        if upper[seat, product] > 0
    )
    grid = Grid(
        rows,
        columns,
        np.where(upper > 0, np.maximum(aim, 1.0), 0.0),
        problem.step,
        int(columns.argmax()),
        groups,
    )
    words = Words(plan.basis.inputs.reps.id, problem.currency, 0, plan.shape.products)
    cells, further = filled(grid, "quotas by seat and product", spec.solver, progress, words)
    return quota, cells, [*solves, *further]
