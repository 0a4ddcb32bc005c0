"""The search for contiguous districts about one centre, compiled: a binary tree over units at the border.

A node has units in (S, connected, with the centre) and out; the next unit is one that touches S, first taken, then
refused, so that every connected set stands at exactly one node: the one where its last unit came in. A node ends when

    r(S) + min { r y : population(S) + p y in [L, U], 0 <= y <= 1 } > threshold

over free units that S can still reach: a fractional knapsack, greedy in the order of r / p. A district is *completable*
when each piece of what it leaves holds m L to m U people for some whole m; others are in no plan and not listed.
"""

from __future__ import annotations

import numpy as np

from solvers.compiled import compiled
from solvers.contiguity.graph import IntArray, Mask
from solvers.districting.instance import FloatArray

FREE, IN, OUT = 0, 1, 2


@compiled
def completable(
    offsets: IntArray, ends: IntArray, state: IntArray, population: IntArray, lower: int, upper: int
) -> bool:
    """Return whether each piece outside S holds a population that some number of districts can share."""
    n = len(population)
    seen, queue = np.zeros(n, dtype=np.bool_), np.empty(n, dtype=np.int64)
    for start in range(n):
        if state[start] == IN or seen[start]:
            continue
        head, tail, people = 0, 1, 0
        queue[0], seen[start] = start, True
        while head < tail:
            unit = queue[head]
            head += 1
            people += population[unit]
            for e in range(offsets[unit], offsets[unit + 1]):
                other = ends[e]
                if state[other] != IN and not seen[other]:
                    seen[other], queue[tail] = True, other
                    tail += 1
        if (people + upper - 1) // upper * lower > people:
            return False
    return True


@compiled
def outlook(
    offsets: IntArray,
    ends: IntArray,
    state: IntArray,
    reached: IntArray,
    mark: int,
    order: IntArray,
    reduced: FloatArray,
    population: IntArray,
    so_far: tuple[float, int],
    band: tuple[int, int],
    must: int,
) -> tuple[float, int]:
    """Return the knapsack bound of a node and the unit to branch on; (inf, -1) when it has no completion."""
    bound, people = so_far
    inside = people
    lower, upper = band
    if must >= 0 and state[must] == FREE:
        bound, people = bound + reduced[must], people + population[must]
        if reached[must] != mark or people > upper:
            return np.inf, -1
    chosen = -1
    for k in range(len(order)):
        unit = order[k]
        if state[unit] != FREE or reached[unit] != mark or inside + population[unit] > upper:
            continue
        if chosen < 0:
            for e in range(offsets[unit], offsets[unit + 1]):
                if state[ends[e]] == IN:
                    chosen = unit
                    break
        room = upper - people if reduced[unit] < 0 else lower - people
        if unit == must:
            continue
        if population[unit] == 0:
            bound += min(reduced[unit], 0.0)
        elif room > 0:
            taken = min(population[unit], room)
            bound += reduced[unit] * taken / population[unit]
            people += taken
        elif chosen >= 0 and (reduced[unit] >= 0 or people >= upper):
            break
    return (bound if people >= lower else np.inf), chosen


@compiled
def grow(
    offsets: IntArray,
    ends: IntArray,
    population: IntArray,
    band: tuple[int, int],
    centre: int,
    must: int,
    reduced: FloatArray,
    order: IntArray,
    threshold: float,
    how: tuple[bool, bool, int],
) -> tuple[Mask, FloatArray, bool]:
    """List the districts about `centre` that hold `must` (-1: any) with reduced cost r(S) <= threshold.

    `how` = (best only: each find lowers the threshold below itself; completable ones only; most nodes). Returns the
    districts (found, unit) in the order found, their reduced costs, and whether the search was complete.
    """
    n = len(population)
    lower, upper = band
    best_only, whole, limit = how
    state, reached = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    queue, trail, turn = np.empty(n, np.int64), np.empty(n + 1, np.int64), np.empty(n + 1, np.int64)
    found, costs = np.zeros((16, n), dtype=np.bool_), np.zeros(16)
    count, depth, nodes, entered = 0, 0, 0, True
    state[centre] = IN
    people, total = population[centre], reduced[centre]
    while people <= upper:
        nodes += 1
        if nodes > limit:
            return found[:count], costs[:count], False
        good = entered and lower <= people and total <= threshold and (must < 0 or state[must] == IN)
        if good and (not whole or completable(offsets, ends, state, population, lower, upper)):
            if count == len(costs):
                more, dearer = np.zeros((2 * count, n), dtype=np.bool_), np.zeros(2 * count)
                more[:count], dearer[:count] = found, costs
                found, costs = more, dearer
            found[count], costs[count] = state == IN, total
            count += 1
            if best_only:
                threshold = total - 1e-9 * (1 + abs(total))
        head, tail = 0, 1
        queue[0], reached[centre] = centre, nodes
        while head < tail:
            unit = queue[head]
            head += 1
            for e in range(offsets[unit], offsets[unit + 1]):
                other = ends[e]
                if state[other] != OUT and reached[other] != nodes:
                    reached[other], queue[tail] = nodes, other
                    tail += 1
        bound, unit = outlook(
            offsets, ends, state, reached, nodes, order, reduced, population, (total, people), band, must
        )
        if unit >= 0 and bound <= threshold:
            state[unit], trail[depth], turn[depth], entered = IN, unit, IN, True
            people, total, depth = people + population[unit], total + reduced[unit], depth + 1
            continue
        while depth and (turn[depth - 1] == OUT or trail[depth - 1] == must):
            depth -= 1
            unit = trail[depth]
            if turn[depth] == IN:
                people, total = people - population[unit], total - reduced[unit]
            state[unit] = FREE
        if depth == 0:
            break
        unit = trail[depth - 1]
        state[unit], turn[depth - 1], entered = OUT, OUT, False
        people, total = people - population[unit], total - reduced[unit]
    return found[:count], costs[:count], True
