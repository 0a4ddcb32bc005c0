"""The two solves against every allocation of tiny trees, counted out."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import inf

import pytest

from engine.progress import Silent
from engine.quota.limits import Limit
from engine.quota.search import split_goal
from engine.quota.settle import outside, total, worst
from engine.quota.spec import QuotaSolver
from engine.quota.split import Problem
from engine.quota.targets import of_nodes
from engine.quota.tree import grow
from tests.quota.setting import seats, spec

EXACT = QuotaSolver(gap="0")


def problem(weights: list[int], goal: int, step: int, **fields: object) -> Problem:
    """Minor units; two districts where there are more than three seats."""
    levels = (
        {"district": ["N" if j % 2 == 0 else "S" for j in range(len(weights))]} if len(weights) > 3 else {}
    )
    wanted = spec("1", **fields)
    tree = grow(seats([1] * len(weights), **levels), wanted, [Fraction(w, sum(weights)) for w in weights])
    limits = [Limit(0, None) for _ in tree.nodes]
    return Problem(tree, goal, step, tuple(of_nodes(tree, goal)), tuple(limits))


def bounded(task: Problem, ranges: dict[str, tuple[int, int]]) -> Problem:
    limits = [
        Limit(*ranges[node.name], "low", "high") if node.name in ranges else limit
        for node, limit in zip(task.tree.nodes, task.limits, strict=True)
    ]
    return replace(task, limits=tuple(limits))


def best(task: Problem) -> tuple[Fraction | float, Fraction | float]:
    """Try every multiple for every child that carries no remainder."""
    from engine.quota.settle import settle

    chosen = [i for i, node in enumerate(task.tree.nodes) if i and not node.carrier]
    found: tuple[Fraction | float, Fraction | float] = (inf, inf)
    for multiples in product(range(task.goal * 2 // task.step + 1), repeat=len(chosen)):
        quota = settle(
            task.tree, task.goal, {i: k * task.step for i, k in zip(chosen, multiples, strict=True)}
        )
        if min(quota) < 0 or outside(quota, task.limits):
            continue
        score = (
            worst(task.tree, quota, task.targets, task.limits),
            total(task.tree, quota, task.targets, task.limits),
        )
        found = min(found, score)
    return found


CASES = [
    ([1, 1, 1], 10, 1, {}, {}),
    ([2, 3, 5], 17, 2, {}, {}),
    ([7, 2, 4], 23, 3, {}, {"R0": (0, 9)}),
    ([7, 2, 4], 23, 3, {}, {"R1": (6, 8), "R2": (0, 6)}),
    ([3, 1, 2, 4], 20, 2, {}, {}),
    ([3, 1, 2, 4], 20, 2, {}, {"N": (11, 16)}),
    ([3, 1, 2, 4], 19, 3, {"over_assignment": {"rep": "10%"}}, {}),
]


@pytest.mark.parametrize(("weights", "goal", "step", "fields", "ranges"), CASES)
def test_the_solver_finds_the_best_of_all_allocations(
    weights: list[int], goal: int, step: int, fields: dict[str, object], ranges: dict[str, tuple[int, int]]
) -> None:
    task = bounded(problem(weights, goal, step, **fields), ranges)
    quota, solves = split_goal(task, EXACT, Silent())
    score = best(task)
    assert outside(quota, task.limits) == []
    assert float(worst(task.tree, quota, task.targets, task.limits)) == pytest.approx(
        float(score[0]), abs=1e-9
    )
    assert solves[0].bound <= float(score[0]) + 0.6 / min(task.targets) + 1e-9
    if (
        not fields
    ):  # without over-assignment nothing is rounded to the minor unit, and bound and optimum are one
        assert solves[0].bound == pytest.approx(float(score[0]), abs=1e-9)
        assert float(total(task.tree, quota, task.targets, task.limits)) == pytest.approx(
            float(score[1]), abs=1e-6
        )


def test_tightening_a_bound_never_improves_either_objective() -> None:
    task = problem([7, 2, 4], 2300, 3)
    scores = []
    for ceiling in (2300, 1300, 1200, 1100, 900):
        tight = bounded(task, {"N": (0, ceiling), "R0": (0, ceiling)})
        quota, _ = split_goal(tight, EXACT, Silent())
        scores.append(max(abs(quota[i] - task.targets[i]) / task.targets[i] for i in task.tree.seats()))
    assert scores == sorted(scores)
    assert scores[0] < scores[-1]
