"""The comp benchmark builds and its answers are right."""

import numpy as np

from benchmarks.comp import SUBJECT, curved, loop, tiered


def test_the_small_case_agrees_with_the_pandas_loop():
    rows = SUBJECT.run("small", seed=3)
    assert [row.peer_name for row in rows] == ["pandas loop", "numpy draws of the credits"]
    assert all(row.ok and row.ours > 0 and row.ratio > 0 for row in rows)


def test_the_loop_pays_the_target_incentive_at_quota():
    assert tiered(1.0) == curved(1.0) == 1
    assert loop(np.full((2, 3, 12), 10_000_000)).tolist() == [3 * 6_000_000] * 2
