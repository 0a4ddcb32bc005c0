"""equal: the split of the goal whose chances differ least, then least deviation, in the tree's own steps and cents.

The narrowest window of chances comes from solvers.difficulty, on the street totals of the tree: what that leaves out
(that a district's own quota is a multiple of the step) can only widen it, so its width is a bound. The split is then
solved inside the window; where those steps find no room, the window is opened count by count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from engine.errors import Infeasible, NoPlan
from engine.inputs import BoolArray, IntArray
from engine.progress import Progress
from engine.proof import Solve
from engine.quota.difficulty.ranking import reached
from engine.quota.limits import Limit
from engine.quota.method import Basis
from engine.quota.search import STAGE, split_goal
from engine.quota.spec import QuotaSpec
from engine.quota.split import Problem
from engine.quota.streets import OPEN, street_limits
from solvers.difficulty import Instance, Windows, widened, windows
from solvers.solution import Status, relative_gap

RULE = "equal difficulty"


@dataclass(frozen=True)
class Equal:
    """What made the chances equal. Shape (rep,)."""

    held: tuple[str, ...]
    """Rule that keeps a seat's chance away from the others', blank where none does."""
    measured: BoolArray
    """Seats whose quota is a choice and who were ever credited a step."""
    bound: float
    """Least range of the chances of those seats, proven; 0 where nothing is."""


def joined(parts: Sequence[Equal | None]) -> Equal | None:
    """Return what held the chances of any part apart; None where nothing was made equal."""
    known = [part for part in parts if part is not None]
    if not known:
        return None
    held = tuple(
        "; ".join(dict.fromkeys(filter(None, rules))) for rules in zip(*(p.held for p in known), strict=True)
    )
    bound = max(part.bound for part in known)
    return Equal(held, np.any([part.measured for part in known], axis=0), bound)


def split(
    problem: Problem, basis: Basis, spec: QuotaSpec, progress: Progress
) -> tuple[list[int], list[Solve], Equal | None]:
    """Return the quota of every node, the solves, and what held chances apart; None without a method that equalises.

    Raises:
        Infeasible: the limits contradict the goal, proved by two routes.
        NoPlan: a limit was reached before there were quotas.

    """
    method = spec.equalising
    if method is None:
        return (*split_goal(problem, spec.solver, progress), None)
    progress.update("range of the chances to reach the quotas")
    instance = instance_of(problem, basis.credit)
    found = windows(instance)
    if found is None:
        quota, solves = split_goal(problem, spec.solver, progress)
        return quota, solves, Equal(("",) * len(instance.leaf), instance.measured[:, 0], 0.0)
    aimed = _aimed(problem, basis, instance, found, method.decided_by)
    quota, solves = _inside(aimed, instance, found, spec, progress)
    seats = np.array([quota[node] for node in problem.tree.seats()])
    counts = reached(basis.credit, seats)
    own = counts[instance.measured[:, 0]]
    solve = _solve(int(np.ptp(own)) if own.size else 0, found, instance, float(spec.solver.gap))
    held = tuple(
        _holding(problem, node) if found.held[seat, 0] and _outside(found, int(counts[seat])) else ""
        for seat, node in enumerate(problem.tree.seats())
    )
    return quota, [solve, *solves], Equal(held, instance.measured[:, 0], solve.bound)


def instance_of(problem: Problem, credit: IntArray) -> Instance:
    """Return the tree in street totals: amounts of the seats, minor units; `credit` of shape (replication, rep)."""
    tree, seats, limits = problem.tree, problem.tree.seats(), problem.limits
    lower, upper = street_limits(problem)
    own = [limits[node] for node in seats]
    whole = problem.whole
    return Instance(
        np.array([node.parent for node in tree.nodes]),
        np.array(seats),
        credit[:, :, None],
        np.array([problem.step if whole[node] else 1 for node in seats]),
        np.array([[limit.low] for limit in own]),
        np.array([[OPEN if limit.high is None else limit.high] for limit in own]),
        lower,
        upper,
        lower[:1],
        upper[:1],
    )


def _aimed(problem: Problem, basis: Basis, instance: Instance, found: Windows, then: str) -> Problem:
    """Return the problem whose seats aim at the middle of the window, or at last year's bookings."""
    middle = max((found.free.low + found.free.high + 1) // 2, 1) - 1
    ranked = np.sort(basis.credit, axis=0)[::-1]
    aims = basis.inputs.reps.history if then == "history" else ranked[middle]
    targets = list(problem.targets)
    for seat, node in enumerate(problem.tree.seats()):
        if instance.measured[seat, 0] and aims[seat] > 0:
            targets[node] = Fraction(int(aims[seat]))
    return replace(problem, targets=tuple(targets))


def _inside(
    problem: Problem, instance: Instance, found: Windows, spec: QuotaSpec, progress: Progress
) -> tuple[list[int], list[Solve]]:
    """Solve the split in the window, opened by 1, 2, 4 ... counts until the steps of the tree find room."""
    by = 0
    while True:
        lower, upper = widened(instance, found, by)
        limits = list(problem.limits)
        for seat, node in enumerate(problem.tree.seats()):
            if instance.measured[seat, 0]:
                low, high = int(lower[seat, 0]), int(upper[seat, 0])
                limits[node] = limits[node].at_least(low, RULE).at_most(high, RULE)
        try:
            return split_goal(replace(problem, limits=tuple(limits)), spec.solver, progress)
        except (Infeasible, NoPlan):
            if by >= instance.replications:
                raise
        by = max(2 * by, 1)


def _solve(width: int, found: Windows, instance: Instance, wanted: float) -> Solve:
    count = instance.replications
    objective, bound = width / count, found.every.width / count
    gap = relative_gap(objective, bound)
    status = Status.OPTIMAL if width == found.every.width else Status.FEASIBLE
    proof = "every window one replication narrower contradicts the sums"
    # Both are whole numbers of replications, and often small ones: where steps widen the window, any gap will do.
    demanded = wanted if width == found.every.width else 1.0
    return Solve(
        STAGE, "range of chances", "difficulty", status, objective, bound, gap, demanded, "probability", 0.0, "", proof
    )  # fmt: skip


def _outside(found: Windows, count: int) -> bool:
    return not found.free.low <= count <= found.free.high


def _holding(problem: Problem, node: int) -> str:
    """Return the rules of the nearest node, from the seat up, that limit a quota."""
    while node >= 0:
        limit: Limit = problem.limits[node]
        rules = [rule for rule in (limit.low_rule, limit.high_rule) if rule]
        if rules:
            return ", ".join(dict.fromkeys(rules))
        node = problem.tree.nodes[node].parent
    return ""
