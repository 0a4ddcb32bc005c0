"""Equal difficulty where it can be written down, and how it answers to changes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.difficulty import Instance, equalise, windows
from tests.solvers.difficulty.worlds import drawn


def flat(credit: np.ndarray, total: int, upper: list[int] | None = None) -> Instance:
    """Leaves under one root, one product, in minor units."""
    leaves = credit.shape[1]
    most = np.full((leaves, 1), 2**40) if upper is None else np.array(upper)[:, None]
    return Instance(
        np.array([-1] + [0] * leaves), np.arange(1, leaves + 1), credit[:, :, None], np.ones(leaves, np.int64),
        np.zeros((leaves, 1), np.int64), most, np.zeros(leaves + 1, np.int64),
        np.full(leaves + 1, 2**40), np.array([total]), np.array([total]),
    )  # fmt: skip


def test_credits_of_one_shape_are_shared_in_proportion_to_their_scale():
    shape = np.arange(100, 200)
    credit = np.stack([shape * 10, shape * 20, shape * 70], axis=1)
    answer = equalise(flat(credit, 100 * 150))
    assert answer is not None
    assert answer.windows.every.width == 0
    assert answer.cells[:, 0].tolist() == [1500, 3000, 10500]
    assert answer.counts[:, 0].tolist() == [50, 50, 50]


def test_a_ceiling_holds_one_back_and_the_others_stay_equal():
    shape = np.arange(100, 200)
    credit = np.stack([shape * 10, shape * 20, shape * 70], axis=1)
    answer = equalise(flat(credit, 100 * 150, upper=[1200, 2**40, 2**40]))
    assert answer is not None
    assert answer.windows.held[:, 0].tolist() == [True, False, False]
    assert 1190 < answer.cells[0, 0] <= 1200
    assert answer.counts[0, 0] == 80
    assert answer.counts[1, 0] == answer.counts[2, 0]
    assert answer.windows.every.width == 80 - answer.counts[1, 0]


def test_ties_are_reached_together():
    """Half of the replications credit nothing: a quota above 0 is reached in at most half of them."""
    credit = np.stack([np.repeat([0, 100], 50), np.arange(100)], axis=1)
    answer = equalise(flat(credit, 150))
    assert answer is not None
    assert answer.cells[:, 0].tolist() == [100, 50]
    assert answer.counts[:, 0].tolist() == [50, 50]


def test_a_leaf_without_credit_is_measured_by_nobody_and_takes_what_limits_leave():
    credit = np.stack([np.zeros(100, np.int64), np.arange(100) * 10], axis=1)
    found = windows(flat(credit, 500))
    assert found is not None
    assert not flat(credit, 500).measured[0, 0]
    assert found.every.width == 0


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 50))
def test_scaling_all_money_scales_all_ranges(seed, factor):
    instance = drawn(seed)
    names = (
        "credit", "step", "cell_lower", "cell_upper", "node_lower", "node_upper", "product_lower",
        "product_upper",
    )  # fmt: skip
    scaled = replace(instance, **{name: getattr(instance, name) * factor for name in names})
    one, other = windows(instance), windows(scaled)
    assert one is not None
    assert other is not None
    assert (one.every, one.free) == (other.every, other.free)
    np.testing.assert_array_equal(one.lower * factor, other.lower)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_siblings_in_another_order_have_the_same_windows(seed):
    instance = drawn(seed, leaves=5)
    order = np.random.Generator(np.random.Philox(seed)).permutation(5)
    permuted = replace(
        instance, leaf=instance.leaf[order], credit=instance.credit[:, order],
        cell_lower=instance.cell_lower[order], cell_upper=instance.cell_upper[order],
    )  # fmt: skip
    one, other = windows(instance), windows(permuted)
    assert one is not None
    assert other is not None
    assert (one.every, one.free) == (other.every, other.free)
    np.testing.assert_array_equal(one.lower[order], other.lower)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 2))
def test_a_tighter_limit_never_narrows_the_window(seed, leaf):
    instance = drawn(seed)
    answer = equalise(instance)
    assert answer is not None
    upper = instance.node_upper.copy()
    upper[instance.leaf[leaf]] = answer.cells[leaf].sum()
    tighter = windows(replace(instance, node_upper=upper, node_lower=np.minimum(instance.node_lower, upper)))
    assert tighter is not None
    assert tighter.every.width == answer.windows.every.width
    upper[instance.leaf[leaf]] -= 10
    if upper[instance.leaf[leaf]] >= instance.node_lower[instance.leaf[leaf]]:
        tightest = windows(replace(instance, node_upper=upper))
        assert tightest is None or tightest.every.width >= answer.windows.every.width


@pytest.mark.parametrize(
    ("field", "value"),
    [("step", 0), ("cell_lower", -1), ("node_lower", 2**50), ("leaf", np.arange(2))],
)
def test_what_contradicts_itself_is_refused(field, value):
    instance = drawn(1)
    given_ = getattr(instance, field)
    changed = value if isinstance(value, np.ndarray) else np.full_like(given_, value)
    with pytest.raises(ValueError, match=r"\w"):
        replace(instance, **{field: changed})
