"""The search for connected sets of units with a short border, compiled.

The same tree as in `districts`: units in, out and free, branching on a free unit that touches the set. For every
completion the border has at least

    edges in-out + sum over free f of min(edges f-in, edges f-out)

edges, as f ends on one side or the other and no edge is counted twice. A branch ends when this exceeds `longest`,
or when too few people can still be reached.
"""

from __future__ import annotations

import numpy as np

from solvers.compiled import compiled
from solvers.contiguity.graph import IntArray, Mask

GONE, FREE, IN, OUT = -1, 0, 1, 2


@compiled
def pieces_share(
    offsets: IntArray,
    ends: IntArray,
    state: IntArray,
    population: IntArray,
    band: tuple[int, int],
    parts: int,
) -> bool:
    """Return whether the pieces of what is neither in nor gone can be `parts` districts by population."""
    n = len(population)
    lower, upper = band
    seen, queue = np.zeros(n, dtype=np.bool_), np.empty(n, dtype=np.int64)
    fewest, most = 0, 0
    for start in range(n):
        if state[start] == IN or state[start] == GONE or seen[start]:
            continue
        head, tail, people = 0, 1, 0
        queue[0], seen[start] = start, True
        while head < tail:
            unit = queue[head]
            head += 1
            people += population[unit]
            for e in range(offsets[unit], offsets[unit + 1]):
                other = ends[e]
                if state[other] != IN and state[other] != GONE and not seen[other]:
                    seen[other], queue[tail] = True, other
                    tail += 1
        need, room = (people + upper - 1) // upper, people // lower
        if need > room:
            return False
        fewest, most = fewest + need, most + room
    return fewest <= parts <= most


@compiled
def short_bordered(
    offsets: IntArray,
    ends: IntArray,
    population: IntArray,
    room: Mask,
    root: int,
    barred: Mask,
    band: tuple[int, int],
    longest: int,
    parts: int,
    limit: int,
) -> tuple[Mask, IntArray, int]:
    """List the districts in `room` that hold `root` and no `barred` unit, with a border of at most `longest` edges.

    Edges count within `room`. What a district leaves must be able to make `parts` districts. Returns (found, unit),
    the borders (found,), and the nodes searched, more than `limit` when the list is not complete.
    """
    n = len(population)
    lower, upper = band
    state = np.full(n, GONE, dtype=np.int64)
    inside, outside = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    for i in range(n):
        if room[i]:
            state[i] = OUT if barred[i] else FREE
    for i in range(n):
        for e in range(offsets[i], offsets[i + 1]):
            outside[i] += state[ends[e]] == OUT
    state[root] = IN
    for e in range(offsets[root], offsets[root + 1]):
        inside[ends[e]] += 1
    found, borders, count = np.zeros((16, n), dtype=np.bool_), np.zeros(16, dtype=np.int64), 0
    reached, queue = np.zeros(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    trail, turn, depth = np.empty(n + 1, np.int64), np.empty(n + 1, np.int64), 0
    people, border, nodes, entered = population[root], outside[root], 0, True
    while people <= upper:
        nodes += 1
        if nodes > limit:
            break
        head, tail, can = 0, 1, people
        queue[0], reached[root] = root, nodes
        bound, free_edges, chosen, score = border, 0, -1, -1
        while head < tail:
            unit = queue[head]
            head += 1
            for e in range(offsets[unit], offsets[unit + 1]):
                other = ends[e]
                if (state[other] == FREE or state[other] == IN) and reached[other] != nodes:
                    reached[other], queue[tail] = nodes, other
                    tail += 1
                    if state[other] == FREE:
                        can += population[other]
                        bound += min(inside[other], outside[other])
                        free_edges += inside[other]
                        fits = people + population[other] <= upper
                        value = 8 * min(inside[other], outside[other]) + inside[other] + outside[other]
                        if inside[other] and fits and value > score:
                            chosen, score = other, value
        whole = entered and lower <= people and border + free_edges <= longest
        if whole and pieces_share(offsets, ends, state, population, band, parts):
            if count == len(borders):
                more, longer = np.zeros((2 * count, n), dtype=np.bool_), np.zeros(2 * count, dtype=np.int64)
                more[:count], longer[:count] = found, borders
                found, borders = more, longer
            found[count], borders[count] = state == IN, border + free_edges
            count += 1
        if chosen >= 0 and bound <= longest and can >= lower:
            state[chosen], trail[depth], turn[depth], entered = IN, chosen, IN, True
            depth += 1
            people, border = people + population[chosen], border + outside[chosen]
            for e in range(offsets[chosen], offsets[chosen + 1]):
                inside[ends[e]] += 1
            continue
        while depth and turn[depth - 1] == OUT:
            depth -= 1
            unit = trail[depth]
            state[unit], border = FREE, border - inside[unit]
            for e in range(offsets[unit], offsets[unit + 1]):
                outside[ends[e]] -= 1
        if depth == 0:
            break
        unit = trail[depth - 1]
        people, border = people - population[unit], border - outside[unit] + inside[unit]
        for e in range(offsets[unit], offsets[unit + 1]):
            inside[ends[e]] -= 1
            outside[ends[e]] += 1
        state[unit], turn[depth - 1], entered = OUT, OUT, False
    return found[:count], borders[:count], nodes
