"""The plain check of chances notices what is wrong."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from engine.quota.check_difficulty import Narrowest, difficulty_violations
from engine.quota.difficulty.equal import instance_of
from engine.quota.difficulty.ranking import reached
from engine.quota.limits import Limit
from engine.quota.split import Problem
from engine.quota.targets import of_nodes
from engine.quota.tree import grow
from solvers.difficulty import Windows, windows
from tests.quota.setting import seats, spec
from tests.quota.test_difficulty import SCALES, drawn


def problem(goal: int, step: int, factor: str, limits: dict[str, Limit]) -> Problem:
    wanted = spec("1", over_assignment={"district": factor, "rep": factor})
    tree = grow(seats([1] * 4, district=["N", "N", "S", "S"]), wanted, [Fraction(1, 4)] * 4)
    ranges = tuple(limits.get(node.name, Limit()) for node in tree.nodes)
    return Problem(tree, goal, step, tuple(of_nodes(tree, goal)), ranges)


def levels_of(found: Windows) -> list[Narrowest]:
    ends = [(0, 400), *((level.window.low, level.window.high) for level in found.levels)]
    return [
        Narrowest(level.window.width / 400, within, level.low, level.high)
        for level, within in zip(found.levels, ends, strict=False)
    ]


LIMITS = {"R0": Limit(0, 8_000, "", "top"), "S": Limit(60_000, None, "floor", "")}


@pytest.mark.parametrize("factor", ["0%", "3%", "-7%"])
@pytest.mark.parametrize("step", [1, 500])
@pytest.mark.parametrize("limits", [{}, LIMITS])
def test_the_least_range_is_refused_one_replication_narrower_and_no_wider(factor, step, limits):
    task, credit = problem(90_000, step, factor, limits), drawn()
    found = windows(instance_of(task, credit))
    assert found is not None
    quota = np.array([10_000] * 4)
    chances = reached(credit, quota) / 400
    proven = levels_of(found)
    assert list(difficulty_violations(task, credit, quota, chances, proven)) == []
    if limits:
        assert proven[0].bound > 0
    for number, level in enumerate(proven):
        if level.within[1] - level.within[0] > round(level.bound * 400):
            wider = [*proven[:number], replace(level, bound=level.bound + 1 / 400), *proven[number + 1 :]]
            wrong = list(difficulty_violations(task, credit, quota, chances, wider))
            assert len(wrong) == 1
            assert "not refused" in wrong[0]


def test_a_miscounted_chance_is_noticed():
    task, credit = problem(90_000, 1, "0%", {}), drawn()
    quota = np.array([10_000, 20_000, 30_000, 30_000])
    chances = reached(credit, quota) / 400
    chances[2] += 1 / 400
    said = list(difficulty_violations(task, credit, quota, chances, []))
    assert len(said) == 1
    assert said[0].startswith("R2: its quota is reached in")


def test_a_fixed_seat_or_one_without_credit_refuses_nothing():
    credit = drawn(SCALES)
    credit[:, 3] = 0
    task = problem(60_000, 1, "0%", {"R0": Limit(50_000, 50_000, "lock", "lock", fixed=True)})
    found = windows(instance_of(task, credit))
    assert found is not None
    quota = np.zeros(4, dtype=np.int64)
    none = np.full(4, np.nan)
    assert list(difficulty_violations(task, credit, quota, none, levels_of(found))) == []
    assert list(difficulty_violations(replace(task, goal=50_000), credit, quota, none, [])) == []
