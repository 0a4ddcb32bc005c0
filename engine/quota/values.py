"""Values: the least total deviation with the worst held, where over-assignment cuts sums to the minor unit.

A node of the tree is worth v(q), the least total deviation of the seats below it when its own quota is q:

    seat        v(q) = |q - t|                                    t: its aim, moved into its own bounds
    node        v(q) = min over K of  A(K) + v_carrier(H(q) - K)  H(q): (1 + over-assignment) x q, a half rounded up
                A(K) = min sum v_j(q_j),  sum q_j = K             over its children but the carrier, in whole steps

A is built child by child (Bellman, 1957, Dynamic Programming): with the worst deviation held each child has few
multiples of the step to choose from. All is in whole numbers, so that the least of all quotas is found, and the value
of the company is its own bound. The relaxation of the mixed-integer program is weak here, for every carrier takes a
remainder that jumps with its parent's quota.

The company's own sum H is given, so that a price p on it bounds the whole from below (Everett, 1963, Operations
Research 11): L = p H + sum over its children of min_q v_j(q) - p q. A quota of a child that lies more above its least
than the best answer lies above L is in no better answer; it is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import ceil, floor

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.quota.settle import free, nearest
from engine.quota.split import Problem
from engine.quota.tree import handed_down

WORK = 400_000_000
"""Sums of two values that are looked at; where more are needed, nothing is."""
WHOLE = 2**62
"""Largest product of whole numbers."""

PRICE, TURNS = 64.0, 60
"""Largest price of a minor unit, and times that its range is halved; a worse one gives a weaker bound, which holds."""

Worth = tuple[int, FloatArray]
"""Least that a child can carry, minor units, and its value there and at each step above it."""
Range = tuple[int, int]
"""Lowest and highest quota, minor units; the first above the second where there is none."""


class TooMuch(Exception):
    """More sums than `WORK` would have to be looked at."""


@dataclass(frozen=True)
class Children:
    """What the children of a node but its carrier are worth together."""

    nodes: tuple[int, ...]
    lows: tuple[int, ...]
    """Least of each, minor units."""
    first: int
    """Least that they carry, minor units; the others follow in steps."""
    values: FloatArray
    """A, shape (sum,)."""
    own: tuple[IntArray, ...]
    """By child, the step of its own that is best for each sum of those up to it, shape (sum,)."""


@dataclass(frozen=True)
class Values:
    """Values of all nodes of a tree."""

    problem: Problem
    worst: Fraction
    """Relative deviation from its target that no seat exceeds."""
    _below: dict[int, Children] = field(default_factory=dict)

    def least(self) -> tuple[list[int], float] | None:
        """Return the quota of every node, minor units, and the least total deviation; None where there is none.

        Raises:
            TooMuch: more sums than `WORK` would have to be looked at.

        """
        if self.work > WORK:
            raise TooMuch
        tree = self.problem.tree
        for node in range(len(tree.nodes) - 1, 0, -1):
            if tree.children[node]:
                self._below[node] = self._together(node, self._worth(self._others(node)))
        value = self._of_company()
        if not np.isfinite(value):
            return None
        quota = [0] * len(tree.nodes)
        quota[0] = self.problem.goal
        for node, below in enumerate(tree.children):
            if below:
                self._hand_down(node, quota)
        return quota, value

    @property
    def work(self) -> float:
        """Return how many sums of two values are looked at below the company; infinite where a range has no end."""
        tree, found = self.problem.tree, 0.0
        for node, below in enumerate(tree.children):
            size = 1.0
            for child in below:
                low, high = self.ranges[child]
                if high >= WHOLE // 4 or tree.street(node).numerator * max(high, 1) >= WHOLE // 4:
                    return float("inf")
                count = max((high - low) // self.problem.step + 1, 1)
                found += size * count if node else count
                size += count - 1
        return found

    @cached_property
    def ranges(self) -> list[Range]:
        """Return what each node can carry by its limits, the worst deviation and what stands below it."""
        problem, tree = self.problem, self.problem.tree
        found: list[Range] = [(0, 0)] * len(tree.nodes)
        for node in range(len(tree.nodes) - 1, 0, -1):
            limit, below = problem.limits[node], tree.children[node]
            low, high = limit.low, WHOLE // 2 if limit.high is None else limit.high
            if below:
                factor, sums = (
                    tree.street(node),
                    [sum(found[child][end] for child in below) for end in (0, 1)],
                )
                low = max(low, ceil((sums[0] - Fraction(1, 2)) / factor))
                high = min(high, ceil((sums[1] + Fraction(1, 2)) / factor) - 1)
            elif free(limit, problem.targets[node]):
                aim = nearest(problem.targets[node], limit)
                reach = self.worst * problem.targets[node] + (1 if problem.cut[node] else 0)
                low, high = max(low, ceil(aim - reach)), min(high, floor(aim + reach))
            if problem.whole[node] and not limit.fixed:
                low, high = -(-low // problem.step) * problem.step, high // problem.step * problem.step
            found[node] = low, high
        return found

    def _others(self, node: int) -> list[int]:
        """Return the children of a node but its carrier."""
        tree = self.problem.tree
        return [child for child in tree.children[node] if not tree.nodes[child].carrier]

    def _worth(self, children: Sequence[int]) -> list[Worth]:
        """Return what each child can carry and what that is worth."""
        found, step = [], self.problem.step
        for child in children:
            low, high = self.ranges[child]
            mine = low + step * np.arange(max((high - low) // step + 1, 0), dtype=np.int64)
            found.append((low, self._of(child, mine)[0]))
        return found

    def _together(self, node: int, worth: Sequence[Worth]) -> Children:
        """Return what the children of a node but the carrier are worth, added up one by one."""
        values, own = np.zeros(1), list[IntArray]()
        for _, mine in worth:
            added = np.full(max(len(values) + len(mine) - 1, 1), np.inf)
            choice = np.zeros(len(added), dtype=np.int64)
            for index, value in enumerate(mine):
                part = slice(index, index + len(values))
                sums = values + value
                better = sums < added[part]
                added[part][better] = sums[better]
                choice[part][better] = index
            values = added
            own.append(choice)
        lows = tuple(low for low, _ in worth)
        return Children(tuple(self._others(node)), lows, sum(lows), values, tuple(own))

    def _of_company(self) -> float:
        """Return the value of the company; infinite where it has none.

        Raises:
            TooMuch: more sums than `WORK` would have to be looked at.

        """
        goal, step = np.array([self.problem.goal], dtype=np.int64), self.problem.step
        street = handed_down(self.problem.goal, self.problem.tree.street(0))
        worth = self._worth(self._others(0))
        carrier = self._carrier(0)
        low, high = self.ranges[carrier]
        low += (street - sum(first for first, _ in worth) - low) % step
        last = low + step * np.arange(max((high - low) // step + 1, 0), dtype=np.int64)
        every = [*worth, (low, self._of(carrier, last)[0])]
        if any(not np.isfinite(values).any() for _, values in every):
            return float("inf")
        price, bound = _priced(every, street, step)
        over = [values - price * (first + step * np.arange(len(values))) for first, values in worth]
        over = [values - values.min() for values in over]
        room = max(step / 100.0, 1e-9 * abs(bound))
        value = float("inf")
        while True:
            kept = [_near(one, above, room, step) for one, above in zip(worth, over, strict=True)]
            if _sums(kept) > WORK:
                raise TooMuch
            self._below[0] = self._together(0, kept)
            value = float(self._of(0, goal)[0][0])
            whole = all(len(one) == len(all_) for (_, one), (_, all_) in zip(kept, worth, strict=True))
            if value <= bound + room or whole:
                return value
            room = value - bound if np.isfinite(value) else 8 * room

    def _of(self, node: int, quota: IntArray) -> tuple[FloatArray, IntArray]:
        """Return the value of a node at each quota, and the place of its children's sum; infinite where it has none."""
        if not self.problem.tree.children[node]:
            return self._of_seat(node, quota), np.zeros(len(quota), dtype=np.int64)
        below, step = self._below[node], self.problem.step
        factor, carrier = self.problem.tree.street(node), self._carrier(node)
        street = (2 * factor.numerator * quota + factor.denominator) // (2 * factor.denominator)
        low, high = self.ranges[carrier]
        least = np.maximum(-((high - street + below.first) // step), 0)
        most = np.minimum((street - below.first - low) // step, len(below.values) - 1)
        counts = np.maximum(most - least + 1, 0)
        of = np.repeat(np.arange(len(quota)), counts)
        place = np.arange(len(of)) - np.repeat(np.cumsum(counts) - counts, counts) + least[of]
        rest, _ = self._of(carrier, street[of] - below.first - step * place)
        total = below.values[place] + rest
        best, chosen = np.full(len(quota), np.inf), np.zeros(len(quota), dtype=np.int64)
        order = np.lexsort((total, of))
        heads = order[np.flatnonzero(np.diff(of[order], prepend=-1))]
        best[of[heads]], chosen[of[heads]] = total[heads], place[heads]
        return best, chosen

    def _of_seat(self, node: int, quota: IntArray) -> FloatArray:
        low, high = self.ranges[node]
        limit, target = self.problem.limits[node], self.problem.targets[node]
        off = np.zeros(len(quota))
        if free(limit, target):
            aim = nearest(target, limit)
            off = np.abs((quota - floor(aim)).astype(np.float64) - float(aim - floor(aim)))
        return np.where((quota >= low) & (quota <= high), off, np.inf)

    def _carrier(self, node: int) -> int:
        nodes = self.problem.tree.nodes
        return next(child for child in self.problem.tree.children[node] if nodes[child].carrier)

    def _hand_down(self, node: int, quota: list[int]) -> None:
        """Fill in the quotas of a node's children, given its own."""
        below, factor = self._below[node], self.problem.tree.street(node)
        _, (place,) = self._of(node, np.array([quota[node]], dtype=np.int64))
        street = int((factor * quota[node] * 2 + 1) // 2)
        quota[self._carrier(node)] = street - below.first - self.problem.step * int(place)
        at = int(place)
        for child, low, own in zip(below.nodes[::-1], below.lows[::-1], below.own[::-1], strict=True):
            steps = int(own[at])
            quota[child] = low + self.problem.step * steps
            at -= steps


def _priced(every: Sequence[Worth], street: int, step: int) -> tuple[float, float]:
    """Return a price a minor unit at which all children together carry about `street`, and the bound that it gives."""
    carried = [first + step * np.arange(len(values), dtype=np.float64) for first, values in every]

    def at(price: float) -> tuple[float, float]:
        costs = [values - price * own for (_, values), own in zip(every, carried, strict=True)]
        best = [int(np.argmin(cost)) for cost in costs]
        least = sum(float(cost[index]) for cost, index in zip(costs, best, strict=True))
        return sum(
            float(own[index]) for own, index in zip(carried, best, strict=True)
        ), price * street + least

    low, high, found = -PRICE, PRICE, (0.0, at(0.0)[1])
    for _ in range(TURNS):
        price = (low + high) / 2
        total, bound = at(price)
        found = max(found, (price, bound), key=lambda one: one[1])
        low, high = (price, high) if total < street else (low, price)
    return found


def _near(one: Worth, above: FloatArray, room: float, step: int) -> Worth:
    """Return what a child can carry from the first to the last quota that lies no more than `room` above its least."""
    first, values = one
    places = np.flatnonzero(above <= room)
    return first + step * int(places[0]), values[places[0] : places[-1] + 1]


def _sums(worth: Sequence[Worth]) -> int:
    """Return how many sums of two values adding up all children looks at."""
    size, found = 1, 0
    for _, values in worth:
        found += size * len(values)
        size += len(values) - 1
    return found
