"""A proof of a bound, and the code that checks it without any of the search's.

Three claims are recomputed here from the instance, in whole numbers:

    multipliers u      L(u) = sum_j u_j + sum_i (exact knapsack of agent i at prices c_ij - u_j)   is a lower bound;
    exclusion          job j never goes to agent i in anything cheaper than `cost` if L(u | x_ij = 1) reaches it;
    branching          a job goes to one of the agents left to it, so the least of its branches is a bound.

A proof that lies proves less: a multiplier that was tampered with lowers what is recomputed, a branch left out is
bounded by what its parent's multipliers say of it, and a claimed bound above the recomputed one is refused.
Weights and capacities may be counted in whole `grain`s, both rounded down: what fits, still fits then, so bounds stay
valid, and the tables of a large capacity stay small.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from solvers.assignment.instance import Instance, IntArray

__all__ = ["Branch", "Certificate", "proven", "recomputed"]

Mask = NDArray[np.bool_]
"""(agent, job)."""
LOWEST = 2**62
"""Its negative is a bound that says nothing."""
LARGEST = 2**48
"""Multipliers may not be larger, so that sums stay within 63 bits."""


@dataclass
class Branch:
    """One node of a proof; `parent` and `agent` say which branch it is, -1 at the root."""

    parent: int
    agent: int
    multipliers: list[IntArray] = field(default_factory=list)
    """Those it excludes pairs with, in order, each (job,) in units of 1/scale."""
    job: int = -1
    """The job it branches on; -1 for a leaf."""


@dataclass(frozen=True)
class Certificate:
    """No assignment costs less than min(cost, the bound of the branches), minimised sense."""

    scale: int
    grain: int
    cost: int
    """The incumbent's cost: the proof only speaks of what is cheaper."""
    bound: int
    """What is claimed."""
    branches: list[Branch]
    """The root first, every parent before its branches."""


def proven(instance: Instance, certificate: Certificate) -> bool:
    """Whether the claimed bound is no higher than the recomputed one."""
    return certificate.bound <= recomputed(instance, certificate)


def recomputed(instance: Instance, certificate: Certificate) -> int:
    """Return the bound that the multipliers and branches of a certificate prove; ValueError if it is malformed."""
    checker = _Checker(instance, certificate)
    return min(certificate.cost, -(-checker.bound() // certificate.scale))


class _Checker:
    def __init__(self, instance: Instance, certificate: Certificate) -> None:
        if certificate.scale < 1 or certificate.grain < 1 or not certificate.branches:
            raise ValueError("a certificate has a positive scale and grain and at least one branch")
        self.certificate = certificate
        self.cost = instance.cost * certificate.scale
        self.weight = instance.weight // certificate.grain
        self.capacity = instance.capacity // certificate.grain
        self.true = instance
        self.limit = (certificate.cost - 1) * certificate.scale + 1
        self.below: dict[tuple[int, int], int] = {}
        for place, branch in enumerate(certificate.branches):
            if place and not 0 <= branch.parent < place:
                raise ValueError(f"branch {place} stands before its parent {branch.parent}")
            self.below[branch.parent, branch.agent] = place

    def bound(self) -> int:
        """Return the least scaled bound of the open branches; the limit where everything is excluded."""
        least = self.limit
        stack = [(0, np.ones(self.cost.shape, bool), -LOWEST)]
        while stack:
            place, allowed, above = stack.pop()
            value, pairs = self._excluded(place, allowed, above)
            if value >= self.limit or self._decided(allowed):
                continue
            job = self.certificate.branches[place].job
            if job < 0 or pairs is None:
                least = min(least, value)
                continue
            for agent in np.flatnonzero(allowed[:, job] & (pairs[:, job] < self.limit)).tolist():
                at_least = max(value, int(pairs[agent, job]))
                child = self.below.get((place, agent))
                narrowed = allowed.copy()
                narrowed[:, job] = False
                narrowed[agent, job] = True
                if child is None:
                    least = min(least, at_least)
                elif self._settled(narrowed):
                    stack.append((child, narrowed, at_least))
        return least

    def _excluded(self, place: int, allowed: Mask, above: int) -> tuple[int, IntArray | None]:
        """Exclude pairs of one branch, in place; return its bound and what each pair costs at least.

        The bound is the limit when nothing is left.
        """
        value, last = above, None
        for u in self.certificate.branches[place].multipliers:
            if u.shape != (self.cost.shape[1],) or u.dtype != np.int64 or (abs(u) > LARGEST).any():
                raise ValueError(f"branch {place}: one whole multiplier for each job, none beyond 2^48")
            here, pairs = self._pairs(allowed, u)
            value, last = max(value, here), u
            allowed &= pairs < self.limit
            if value >= self.limit or not self._settled(allowed):
                return self.limit, None
        return value, None if last is None else self._pairs(allowed, last)[1]

    def _settled(self, allowed: Mask) -> bool:
        """Take out, in place, what no longer fits beside jobs with one agent; False when a job has none left."""
        while True:
            count = allowed.sum(axis=0)
            if not count.all():
                return False
            only = allowed & (count == 1)
            room = self.capacity - np.where(only, self.weight, 0).sum(axis=1)
            if (room < 0).any():
                return False
            misfit = allowed & ~only & (self.weight > room[:, None])
            if not misfit.any():
                return True
            allowed &= ~misfit

    def _decided(self, allowed: Mask) -> bool:
        """Whether one assignment is left, and it is no better than the incumbent or does not fit."""
        if (allowed.sum(axis=0) != 1).any():
            return False
        loads = np.where(allowed, self.true.weight, 0).sum(axis=1)
        cost = int(np.where(allowed, self.true.cost, 0).sum())
        return bool((loads > self.true.capacity).any()) or cost >= self.certificate.cost

    def _pairs(self, allowed: Mask, u: IntArray) -> tuple[int, IntArray]:
        """Return L(u) and L(u | x_ij = 1) (agent, job) over what is allowed."""
        single = allowed & (allowed.sum(axis=0) == 1)
        price = self.cost - u
        inside = np.full(self.cost.shape, self.limit, dtype=np.int64)
        rise_in = np.zeros(self.cost.shape, np.int64)
        rise_out = np.zeros(self.cost.shape, np.int64)
        total = int(u.sum())
        for i in range(self.cost.shape[0]):
            total += int(price[i, single[i]].sum())
            room = int(self.capacity[i] - self.weight[i, single[i]].sum())
            if room < 0:
                return self.limit, inside
            jobs = np.flatnonzero(allowed[i] & ~single[i] & (self.weight[i] <= room))
            v, rise_in[i, jobs], rise_out[i, jobs] = _knapsack(price[i, jobs], self.weight[i, jobs], room)
            total += v
            fits = np.zeros(self.cost.shape[1], bool)
            fits[jobs] = True
            rise_in[i, ~fits & ~single[i]] = self.limit - min(total, 0) + 2**60
        values = total + rise_in + rise_out.sum(axis=0) - rise_out
        return total, values


def _knapsack(price: IntArray, weight: IntArray, room: int) -> tuple[int, IntArray, IntArray]:
    """Return the least value, and how much it rises with each item forced in, and forced out."""
    order = np.flatnonzero(price < 0)
    head = np.zeros((order.size + 1, room + 1), np.int64)
    tail = np.zeros((order.size + 1, room + 1), np.int64)
    for table, steps in ((head, range(order.size)), (tail, range(order.size - 1, -1, -1))):
        for k in steps:
            source, target = (table[k], table[k + 1]) if table is head else (table[k + 1], table[k])
            a, p = int(weight[order[k]]), int(price[order[k]])
            target[:] = source
            np.minimum(source[a:], source[: room + 1 - a] + p, out=target[a:])
    least = int(head[-1, room])
    rise_in = price + head[-1, room - weight] - least
    rise_out = np.zeros_like(price)
    rise_out[order] = (head[:-1] + tail[1:, ::-1]).min(axis=1) - least
    for k in range(order.size):
        a = int(weight[order[k]])
        without = head[k, : room + 1 - a] + tail[k + 1, room - a :: -1]
        rise_in[order[k]] = price[order[k]] + int(without.min()) - least
    return least, rise_in, rise_out
