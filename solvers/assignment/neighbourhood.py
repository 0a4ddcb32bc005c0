"""Improving an assignment by small trees: most jobs stay, the others are reassigned by branch and bound.

The jobs to reassign are drawn; the tree looks for anything cheaper than the incumbent, deepest node first, within
a number of nodes. A neighbourhood that was searched to its end grows, one that was not shrinks: so it settles at the
size that the nodes can just search.

The choice of own trees over HiGHS rests on one trial with one seed: the jobs of random agents, about 40 at a time, 60
nodes each. On d20100 forty trees took the distance to the best known value from 0.39 % to 0.29 % in 0.4 s, twenty
runs of HiGHS to 0.36 % in 40 s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from solvers.assignment.guide import Guide
from solvers.assignment.instance import Instance, IntArray, State, value
from solvers.assignment.tree import Tree

__all__ = ["Neighbourhoods"]

NODES = 150
EFFORT = (60, 0.7)
START, LEAST = 40.0, 20.0
TRIVIAL, SEARCHED, BROKEN_OFF = 1.10, 1.04, 0.96
"""Factors of the size after a neighbourhood ended at its root, ended, or ran out of nodes."""


@dataclass
class Neighbourhoods:
    """The present size, and the draw of jobs."""

    instance: Instance
    start: Guide
    draw: np.random.Generator
    size: float = START

    def improve(self, agent_of: IntArray, count: int, go_on: Callable[[], bool]) -> IntArray:
        """Search `count` neighbourhoods of a feasible assignment; return the best assignment."""
        for _ in range(count):
            if not go_on():
                break
            tree = Tree(
                self.instance, self.start, value(self.instance, agent_of), self._state(agent_of), deep=True
            )
            tree.run(NODES, EFFORT, go_on)
            ended = TRIVIAL if tree.nodes == 1 else SEARCHED
            self.size = min(max(LEAST, self.size * (ended if tree.done else BROKEN_OFF)), self.instance.jobs)
            if tree.incumbent is not None:
                agent_of = tree.incumbent
        return agent_of

    def _state(self, agent_of: IntArray) -> State:
        state = np.full(self.instance.cost.shape, -1, np.int8)
        state[agent_of, np.arange(self.instance.jobs)] = 1
        state[:, self.draw.permutation(self.instance.jobs)[: int(self.size)]] = 0
        return state
