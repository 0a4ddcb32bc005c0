"""The plain check of a rich alignment: bands, the budget of what may move, and locks, each told apart."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.alignment import solved
from benchmarks.alignment_check import in_band, locks_kept, within_limits
from benchmarks.alignment_law import rich
from solvers.alignment import Instance
from solvers.alignment.instance import IntArray, allowed, spent

RULES = (in_band, within_limits, locks_kept)


@pytest.fixture(scope="module")
def world() -> tuple[Instance, IntArray]:
    instance = rich(300, 5, 0)
    result, right = solved(instance, 0.05)
    assert right
    assert result.rep_of is not None
    return instance, result.rep_of


def test_a_broken_rule_is_told(world: tuple[Instance, IntArray]) -> None:
    instance, rep_of = world
    assert all(rule(instance, rep_of) for rule in RULES)
    unlocked = np.flatnonzero(instance.kind == 0)
    scattered = rep_of.copy()
    scattered[unlocked] = (instance.owners[unlocked] + 1) % instance.reps
    assert (spent(instance, scattered) > instance.limits).all()
    assert not within_limits(instance, scattered)
    assert locks_kept(instance, scattered)
    freed = rep_of.copy()
    locked = int(np.flatnonzero(instance.kind != 0)[0])
    freed[locked] = (rep_of[locked] + 1) % instance.reps
    assert not allowed(instance, freed)
    assert not locks_kept(instance, freed)
    assert not in_band(instance, np.zeros_like(rep_of))
