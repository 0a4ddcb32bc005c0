"""Path relinking between good assignments, each step polished by local search at adaptive prices of overload.

From two members of a pool of good assignments the walk goes from the first towards the second, one job at a time,
the cheapest step first; the best assignment met on the way is polished (`moves.descend`). An agent overloaded after
polishing pays more from then on, and everything pays less after a feasible end. Source: see `moves.py`.
All randomness comes from one Philox generator; the work is a number of rounds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from solvers.assignment.instance import Data, FloatArray, Instance, IntArray, Plan, faults, value
from solvers.assignment.moves import descend, over
from solvers.compiled import compiled

POOL = 16
"""Assignments kept."""
REPAIRS = 8
"""Descents in a row, at rising prices, until nobody is overloaded."""
DEARER, CHEAPER = 1.25, 0.9
"""Factors of an overloaded agent's price, and of all prices after a feasible end."""


@compiled
def loads(weight: IntArray, agent_of: IntArray) -> IntArray:
    """Return the load of each agent, (agent,)."""
    load = np.zeros(weight.shape[0], np.int64)
    for j in range(agent_of.size):
        load[agent_of[j]] += weight[agent_of[j], j]
    return load


@compiled
def relinked(data: Data, alpha: FloatArray, start: IntArray, goal: IntArray, reach: float) -> IntArray:
    """Walk from `start` towards `goal`, over `reach` of the way; return the best assignment of its later half."""
    cost, weight, room = data
    at = start.copy()
    load = loads(weight, at)
    apart = np.flatnonzero(at != goal)
    steps = int(apart.size * reach)
    f, least = 0.0, np.inf
    kept = at.copy()
    left = apart.size
    for step in range(steps):
        chosen, change = 0, np.inf
        for k in range(left):
            j = apart[k]
            i, to = at[j], goal[j]
            delta = cost[to, j] - cost[i, j] + 0.0
            delta += over(load[i] - weight[i, j], room[i], alpha[i]) - over(load[i], room[i], alpha[i])
            delta += over(load[to] + weight[to, j], room[to], alpha[to]) - over(load[to], room[to], alpha[to])
            if delta < change:
                chosen, change = k, delta
        j = apart[chosen]
        load[at[j]] -= weight[at[j], j]
        load[goal[j]] += weight[goal[j], j]
        at[j] = goal[j]
        left -= 1
        apart[chosen] = apart[left]
        f += change
        if 2 * (step + 1) >= steps and f < least:
            least = f
            kept[:] = at
    return kept


@dataclass
class Search:
    """A pool of assignments and the prices at which they are sought. Not thread-safe."""

    instance: Instance
    worth: FloatArray
    """What a unit of each agent's capacity is worth, (agent,), in units of cost."""
    seed: int
    pool: list[tuple[int, IntArray]] = field(default_factory=list)
    """Feasible assignments met, best first, no two alike: (cost, agent of each job)."""
    drafts: list[IntArray] = field(default_factory=list)
    """Assignments to relink while too few feasible ones are known."""

    def __post_init__(self) -> None:
        self.draw = np.random.Generator(np.random.Philox(self.seed))
        spread = np.ptp(self.instance.cost, axis=0).mean() / max(float(self.instance.weight.mean()), 1.0)
        self._alpha = np.maximum(2 * self.worth, 0.05 * spread + 1e-3)

    def offer(self, agent_of: IntArray) -> bool:
        """Take an assignment into the pool if it is feasible, new, and good enough; return whether it was."""
        if faults(self.instance, agent_of):
            return False
        cost = value(self.instance, agent_of)
        if any(cost == known and bool((agent_of == other).all()) for known, other in self.pool):
            return False
        self.pool.append((cost, agent_of.copy()))
        self.pool.sort(key=lambda member: member[0])
        if len(self.pool) <= POOL:
            return True
        return self.pool.pop()[1] is not agent_of

    def polish(self, agent_of: IntArray) -> IntArray:
        """Descend from an assignment, dearer where it stays overloaded; offer the end to the pool and return it."""
        plan = Plan(agent_of.copy(), loads(self.instance.weight, agent_of))
        for _ in range(REPAIRS):
            order = self.draw.permutation(self.instance.jobs)
            descend(self.instance.data, self._alpha, self.worth, plan, order)
            heavy = plan.load > self.instance.capacity
            if not heavy.any():
                self._alpha *= CHEAPER
                self.offer(plan.agent_of)
                break
            self._alpha[heavy] *= DEARER
        self.drafts = [*self.drafts[1 - POOL :], plan.agent_of]
        return plan.agent_of

    def run(self, rounds: int, enough: int, go_on: Callable[[], bool]) -> None:
        """Relink and polish `rounds` times, or until an assignment costs no more than `enough`."""
        for _ in range(rounds):
            if not go_on() or (self.pool and self.pool[0][0] <= enough):
                return
            known = [agent_of for _, agent_of in self.pool]
            known += self.drafts[: max(0, POOL // 2 - len(known))]
            first, second = self.draw.integers(len(known), size=2)
            start, goal = known[first], known[second]
            if int((start != goal).sum()) < 4:
                goal = self._shaken(goal)
            reach = float(self.draw.uniform(0.3, 0.7))
            self.polish(relinked(self.instance.data, self._alpha, start, goal, reach))

    def _shaken(self, agent_of: IntArray) -> IntArray:
        """Return the assignment with some jobs handed to random agents."""
        out = agent_of.copy()
        count = max(4, self.instance.jobs // 20)
        out[self.draw.integers(self.instance.jobs, size=count)] = self.draw.integers(
            self.instance.agents, size=count
        )
        return out
