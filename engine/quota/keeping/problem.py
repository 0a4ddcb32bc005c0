"""The split of a goal over seats that are held to what is in force."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.quota.keeping.force import NARROW, Force
from engine.quota.limits import Limit
from engine.quota.split import Problem
from engine.quota.tree import Tree


@dataclass(frozen=True)
class Kept:
    """What is kept, and how it is split."""

    problem: Problem
    """With what seats are held to, and carriers of remainders where those in force stood."""
    force: Force


def kept(problem: Problem, force: Force) -> Kept:
    """Return the split that keeps what is in force; a seat without a choice is told by the rule that holds it."""
    reasons = list(force.reasons)
    own: list[int | None] = [None] * len(problem.tree.nodes)
    for seat, node in enumerate(problem.tree.seats()):
        limit, stands = problem.limits[node], int(force.seats[seat])
        if limit.fixed:
            reasons[seat] = limit.low_rule if limit.low_rule == limit.high_rule else limit.high_rule
        elif not reasons[seat] and not _reachable(limit, stands, problem.step):
            reasons[seat] = NARROW
        own[node] = None if reasons[seat] else stands
    tree = _carried(problem, force)
    return Kept(replace(problem, tree=tree, held=tuple(own)), replace(force, reasons=tuple(reasons)))


def _reachable(limit: Limit, stands: int, step: int) -> bool:
    """Whether some multiple of the step away from what is in force lies within the limit."""
    if limit.high is None:
        return True
    return -((stands - limit.low) // step) <= (limit.high - stands) // step


def _carried(problem: Problem, force: Force) -> Tree:
    """Return the tree whose remainders stand where those in force do, so that none has to wander.

    The child of a parent whose quota in force is no multiple of the step carries it, the largest of several; the
    largest where there is none.
    """
    tree, below = problem.tree, [0] * len(problem.tree.nodes)
    for seat, node in enumerate(tree.seats()):
        below[node] = int(force.seats[seat])
    for node in range(len(tree.nodes) - 1, 0, -1):
        if tree.children[node]:
            street = sum(below[child] for child in tree.children[node])
            below[node] = round(
                street / tree.street(node)
            )  # what hands down this street quota, where anything does
    nodes = list(tree.nodes)
    for children in tree.children:
        free = [child for child in children if not problem.limits[child].fixed]
        if free:
            chosen = max(free, key=lambda child: (below[child] % problem.step > 0, below[child], -child))
            for child in children:
                nodes[child] = replace(nodes[child], carrier=child == chosen)
    return replace(tree, nodes=tuple(nodes))
