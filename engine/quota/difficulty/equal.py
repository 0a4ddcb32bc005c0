"""equal: the split of the goal whose chances differ least, then least deviation, in the tree's own steps and cents.

The narrowest windows of chances, level by level, come from solvers.difficulty: in own quotas of the nodes with their
over-assignments and steps, so that only the one cell of each parent that carries a remainder is left out, which can
but widen them; so their widths are bounds. The split is then solved inside the last of them; where remainders find no
room, it is opened count by count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, nan
from typing import TypeVar

import numpy as np

from engine.errors import Infeasible, NoPlan
from engine.inputs import BoolArray, IntArray
from engine.progress import Progress
from engine.proof import Solve
from engine.quota.check_difficulty import Narrowest
from engine.quota.conflict import infeasible
from engine.quota.difficulty.ranking import reached
from engine.quota.limits import Limit
from engine.quota.method import Basis
from engine.quota.search import STAGE, split_goal
from engine.quota.spec import QuotaSpec
from engine.quota.split import Problem
from solvers.difficulty import Instance, Level, Windows, widened, windows
from solvers.solution import Status, relative_gap

OPEN = 2**50
RULE = "equal difficulty"
Answered = TypeVar("Answered")


@dataclass(frozen=True)
class Told:
    """One level: the seats that no level before had to leave behind, and how far apart their chances are."""

    level: Level
    replications: int
    lowest: float
    """Lowest chance of these seats; NaN where none is left."""
    highest: float
    bound: float
    """Least range of their chances, proven."""
    team: str = ""

    @property
    def apart(self) -> float:
        """Highest less lowest chance; 0 where none is left."""
        return (
            round((self.highest - self.lowest) * self.replications) / self.replications if self.seats else 0.0
        )

    @property
    def seats(self) -> int:
        """Number of seats, or of their quotas by product, that are looked at."""
        return int(self.level.free.sum())


@dataclass(frozen=True)
class Equal:
    """What made the chances equal. Shape (rep,)."""

    held: tuple[str, ...]
    """Rule that keeps a seat's chance away from the others', blank where none does."""
    measured: BoolArray
    """Seats whose quota is a choice and who were ever credited a step."""
    levels: tuple[Told, ...]
    """From all of those seats down to the ones that sums alone hold."""

    @property
    def proven(self) -> list[Narrowest]:
        """Return what the plain check holds the bounds to; each level lies within the one before."""
        count = 0 if not self.levels else self.levels[0].replications
        ends = [(0, count), *((one.level.window.low, one.level.window.high) for one in self.levels)]
        return [
            Narrowest(one.bound, within, one.level.low, one.level.high)
            for one, within in zip(self.levels, ends, strict=False)
        ]

    def of(self, team: str) -> Equal:
        """Return the same, told of a team."""
        return replace(self, levels=tuple(replace(level, team=team) for level in self.levels))


def joined(parts: Sequence[Equal | None]) -> Equal | None:
    """Return what held the chances of any part apart; None where nothing was made equal."""
    known = [part for part in parts if part is not None]
    if not known:
        return None
    held = tuple(
        "; ".join(dict.fromkeys(filter(None, rules))) for rules in zip(*(p.held for p in known), strict=True)
    )
    measured = np.any([part.measured for part in known], axis=0)
    return Equal(held, measured, tuple(level for part in known for level in part.levels))


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
    if any(limit.high is not None and limit.low > limit.high for limit in problem.limits):
        raise infeasible(problem, spec.solver)
    instance = instance_of(problem, basis.credit)
    found = windows(instance)
    if found is None:
        quota, solves = split_goal(problem, spec.solver, progress)
        return quota, solves, Equal(("",) * len(instance.leaf), instance.measured[:, 0], ())
    aimed = _aimed(problem, basis, instance, found, method.decided_by)
    quota, solves = _inside(aimed, instance, found, spec, progress)
    seats = np.array([quota[node] for node in problem.tree.seats()])
    equal = known(problem, instance, found, reached(basis.credit, seats)[:, None])
    return quota, [*proofs(equal, float(spec.solver.gap)), *solves], equal


def known(problem: Problem, instance: Instance, found: Windows, counts: IntArray) -> Equal:
    """Return what is known once there are quotas; `counts` are the replications that reach them, (rep, product)."""

    def rule(seat: int, node: int) -> str:
        outside = (counts[seat] < found.free.low) | (counts[seat] > found.free.high)
        return _holding(problem, node) if (found.held[seat] & outside).any() else ""

    held = tuple(rule(seat, node) for seat, node in enumerate(problem.tree.seats()))
    levels = tuple(_told(level, counts, instance.replications) for level in found.levels)
    return Equal(held, np.asarray(instance.measured.any(axis=1)), levels)


def proofs(equal: Equal, gap: float) -> list[Solve]:
    """Return the first level and the last one as solves."""
    solves = [_solve("range of chances", equal.levels[0], gap)]
    if len(equal.levels) > 1 and equal.levels[-1].seats:
        solves.append(_solve("range of chances that sums alone hold", equal.levels[-1], gap))
    return solves


def _told(level: Level, counts: IntArray, count: int) -> Told:
    own = counts[level.free]
    ends = (int(own.min()) / count, int(own.max()) / count) if own.size else (nan, nan)
    return Told(level, count, *ends, level.window.width / count if own.size else 0.0)


def instance_of(problem: Problem, credit: IntArray) -> Instance:
    """Return the tree in own quotas of its nodes, minor units; `credit` of shape (replication, rep)."""
    tree, seats, limits = problem.tree, list(problem.tree.seats()), problem.limits
    factors = [tree.street(node) for node in range(len(tree.nodes))]
    most = Fraction(problem.goal + len(tree.nodes))
    for factor in {node.level: factors[index] for index, node in enumerate(tree.nodes)}.values():
        most *= max(factor, Fraction(1))
    lower = np.array([problem.goal, *(limit.low for limit in limits[1:])])
    upper = np.array([problem.goal, *(OPEN if limit.high is None else limit.high for limit in limits[1:])])
    whole = np.array([problem.step if whole else 1 for whole in problem.whole])
    return Instance(
        np.array([node.parent for node in tree.nodes]),
        np.array(seats),
        credit[:, :, None],
        whole[seats],
        lower[seats][:, None],
        upper[seats][:, None],
        lower,
        upper,
        np.array([0]),
        np.array([min(ceil(most), OPEN)]),
        np.array([[factor.numerator, factor.denominator] for factor in factors]),
        whole,
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
    """Solve the split in the windows, opened by as few counts as the remainders of the tree need."""

    def within(down: int, up: int) -> tuple[list[int], list[Solve]]:
        lower, upper = widened(instance, found, down, up)
        limits = list(problem.limits)
        for seat, node in enumerate(problem.tree.seats()):
            if instance.measured[seat, 0]:
                low, high = int(lower[seat, 0]), int(upper[seat, 0])
                limits[node] = limits[node].at_least(low, RULE).at_most(high, RULE)
        return split_goal(replace(problem, limits=tuple(limits)), spec.solver, progress)

    return narrowly(within, instance.replications)


def narrowly(solve: Callable[[int, int], Answered], most: int) -> Answered:
    """Return what is solved in windows opened downwards and upwards by as few counts as are found to do.

    First by 1, 2, 4 ... on both sides, then halved to the fewest on both sides, then on each side alone.

    Raises:
        Infeasible, NoPlan: not even windows opened by `most` counts leave an answer.

    """
    best: list[Answered] = []

    def fits(down: int, up: int) -> bool:
        try:
            best.append(solve(down, up))
        except (Infeasible, NoPlan):
            if min(down, up) >= most:
                raise
            return False
        return True

    def fewest(low: int, high: int, ends: Callable[[int], tuple[int, int]]) -> int:
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if fits(*ends(middle)) else (middle, high)
        return high

    failed, by = -1, 0
    while not fits(by, by):
        failed, by = by, max(2 * by, 1)
    both = fewest(failed, by, lambda count: (count, count))
    down = fewest(-1, both, lambda count: (count, both))
    fewest(-1, both, lambda count: (down, count))
    return best[-1]


def _solve(name: str, told: Told, wanted: float) -> Solve:
    objective = told.apart
    gap = relative_gap(objective, told.bound)
    met = objective == told.bound
    proof = "every window one replication narrower contradicts the sums"
    # Both are whole numbers of replications, and often small ones: where steps widen the window, any gap will do.
    status, demanded = (Status.OPTIMAL, wanted) if met else (Status.FEASIBLE, 1.0)
    return Solve(
        STAGE, name, "difficulty", status, objective, told.bound, gap, demanded, "probability", 0.0, "", proof
    )  # fmt: skip


def _holding(problem: Problem, node: int) -> str:
    """Return the rules of the nearest node, from the seat up, that limit a quota."""
    while node >= 0:
        limit: Limit = problem.limits[node]
        rules = [rule for rule in (limit.low_rule, limit.high_rule) if rule]
        if rules:
            return ", ".join(dict.fromkeys(rules))
        node = problem.tree.nodes[node].parent
    return ""
