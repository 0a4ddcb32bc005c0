"""The benchmark of equal difficulty, small: its check, and that the check would notice; the plain program agrees."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.quotas_difficulty import STEP, draw, faults, plain
from solvers.difficulty import equalise


@pytest.fixture(scope="module")
def solved():
    instance = draw(40, 200, 1)
    return instance, equalise(instance)


def test_an_answer_is_right_and_its_narrower_window_is_refused(solved):
    assert faults(*solved) == []


def test_the_check_notices(solved):
    instance, answer = solved
    moved = answer.cells.copy()
    moved[0, 0] += STEP
    assert "a product does not add up" in faults(instance, replace(answer, cells=moved))
    assert "a quota is no multiple of the step" in faults(instance, replace(answer, cells=answer.cells + 1))
    assert "the counts are not as told" in faults(instance, replace(answer, counts=answer.counts + 1))
    first, *further = answer.windows.levels
    levels = (replace(first, window=replace(first.window, high=first.window.high + 1)), *further)
    wider = replace(answer, windows=replace(answer.windows, levels=levels))
    assert any("narrower window" in text for text in faults(instance, wider))


def test_half_of_the_reps_are_bounded_and_districts_stay_near_their_share(solved):
    instance, _ = solved
    bounded = instance.node_lower[instance.leaf] > 0
    assert bounded.sum() == 20
    assert np.unique(instance.parent[instance.leaf]).size == 2


@pytest.mark.slow
def test_the_plain_program_finds_the_same_distance():
    instance = draw(20, 40, 0)
    answer = equalise(instance)
    objective, bound, _, status = plain(instance, 60.0)
    assert str(status) == "OPTIMAL"
    assert objective == pytest.approx(answer.windows.every.width)
    assert bound == pytest.approx(objective)
