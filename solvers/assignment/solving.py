"""Solve a generalised assignment problem: a good assignment, a bound that can be recomputed, often a proof.

1. The linear relaxation and the ascent of the Lagrangian bound (`guide.py`).
2. Dives and path relinking (`dive.py`, `search.py`): the first incumbents.
3. Trees over the whole problem (`tree.py`), one for each value z from the bound on: is there an assignment that costs
   at most z? An empty tree raises the bound to z + 1; the first that is not holds an optimum (Posta, Ferland,
   Michelon 2012). A limit that low fixes far more than the incumbent's would.
4. In turns with them, neighbourhood trees (`neighbourhood.py`) improve the incumbent.

The bound is ours from start to end: exact Lagrangian values, never a solver's word; `Outcome.certificate` holds the
multipliers and the branches. All limits are counts; `go_on` is asked between steps and is the user's own limit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from solvers.assignment.certificate import Branch, Certificate
from solvers.assignment.dive import dive
from solvers.assignment.guide import Guide, guide
from solvers.assignment.instance import Instance, IntArray, value
from solvers.assignment.linear import relaxed
from solvers.assignment.neighbourhood import Neighbourhoods
from solvers.assignment.relaxation import SCALE
from solvers.assignment.search import Search
from solvers.assignment.tree import Tree, units

__all__ = ["Effort", "Outcome", "solve"]

MARGIN = 0.02
"""Dives look for nothing dearer than the bound by more than this share."""


@dataclass(frozen=True)
class Effort:
    """How much work, in counts. Large instances with a gap left take longer than a minute to use the defaults up."""

    ascent: int = 1_000
    """Rounds of ascent at the root."""
    dives: int = 8
    relinks: int = 60
    """Rounds of path relinking."""
    nodes: int = 1_500
    """Nodes of the whole tree before the neighbourhoods, and in each later share of it."""
    turns: int = 20
    """How often neighbourhoods and nodes of the whole tree take turns."""
    neighbourhoods: int = 60
    """Neighbourhoods of each turn."""
    portion: float = 0.1
    """Share of the remaining jobs that a dive fixes at a time."""
    root: tuple[int, float] = (1_000, 0.7)
    """Rounds and step of the tree's root, which knows the incumbent."""


@dataclass(frozen=True)
class Outcome:
    """What was found; costs in the instance's own sense."""

    agent_of: IntArray | None
    """The agent of each job, (job,); None when none was found."""
    objective: int | None
    bound: int | None
    """No assignment is better; None when there is none at all (`infeasible`)."""
    proven: bool
    """The objective meets the bound."""
    infeasible: bool
    """The relaxation or the whole tree shows that there is no assignment."""
    nodes: int
    """Nodes of the whole tree; 0 when the multipliers of the root alone carry the bound."""
    certificate: Certificate | None


def solve(
    instance: Instance, effort: Effort | None = None, seed: int = 0, go_on: Callable[[], bool] = lambda: True
) -> Outcome:
    """Solve one instance; equal arguments give equal answers as long as `go_on` does not end it."""
    effort = effort or Effort()
    linear = relaxed(instance)
    if linear is None:
        return Outcome(None, None, None, proven=False, infeasible=True, nodes=0, certificate=None)
    start = guide(instance, linear, effort.ascent)
    search = Search(instance, linear.worth, seed)
    limit = start.value + int(MARGIN * abs(start.value)) + SCALE
    search.polish(linear.share.argmax(axis=0))
    floor = units(start.value)
    for _ in range(effort.dives):
        if not go_on() or (search.pool and search.pool[0][0] <= floor):
            break
        search.polish(dive(start, limit, effort.portion, search.draw))
    search.run(effort.relinks, floor, go_on)
    return _closed(instance, start, search, effort, go_on)


def _closed(
    instance: Instance, start: Guide, search: Search, effort: Effort, go_on: Callable[[], bool]
) -> Outcome:
    """Close the gap: turns of the whole tree and of neighbourhoods."""
    worst = int(instance.cost.max(axis=0).sum()) + 1
    if not search.pool:
        tree = Tree(instance, start, worst)
        tree.run(effort.nodes * effort.turns, effort.root, go_on)
        certificate = _stronger(tree, start)
        return _outcome(instance, tree.incumbent, certificate, tree.nodes, tree.done)
    cost, agent_of = search.pool[0]
    near = Neighbourhoods(instance, start, search.draw)
    certificate = _of_root(start, cost)
    tree, nodes = Tree(instance, start, certificate.bound + 1), 0
    for _ in range(effort.turns):
        left = effort.nodes
        while left > 0 and certificate.bound < cost and go_on():
            before = tree.nodes
            tree.run(left, effort.root, go_on)
            left -= tree.nodes - before
            nodes += tree.nodes - before
            if tree.incumbent is not None:
                agent_of, cost = tree.incumbent, tree.cost
            if not tree.done:
                break
            if tree.cost > certificate.bound:
                certificate = tree.certificate()
            tree = Tree(instance, start, tree.cost + 1)
        if certificate.bound >= cost or not go_on():
            break
        agent_of = near.improve(agent_of, effort.neighbourhoods, go_on)
        cost = value(instance, agent_of)
    return _outcome(instance, agent_of, certificate, nodes, done=False)


def _of_root(start: Guide, cost: int) -> Certificate:
    """Return the proof that the multipliers of the root give alone."""
    bound = min(units(start.value), cost)
    return Certificate(SCALE, start.grain, cost, bound, [Branch(-1, -1, [start.u])])


def _stronger(tree: Tree, start: Guide) -> Certificate:
    """Return the proof of the tree, or that of the root where it says as much."""
    root = _of_root(start, tree.cost)
    return root if root.bound >= units(tree.bound) else tree.certificate()


def _outcome(
    instance: Instance, agent_of: IntArray | None, certificate: Certificate, nodes: int, done: bool
) -> Outcome:
    if agent_of is None and done:
        return Outcome(None, None, None, False, True, nodes, certificate)
    sign = instance.sense
    objective = None if agent_of is None else sign * value(instance, agent_of)
    proven = objective is not None and sign * objective <= certificate.bound
    return Outcome(agent_of, objective, sign * certificate.bound, proven, False, nodes, certificate)
