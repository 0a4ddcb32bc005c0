"""What holds for any instance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.quotas import Instance, Options, apportion
from solvers.quotas.check import violations
from solvers.quotas.instance import OPEN
from tests.solvers.quotas.worlds import drawn

EXACT = Options(gap=0.0)
SEEDS = st.integers(0, 10_000)
FEW = settings(max_examples=6, deadline=None, derandomize=True)


def permuted(instance: Instance, order: np.ndarray) -> Instance:
    """Return the same instance with its rows of cells in another order."""
    limits = instance.limits
    rows = {
        name: getattr(limits, name)[order]
        for name in (
            "product_lower",
            "product_upper",
            "period_lower",
            "period_upper",
            "cell_lower",
            "cell_upper",
        )
    }
    return replace(instance, leaf=instance.leaf[order], target=instance.target[order], **rows)


@FEW
@given(SEEDS, st.integers(4, 12))
def test_sums_tie_at_every_node(seed, leaves):
    instance = drawn(seed, (leaves, 2, 3))
    answer = apportion(instance)
    assert answer.cells is not None
    assert not violations(instance, answer.cells)
    year = answer.cells.sum(axis=(1, 2))
    for node in range(1, 3):
        below = instance.parent[instance.leaf] == node
        assert instance.limits.node_lower[node] == year[below].sum()
    assert (answer.cells.sum(axis=0) == instance.company_lower).all()
    assert answer.total_bound <= answer.total
    assert answer.worst_bound <= answer.worst


@FEW
@given(SEEDS)
def test_permuting_siblings_changes_no_objective(seed):
    instance = drawn(seed, (5, 2, 2))
    order = np.random.Generator(np.random.Philox(seed)).permutation(5)
    one, other = apportion(instance, EXACT), apportion(permuted(instance, order), EXACT)
    assert (one.worst, one.total) == pytest.approx((other.worst, other.total), abs=1e-9)


@FEW
@given(SEEDS, st.integers(0, 3))
def test_tightening_a_bound_never_improves(seed, leaf):
    instance = drawn(seed, (4, 2, 2))
    loose = apportion(instance, EXACT)
    assert loose.cells is not None
    upper = instance.limits.product_upper.copy()
    upper[leaf, 0] = max(upper[leaf, 0] - 1, instance.limits.product_lower[leaf, 0])
    tight = apportion(replace(instance, product_upper=upper), EXACT)
    assert tight.worst >= loose.worst - 1e-12
    if tight.worst == loose.worst:
        assert tight.total >= loose.total - 1e-9


@FEW
@given(SEEDS, st.sampled_from([0.25, 3.0, 50.0]))
def test_scaling_what_deviations_are_divided_by_scales_both_objectives(seed, factor):
    instance = drawn(seed, (4, 2, 2))
    one = apportion(instance, EXACT)
    other = apportion(replace(instance, scale=factor * instance.scales), EXACT)
    assert (one.worst / factor, one.total / factor) == pytest.approx((other.worst, other.total), rel=1e-9)


@FEW
@given(SEEDS)
def test_whole_targets_scaled_with_all_limits_scale_the_objectives_up_to_rounding(seed):
    """With targets and limits a thousandfold whole numbers hardly bind: relative deviations cannot grow."""
    instance = drawn(seed, (3, 2, 2), crossing=False)
    limits = instance.limits

    def grown(table: np.ndarray) -> np.ndarray:
        return np.where(table < OPEN, np.minimum(table, OPEN // 1_000) * 1_000, OPEN)

    sides = {
        f"{name}_{side}": grown(table)
        for name, pair in limits.pairs().items()
        for side, table in zip(("lower", "upper"), pair, strict=True)
    }
    fine = apportion(replace(instance, target=1_000 * instance.target, **sides), EXACT)
    assert fine.worst <= apportion(instance, EXACT).worst + 1e-9


def test_the_answer_repeats_to_the_cell():
    instance = drawn(3, (40, 3, 4))
    one, other = apportion(instance), apportion(instance)
    assert one.cells is not None
    assert (one.cells == other.cells).all()
    assert one.total_bound == other.total_bound
