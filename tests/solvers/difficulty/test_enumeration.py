"""The narrowest windows against every whole point of tiny trees."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from solvers.difficulty import equalise, windows
from tests.solvers.difficulty.worlds import STEP, drawn, points, width


@pytest.mark.parametrize("seed", range(40))
def test_no_quotas_have_a_narrower_range_of_chances(seed):
    instance = drawn(seed, leaves=3, products=2 if seed % 4 else 1)
    every = points(instance)
    best = min(width(instance, cells) for cells in every)
    found = windows(instance)
    assert found is not None
    assert found.every.width == best
    assert found.every.low <= found.free.low <= found.free.high <= found.every.high
    inside = ((every >= found.lower) & (every <= found.upper)).all(axis=(1, 2))
    assert inside.any()


@pytest.mark.parametrize("seed", range(40))
def test_answers_keep_every_limit_and_the_window(seed):
    instance = drawn(seed, products=2 if seed % 4 else 1)
    answer = equalise(instance)
    assert answer is not None
    assert (points(instance) == answer.cells).all(axis=(1, 2)).any()
    assert width(instance, answer.cells) <= answer.windows.every.width
    free = instance.measured & ~answer.windows.held
    assert (answer.counts[free] >= answer.windows.free.low).all()
    assert (answer.counts[free] <= answer.windows.free.high).all()


@pytest.mark.parametrize("seed", range(12))
def test_cells_that_no_limit_holds_are_as_equal_as_all_points_allow(seed):
    """Every point in which the held cells stay within what their limits need has as wide a range of the others."""
    instance = drawn(seed, products=1, leaves=4)
    found = windows(instance)
    assert found is not None
    free = instance.measured & ~found.held
    ranges = []
    for cells in points(instance):
        counts = (instance.credit >= cells).sum(axis=0)
        if not free.any() or width(instance, cells) > found.every.width:
            continue
        span = (counts[free].min(), counts[free].max())
        held = counts[found.held]
        low, high = (instance.credit >= found.upper).sum(axis=0), (instance.credit >= found.lower).sum(axis=0)
        if (held >= np.minimum(low[found.held], span[0])).all() and (
            held <= np.maximum(high[found.held], span[1])
        ).all():
            ranges.append(span[1] - span[0])
    assert min(ranges, default=0) <= found.free.width <= found.every.width


def test_limits_that_contradict_each_other_have_no_window():
    instance = drawn(3)
    total = points(instance)[0].sum(axis=0)
    over = instance.cell_upper.sum(axis=0) + STEP
    assert windows(replace(instance, product_lower=over, product_upper=over)) is None
    assert windows(replace(instance, product_lower=total, product_upper=total)) is not None
