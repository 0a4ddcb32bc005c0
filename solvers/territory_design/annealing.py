"""Annealing of shifts and swaps that keep every territory contiguous, in machine code.

    energy = dispersion + priced affinity loss + sum over activities of price * (distance from the band)

A shift gives a unit to a neighbouring territory, a swap exchanges two units of neighbouring territories; either is
made only when both territories stay one piece and are not empty. The dispersion of a territory is the least sum of
distances from its units to one of them, its centre; the sums from every unit to every territory are kept, so that a
move costs O(units of the two territories). The price of the band rises, the temperature falls, both geometrically
and by move counts: for a seed the same moves on every machine.
"""

from __future__ import annotations

import numpy as np

from solvers.compiled import compiled
from solvers.territory_design.ground import Ground, KeyArray, Plan, Schedule
from solvers.territory_design.instance import FloatArray, IntArray


@compiled
def draw(state: KeyArray) -> float:
    """Return the next uniform number of [0, 1) of a splitmix64 generator."""
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    z = state[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return float(z >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@compiled
def touches(ground: Ground, plan: Plan, unit: int, own: int, out: int) -> bool:
    """Say whether a unit touches a territory, leaving `out` (-1: none) out of account."""
    found = False
    for k in range(ground.offsets[unit], ground.offsets[unit + 1]):
        other = ground.ends[k]
        found |= plan.label[other] == own and other != out
    return found


@compiled
def whole(ground: Ground, plan: Plan, own: int, out: int, into: int) -> bool:
    """Say whether a territory that is one piece stays so without unit `out` and with unit `into` (-1: none)."""
    if not touches(ground, plan, out, own, -1) or (into >= 0 and not touches(ground, plan, into, own, out)):
        return False
    start, offsets, ends, label, mark, stack = (
        into,
        ground.offsets,
        ground.ends,
        plan.label,
        plan.mark,
        plan.stack,
    )
    for k in range(offsets[out], offsets[out + 1]):
        if start < 0 and label[ends[k]] == own:
            start = ends[k]
    mark[-1] += 1
    stamp, stack[0], depth = mark[-1], start, 1
    mark[start] = stamp
    while depth:
        depth -= 1
        unit = stack[depth]
        for k in range(offsets[unit], offsets[unit + 1]):
            other = ends[k]
            if other != out and mark[other] != stamp and (label[other] == own or other == into):
                mark[other], stack[depth] = stamp, other
                depth += 1
    reached = True
    for k in range(offsets[out], offsets[out + 1]):
        reached &= label[ends[k]] != own or mark[ends[k]] == stamp
    return reached


@compiled
def dispersion(ground: Ground, plan: Plan, own: int, out: int, into: int) -> float:
    """Return the dispersion of a territory without `out` and with `into` (-1: none); inf when empty."""
    least, second = np.inf, np.inf
    for k in range(plan.size[own] + 1):
        unit = plan.members[own, k] if k < plan.size[own] else into
        if unit < 0 or unit == out:
            continue
        cost = plan.sums[own, unit]
        if out >= 0:
            cost -= ground.distance[out, unit]
        if into >= 0:
            cost += ground.distance[into, unit]
        if ground.best[own, unit]:
            least = min(least, cost)
        else:
            second = min(second, cost)
    return least if least < np.inf else second


@compiled
def beyond(ground: Ground, load: FloatArray, change: FloatArray, sign: float, price: FloatArray) -> float:
    """Return the price of a changed load's distance from the band."""
    total = 0.0
    for k in range(len(load)):
        value = load[k] + sign * change[k]
        total += price[k] * (max(ground.low[k] - value, 0.0) + max(value - ground.high[k], 0.0))
    return total


@compiled
def settle(ground: Ground, plan: Plan, unit: int, new: int) -> None:
    """Give a unit to a territory, with its weights and distances; -1 as its label means it had none."""
    old = plan.label[unit]
    if old >= 0:
        last = plan.members[old, plan.size[old] - 1]
        plan.members[old, plan.place[unit]], plan.place[last] = last, plan.place[unit]
        plan.size[old] -= 1
        plan.sums[old] -= ground.distance[unit]
        plan.load[old] -= ground.weights[unit]
    plan.members[new, plan.size[new]], plan.place[unit] = unit, plan.size[new]
    plan.size[new] += 1
    plan.label[unit] = new
    plan.sums[new] += ground.distance[unit]
    plan.load[new] += ground.weights[unit]


@compiled
def partner(ground: Ground, plan: Plan, own: int, b: int, key: KeyArray) -> int:
    """Draw a unit that comes back from territory b in a swap: -1 for none, a shift; -2 where it touches not `own`."""
    if draw(key) < 0.5:
        return -1
    v = plan.members[b, int(draw(key) * plan.size[b])]
    return v if touches(ground, plan, v, own, -1) else -2


@compiled
def tried(ground: Ground, plan: Plan, move: tuple[int, int, int], price: FloatArray, heat: float) -> bool:
    """Make a move unless it is refused: by the temperature's limit, or because a territory would break."""
    u, v, b = move
    a, change, delta = (
        plan.label[u],
        ground.weights[u].copy(),
        ground.loss[b, u] - ground.loss[plan.label[u], u],
    )
    if v >= 0:
        change -= ground.weights[v]
        delta += ground.loss[a, v] - ground.loss[b, v]
    delta += beyond(ground, plan.load[a], change, -1.0, price) - beyond(
        ground, plan.load[a], change, 0.0, price
    )
    delta += beyond(ground, plan.load[b], change, 1.0, price) - beyond(
        ground, plan.load[b], change, 0.0, price
    )
    limit = heat + plan.spread[a] + plan.spread[b]
    if delta > limit:
        return False
    spread_a, spread_b = dispersion(ground, plan, a, u, v), dispersion(ground, plan, b, v, u)
    if not delta + spread_a + spread_b <= limit or not whole(ground, plan, a, u, v):
        return False
    if v >= 0 and not whole(ground, plan, b, v, u):
        return False
    settle(ground, plan, u, b)
    if v >= 0:
        settle(ground, plan, v, a)
    plan.spread[a], plan.spread[b] = spread_a, spread_b
    return True


@compiled
def energy(ground: Ground, plan: Plan) -> float:
    """Return dispersion and priced loss of a plan within the band; inf outside."""
    total, ones = float(plan.spread.sum()), np.ones(len(ground.low))
    for j in range(len(plan.load)):
        if beyond(ground, plan.load[j], ones, 0.0, ones) > 0.0:
            return np.inf
    for unit in range(len(plan.label)):
        total += ground.loss[plan.label[unit], unit]
    return total


@compiled
def anneal(ground: Ground, plan: Plan, schedule: Schedule, key: KeyArray) -> tuple[IntArray, float]:
    """Anneal a plan in place; return the best labels seen within the band and their energy (inf: none).

    `key` (1,) is the state of the random numbers.
    """
    for j in range(len(plan.spread)):
        plan.spread[j] = dispersion(ground, plan, j, -1, -1)
    top, least = plan.label.copy(), energy(ground, plan)
    heat, share = schedule.hot, 1.0 / schedule.moves
    cool, rise = (schedule.cold / heat) ** share, (schedule.hard / schedule.soft) ** share
    label, tails, ends = plan.label, ground.tails, ground.ends
    for turn in range(schedule.moves):
        heat *= cool
        edge = int(draw(key) * len(ends))
        u, b = tails[edge], label[ends[edge]]
        if label[u] == b:
            continue
        v = partner(ground, plan, label[u], b, key)
        price = schedule.soft * rise**turn
        if v == -2 or not tried(ground, plan, (u, v, b), price, -heat * np.log(1.0 - draw(key))):
            continue
        if plan.spread.sum() < least:
            now = energy(ground, plan)
            if now < least - 1e-9:
                top, least = plan.label.copy(), now
    return top, least
