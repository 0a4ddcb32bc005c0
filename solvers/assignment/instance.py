"""The generalised assignment problem: each job to one agent, each agent within its capacity.

    minimise  sum_ij c_ij x_ij
    s.t.      sum_i x_ij = 1      each job j exactly once
              sum_j a_ij x_ij <= b_i      each agent i, in weights of its own
              x_ij in {0, 1}

All figures are integers; an agent of a territory plan is a seat, a job an account. Maximising is minimising the
negated costs (`Instance.sense` is -1), and every figure shown to the outside has the sign of the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Data", "FloatArray", "Instance", "IntArray", "Plan", "State", "faults", "value"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
State = NDArray[np.int8]
"""(agent, job): 0 free, 1 fixed in, -1 fixed out."""
LARGEST = 2**36
"""No figure may be larger: sums of products with the scale of the multipliers stay within 63 bits."""


@dataclass(frozen=True)
class Instance:
    """One problem. Raises ValueError for figures that do not fit together."""

    cost: IntArray
    """(agent, job), always minimised: negated when `sense` is -1."""
    weight: IntArray
    """(agent, job), non-negative."""
    capacity: IntArray
    """(agent,), non-negative."""
    sense: int = 1
    """1 when the file minimises, -1 when it maximises."""

    def __post_init__(self) -> None:
        if self.cost.ndim != 2 or self.cost.shape != self.weight.shape:
            raise ValueError(
                f"cost {self.cost.shape} and weight {self.weight.shape} must both be (agent, job)"
            )
        if self.capacity.shape != (self.agents,) or not self.agents:
            raise ValueError(f"capacity {self.capacity.shape} must be (agent,) with {self.agents} agents")
        if any(array.dtype != np.int64 for array in (self.cost, self.weight, self.capacity)):
            raise ValueError("cost, weight and capacity must be 64-bit integers")
        if (self.weight < 0).any() or (self.capacity < 0).any() or self.sense not in (1, -1):
            raise ValueError("weights and capacities must not be negative; sense is 1 or -1")
        if max(int(np.abs(self.cost).max(initial=0)), int(self.weight.max(initial=0))) > LARGEST:
            raise ValueError(f"no cost or weight may exceed {LARGEST}")

    @property
    def agents(self) -> int:
        """The number of agents."""
        return int(self.cost.shape[0])

    @property
    def jobs(self) -> int:
        """The number of jobs."""
        return int(self.cost.shape[1])

    @property
    def data(self) -> Data:
        """The figures for compiled code."""
        return Data(self.cost, self.weight, self.capacity)


class Data(NamedTuple):
    """The figures of a problem as compiled code takes them: cost and weight (agent, job), room (agent,)."""

    cost: IntArray
    weight: IntArray
    room: IntArray


class Plan(NamedTuple):
    """An assignment in the making: the agent of each job (job,) and the load of each agent (agent,)."""

    agent_of: IntArray
    load: IntArray


def value(instance: Instance, agent_of: IntArray) -> int:
    """Return the minimised cost of an assignment, `agent_of` (job,); feasible or not."""
    return int(instance.cost[agent_of, np.arange(instance.jobs)].sum())


def faults(instance: Instance, agent_of: IntArray) -> list[str]:
    """Return what is wrong with an answer, in words; independent of every search. Empty when it is feasible."""
    if agent_of.shape != (instance.jobs,):
        return [f"{agent_of.size} jobs are assigned instead of {instance.jobs}"]
    if ((agent_of < 0) | (agent_of >= instance.agents)).any():
        return ["a job is assigned to no agent"]
    found = []
    for agent in range(instance.agents):
        load = sum(int(instance.weight[agent, job]) for job in np.flatnonzero(agent_of == agent))
        if load > int(instance.capacity[agent]):
            found.append(f"agent {agent} carries {load} of {int(instance.capacity[agent])}")
    return found
