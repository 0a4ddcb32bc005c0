"""Small problems against enumeration; the knapsack against brute force; equal seeds, equal answers."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from solvers.assignment import Effort, Instance, faults, recomputed, solve, value
from solvers.assignment.knapsack import forced

QUICK = Effort(ascent=60, dives=2, relinks=4, nodes=200, turns=2, neighbourhoods=4, root=(60, 0.7))


def tiny(seed: int, sense: int = 1, tightness: float = 0.9) -> Instance:
    """Three agents, six jobs, weights 2 to 9."""
    draw = np.random.Generator(np.random.Philox(seed))
    weight = draw.integers(2, 10, (3, 6))
    capacity = (tightness * weight.mean() * 6 / 3 * np.array([0.8, 1.0, 1.2])).astype(np.int64)
    return Instance(sense * draw.integers(1, 30, (3, 6)), weight, capacity, sense)


def enumerated(instance: Instance) -> int | None:
    """Return the least minimised cost of all assignments that fit, by trying each."""
    fitting = []
    for agents in product(range(instance.agents), repeat=instance.jobs):
        load, cost = [0] * instance.agents, 0
        for job, agent in enumerate(agents):
            load[agent] += int(instance.weight[agent, job])
            cost += int(instance.cost[agent, job])
        if all(used <= room for used, room in zip(load, instance.capacity.tolist(), strict=True)):
            fitting.append(cost)
    return min(fitting, default=None)


@pytest.mark.parametrize("sense", [1, -1], ids=["minimised", "maximised"])
@pytest.mark.parametrize("seed", range(6))
def test_the_answer_is_the_one_of_enumeration(seed, sense):
    instance = tiny(seed, sense)
    least = enumerated(instance)
    outcome = solve(instance, QUICK)
    if least is None:
        assert outcome.infeasible
        assert outcome.agent_of is None
        return
    assert outcome.proven
    assert outcome.objective == outcome.bound == sense * least
    assert faults(instance, outcome.agent_of) == []
    assert value(instance, outcome.agent_of) == least == recomputed(instance, outcome.certificate)


def test_the_tiny_problems_are_of_both_kinds():
    found = [enumerated(tiny(seed)) for seed in range(6)]
    assert None in found or enumerated(tiny(0, tightness=0.4)) is None
    assert any(least is not None for least in found)


def test_too_little_capacity_is_said_to_have_no_answer():
    outcome = solve(tiny(0, tightness=0.4), QUICK)
    assert outcome.infeasible
    assert (outcome.agent_of, outcome.objective, outcome.bound, outcome.proven) == (None, None, None, False)


def test_equal_seeds_give_equal_answers():
    draw = np.random.Generator(np.random.Philox(5))
    weight = draw.integers(5, 60, (4, 30))
    capacity = (0.8 * weight.sum(axis=1) / 4).astype(np.int64)
    instance = Instance(111 - weight + draw.integers(-10, 11, weight.shape), weight, capacity)
    effort = Effort(ascent=100, dives=2, relinks=4, nodes=40, turns=2, neighbourhoods=4)
    first, second = (solve(instance, effort, seed=3) for _ in range(2))
    assert (first.agent_of == second.agent_of).all()
    assert (first.objective, first.bound, first.nodes) == (second.objective, second.bound, second.nodes)
    assert recomputed(instance, first.certificate) == first.bound <= first.objective


def test_a_large_capacity_is_counted_in_grains_and_still_proven():
    small = tiny(1)
    large = Instance(small.cost, small.weight * 30_000 + 7, small.capacity * 30_000 + 6 * 7)
    outcome = solve(large, QUICK)
    assert outcome.certificate.grain > 1
    assert outcome.proven
    assert outcome.objective == enumerated(large)
    assert recomputed(large, outcome.certificate) == outcome.bound


def test_forcing_an_item_costs_what_enumeration_says():
    draw = np.random.Generator(np.random.Philox(2))
    price, weight, room = draw.integers(-9, 4, 7), draw.integers(1, 6, 7), 9
    rows = np.array([x for x in product((0, 1), repeat=7) if np.dot(x, weight) <= room])
    sums = rows @ price
    tables = (np.empty((8, room + 1), np.int64), np.empty((8, room + 1), np.int64))
    inside, outside = np.zeros(7, np.int64), np.zeros(7, np.int64)
    least = forced(price, weight, np.zeros(7, np.int8), room, tables, (inside, outside))
    assert least == sums.min()
    assert inside.tolist() == [int(sums[rows[:, k] == 1].min()) - least for k in range(7)]
    assert outside.tolist() == [int(sums[rows[:, k] == 0].min()) - least for k in range(7)]
