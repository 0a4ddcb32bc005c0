"""Branch and bound on the Lagrangian bound: which agent takes a job, best node first.

Every node raises L(u) by a few rounds of ascent from its parent's multipliers, fixes pairs by reduced cost against
`limit` (nothing that costs the incumbent or more is of interest), and repeats while that decides much. Then it
branches on one job: a child for every agent that is left to it. The bound over the whole problem is the smaller of
the incumbent and the least bound of the open nodes. All arithmetic is exact; all work is counted in nodes.

The tree is kept as a `Proof`: of each node the multipliers with which it fixed, and its job. `certificate.py`
replays it with other code. Source of the scheme: Posta, Ferland, Michelon (2012); theirs is depth first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

import numpy as np

from solvers.assignment.certificate import Branch, Certificate
from solvers.assignment.fixing import fix, reached
from solvers.assignment.guide import Guide
from solvers.assignment.instance import Data, FloatArray, Instance, IntArray, State, faults, value
from solvers.assignment.relaxation import SCALE, ascend

__all__ = ["Node", "Tree", "units"]

PASSES = 3
"""Ascents of a node at most."""
MUCH = 0.05
"""Share of a node's free pairs that a pass must decide to be worth another."""
EFFORT = (60, 0.7)
"""Rounds and first step of an ascent below the root."""


def units(scaled: int) -> int:
    """Return the least whole cost that a scaled bound allows."""
    return -(-scaled // SCALE)


@dataclass
class Node:
    """An open node: what is fixed, and the multipliers to go on from."""

    bound: int
    state: State
    room: IntArray
    u: IntArray
    share: FloatArray
    place: int
    """Its Branch in the proof."""

    depth: int = 0

    def key(self, deep: bool) -> tuple[int, int, int]:
        """Order of exploring: least bound first and the newer of equals, or deepest first."""
        return (-self.depth, self.bound, self.place) if deep else (0, self.bound, -self.place)


class Tree:
    """The search tree of one instance. `cost` is the incumbent's, in the minimised sense."""

    def __init__(
        self, instance: Instance, start: Guide, cost: int, state: State | None = None, *, deep: bool = False
    ) -> None:
        """`state` narrows the tree to a neighbourhood; `deep` goes for answers first, not for the bound."""
        self.instance, self.figures, self.cost, self.deep = instance, start.figures, cost, deep
        self.incumbent: IntArray | None = None
        self.proof = [Branch(-1, -1)]
        self.nodes, self._grain = 0, start.grain
        weight, capacity = self.figures.weight, self.figures.capacity
        state = np.zeros(weight.shape, np.int8) if state is None else state
        room = capacity - np.where(state == 1, weight, 0).sum(axis=1)
        state = np.where((state == 0) & (weight > room[:, None]), -1, state).astype(np.int8)
        u, share = start.u, start.share
        root = Node(-(2**62), state, room, u.copy(), share.copy(), 0)
        self._open = [(root.key(deep), root)]

    @property
    def bound(self) -> int:
        """What every assignment costs at least, scaled; the incumbent's cost once the tree is done."""
        return min(self._open[0][1].bound, self.cost * SCALE) if self._open else self.cost * SCALE

    @property
    def limit(self) -> int:
        """The scaled value from which nothing improves on the incumbent."""
        return (self.cost - 1) * SCALE + 1

    @property
    def done(self) -> bool:
        """Whether nothing is left to explore."""
        return not self._open

    def certificate(self) -> Certificate:
        """Return the proof of the present bound."""
        return Certificate(SCALE, self._grain, self.cost, units(self.bound), self.proof)

    def better(self, cost: int, agent_of: IntArray) -> None:
        """Take a better incumbent and drop the nodes that it rules out."""
        if cost < self.cost:
            self.cost, self.incumbent = cost, agent_of.copy()
            self._open = [entry for entry in self._open if entry[1].bound < self.limit]
            heapify(self._open)

    def run(self, nodes: int, root: tuple[int, float], go_on: Callable[[], bool]) -> None:
        """Explore at most `nodes` nodes, the root with its own effort; stop when `go_on` says no."""
        for _ in range(nodes):
            if not self._open or not go_on():
                return
            node = heappop(self._open)[1]
            self.nodes += 1
            for child in self._explored(node, EFFORT if node.place else root):
                heappush(self._open, (child.key(self.deep), child))

    def _explored(self, node: Node, effort: tuple[int, float]) -> list[Node]:
        """Bound, fix and branch; return the children."""
        data = Data(self.figures.cost, self.figures.weight, node.room)
        bound = np.zeros(node.state.shape, np.int64)
        for _ in range(PASSES):
            node.bound = max(node.bound, ascend(data, node.state, node.u, node.share, self.limit, effort))
            self.proof[node.place].multipliers.append(node.u.copy())
            here = reached(data, node.state, node.u, bound)
            if here >= self.limit:
                return []
            free = int((node.state == 0).sum())
            decided = fix(data, node.state, bound, self.limit)
            if decided < 0:
                return []
            if decided == free:
                return self._finished(node)
            if decided < MUCH * free:
                break
        return self._children(node, bound)

    def _finished(self, node: Node) -> list[Node]:
        """Offer what is left when every job has its agent."""
        agent_of = node.state.argmax(axis=0)
        cost = value(self.instance, agent_of)
        if cost < self.cost and not faults(self.instance, agent_of):
            self.better(cost, agent_of)
        return []

    def _children(self, node: Node, bound: IntArray) -> list[Node]:
        free = node.state == 0
        jobs = np.flatnonzero(free.any(axis=0))
        job = int(jobs[np.argmax(worthiness(bound, free, node, jobs))])
        self.proof[node.place].job = job
        children = []
        for agent in np.flatnonzero(free[:, job]):
            state, room = node.state.copy(), node.room.copy()
            state[:, job] = -1
            state[agent, job] = 1
            room[agent] -= self.figures.weight[agent, job]
            self.proof.append(Branch(node.place, int(agent)))
            at_least = max(node.bound, int(bound[agent, job]))
            place = len(self.proof) - 1
            if room[agent] >= 0:
                children.append(
                    Node(at_least, state, room, node.u.copy(), node.share.copy(), place, node.depth + 1)
                )
        return children


def worthiness(bound: IntArray, free: State, node: Node, jobs: IntArray) -> FloatArray:
    """Return how much branching on each of `jobs` promises: the rises of its two least children, as a product."""
    rise = np.where(free[:, jobs], bound[:, jobs] - node.bound, 2**40).astype(float)
    rise = np.sort(np.maximum(rise, 0.0), axis=0)
    split = 1.0 - node.share[:, jobs].max(axis=0)
    return np.asarray((rise[0] + 10.0) * (np.minimum(rise[1], 2e3) + 10.0) * (0.05 + split))
