"""The comp benchmark builds and its answers are right."""

import numpy as np

from benchmarks.comp import PLANS, SUBJECT, against_draws, curved, kinds, loop, plans_drawn, tiered
from benchmarks.subject import Run


def test_the_small_case_agrees_with_the_pandas_loop():
    rows = SUBJECT.run("small", seed=3)
    *beside, fixed = rows
    assert [row.peer_name for row in beside] == ["pandas loop", "numpy draws of the credits"]
    assert all(row.ok and row.ours > 0 and row.ratio > 0 for row in beside)
    assert fixed.peer_name is None
    assert fixed.ours > 0


def test_the_loop_pays_the_target_incentive_at_quota():
    assert tiered(1.0) == curved(1.0) == 1
    assert loop(np.full((2, 3, 12), 10_000_000)).tolist() == [3 * 6_000_000] * 2


def test_settling_next_to_drawing_is_right():
    rows = list(against_draws(Run("comp", "tiny", 1), 30, 12))
    assert [row.peer_name for row in rows] == ["numpy draws of the credits", "numpy sum of the credits"]
    assert all(row.ok and row.ratio > 0 for row in rows)


def test_drawn_plans_have_every_kind_of_component():
    plans = plans_drawn(seed=0)
    assert len(plans) == PLANS
    assert {part.kind for plan in plans for part in plan.plans["AE"].components} == kinds()


def test_drawn_plans_are_drawn_from_their_seed():
    assert plans_drawn(seed=1) == plans_drawn(seed=1) != plans_drawn(seed=2)
